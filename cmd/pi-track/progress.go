//go:build linux || darwin || freebsd || openbsd

package main

import (
	"fmt"
	"io"
	"time"
)

const (
	// progressAfter is how long a scan is silent.
	progressAfter = 500 * time.Millisecond
	// progressEvery is how often the line is drawn at most.
	progressEvery = 100 * time.Millisecond
)

// progress shows how far a scan is, on a terminal and only when it takes
// long.
type progress struct {
	w     io.Writer // nil without a terminal
	what  string
	next  time.Time // when the line is drawn again
	shown bool
}

func newProgress(w io.Writer, what string) *progress {
	p := &progress{what: what, next: time.Now().Add(progressAfter)}
	if _, ok := isTerminal(w); ok {
		p.w = w
	}
	return p
}

// update is a query.Options.Progress.
func (p *progress) update(done, total int64) {
	now := time.Now()
	if p.w == nil || total <= 0 || now.Before(p.next) {
		return
	}
	p.next, p.shown = now.Add(progressEvery), true
	// Progress that cannot be shown is no error.
	fmt.Fprintf(p.w, "\r%s: %d%% of %.1f MB\x1b[K", p.what, done*100/total, float64(total)/1e6)
}

// done takes the line off the terminal.
func (p *progress) done() {
	if p.shown {
		io.WriteString(p.w, "\r\x1b[K")
	}
}
