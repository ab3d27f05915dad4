package view

import (
	"strconv"
	"strings"

	"pi-track/internal/report/section"
)

func (w *writer) failures(f *section.Failures) block {
	k := block{title: "Recent failures", note: "one line per helper and kind of error, the latest first"}
	k.table = tableOf(w, w.failureColumns(true), f.Rows)
	if len(f.Rows) == 0 {
		k.lines = append(k.lines, cell{"none", faint})
	}
	k.after = omitted(f.Omitted)
	return k
}

// failureColumns have one failure a row; named says whether the table shows the
// helper's name, else the id to look a failure up by stands there.
func (w *writer) failureColumns(named bool) []column[section.Failure] {
	type row = section.Failure
	name := column[row]{
		layout: layout{title: "helper", left: true, least: 8},
		cell:   func(x *row) cell { return cell{x.Label(x.Helper), strong} },
	}
	id := column[row]{
		layout: layout{title: "pi-track show", left: true, drop: wideOnly},
		cell:   func(x *row) cell { return cell{x.ID, faint} },
	}
	if !named {
		name, id.cell = id, nil
		name.drop = 0
	}
	name.html = htmlColumn{Title: "helper"}
	name.page = func(x *row) htmlCell { return w.head(x.Label(x.Helper), x.Helper, x.Sort, x.Kind) }
	name.csv, name.fields = "helper kind", func(x *row) []string { return []string{x.Helper, x.Kind} }
	id.page = func(x *row) htmlCell { return htmlCell{Text: x.ID, Class: "id"} }
	id.csv, id.fields = "fingerprint id sort", func(x *row) []string { return []string{x.Fingerprint, x.ID, x.Sort} }
	return []column[row]{{
		layout: layout{title: "when", left: true}, html: numbers,
		cell: func(x *row) cell { return cell{w.clock.minute(x.Time), plain} },
		page: func(x *row) htmlCell {
			return htmlCell{Text: w.clock.minute(x.Time), Sort: timeSort(&x.Time), Tip: "first " + w.clock.minute(x.First)}
		},
		csv: "time first", fields: func(x *row) []string { return []string{instant(&x.Time), instant(&x.First)} },
	}, name, {
		layout: layout{title: "repo", left: true, least: 8, drop: 3},
		cell:   func(x *row) cell { return cell{w.failureRepos(x), plain} },
		page:   func(x *row) htmlCell { return htmlCell{Text: w.failureRepos(x), Tip: strings.Join(x.Repos, ", ")} },
		csv:    "repo task", fields: func(x *row) []string { return []string{x.Repo, x.Task} },
	}, {
		layout: layout{title: "exit"},
		cell:   func(x *row) cell { return cell{exit(x), bad} },
		page:   func(x *row) htmlCell { return htmlCell{Text: exit(x)} },
		csv:    "exit_code signal", fields: func(x *row) []string { return []string{exitCode(x), x.Signal} },
	}, alike(), {
		layout: layout{title: "error", left: true, least: 12, prose: true},
		cell:   func(x *row) cell { return cell{errorText(x), plain} },
		page:   func(x *row) htmlCell { return htmlCell{Text: errorText(x), Class: "error"} },
		csv:    "text", fields: func(x *row) []string { return []string{x.Text} },
	}, id}
}

// alike is the column of how many failures look alike.
func alike() column[section.Failure] {
	c := tally(layout{title: "×"}, plain, "count", func(x *section.Failure) int64 { return x.Count })
	c.html.Help = "failures that look alike"
	return c
}

// htmlFailures is how many kinds of failures the page shows.
const htmlFailures = 100

func (w *writer) htmlFailures(id string, rows []section.Failure) *htmlTable {
	return pageOf(id, "Recent failures, one line per helper and kind of error", w.failureColumns(true), rows[:min(htmlFailures, len(rows))])
}

// exit is the exit status or the signal.
func exit(x *section.Failure) string {
	switch {
	case x.Signal != "":
		return x.Signal
	case x.ExitCode != nil:
		return exitCode(x)
	}
	return nothing
}

func exitCode(x *section.Failure) string {
	if x.ExitCode == nil {
		return ""
	}
	return strconv.Itoa(*x.ExitCode)
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
