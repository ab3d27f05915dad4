package reap

import (
	"math/rand"
	"os"
	"slices"
	"testing"
	"time"

	"pi-track/internal/event"
	"pi-track/internal/log"
	"pi-track/internal/log/box"
)

// However a box is damaged, a run whose start is in the log gets one end, and what
// no end could be made from is told of in a note.
func TestDamageOfEveryKind(t *testing.T) {
	w := newWorld(t)
	r := rand.New(rand.NewSource(15))
	began := time.Now().Add(-time.Hour)
	if err := os.Mkdir(w.home+"/open", 0o700); err != nil {
		t.Fatal(err)
	}
	var runs []string
	n := 600
	if testing.Short() {
		n = 120
	}
	for i := range n {
		run := event.NewID(began)
		e := event.Event{TS: began, ID: run, Kind: event.Job, Name: "job", Status: event.Started, Src: "shim"}
		whole := image(t, run, w.log)
		w.append(e)
		copy(whole[box.AtStart:], e.Append(nil))
		damaged := slices.Clone(whole)
		at := r.Intn(box.Size)
		if i%2 == 0 { // where something is
			parts := []int{0, box.AtState, box.AtPath, box.AtStart}
			at = parts[r.Intn(len(parts))] + r.Intn(100)
		}
		part := damaged[at:min(at+1+r.Intn(4096), box.Size)]
		switch i % 3 {
		case 0:
			damaged = damaged[:max(at, 1)]
		case 1:
			clear(part)
		case 2:
			r.Read(part)
		}
		file := box.Path(w.home, run)
		if err := os.WriteFile(file, damaged, 0o600); err != nil {
			t.Fatal(err)
		}
		last := began.Add(40 * time.Minute)
		if err := os.Chtimes(file, last, last); err != nil {
			t.Fatal(err)
		}
		runs = append(runs, run)
	}
	result, err := Run(t.Context(), Options{Home: w.home, Log: w.log})
	if err != nil || result.Boxes < n/6 || result.Damaged < n/6 || result.Runs() != len(runs) {
		t.Errorf("%d boxes, %d damaged, %v", result.Boxes, result.Damaged, err)
	}
	ends := w.ends()
	for i, run := range runs {
		if ends[run].ID == "" {
			t.Errorf("variant %d: no end", i)
		}
	}
	if notes, err := log.Notes(w.home); err != nil || len(notes) == 0 {
		t.Errorf("%d notes, %v", len(notes), err)
	}
	files, err := os.ReadDir(w.home) // a damaged path makes no file
	if err != nil || len(files) != 3 {
		t.Errorf("%v, %v", files, err)
	}
}
