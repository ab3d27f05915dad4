//go:build linux

package main

import (
	_ "embed"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/mattn/go-shellwords"
)

// A Column is one way of running a program.
type Column struct {
	Name     string
	Template []string // command line around the program, "{}" stands for it; empty: run as it is
	Home     string   // of pi-track; programs are called as Home/shims/NAME
	Path     string   // directories that PATH begins with
	Shim     bool     // the score and the must-have rows of this column decide
	PTY      bool     // only the rows of capture = "pty"
	Tags     string   // the build tags of its programs
	Arch     string   // their architecture, "": this machine's
	MayMiss  []string // nil: the score decides; otherwise no other row may be missed
}

// Wrap returns the command line of a program in this column.
func (c *Column) Wrap(program string, args ...string) []string {
	if c.Home != "" {
		return append([]string{filepath.Join(c.Home, "shims", filepath.Base(program))}, args...)
	}
	if len(c.Template) == 0 {
		return append([]string{program}, args...)
	}
	var line []string
	for _, word := range c.Template {
		if word == "{}" {
			line = append(append(line, program), args...)
		} else {
			line = append(line, word)
		}
	}
	return line
}

// parseWrapper reads NAME=COMMAND LINE with {} where the program goes.
func parseWrapper(text string) (*Column, error) {
	name, line, ok := strings.Cut(text, "=")
	if !ok || name == "" {
		return nil, fmt.Errorf("--wrapper %q: want NAME=COMMAND with {} for the program", text)
	}
	words, err := shellwords.Parse(line)
	if err != nil || len(words) == 0 {
		return nil, fmt.Errorf("--wrapper %q: cannot be split into words", text)
	}
	found := false
	for _, word := range words {
		found = found || word == "{}"
	}
	if !found {
		words = append(words, "{}")
	}
	if !strings.Contains(words[0], "/") {
		path := findTool(words[0])
		if path == "" {
			return nil, fmt.Errorf("--wrapper %q: %s is not installed", text, words[0])
		}
		words[0] = path
	}
	if words[0], err = filepath.Abs(words[0]); err != nil {
		return nil, err
	}
	return &Column{Name: name, Template: words}, nil
}

// misses names the rows that a column may miss: each line a column, a row and why.
//
//go:embed misses.txt
var misses string

// mayMiss is what misses has for a column.
func mayMiss(column string) []string {
	rows := []string{}
	for line := range strings.Lines(misses) {
		if f := strings.Fields(line); len(f) > 1 && f[0] == column {
			rows = append(rows, f[1])
		}
	}
	return rows
}

// shims are the columns of our own.
func shims() []*Column {
	return []*Column{
		{Name: "shim", Shim: true},
		{Name: "shim-pty", PTY: true},
		{Name: "portable", Tags: "portable", MayMiss: mayMiss("portable")},
		{Name: "portable-pty", Tags: "portable", PTY: true, MayMiss: mayMiss("portable-pty")},
		{Name: "arm64", Arch: "arm64", MayMiss: mayMiss("arm64")},
		{Name: "arm64-pty", Arch: "arm64", PTY: true, MayMiss: mayMiss("arm64-pty")},
	}
}

// peers are the wrappers for comparison, in the order of the table.
var peers = []string{"timeout=timeout 100000 {}", "tini=tini -s -- {}", "dumb-init=dumb-init -- {}"}
