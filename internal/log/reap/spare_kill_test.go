//go:build linux && (amd64 || arm64)

package reap

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"pi-track/internal/event"
	"pi-track/internal/event/decode"
	"pi-track/internal/log/box"
)

func init() { children["spareRuns"] = childSpareRuns }

// childSpareRuns runs many boxes one after the other and says which.
func childSpareRuns(args []string) {
	for i := 0; ; i++ {
		id := uid(fmt.Sprintf("%s-%d", args[1], i))
		b, err := box.New(args[0], id, args[0]+"/events.jsonl", line(id, event.Started))
		check(err)
		fmt.Println(id)
		text := "text of " + id + "\n"
		if i%2 == 0 {
			check(b.Store(0, []byte(text)))
		} else {
			ring, total := b.Ring()
			*total = uint64(copy(ring, text))
		}
		check(b.Start(line(id, event.Started)))
		check(b.Finish(line(id, event.Succeeded)))
	}
}

// Supervisors that share their spare boxes are killed at any moment, while
// others look: each run that had a box has one start and one end, and what is
// told of a killed one is its own.
func TestSpareBoxesBesideKills(t *testing.T) {
	home := t.TempDir()
	stop, done := make(chan struct{}), make(chan error)
	go func() {
		for {
			if _, err := Boxes(home); err != nil {
				done <- err
				return
			}
			select {
			case <-stop:
				done <- nil
				return
			default:
				time.Sleep(time.Millisecond)
			}
		}
	}()
	const kills, together = 80, 4
	out := make([]bytes.Buffer, kills)
	var wg sync.WaitGroup
	for first := range together {
		wg.Go(func() {
			for i := first; i < kills; i += together {
				cmd := command(t, "spareRuns", home, strconv.Itoa(i))
				stdout, err := cmd.StdoutPipe()
				if err == nil {
					err = cmd.Start()
				}
				if err != nil {
					t.Error(err)
					return
				}
				if i%8 != 0 { // the others are killed while they begin, perhaps
					io.CopyN(&out[i], stdout, 1)
				}
				time.Sleep(time.Duration(i%23) * time.Millisecond)
				_ = cmd.Process.Kill()
				io.Copy(&out[i], stdout)
				_ = cmd.Wait()
			}
		})
	}
	wg.Wait()
	close(stop)
	if err := <-done; err != nil {
		t.Error(err)
	}
	if _, err := Boxes(home); err != nil {
		t.Error(err)
	}
	var begun []string
	for i := range out {
		begun = append(begun, strings.Fields(out[i].String())...)
	}
	wantRuns(t, home, begun)
}

// wantRuns checks that each run that begun names, and each other in the log,
// has one start and one end of its own.
func wantRuns(t *testing.T, home string, begun []string) {
	t.Helper()
	starts, ends := map[string][]string{}, map[string][]string{}
	reaped := 0
	for _, l := range contents(t, home+"/events.jsonl") {
		var e event.Event
		if decode.Event([]byte(l), &e) != nil {
			continue // of a killed writer
		}
		lines := ends
		if e.Status == event.Started {
			lines = starts
		}
		if slices.Contains(lines[e.ID], l) {
			continue // a supervisor was killed before it could record that it had written it
		}
		lines[e.ID] = append(lines[e.ID], l)
		if e.Src == "reaped" {
			reaped++
			if e.Error != "text of "+e.ID && e.Error != "killed together with its supervisor" {
				t.Errorf("%s: %q", e.ID, e.Error)
			}
		}
	}
	for _, id := range begun {
		if len(starts[id]) != 1 || len(ends[id]) != 1 {
			t.Errorf("%s: starts %q, ends %q", id, starts[id], ends[id])
		}
	}
	for id := range starts {
		if len(starts[id]) != 1 || len(ends[id]) != 1 {
			t.Errorf("%s: starts %q, ends %q", id, starts[id], ends[id])
		}
	}
	if len(begun) == 0 || reaped == 0 {
		t.Errorf("%d runs, %d reaped", len(begun), reaped)
	}
	t.Logf("%d runs, %d reaped", len(begun), reaped)
	entries, _ := os.ReadDir(home + "/open")
	for _, e := range entries {
		// One whose supervisor was killed in the middle of making or emptying it, is let
		// alone for a minute.
		data, err := os.ReadFile(home + "/open/" + e.Name())
		if !strings.HasPrefix(e.Name(), ".spare-") && (err != nil || len(data) == box.Size && !bytes.Equal(data, box.Blank[:])) {
			t.Errorf("left: %s", e.Name())
		}
	}
}
