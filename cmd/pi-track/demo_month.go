//go:build linux || darwin || freebsd || openbsd

package main

import (
	"fmt"
	"os"
	"time"

	"pi-track/internal/event"
)

// writeMonth writes the log of a month that never was, with a flaky helper, one
// that fails in one repo only, one that broke, and one whose tasks are completed
// more often: so that a report has something to say.
func writeMonth(path string, now time.Time) error {
	m := &month{}
	start := now.AddDate(0, 0, -30).Truncate(time.Hour)
	for i := range 120 { // a task every six hours
		at := start.Add(time.Duration(i) * 6 * time.Hour)
		task, repo := fmt.Sprintf("T-%03d", i+1), []string{"/home/demo/web", "/home/demo/api", "/home/demo/infra"}[i%3]
		reviewed := i%2 == 0
		m.add(at, "fetch-fixtures", repo, task, event.Script, i%3 == 0 && i%4 != 1, "error: connect to fixtures.example timed out")
		m.add(at.Add(time.Minute), "fetch-fixtures", repo, task, event.Script, false, "")
		m.add(at.Add(2*time.Minute), "remember-session", repo, task, event.Script, i%3 == 2, "error: no space left on device")
		m.add(at.Add(3*time.Minute), "deploy-preview", repo, task, event.Script, i > 100, "error: the preview API wants a token")
		if reviewed {
			m.add(at.Add(4*time.Minute), "review-notes", repo, task, event.Script, false, "")
		}
		m.add(at.Add(10*time.Minute), "pi-job-runner", repo, task, event.Job, i%10 < 2 || !reviewed && i%10 < 6, "error: tests failed")
	}
	return os.WriteFile(path, m.lines, 0o600)
}

// month collects the lines of runs.
type month struct {
	lines []byte
	runs  int
}

// add is one run; a failure has its text.
func (m *month) add(at time.Time, name, repo, task string, kind event.Kind, failed bool, text string) {
	m.runs++
	e := event.Event{
		TS: at, ID: event.NewID(at), Kind: kind, Name: name, Status: event.Started, CWD: repo, Repo: repo, Scope: "global",
		TaskID: task, Src: "demo",
	}
	m.lines = e.Append(m.lines)
	took := time.Duration(300+m.runs*37%900) * time.Millisecond
	code := 0
	e.TS, e.Status, e.DurationMS = at.Add(took), event.Succeeded, took.Milliseconds()
	if failed {
		code, e.Status, e.Error = 1, event.Failed, text
	}
	e.ExitCode = &code
	m.lines = e.Append(m.lines)
}
