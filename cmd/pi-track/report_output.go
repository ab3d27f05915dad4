//go:build linux || darwin || freebsd || openbsd

package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"github.com/google/renameio/v2"

	"pi-track/internal/log"
)

// checkOutput refuses to write to a directory, and to replace a log, or a segment of
// one, by its report.
func checkOutput(name string, logs []string) error {
	out, err := os.Stat(name)
	if err != nil {
		return nil // nothing is replaced
	}
	if out.IsDir() {
		return usageErrorf("name a file in it, such as "+filepath.Join(name, "report.html"), "--output %s is a directory", name)
	}
	for _, path := range logs {
		files, _ := log.Segments(path) // one that cannot be read is said later
		for _, file := range files {
			if in, err := os.Stat(file); err == nil && os.SameFile(in, out) {
				return usageErrorf("name another file", "--output %s is the log that is read", name)
			}
		}
	}
	return nil
}

// writeReport replaces a file as a whole, behind a link too. What is not a
// regular file, such as /dev/stdout or a fifo, is written to, never replaced.
// Its errors name the file or its directory, not the temporary file beside it.
func writeReport(name string, out []byte) error {
	target := name
	if st, err := os.Stat(name); err == nil {
		if target, err = filepath.EvalSymlinks(name); err != nil || !st.Mode().IsRegular() {
			return writeInto(name, out)
		}
	}
	err := renameio.WriteFile(target, out, 0o644, renameio.WithTempDir(filepath.Dir(target)))
	var at *os.PathError
	if !errors.As(err, &at) {
		return err
	}
	if _, gone := os.Stat(filepath.Dir(name)); errors.Is(gone, fs.ErrNotExist) {
		return usageErrorf("make it, or name another file", "--output: the directory %s does not exist", filepath.Dir(name))
	}
	return notWritten(&os.PathError{Op: "write", Path: name, Err: at.Err})
}

// notWritten is the error of a file that the user named and that cannot be written.
func notWritten(err error) error {
	return withHint(exitFailed, err, "name a file in a directory of yours with --output")
}

// writeInto writes to a device or a pipe. A pipe that nobody reads from would be
// waited for, for ever.
func writeInto(name string, out []byte) error {
	f, err := os.OpenFile(name, os.O_WRONLY|syscall.O_NONBLOCK, 0)
	if errors.Is(err, syscall.ENXIO) {
		err = withHint(exitFailed, fmt.Errorf("write %s: nobody reads from this pipe", name), "start what reads from it first, or name a file")
	}
	if known := new(failure); errors.As(err, &known) {
		return err
	}
	if err != nil {
		return notWritten(err)
	}
	_, err = f.Write(out)
	if err = errors.Join(err, f.Close()); err != nil {
		return notWritten(err)
	}
	return nil
}
