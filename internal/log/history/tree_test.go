package history

import (
	"testing"

	"pi-track/internal/event"
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
