//go:build linux

package stress

import (
	"context"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"pi-track/internal/event"
	"pi-track/internal/log"
	"pi-track/internal/report"
	"pi-track/internal/report/query"
)

// The report has every run that was recorded before it began, while the log
// is rotated and compressed.
func TestReportBesideRotation(t *testing.T) {
	path := filepath.Join(t.TempDir(), "events.jsonl")
	stop := make(chan struct{})
	rotated := make(chan int)
	go func() {
		n, _ := rotateUntil(t, path, stop)
		rotated <- n
	}()
	for n := range size(100, 1000) {
		now := time.Now()
		e := event.Event{TS: now, ID: event.NewID(now), Kind: event.Script, Name: fmt.Sprint("h", n%3), Status: event.Started}
		for _, e.Status = range []event.Status{event.Started, event.Succeeded} {
			if err := log.Append(path, e.Append(nil)); err != nil {
				t.Fatal(err)
			}
		}
		r, err := report.Build(context.Background(), query.Options{Logs: []string{path}})
		if err != nil {
			t.Fatal(err)
		}
		if o := r.Overview; o.Runs != int64(n+1) || o.Succeeded != int64(n+1) || o.BadLines != 0 {
			t.Fatalf("after %d runs: %+v", n+1, o)
		}
	}
	close(stop)
	if n := <-rotated; n == 0 {
		t.Error("no rotation")
	}
}
