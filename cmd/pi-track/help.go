//go:build linux || darwin || freebsd || openbsd

package main

import (
	"bytes"
	"io"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/spf13/cobra"
)

// helpWidth is how many characters a line of help has at most.
const helpWidth = 80

// foldHelp makes the help of every command fit a terminal of 80 columns.
func foldHelp(root *cobra.Command) {
	print := root.HelpFunc()
	root.SetHelpFunc(func(cmd *cobra.Command, args []string) {
		var text bytes.Buffer
		out := cmd.OutOrStdout()
		cmd.SetOut(&text)
		print(cmd, args)
		cmd.SetOut(out)
		for line := range strings.Lines(text.String()) {
			io.WriteString(out, fold(line))
		}
	})
}

// column is where the second column of a list begins.
var column = regexp.MustCompile(`^ *\S.*?\S {2,}`)

// fold breaks a line that is longer than helpWidth at blanks. What follows begins
// where the line's text does, in a list where its second column does.
func fold(line string) string {
	indent := len(line) - len(strings.TrimLeft(line, " "))
	if head := column.FindString(line); head != "" && utf8.RuneCountInString(head) < helpWidth/2 {
		indent = utf8.RuneCountInString(head)
	}
	return foldAt(line, helpWidth, indent)
}

// foldAt breaks a line that is longer than width at blanks. What follows is indented.
func foldAt(line string, width, indent int) string {
	var b strings.Builder
	for utf8.RuneCountInString(strings.TrimRight(line, "\n")) > width {
		limit := 0 // the bytes of width characters
		for n := range line {
			if limit++; limit > width {
				limit = n
				break
			}
		}
		at := strings.LastIndexByte(line[:limit+1], ' ')
		if strings.TrimSpace(line[:max(at, 0)]) == "" || at <= indent {
			break // one long word
		}
		b.WriteString(strings.TrimRight(line[:at], " ") + "\n")
		line = strings.Repeat(" ", indent) + line[at+1:]
	}
	return b.String() + line
}
