package history

import (
	"slices"
	"strings"
	"time"

	"pi-track/internal/event"
)

// Node is a run among those that it started.
type Node struct {
	*Run
	Began    time.Time
	Children []*Node // oldest first
}

// Last is what is known of the run at last: its end, else its start.
func (r *Run) Last() *event.Event {
	if r.End != nil {
		return r.End
	}
	return r.Start
}

// began is when the run started, by its end line if its start is not in the log.
func (r *Run) began() time.Time {
	if r.Start != nil {
		return r.Start.TS
	}
	return r.End.TS.Add(-time.Duration(r.End.DurationMS) * time.Millisecond)
}

// Tree links runs, which it has by id, and returns all nodes by id and those at the
// top, oldest first. At the top stand runs whose parent is not among them, and, in
// a forged log, one that is its own ancestor.
func Tree(runs map[string]*Run) (nodes map[string]*Node, roots []*Node) {
	nodes = make(map[string]*Node, len(runs))
	all := make([]*Node, 0, len(runs))
	for id, r := range runs {
		n := &Node{Run: r, Began: r.began()}
		nodes[id] = n
		all = append(all, n)
	}
	slices.SortFunc(all, func(a, b *Node) int {
		if c := a.Began.Compare(b.Began); c != 0 {
			return c
		}
		return strings.Compare(a.Last().ID, b.Last().ID)
	})
	parents := map[*Node]*Node{}
	for _, n := range all {
		parent := nodes[n.Last().ParentID]
		for up := parent; up != nil; up = parents[up] {
			if up == n {
				parent = nil
				break
			}
		}
		if parent == nil {
			roots = append(roots, n)
			continue
		}
		parents[n] = parent
		parent.Children = append(parent.Children, n)
	}
	return nodes, roots
}
