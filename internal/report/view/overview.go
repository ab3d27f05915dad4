package view

import (
	"fmt"
	"strings"

	"pi-track/internal/report/query"
	"pi-track/internal/report/section"
	"pi-track/internal/report/sum"
)

// overviewColumns are of CSV alone: a reader gets lines.
func overviewColumns() []column[section.Overview] {
	type row = section.Overview
	return []column[row]{
		fields("first last", func(o *row) []string { return []string{instant(o.First), instant(o.Last)} }),
		fields(countsFields, func(o *row) []string { return countsTexts(o.Counts) }),
		fields(rateFields, func(o *row) []string { return rateTexts(o.Success) }),
		fields("running helpers repos sessions tasks hosts lines bad_lines bytes used", func(o *row) []string {
			var out []string
			for _, n := range []int64{o.Running, o.Helpers, o.Repos, o.Sessions, o.Tasks, o.Hosts, o.Lines, o.BadLines, o.Bytes, o.Used} {
				out = append(out, integer(n))
			}
			return out
		}),
	}
}

func (w *writer) overview(o *section.Overview) block {
	k := block{title: "pi-track report", note: w.period(o) + ", " + w.clock.zone()}
	if f := filterWords(w.r.Query.Filter); f != "" {
		k.note += ", only " + f
	}
	if o.Runs == 0 {
		k.lines = append(k.lines, cell{"no runs match", plain})
		k.lines = append(k.lines, w.warnings(o)...)
		return k
	}
	parts := []string{plural(o.Runs, "run"), plural(o.Helpers, "helper"), plural(o.Repos, "repo")}
	for _, p := range []struct {
		n   int64
		one string
	}{{o.Sessions, "session"}, {o.Tasks, "task"}} {
		if p.n > 0 {
			parts = append(parts, plural(p.n, p.one))
		}
	}
	if o.Hosts > 1 {
		parts = append(parts, plural(o.Hosts, "host"))
	}
	k.lines = append(k.lines, cell{strings.Join(parts, " · "), strong}, cell{w.outcomes(o), plain})
	if o.Usage != nil {
		k.lines = append(k.lines, cell{usageWords(o.Usage), plain})
	}
	if len(o.Trying) > 0 {
		k.lines = append(k.lines, cell{tryingWords(o.Trying), plain})
	}
	k.lines = append(k.lines, w.warnings(o)...)
	return k
}

// tryingWords names the helpers that are not run as always.
func tryingWords(names []string) string {
	return "in an experiment now: " + strings.Join(names, ", ") + " (report experiment)"
}

// outcomes is what became of all runs.
func (w *writer) outcomes(o *section.Overview) string {
	success := "no finished run"
	if len(w.r.Query.Filter.Status) > 0 {
		success = "no rates of runs of some statuses alone"
	}
	if o.Success.Value != nil {
		success = fmt.Sprintf("run success %s (95 %% interval %s)", rateN(o.Success), bounds(o.Success))
	}
	parts := []string{success, count(o.Failed) + " failed", count(o.Cancelled) + " cancelled"}
	if o.Used > 0 {
		parts = append(parts, plural(o.Used, "use")+" of skills and prompts")
	}
	if o.Running > 0 {
		parts = append(parts, count(o.Running)+" running now")
	}
	if lost := o.Open - o.Running; lost > 0 {
		parts = append(parts, count(lost)+" without an end")
	}
	return strings.Join(parts, " · ")
}

func usageWords(u *sum.Usage) string {
	parts := []string{count(u.Tokens) + " tokens"}
	if u.Cost > 0 {
		parts = append(parts, money(u.Cost))
	}
	return strings.Join(parts, " · ") + " in " + plural(u.Runs, "run") + " that report usage"
}

// warnings lists what is doubtful about the data.
func (w *writer) warnings(o *section.Overview) []cell {
	var out []cell
	var told int64 // bad lines of which a warning below tells
	for _, x := range w.r.Warnings {
		if x.File != "" {
			told += max(1, x.Count)
		}
	}
	if o.BadLines > told {
		out = append(out, cell{fmt.Sprintf("! %s of %s not taken", plural(o.BadLines, "line"), count(o.Lines)), doubt})
	}
	for _, x := range w.r.Warnings {
		s := "! " + x.Text
		switch {
		case x.File != "" && x.Line > 0:
			s += fmt.Sprintf(", first at %s:%d", x.File, x.Line)
		case x.File != "" && x.At > 0:
			s += fmt.Sprintf(", first at %s, byte %d", x.File, x.At)
		case x.File != "":
			s += ", in " + x.File
		}
		out = append(out, cell{s, doubt})
	}
	return out
}

// filterWords names the filters as they were given.
func filterWords(f query.Filter) string {
	var parts []string
	for _, p := range []struct {
		key   string
		globs []string
	}{
		{"name", f.Name}, {"kind", f.Kind}, {"ext", f.Ext}, {"repo", f.Repo}, {"task", f.Task},
		{"session", f.Session}, {"scope", f.Scope}, {"host", f.Host}, {"status", f.Status},
	} {
		if len(p.globs) > 0 {
			parts = append(parts, p.key+" "+strings.Join(p.globs, " or "))
		}
	}
	return strings.Join(parts, ", ")
}
