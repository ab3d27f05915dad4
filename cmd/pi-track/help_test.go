//go:build linux || darwin || freebsd || openbsd

package main

import (
	"bytes"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/spf13/cobra"
)

// The help of every command fits 80 columns, and is whole.
func TestHelpFits(t *testing.T) {
	var out bytes.Buffer
	root := newRootCmd(&app{stdin: strings.NewReader(""), stdout: &out, stderr: &out})
	n := 0
	var visit func(*cobra.Command)
	visit = func(cmd *cobra.Command) {
		n++
		out.Reset()
		cmd.SetOut(&out)
		cmd.HelpFunc()(cmd, nil)
		for line := range strings.Lines(out.String()) {
			if utf8.RuneCountInString(strings.TrimRight(line, "\n")) > helpWidth {
				t.Errorf("%s: %s", cmd.CommandPath(), line)
			}
		}
		if words := strings.Fields(cmd.Long); len(words) > 0 && !strings.Contains(strings.Join(strings.Fields(out.String()), " "), strings.Join(words, " ")) {
			t.Errorf("%s: words of the help are lost:\n%s", cmd.CommandPath(), out.String())
		}
		// What a verb does is said in one mood: Prints …, not Print … or List prints ….
		first, _, _ := strings.Cut(cmd.Long, " ")
		if strings.EqualFold(first, cmd.Name()) && cmd.Runnable() && cmd != root && cmd.Name() != "help" || first == "Show" || first == "Exit" {
			t.Errorf("%s: the help begins with %q", cmd.CommandPath(), first)
		}
		for _, sub := range cmd.Commands() {
			visit(sub)
		}
	}
	visit(root)
	if n < 30 {
		t.Errorf("only %d commands", n)
	}
}

func TestFold(t *testing.T) {
	list := "      --name GLOB   " + strings.Repeat("word ", 20) + "end\n"
	got := fold(list)
	for i, line := range strings.Split(strings.TrimRight(got, "\n"), "\n") {
		if len(line) > helpWidth || i > 0 && !strings.HasPrefix(line, strings.Repeat(" ", 20)+"word") {
			t.Errorf("%q", line)
		}
	}
	for _, same := range []string{"\n", "short\n", strings.Repeat("x", 100) + "\n", strings.Repeat("é", 80) + "\n"} {
		if got := fold(same); got != same {
			t.Errorf("%q became %q", same, got)
		}
	}
}
