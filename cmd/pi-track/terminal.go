//go:build linux || darwin

package main

import (
	"os"

	"github.com/jedib0t/go-pretty/v6/text"
	"golang.org/x/term"
)

// isTerminal says whether a stream is one.
func isTerminal(stream any) (fd int, ok bool) {
	file, ok := stream.(*os.File)
	if !ok {
		return 0, false
	}
	fd = int(file.Fd())
	return fd, term.IsTerminal(fd)
}

// terminalWidth is the width of the terminal that is written to, in columns; 0
// when it is none, so that nothing may be cut.
func terminalWidth(stdout any) int {
	fd, ok := isTerminal(stdout)
	if !ok {
		return 0
	}
	if w, _, err := term.GetSize(fd); err == nil && w > 0 {
		return w
	}
	return 80
}

// fits says whether no line is wider than the terminal; a width of 0 is none.
func fits(lines []string, width int) bool {
	for _, line := range lines {
		if width > 0 && text.StringWidth(line) > width {
			return false
		}
	}
	return true
}
