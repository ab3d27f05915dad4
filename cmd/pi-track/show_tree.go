//go:build linux || darwin || freebsd || openbsd

package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"pi-track/internal/event"
	"pi-track/internal/log/history"
)

// node is a run in its tree, with texts fit to be printed.
type node struct {
	event    event.Event // what is known at last
	start    time.Time
	state    string // running, or the status
	clock    string // how long by the wall clock, if that is less than was measured
	this     bool   // the run that was asked for
	children []*node
}

// newNodes are the nodes of the tree; id is the run that was asked for, running
// says which runs are supervised.
func newNodes(from []*history.Node, id string, running func(id string) bool) []*node {
	nodes := make([]*node, len(from))
	for i, h := range from {
		n := &node{event: cleaned(*h.Last()), start: h.Began, children: newNodes(h.Children, id, running)}
		n.state, n.this = string(h.Last().Status), h.Last().ID == id
		switch {
		case h.End == nil && running(h.Last().ID):
			n.state = "running"
		case h.End != nil && h.Start != nil:
			n.clock = clockText(h.Start, h.End)
		}
		nodes[i] = n
	}
	return nodes
}

// thisRun is the run that was asked for, and how many there are.
func thisRun(nodes []*node) (this *node, all int) {
	for _, n := range nodes {
		below, m := thisRun(n.children)
		all += 1 + m
		if n.this {
			below = n
		}
		if below != nil {
			this = below
		}
	}
	return this, all
}

// clockText marks a duration that exceeds the time between the run's two lines, "" for
// any other: it was measured by a monotonic clock, and the wall clock was set.
func clockText(start, end *event.Event) string {
	const slack = time.Second // the lines have no more than milliseconds, and are written a bit later
	wall := end.TS.Sub(start.TS)
	if time.Duration(end.DurationMS)*time.Millisecond <= wall+slack {
		return ""
	}
	return " (measured; the clock was set meanwhile, and says " + shortDuration(max(wall, 0)) + ")"
}

// summary is the run on one line.
func (n *node) summary() string {
	line := n.event.Name + "  " + n.state
	for _, field := range []string{durationText(&n.event), resultText(&n.event), shortID(n.event.ID), n.event.Error} {
		if field != "" {
			line += "  " + field
		}
	}
	return line
}

// draw writes the nodes and what is below them.
func draw(b *bytes.Buffer, nodes []*node, indent string) {
	for i, n := range nodes {
		branch, below := "├─ ", "│  "
		if i == len(nodes)-1 {
			branch, below = "└─ ", "   "
		}
		if indent == "" && len(nodes) == 1 {
			branch, below = "", " "
		}
		mark := ""
		if n.this {
			mark = "  ← this run"
		}
		fmt.Fprintf(b, "%s%s%s%s\n", indent, branch, n.summary(), mark)
		draw(b, n.children, indent+below)
	}
}

// fields are all that is known about the run, as pairs of a label and a text.
func (n *node) fields() [][2]string {
	e := &n.event
	fields := [][2]string{}
	add := func(label, text string) {
		if text != "" {
			fields = append(fields, [2]string{label, text})
		}
	}
	add("id", e.ID)
	add("name", e.Name)
	add("kind", string(e.Kind))
	add("status", n.state)
	add("started", n.start.Local().Format("2006-01-02 15:04:05.000 MST"))
	add("duration", strings.TrimSpace(durationText(e)+n.clock))
	add("result", resultText(e))
	add("error", e.Error)
	add("directory", e.CWD)
	add("scope", e.Scope)
	add("repo", e.Repo)
	add("session", e.SessionID)
	add("task", e.TaskID)
	add("agent", e.Agent)
	add("model", e.Model)
	add("rev", e.Rev)
	if e.Trial.Arm != "" {
		add("experiment", e.Trial.Experiment+", arm "+e.Trial.Arm)
	}
	add("parent", e.ParentID)
	add("root", e.RootID)
	add("host", e.Host)
	if e.PID > 0 {
		add("pid", fmt.Sprint(e.PID))
	}
	add("source", e.Src)
	add("extension", e.Ext)
	add("call", e.CallID)
	add("usage", usageText(e.Usage))
	if r := e.Rusage; r != nil {
		add("resources", fmt.Sprintf("user %s, system %s, at most %d KB of memory",
			shortDuration(time.Duration(r.UserMS)*time.Millisecond), shortDuration(time.Duration(r.SysMS)*time.Millisecond), r.MaxRSSKB))
	}
	for _, m := range e.Extra {
		add(m.Key, string(m.Raw))
	}
	return fields
}

// usageText says what a run spent on models.
func usageText(u *event.Usage) string {
	if u == nil {
		return ""
	}
	var parts []string
	for _, p := range []struct {
		n    int64
		what string
	}{
		{u.Tokens, "tokens"}, {u.Input, "input"}, {u.Output, "output"},
		{u.CacheRead, "cache read"}, {u.CacheWrite, "cache write"},
	} {
		if p.n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", p.n, p.what))
		}
	}
	if u.Cost > 0 {
		parts = append(parts, fmt.Sprintf("$%.4f", u.Cost))
	}
	if u.Model != "" {
		parts = append(parts, u.Model)
	}
	return strings.Join(parts, ", ")
}

// value is the node for JSON: the run's last event and its state.
func (n *node) value() map[string]any {
	return map[string]any{
		"state": n.state,
		"start": n.start.UTC(),
		"event": json.RawMessage(bytes.TrimSpace(n.event.Append(nil))),
	}
}

// values are the nodes for JSON with what is below them.
func values(nodes []*node) []map[string]any {
	out := []map[string]any{}
	for _, n := range nodes {
		v := n.value()
		if len(n.children) > 0 {
			v["children"] = values(n.children)
		}
		out = append(out, v)
	}
	return out
}
