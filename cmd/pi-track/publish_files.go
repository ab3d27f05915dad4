//go:build linux || darwin || freebsd || openbsd

package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/google/renameio/v2"

	"pi-track/internal/report/view"
)

// checkDir refuses a directory that holds files of others under our names.
func (p *publisher) checkDir() error {
	if !isPublished(filepath.Join(p.dir, "index.html")) {
		for _, name := range []string{"index.html", "why", "report.json", "metrics.prom", "running.json"} {
			if _, err := os.Lstat(filepath.Join(p.dir, name)); err == nil {
				return withHint(exitFailed, fmt.Errorf("publish did not write %s", filepath.Join(p.dir, name)), "name a directory that is for publish alone")
			}
		}
	}
	return nil
}

// isPublished tells whether a file is a page that publish has made.
func isPublished(file string) bool {
	st, err := os.Lstat(file)
	if err != nil || !st.Mode().IsRegular() {
		return false
	}
	f, err := os.Open(file)
	if err != nil {
		return false
	}
	defer f.Close()
	head := make([]byte, 4096)
	n, _ := f.Read(head)
	return bytes.Contains(head[:n], []byte(view.Generator))
}

// write replaces a file as a whole; the umask decides about its mode.
func (p *publisher) write(name string, data []byte) error {
	file := filepath.Join(p.dir, filepath.FromSlash(name))
	err := renameio.WriteFile(file, data, 0o666, renameio.WithTempDir(filepath.Dir(file)))
	var at *os.PathError
	if errors.As(err, &at) {
		return withHint(exitFailed, &os.PathError{Op: "write", Path: file, Err: at.Err}, "")
	}
	return err
}

// sweep removes the pages of helpers that are no longer in the report.
func (p *publisher) sweep(pages []published) error {
	entries, err := os.ReadDir(filepath.Join(p.dir, "why"))
	if err != nil {
		return err
	}
	for _, e := range entries {
		name := "why/" + e.Name()
		file := filepath.Join(p.dir, "why", e.Name())
		kept := slices.ContainsFunc(pages, func(page published) bool { return page.name == name })
		if kept || !strings.HasSuffix(name, ".html") || !isPublished(file) {
			continue
		}
		if err := os.Remove(file); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}
