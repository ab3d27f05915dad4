// Package report turns the log into the answers to four questions: which
// helper is used most, which fails most, which is flaky and where, and does a
// helper improve the completion rate.
//
// The work passes through packages, none of which knows the next: query resolves the
// question, runs reads every run of the logs once, sum adds up, section collects and
// answers, and view prints. Package index keeps what was added up; package engine
// asks a database for it instead. A Report is plain data without any formatting, and
// renderers compute nothing. Doubts about the data (bad lines, a clock that jumps,
// too few runs) become Warnings in the Report, never errors.
package report

import (
	"context"

	"pi-track/internal/report/engine"
	"pi-track/internal/report/query"
	"pi-track/internal/report/runs"
	"pi-track/internal/report/section"
)

// Build reads the logs and computes the report. Its errors are about options
// (a malformed glob) and logs that cannot be read; whatever is wrong inside a
// log is a Warning. It ends soon with ctx's error when ctx is done.
func Build(ctx context.Context, o query.Options) (*section.Report, error) {
	if o.Sections == nil {
		o.Sections = section.DefaultSections
	}
	q, err := query.New(o)
	if err != nil {
		return nil, err
	}
	if q.Engine != nil {
		return engine.Build(ctx, q)
	}
	var c *section.Collector
	counted, err := runs.Read(ctx, readOptionsOf(q), func() runs.Totals {
		c = section.Collect(q)
		return c
	})
	if err != nil {
		return nil, err
	}
	return section.Answer(c, counted), nil
}

// indexFrom is from how many new bytes an index is written; tests lower it.
var indexFrom int64

// readOptionsOf is what of a query matters for reading.
func readOptionsOf(q *query.Plan) runs.Options {
	o := runs.Options{Logs: q.Logs, Since: section.Needed(q), Progress: q.Progress, Objects: q.Objects, Fetched: q.Fetched, IndexFrom: indexFrom}
	for _, u := range q.Unread {
		o.Unread = append(o.Unread, runs.Warning{Code: "unreadable", Text: u.Why, File: u.Path, Count: 1})
	}
	if !q.NoIndex && q.Since.IsZero() && q.Until.IsZero() { // a period moves
		o.IndexName, o.IndexContent = section.IndexKey(q)
	}
	return o
}
