//go:build linux || darwin || freebsd || openbsd

package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"golang.org/x/term"

	"pi-track/internal/report/query"
	"pi-track/internal/report/view"
)

// watchReport draws the report over itself until somebody presses q, it is
// interrupted or the terminal is gone.
func (f *reportFlags) watchReport(a *app, ctx context.Context, o query.Options, v view.Options) error {
	fd, _ := isTerminal(a.stdout)
	if _, err := fmt.Fprint(a.stdout, "\x1b[2J"); err != nil {
		return nil
	}
	quiet := *a
	quiet.stderr = io.Discard // a hint would be written into the frame
	pressed := readKeys(a.stdin)
	defer pressed.restore()
	for {
		width, height, err := term.GetSize(fd)
		if err != nil {
			return nil // the terminal is gone
		}
		if f.width == 0 {
			v.Width = width
		}
		if o, err = f.again(o); err != nil {
			return err
		}
		_, out, err := f.render(ctx, &quiet, o, v)
		if err != nil {
			return err
		}
		if _, err := a.stdout.Write(frame(out, height)); err != nil {
			return nil
		}
		if !pressed.wait(f.watch) {
			return nil
		}
	}
}

// again moves a period such as --last 7d along with the time.
func (f *reportFlags) again(o query.Options) (query.Options, error) {
	fresh, err := f.selectFlags.options(time.Now())
	if err != nil {
		return o, err
	}
	o.Since, o.Until = fresh.Since, fresh.Until
	return o, nil
}

// frame is a report as a full screen: from the top, each line cleared to its
// end, the last line of the screen left free.
func frame(out []byte, height int) []byte {
	lines := strings.Split(strings.TrimRight(string(out), "\n"), "\n")
	if cut := len(lines) - (height - 1); cut > 0 && height > 2 {
		lines = append(lines[:height-2], fmt.Sprintf("… %d more lines", cut+1))
	}
	var b bytes.Buffer
	b.WriteString("\x1b[H")
	for _, l := range lines {
		b.WriteString(l + "\x1b[K\r\n") // a raw terminal goes down only
	}
	b.WriteString("\x1b[J")
	return b.Bytes()
}
