package view

import (
	"pi-track/internal/report/query"
	"pi-track/internal/report/section"
)

// block is a titled part of the printed report: lines, a table, lines.
type block struct {
	title string
	note  string // beside the title: the sort key, the period
	lines []cell // above the table
	table *grid
	after []cell // below it
}

// writer makes blocks of a report.
type writer struct {
	r      *section.Report
	clock  clock
	names  names
	wide   bool
	portal *Portal
	width  int // of lines without an indent; 0 is unlimited
}

func newWriter(r *section.Report, o Options) *writer {
	return &writer{
		r:      r,
		clock:  clock{now: r.GeneratedAt, loc: o.Location},
		names:  shorten(repos(r)),
		wide:   o.Format == Wide,
		width:  o.Width,
		portal: o.Portal,
	}
}

// repos lists every repo that the report names, without duplicates.
func repos(r *section.Report) []string {
	var list []string
	seen := map[string]bool{"": true}
	add := func(repo string) {
		if !seen[repo] {
			seen[repo] = true
			list = append(list, repo)
		}
	}
	verdict := func(contexts []section.ContextCounts) {
		for _, c := range contexts {
			add(c.Repo)
		}
	}
	if r.Digest != nil {
		for _, x := range r.Digest.Rows {
			if x.Repo != nil {
				add(*x.Repo)
			}
		}
	}
	if r.Helpers != nil {
		for _, h := range r.Helpers.Rows {
			add(h.Verdict.Repo)
		}
	}
	if r.Flaky != nil {
		for _, h := range r.Flaky.Rows {
			add(h.Verdict.Repo)
			verdict(h.Contexts)
		}
	}
	if r.Groups != nil {
		groupRepos(r.Groups.Rows, add)
	}
	if r.Failures != nil {
		for _, f := range r.Failures.Rows {
			for _, repo := range f.Repos {
				add(repo)
			}
		}
	}
	if r.Effect != nil {
		for _, e := range r.Effect.Rows {
			for _, s := range e.Strata {
				add(s.Repo)
			}
		}
	}
	if r.Context != nil {
		for _, c := range r.Context.Rows {
			add(c.Repo)
		}
	}
	if r.Why != nil {
		add(r.Why.Helper.Verdict.Repo)
		verdict(r.Why.Contexts)
		for _, f := range r.Why.Failures {
			for _, repo := range f.Repos {
				add(repo)
			}
		}
		for _, b := range r.Why.Blocks {
			for _, repo := range b.Repos {
				add(repo)
			}
		}
	}
	return list
}

func groupRepos(rows []section.Group, add func(string)) {
	for _, g := range rows {
		if g.Key == query.ByRepo {
			add(g.Value)
		}
		groupRepos(g.Groups, add)
	}
}

// period is the time that the report covers, in words.
func (w *writer) period(o *section.Overview) string {
	p := w.r.Query.Period
	switch {
	case p.Since != nil && p.Until != nil:
		return w.clock.moment(*p.Since) + " – " + w.clock.moment(*p.Until)
	case p.Since != nil:
		return "since " + w.clock.moment(*p.Since)
	case p.Until != nil:
		return "until " + w.clock.moment(*p.Until)
	case o.First != nil && o.Last != nil:
		return "the whole log, " + w.clock.moment(*o.First) + " – " + w.clock.moment(*o.Last)
	}
	return "the whole log"
}

// omitted says how many rows a limit cut.
func omitted(n int) []cell {
	if n == 0 {
		return nil
	}
	return []cell{{"… " + plural(int64(n), "more row") + ": --limit 0 shows all", faint}}
}
