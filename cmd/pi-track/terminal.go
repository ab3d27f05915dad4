//go:build linux || darwin || freebsd || openbsd

package main

import (
	"bytes"
	"os"

	"github.com/jedib0t/go-pretty/v6/text"
	"golang.org/x/term"
)

// isTerminal says whether a stream is one.
func isTerminal(stream any) (fd int, ok bool) {
	file, ok := stream.(interface{ Fd() uintptr })
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

// output is the standard output. It remembers the first write that failed, so
// that no verb ends with success when its text was lost.
type output struct {
	file *os.File
	err  error
}

func (o *output) Fd() uintptr { return o.file.Fd() }

func (o *output) Write(p []byte) (int, error) {
	n, err := o.file.Write(p)
	if o.err == nil {
		o.err = err
	}
	return n, err
}

// whole runs a verb that changes files and prints its text at the end: a reader
// that goes away early must not end it halfway.
func (a *app) whole(verb func(*app) error) error {
	var text bytes.Buffer
	inner := *a
	inner.stdout = &text
	err := verb(&inner)
	if _, failed := a.stdout.Write(text.Bytes()); err == nil {
		err = failed
	}
	return err
}
