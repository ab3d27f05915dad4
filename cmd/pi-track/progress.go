//go:build linux || darwin

package main

import (
	"io"
	"time"

	"github.com/schollz/progressbar/v3"
)

// progressAfter is how long a scan is silent.
const progressAfter = 500 * time.Millisecond

// progress shows how far a scan is, on a terminal and only when it takes
// long.
type progress struct {
	w       io.Writer
	started time.Time
	bar     *progressbar.ProgressBar
}

func newProgress(w io.Writer) *progress {
	p := &progress{started: time.Now()}
	if _, ok := isTerminal(w); ok {
		p.w = w
	}
	return p
}

// update is a report.Options.Progress.
func (p *progress) update(done, total int64) {
	if p.w == nil || time.Since(p.started) < progressAfter {
		return
	}
	if p.bar == nil {
		p.bar = progressbar.NewOptions64(total,
			progressbar.OptionSetWriter(p.w),
			progressbar.OptionSetDescription("reading the log"),
			progressbar.OptionShowBytes(true),
			progressbar.OptionThrottle(100*time.Millisecond),
			progressbar.OptionSetWidth(30),
			progressbar.OptionClearOnFinish())
	}
	_ = p.bar.Set64(done) // progress that cannot be shown is no error
}

// done takes the bar off the terminal.
func (p *progress) done() {
	if p.bar != nil {
		_ = p.bar.Clear()
		_ = p.bar.Exit()
	}
}
