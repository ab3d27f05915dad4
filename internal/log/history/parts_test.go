package history

import (
	"strings"
	"testing"
	"time"

	"pi-track/internal/event"
)

// A shortened id is split at its ellipsis, in either way to write it.
func TestIDPattern(t *testing.T) {
	for in, want := range map[string][2]string{"abc": {"abc", ""}, "ab…yz": {"ab", "yz"}, "ab...yz": {"ab", "yz"}, "…yz": {"", "yz"}, "": {"", ""}, "ab..yz": {"ab..yz", ""}} {
		if prefix, suffix := idPattern(in); prefix != want[0] || suffix != want[1] {
			t.Errorf("%q: %q, %q", in, prefix, suffix)
		}
	}
}

// Lines end behind the last newline, in whatever block that is.
func TestEndOfLines(t *testing.T) {
	for _, v := range []struct{ text, rest string }{{"", ""}, {"a", ""}, {"a\n", ""}, {"a\nb", "b"}, {"\n", ""}, {"a\n" + strings.Repeat("x", blockSize-1), ""}, {"a\n" + strings.Repeat("x", blockSize), ""}, {"a\n" + strings.Repeat("x", 2*blockSize+1), ""}, {strings.Repeat("x", 2*blockSize), ""}} {
		want := int64(strings.LastIndexByte(v.text, '\n') + 1)
		if got := endOfLines(strings.NewReader(v.text), int64(len(v.text))); got != want {
			t.Errorf("%d bytes: %d, not %d", len(v.text), got, want)
		}
	}
}

// Runs stand below what started them, the oldest first; who is his own ancestor in
// a forged log stands at the top.
func TestTreeByHand(t *testing.T) {
	at := time.Date(2026, 11, 30, 0, 0, 0, 0, time.UTC)
	start := func(id, parent string, s int) *Run {
		return &Run{Start: &event.Event{ID: id, ParentID: parent, TS: at.Add(time.Duration(s) * time.Second)}}
	}
	ended := &Run{End: &event.Event{ID: "e", ParentID: "a", TS: at.Add(9 * time.Second), DurationMS: 8000}}
	runs := map[string]*Run{"a": start("a", "", 0), "b": start("b", "a", 5), "c": start("c", "a", 3), "d": start("d", "b", 1), "e": ended, "f": start("f", "gone", 2), "g": start("g", "h", 6), "h": start("h", "g", 7), "i": start("i", "i", 8), "j": start("j", "", 0)}
	nodes, roots := Tree(runs)
	var show func(list []*Node) string
	show = func(list []*Node) (s string) {
		for _, n := range list {
			s += n.Last().ID
			if len(n.Children) > 0 {
				s += "(" + show(n.Children) + ")"
			}
		}
		return s
	}
	if got, want := show(roots), "a(ecb(d))jfh(g)i"; got != want || len(nodes) != len(runs) {
		t.Errorf("%s, not %s; %d nodes", got, want, len(nodes))
	}
	if !nodes["e"].Began.Equal(at.Add(time.Second)) {
		t.Error(nodes["e"].Began)
	}
	// Of the ends of a run a reaper's gives way.
	var r Run
	var order string
	for _, e := range []event.Event{{ID: "s", Status: event.Started}, {ID: "1", Status: event.Cancelled, Src: "reaped"}, {ID: "2", Status: event.Failed, Src: "shim"}, {ID: "3", Status: event.Succeeded}, {ID: "t", Status: event.Started}} {
		r.add(&e)
		order += r.Last().ID
	}
	if order != "s1222" || r.Start.ID != "t" {
		t.Error(order, r.Start.ID)
	}
}
