//go:build linux || darwin

package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"pi-track/internal/event"
	"pi-track/internal/event/decode"
)

func newShowCmd(a *app) *cobra.Command {
	s := shower{app: a}
	cmd := &cobra.Command{
		Use:   "show ID",
		Short: "show one run, with its parents and children",
		Long: `Shows everything that is recorded about one run, and the tree of runs that it
belongs to: what started it, and what it started.

ID is a run's id or its beginning, also in the short form that other verbs
print (01a19690…0005, or with three dots for the ellipsis).

Exit status: 0; 1 no run or several have this id; 2 wrong usage; 3 there is no
log.`,
		Example: `  pi-track show 01a19690-e280-7000-8000-000000000005
  pi-track show 01a19690...0005 --json`,
		Args: exactArgs(1, "a run's id or its beginning"),
		RunE: func(_ *cobra.Command, args []string) error { return s.run(args[0]) },
	}
	cmd.Flags().BoolVar(&s.json, "json", false, "print the run and the tree as JSON")
	return cmd
}

// shower shows one run.
type shower struct {
	*app
	json bool
}

// record is what the log says about one run.
type record struct {
	start, end *event.Event // nil when it is not in the log
}

// first is the event that says what the run is: its start, else its end.
func (r *record) first() *event.Event {
	if r.start != nil {
		return r.start
	}
	return r.end
}

// add takes an event in. Of two ends the one that was not reaped counts.
func (r *record) add(e *event.Event) {
	switch {
	case e.Status == event.Started:
		r.start = e
	case r.end == nil || r.end.Src == "reaped":
		r.end = e
	}
}

func (s *shower) run(pattern string) error {
	p, err := findPlace()
	if err != nil {
		return err
	}
	runs, err := p.reap()
	if err != nil {
		return err
	}
	h, err := openHistory(p)
	if err != nil {
		return err
	}
	id, err := h.find(pattern)
	if err != nil {
		return err
	}
	family, err := h.family(id)
	if err != nil {
		return err
	}
	t := newTree(family, func(id string) bool { _, ok := runs[id]; return ok })
	if s.json {
		return s.printJSON(t, id)
	}
	return s.print(t, id)
}

// idPattern splits a shortened id at its ellipsis.
func idPattern(pattern string) (prefix, suffix string) {
	prefix, suffix, ok := strings.Cut(pattern, "…")
	if !ok {
		prefix, suffix, _ = strings.Cut(pattern, "...")
	}
	return prefix, suffix
}

// find returns the id of the one run that pattern stands for.
func (h history) find(pattern string) (string, error) {
	prefix, suffix := idPattern(pattern)
	if prefix == "" {
		return "", usageErrorf("give the id's beginning at least", "%q is not a run's id", pattern)
	}
	names := map[string]string{}
	stands := func(l *decode.Line) bool {
		id := l.Bytes(l.ID)
		return bytes.HasPrefix(id, []byte(prefix)) && bytes.HasSuffix(id, []byte(suffix))
	}
	name := func(e *event.Event) bool {
		names[e.ID] = e.Name
		return e.ID != pattern && len(names) <= maxFamily
	}
	err := h.since(idTime(prefix), []byte(prefix), stands, name)
	if err == nil && len(names) == 0 { // an imported run's id says nothing about its time
		err = h.since(time.Time{}, []byte(prefix), stands, name)
	}
	if err != nil {
		return "", err
	}
	if _, ok := names[pattern]; ok {
		return pattern, nil
	}
	var found []string
	for id, name := range names {
		found = append(found, cleanText(id+" ("+name+")"))
	}
	slices.Sort(found)
	switch {
	case len(found) == 0:
		return "", withHint(exitFailed, fmt.Errorf("no run %q in the log", pattern), "'pi-track tail' and 'pi-track report failures' show ids")
	case len(found) > 1:
		if len(found) > 5 {
			found = append(found[:5], "…")
		}
		return "", withHint(exitFailed, fmt.Errorf("%q stands for several runs", pattern), "give more of the id: "+strings.Join(found, ", "))
	}
	for id := range names {
		return id, nil
	}
	return "", nil
}

// maxFamily bounds the runs of a tree.
const maxFamily = 5000

// family returns the runs of the tree that holds the run id, by id.
func (h history) family(id string) (map[string]*record, error) {
	root := id
	err := h.ofRun(id, isRun(id), func(e *event.Event) bool {
		if e.RootID != "" {
			root = e.RootID
		}
		return false
	})
	if err != nil {
		return nil, err
	}
	family := map[string]*record{}
	add := func(e *event.Event) bool {
		r := family[e.ID]
		if r == nil {
			if len(family) >= maxFamily && e.ID != id && e.ID != root {
				return true
			}
			r = &record{}
			family[e.ID] = r
		}
		r.add(e)
		return true
	}
	related := func(l *decode.Line) bool {
		return isRun(root)(l) || string(l.Bytes(l.Root)) == root || string(l.Bytes(l.Parent)) == root
	}
	err = h.ofRun(root, related, add)
	if err == nil && (family[id] == nil || family[id].start == nil) { // of a root that is younger than the run, or not in the log
		err = h.ofRun(id, isRun(id), add)
	}
	if err == nil && family[id] == nil { // pruned since it was found
		err = withHint(exitFailed, fmt.Errorf("no run %q in the log", id), "'pi-track tail' and 'pi-track report failures' show ids")
	}
	return family, err
}

func (s *shower) printJSON(t *tree, id string) error {
	value := map[string]any{"id": cleanText(id), "run": t.nodes[id].value(), "tree": t.values(t.roots)}
	out, err := json.MarshalIndent(value, "", "  ")
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(s.stdout, "%s\n", out)
	return err
}

func (s *shower) print(t *tree, id string) error {
	var b bytes.Buffer
	for _, f := range t.nodes[id].fields() {
		fmt.Fprintf(&b, "%-10s %s\n", f[0], f[1])
	}
	if len(t.nodes) > 1 {
		b.WriteString("\n")
		t.draw(&b, t.roots, "", id)
	}
	_, err := s.stdout.Write(b.Bytes())
	return err
}
