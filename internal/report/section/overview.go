package section

import (
	"time"

	"pi-track/internal/report/query"
	"pi-track/internal/report/sum"
	"pi-track/internal/stats"
)

// SectionOverview says what the report rests on.
const SectionOverview query.Section = "overview"

// Overview says what the report rests on.
type Overview struct {
	First      *time.Time `json:"first"` // start of the first and the last run that matched
	Last       *time.Time `json:"last"`
	sum.Counts            // all runs that matched
	Success    stats.Rate `json:"success"`
	Running    int64      `json:"running"` // of Open: known to be running now
	Helpers    int64      `json:"helpers"` // numbers of distinct values; empty ones not counted
	Repos      int64      `json:"repos"`
	Sessions   int64      `json:"sessions"`
	Tasks      int64      `json:"tasks"`
	Hosts      int64      `json:"hosts"`
	Lines      int64      `json:"lines"`     // of all logs, whatever the filters
	BadLines   int64      `json:"bad_lines"` // of Lines, not taken: see Warnings
	Bytes      int64      `json:"bytes"`
	Usage      *sum.Usage `json:"usage,omitempty"`
	Trying     []string   `json:"trying,omitempty"` // helpers of which an experiment runs now
	Days       []sum.Day  `json:"days"`             // every day from the first to the last run, without holes; at most the last 366
}

// overview needs no more than the sums of the helpers.
type overview struct{}

func newOverview(*shared) (section, part) { return overview{}, nil }

func (overview) Report(t *totals, r *Report) {
	var all sum.Tally
	var days sum.Days
	helpers := int64(0)
	for _, h := range t.helpers {
		if h == nil || h.Result().Runs == 0 {
			continue
		}
		helpers++
		all.AddCounts(&h.Tally)
		days.Merge(h.days)
	}
	c := all.Result()
	n := t.distinct()
	o := &Overview{
		First: t.q.Moment(t.first), Last: t.q.Moment(t.last), Counts: c,
		Success: rateOf(t.q, c), Running: t.running,
		Helpers: helpers, Repos: n.Repos, Sessions: n.Sessions, Tasks: n.Tasks, Hosts: n.Hosts,
		Lines: t.Lines, BadLines: t.BadLines, Bytes: t.Bytes, Usage: all.UsageResult(),
		Trying: t.q.Trying, Days: []sum.Day{},
	}
	if c.Runs > 0 {
		first := query.DayNumber(o.First.In(t.q.Location))
		last := query.DayNumber(o.Last.In(t.q.Location))
		o.Days = days.Last(last, min(int(last-first)+1, 366))
	}
	r.Overview = o
}

// distinct are the numbers of different values.
func (c *Collector) distinct() Seen {
	if c.seen != nil {
		return *c.seen
	}
	return Seen{Repos: c.usedRepos.Count(), Sessions: int64(c.sessions.N), Tasks: c.usedTasks.Count(), Hosts: int64(c.hosts.N)}
}
