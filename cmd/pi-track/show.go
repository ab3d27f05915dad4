//go:build linux || darwin || freebsd || openbsd

package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"sort"
	"strings"

	"github.com/spf13/cobra"

	"pi-track/internal/log/history"
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

Exit status: 0; 1 the log cannot be read; 2 no run or several have this id, or
wrong usage; 3 there is no log.`,
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

func (s *shower) run(pattern string) error {
	p, err := findInstallation()
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
	id, err := find(h, pattern)
	if err != nil {
		return err
	}
	family, err := h.Family(id)
	if err != nil {
		return unreadable(err)
	}
	if family[id] == nil { // pruned since it was found
		return noRun(h, id)
	}
	_, roots := history.Tree(family)
	nodes := newNodes(roots, id, func(id string) bool { _, ok := runs[id]; return ok })
	if s.json {
		return s.printJSON(nodes, id)
	}
	return s.print(nodes)
}

// find returns the id of the one run that pattern stands for.
func find(l history.Log, pattern string) (string, error) {
	if pattern == "" || strings.HasPrefix(pattern, "…") || strings.HasPrefix(pattern, "...") {
		return "", usageErrorf("give at least the beginning of an id", "%q is not a run's id", pattern)
	}
	names, err := l.Find(pattern)
	if err != nil {
		return "", unreadable(err)
	}
	var found []string
	for id, name := range names {
		found = append(found, cleanText(id+" ("+name+")"))
	}
	slices.Sort(found)
	switch {
	case len(found) == 0:
		return "", noRun(l, pattern)
	case len(found) > 1:
		if len(found) > 5 {
			found = append(found[:5], "…")
		}
		return "", usageErrorf("give more of the id: "+strings.Join(found, ", "), "%q matches several runs", pattern)
	}
	for id := range names {
		return id, nil
	}
	return "", nil
}

// noRun is the error of a run that the log does not have.
func noRun(l history.Log, id string) error {
	hint := "'pi-track tail' and 'pi-track report failures --format wide' show ids"
	if near := nearRuns(l, id); near != "" {
		hint = "did you mean " + near + "?"
	} else if slices.ContainsFunc(helperNames(""), func(line string) bool { return line == id || strings.HasPrefix(line, id+"\t") }) {
		hint = "that is a helper: 'pi-track tail --name " + quoted(id) + "' shows its runs with their ids"
	}
	return usageErrorf(hint, "no run %q in the log", id)
}

// nearRuns are the few runs whose ids begin with most of id, "" for none or many.
func nearRuns(l history.Log, id string) string {
	const least, most = 8, 3 // characters of an id that are no accident; runs to name
	id, _, _ = strings.Cut(strings.ReplaceAll(id, "…", "..."), "...")
	if len(id) < least || strings.Trim(id, "0123456789abcdef-") != "" {
		return ""
	}
	var near map[string]string
	sort.Search(len(id)-least+1, func(i int) bool { // the first that finds some has the longest beginning
		found, err := l.Find(id[:len(id)-i])
		if err != nil || len(found) == 0 {
			return false
		}
		near = found
		return true
	})
	if len(near) > most {
		return ""
	}
	var words []string
	for id, name := range near {
		words = append(words, cleanText(id+" ("+name+")"))
	}
	slices.Sort(words)
	return strings.Join(words, ", ")
}

func (s *shower) printJSON(nodes []*node, id string) error {
	run, _ := thisRun(nodes)
	value := map[string]any{"id": cleanText(id), "run": run.value(), "tree": values(nodes)}
	out, err := json.MarshalIndent(value, "", "  ")
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(s.stdout, "%s\n", out)
	return err
}

func (s *shower) print(nodes []*node) error {
	run, all := thisRun(nodes)
	var b bytes.Buffer
	for _, f := range run.fields() {
		fmt.Fprintf(&b, "%-10s %s\n", f[0], f[1])
	}
	if all > 1 {
		b.WriteString("\n")
		draw(&b, nodes, "")
	}
	_, err := s.stdout.Write(b.Bytes())
	return err
}
