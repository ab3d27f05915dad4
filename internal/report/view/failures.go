package view

import (
	"strconv"
	"strings"

	"pi-track/internal/report/section"
)

func (w *writer) failures(f *section.Failures) block {
	k := block{title: "Recent failures", note: "one line per helper and kind of error, the latest first"}
	k.table = w.failureGrid(f.Rows, true)
	if len(f.Rows) == 0 {
		k.lines = append(k.lines, cell{"none", faint})
	}
	k.after = omitted(f.Omitted)
	return k
}

// failureGrid has one line per failure; named adds the helper's name, else
// the id to look it up by stands there.
func (w *writer) failureGrid(rows []section.Failure, named bool) *grid {
	g := &grid{columns: []column{
		{title: "when", left: true},
		{title: "helper", left: true, least: 8},
		{title: "repo", left: true, least: 8, drop: 3},
		{title: "exit"},
		{title: "×"},
		{title: "error", left: true, least: 12, prose: true},
		{title: "pi-track show", left: true, drop: wideOnly},
	}}
	if !named {
		g.columns[1] = column{title: "pi-track show", left: true}
		g.columns = g.columns[:6]
	}
	for i := range rows {
		x := &rows[i]
		text := errorText(x)
		cells := []cell{
			{w.clock.minute(x.Time), plain}, {x.Label(x.Helper), strong}, {w.failureRepos(x), plain},
			{exit(x), bad}, {count(x.Count), plain}, {text, plain}, {x.ID, faint},
		}
		if !named {
			cells[1] = cells[6]
			cells = cells[:6]
		}
		g.add(cells...)
	}
	return w.columnsFor(g)
}

// exit is the exit status or the signal.
func exit(x *section.Failure) string {
	switch {
	case x.Signal != "":
		return x.Signal
	case x.ExitCode != nil:
		return strconv.Itoa(*x.ExitCode)
	}
	return nothing
}

// errorText is the text of a failure, or why there is none.
func errorText(x *section.Failure) string {
	switch {
	case x.Text != "":
		return x.Text
	case x.Stderr == "terminal":
		return `(stderr was a terminal and was not kept; capture = "pty" keeps it)`
	}
	return "(no output on stderr)"
}

// failureRepos names the repos of all failures that look alike, as many as fit a
// column.
func (w *writer) failureRepos(x *section.Failure) string {
	const most = 2
	var names []string
	for _, r := range x.Repos[:min(most, len(x.Repos))] {
		names = append(names, w.names.repo(r))
	}
	if more := len(x.Repos) - most; more > 0 {
		names = append(names, "+"+strconv.Itoa(more))
	}
	return strings.Join(names, ", ")
}
