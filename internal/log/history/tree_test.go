package history

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"pi-track/internal/event"
	"pi-track/internal/log"
)

// In a forged log a run may be its own ancestor; every run is shown once.
func TestTreeOfAForgedLogEnds(t *testing.T) {
	family := map[string]*Run{}
	for id, parent := range map[string]string{"a": "b", "b": "c", "c": "a", "self": "self", "child": "a", "orphan": "gone"} {
		family[id] = &Run{Start: &event.Event{ID: id, ParentID: parent, Name: "n-" + id, Status: event.Started}}
	}
	shown := map[string]int{}
	var walk func([]*Node)
	walk = func(nodes []*Node) {
		for _, n := range nodes {
			shown[n.Last().ID]++
			walk(n.Children)
		}
	}
	_, roots := Tree(family)
	walk(roots)
	for id := range family {
		if shown[id] != 1 {
			t.Errorf("%s stands %d times in the tree", id, shown[id])
		}
	}
	if len(shown) != len(family) || len(roots) != 3 {
		t.Errorf("%d runs, %d roots", len(shown), len(roots))
	}
}

// TestRunsWithYoungerIDs: an id may be younger than its run, which is found all the same,
// with the runs below it, be its root in the log or not.
func TestRunsWithYoungerIDs(t *testing.T) {
	const root, id, child = "019ab0c3-7d01-7abc-8def-000000000001", "019ab0c3-7d01-7abc-8def-000000000002", "019ab0c3-7d01-7abc-8def-000000000003"
	long := event.IDTime(root).Add(-48 * time.Hour)
	for name, roots := range map[string]string{"in the log": root, "not in the log": "019ab0c3-7d01-7abc-8def-00000000000f"} {
		l := Log{filepath.Join(t.TempDir(), "events.jsonl")}
		for _, e := range []event.Event{
			{ID: root}, {ID: id, ParentID: roots, RootID: roots}, {ID: child, ParentID: id, RootID: roots}, {ID: child, ParentID: id, RootID: roots, Status: event.Failed},
			{ID: id, ParentID: roots, RootID: roots, Status: event.Succeeded}, {ID: "019ab0c3-7d01-7abc-8def-000000000009"},
		} {
			e.TS, e.Kind, e.Name = long, event.Script, "deploy"
			if e.Status == "" {
				e.Status = event.Started
			}
			if err := log.Append(l.Path, e.Append(nil)); err != nil {
				t.Fatal(err)
			}
		}
		// as if they began when their ids say so: there are lines of later
		for range 3 {
			e := event.Event{TS: long, ID: "019ab0c3-7d01-7abc-8def-00000000000a", Kind: event.Script, Name: "other", Status: event.Started}
			if err := log.Append(l.Path, e.Append(nil)); err != nil {
				t.Fatal(err)
			}
		}
		family, err := l.Family(id)
		if err != nil || family[id] == nil || family[id].Start == nil || family[id].End == nil {
			t.Errorf("%s: %+v, %v", name, family[id], err)
		}
		if name == "in the log" && (family[child] == nil || family[child].End == nil || family[root] == nil) {
			t.Errorf("%s: child %+v, root %+v", name, family[child], family[root])
		}
		n := 0
		err = l.OfRun(id, IsRun(id), func(e *event.Event) bool { n++; return n < 2 })
		if err != nil || n != 2 {
			t.Errorf("%s: asked for two events, got %d, %v", name, n, err)
		}
	}
}

// TestRunBelowAYoungerRoot: a run that was written long before its root, as clocks of two
// machines make it, is found by its own id.
func TestRunBelowAYoungerRoot(t *testing.T) {
	const id, root = "019ab0c3-7d01-7abc-8def-000000000002", "019bb0c3-7d01-7abc-8def-000000000001"
	l := Log{filepath.Join(t.TempDir(), "events.jsonl")}
	add := func(id string) {
		t.Helper()
		e := event.Event{TS: event.IDTime(id), ID: id, RootID: root, Kind: event.Script, Name: "deploy", Status: event.Started}
		if err := log.Append(l.Path, e.Append(nil)); err != nil {
			t.Fatal(err)
		}
	}
	add(id)
	for range straySize {
		add("019ab0c3-7d01-7abc-8def-000000000003")
	}
	add(root)
	family, err := l.Family(id)
	if err != nil || family[id] == nil || family[root] == nil {
		t.Errorf("%+v, %v", family, err)
	}
}

// TestFindIsBounded: a beginning that very many runs share ends the search soon.
func TestFindIsBounded(t *testing.T) {
	l := Log{filepath.Join(t.TempDir(), "events.jsonl")}
	var b []byte
	const n = maxFamily + 10
	for i := range n {
		e := event.Event{TS: time.Now(), ID: fmt.Sprintf("run-%06d", i), Kind: event.Script, Name: "deploy", Status: event.Started}
		b = e.Append(b)
	}
	if err := os.WriteFile(l.Path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	names, err := l.Find("run-")
	if err != nil || len(names) != maxFamily+1 {
		t.Errorf("%d runs, %v", len(names), err)
	}
	names, err = l.Find("run-000000") // the oldest
	if err != nil || len(names) != 1 || names["run-000000"] != "deploy" {
		t.Errorf("%v, %v", names, err)
	}
}

// TestSinceEndsAmongOldLines: a few lines of a wrong clock hide no earlier line of the
// period; behind so many old ones nothing is looked for.
func TestSinceEndsAmongOldLines(t *testing.T) {
	now := time.Now()
	for old, want := range map[int]int{0: 2, straySize - 1: 2, straySize: 1, 3 * straySize: 1} {
		l := Log{filepath.Join(t.TempDir(), "events.jsonl")}
		var b []byte
		add := func(at time.Time) {
			e := event.Event{TS: at, ID: fmt.Sprint("run-", len(b)), Kind: event.Script, Name: "deploy", Status: event.Started}
			b = e.Append(b)
		}
		add(now)
		for range old {
			add(now.Add(-log.Slack - time.Hour))
		}
		add(now)
		if err := os.WriteFile(l.Path, b, 0o600); err != nil {
			t.Fatal(err)
		}
		got := 0
		if err := l.Since(now.Add(-time.Minute), nil, nil, func(*event.Event) bool { got++; return true }); err != nil || got != want {
			t.Errorf("%d old lines between: %d of two are found, want %d, %v", old, got, want, err)
		}
	}
}
