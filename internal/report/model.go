// Package report turns the log into the answers to four questions: which
// helper is used most, which fails most, which is flaky and where, and does a
// helper improve the completion rate.
//
// Build scans, pairs, filters, groups and aggregates; its result is one
// Report, plain data without any formatting. Renderers (package view) print a
// Report and compute nothing. What is doubtful about the data (bad lines, a
// clock that jumps, too few runs) is a Warning in the Report, never an error.
package report

import (
	"time"

	"pi-track/internal/stats"
)

// Schema is the version of the Report's JSON form. It grows when a key
// changes its meaning or goes away; new keys alone do not change it.
const Schema = 1

// Report is the whole answer. A section that was not asked for is nil and
// left out of the JSON form. Times are RFC 3339 in the query's time zone,
// durations are milliseconds, rates are fractions of 1.
type Report struct {
	Schema      int       `json:"schema"`
	GeneratedAt time.Time `json:"generated_at"`
	Query       Query     `json:"query"`
	Overview    *Overview `json:"overview,omitempty"`
	Helpers     *Helpers  `json:"helpers,omitempty"`
	Groups      *Groups   `json:"groups,omitempty"` // instead of Helpers with --by
	Flaky       *Flaky    `json:"flaky,omitempty"`
	Failures    *Failures `json:"failures,omitempty"`
	Effect      *Effect   `json:"effect,omitempty"`
	Trend       *Trends   `json:"trend,omitempty"`
	Unused      *Unused   `json:"unused,omitempty"`
	Context     *Contexts `json:"context,omitempty"`
	Why         *Why      `json:"why,omitempty"`
	Warnings    []Warning `json:"warnings"`
}

// Query says what was asked, as it was understood.
type Query struct {
	Logs     []string `json:"logs"`
	Period   Period   `json:"period"`
	TZ       string   `json:"tz"`
	By       []Key    `json:"by,omitempty"`
	Filter   Filter   `json:"filter"`
	Sort     Sort     `json:"sort"`
	Limit    int      `json:"limit"` // rows per section; 0 is no limit
	MinN     int      `json:"min_n"`
	Compared Compared `json:"compared"`
}

// Period is the half-open interval [Since, Until); nil is unbounded.
type Period struct {
	Since *time.Time `json:"since"`
	Until *time.Time `json:"until"`
}

// Compared names the two periods of equal length behind Delta and Trend: the
// query's period and the one before it, or, for an unbounded query, the last
// seven days and the seven before.
type Compared struct {
	Current  Period `json:"current"`
	Previous Period `json:"previous"`
}

// Warning is something that a reader of the report should know.
type Warning struct {
	Code  string `json:"code"` // torn, not_json, too_long, newer, not_event, clock, duplicate_end, unreadable, …
	Text  string `json:"text"`
	File  string `json:"file,omitempty"`
	Line  int64  `json:"line,omitempty"`   // of the first such place, from 1; 0 is unknown
	At    int64  `json:"offset,omitempty"` // its byte offset in File
	Count int64  `json:"count"`
}

// Counts are the runs of a group by what became of them. Runs is the sum of
// the other four.
type Counts struct {
	Runs      int64 `json:"runs"`
	Succeeded int64 `json:"succeeded"`
	Failed    int64 `json:"failed"`
	Cancelled int64 `json:"cancelled"`
	Open      int64 `json:"open"` // no end event in the log
}

// Finished is the n of the run success rate: succeeded and failed.
func (c Counts) Finished() int64 { return c.Succeeded + c.Failed }

// Durations describe succeeded runs, in milliseconds. Quantiles are linearly
// interpolated (type 7) and exact while Exact holds, else within 1 %.
type Durations struct {
	N     int64   `json:"n"`
	Avg   float64 `json:"avg_ms"`
	Min   float64 `json:"min_ms"`
	P50   float64 `json:"p50_ms"`
	P95   float64 `json:"p95_ms"`
	P99   float64 `json:"p99_ms"`
	Max   float64 `json:"max_ms"`
	Exact bool    `json:"exact"`
	// Histogram counts the durations in buckets that double: 1, 2, 4, … ms.
	// Only buckets from the first to the last that holds a run are listed.
	Histogram []Bucket `json:"histogram,omitempty"`
}

// Bucket counts durations d with Low ≤ d < High (milliseconds; the first
// bucket is [0, 1)).
type Bucket struct {
	Low  float64 `json:"low_ms"`
	High float64 `json:"high_ms"`
	N    int64   `json:"n"`
}

// Usage sums what the runs of a group spent on models, where it is known.
type Usage struct {
	Runs       int64   `json:"runs"` // runs that carry a usage
	Tokens     int64   `json:"tokens"`
	Input      int64   `json:"input"`
	Output     int64   `json:"output"`
	CacheRead  int64   `json:"cache_read"`
	CacheWrite int64   `json:"cache_write"`
	Cost       float64 `json:"cost"` // USD
}

// Resources average what the programs consumed, where it is known.
type Resources struct {
	Runs     int64   `json:"runs"` // runs that carry an rusage
	UserMS   float64 `json:"user_ms"`
	SysMS    float64 `json:"sys_ms"`
	MaxRSSKB int64   `json:"max_rss_kb"` // the largest
}

// Day is one calendar day in the query's time zone.
type Day struct {
	Date string `json:"date"` // 2006-01-02
	Counts
}

// Overview says what the report rests on.
type Overview struct {
	First    *time.Time `json:"first"` // start of the first and the last run that matched
	Last     *time.Time `json:"last"`
	Counts              // all runs that matched
	Success  stats.Rate `json:"success"`
	Running  int64      `json:"running"` // of Open: known to be running now
	Helpers  int64      `json:"helpers"` // numbers of distinct values; empty ones not counted
	Repos    int64      `json:"repos"`
	Sessions int64      `json:"sessions"`
	Tasks    int64      `json:"tasks"`
	Hosts    int64      `json:"hosts"`
	Lines    int64      `json:"lines"`     // of all logs, whatever the filters
	BadLines int64      `json:"bad_lines"` // of Lines, not taken: see Warnings
	Bytes    int64      `json:"bytes"`
	Usage    *Usage     `json:"usage,omitempty"`
	Days     []Day      `json:"days"` // every day from the first to the last run, without holes; at most the last 366
}

// Helper is everything about one helper in one line.
type Helper struct {
	Name string `json:"name"`
	Kind string `json:"kind"` // that of its latest run
	Row
	Days    []Day         `json:"days"` // the last 14 days up to the end of the period, oldest first
	Verdict stats.Verdict `json:"verdict"`
}

// Row is what can be said about any group of runs.
type Row struct {
	Counts
	Success     stats.Rate `json:"success"` // n = Finished; Wilson 95 %
	Risk        float64    `json:"risk"`    // lower 5 % bound of the empirical-Bayes failure rate
	Few         bool       `json:"few"`     // n below the query's MinN
	Delta       *Delta     `json:"delta,omitempty"`
	Duration    Durations  `json:"duration"`
	LastRun     *time.Time `json:"last_run,omitempty"`
	LastFailure *time.Time `json:"last_failure,omitempty"`
	Usage       *Usage     `json:"usage,omitempty"`
	Resources   *Resources `json:"resources,omitempty"`
}

// Delta compares the numbers of runs in the two periods of Query.Compared.
type Delta struct {
	Current  int64 `json:"current"`
	Previous int64 `json:"previous"`
}

// Helpers is the table of helpers in the query's order, those with few data
// last and by name.
type Helpers struct {
	Prior   stats.Beta `json:"prior"` // behind Risk
	Rows    []Helper   `json:"rows"`
	Omitted int        `json:"omitted"` // rows cut by Limit
}

// Groups are nested as the keys of Query.By.
type Groups struct {
	Prior   stats.Beta `json:"prior"`
	Rows    []Group    `json:"rows"`
	Omitted int        `json:"omitted"`
}

// Group is one value of one key, with the groups of the next key inside.
type Group struct {
	Key   Key    `json:"key"`
	Value string `json:"value"` // "" when the runs lack it
	Row
	Groups  []Group `json:"groups,omitempty"`
	Omitted int     `json:"omitted,omitempty"` // of Groups, by Limit
}
