//go:build linux || darwin || freebsd || openbsd

package main

import (
	"fmt"
	"os"
	"path/filepath"
)

// openers are programs that show a page in the user's browser, the first that
// is there.
var openers = []string{"xdg-open", "open", "wslview", "sensible-browser"}

// openPage writes the page, to a file of its own unless one is named, and shows
// it in the browser. The file stays: the browser reads it later.
func (a *app) openPage(name string, page []byte) error {
	if name == "" {
		dir, err := os.MkdirTemp("", "pi-track-report-")
		if err != nil {
			return err
		}
		name = filepath.Join(dir, "report.html")
		if err := os.WriteFile(name, page, 0o600); err != nil {
			return err
		}
	} else if err := writeReport(name, page); err != nil {
		return err
	}
	at, err := filepath.Abs(name)
	if err != nil {
		return err
	}
	fmt.Fprintln(a.stdout, at)
	for _, opener := range openers {
		path := firstOnPath(opener)
		if path == "" {
			continue
		}
		p, err := os.StartProcess(path, []string{opener, at}, &os.ProcAttr{Files: []*os.File{nil, os.Stderr, os.Stderr}})
		if err != nil {
			continue
		}
		if state, err := p.Wait(); err == nil && state.Success() {
			return nil
		}
	}
	return withHint(exitFailed, fmt.Errorf("found no program to open a browser with (xdg-open, open)"), "open "+at+" yourself")
}
