package report

import (
	"time"

	"pi-track/internal/stats"
)

// Flaky lists the helpers that have something to say: every verdict but
// solid and few data, the worst first.
type Flaky struct {
	Rows    []HelperVerdict `json:"rows"`
	Solid   int             `json:"solid"`  // helpers with that verdict
	Few     []string        `json:"few"`    // names with too few runs to tell
	Recent  int             `json:"recent"` // every verdict goes by at most so many of a helper's latest finished runs
	Omitted int             `json:"omitted"`
}

// HelperVerdict is a verdict with its evidence per context.
type HelperVerdict struct {
	Helper   string          `json:"helper"`
	Kind     string          `json:"kind"`
	Verdict  stats.Verdict   `json:"verdict"`
	Success  stats.Rate      `json:"success"`
	Last     string          `json:"last"`     // as in ContextCounts, of all contexts together
	Contexts []ContextCounts `json:"contexts"` // repos, or tasks when the verdict names one; most failures first, at most 8
}

// ContextCounts is one context of a helper; Task is empty at repo level, Repo
// outside any repo.
type ContextCounts struct {
	Repo       string     `json:"repo"`
	Task       string     `json:"task,omitempty"`
	Success    stats.Rate `json:"success"`
	Recoveries int64      `json:"recoveries"`     // a failure followed by a success
	Last       string     `json:"last,omitempty"` // the last 20 outcomes, oldest first: . succeeded, F failed
}

// Failures are the latest failures, one row per helper and fingerprint of the
// error text, the latest first.
type Failures struct {
	Rows    []Failure `json:"rows"`
	Omitted int       `json:"omitted"`
}

// Failure is a set of failures that look alike; the fields describe the latest.
type Failure struct {
	Time        time.Time `json:"time"` // when the latest ended
	First       time.Time `json:"first"`
	Helper      string    `json:"helper"`
	Kind        string    `json:"kind"`
	Repo        string    `json:"repo"`
	Task        string    `json:"task,omitempty"`
	ID          string    `json:"id"` // of the latest: pi-track show ID
	ExitCode    *int      `json:"exit_code,omitempty"`
	Signal      string    `json:"signal,omitempty"`
	Text        string    `json:"text"`
	Fingerprint string    `json:"fingerprint"` // Text with numbers, ids, paths and quoted strings masked
	Count       int64     `json:"count"`
}

// Effect compares the completion of tasks with and without each helper. It
// shows association, not cause.
type Effect struct {
	Tasks    int64       `json:"tasks"`    // units with an explicit outcome that are tasks
	Sessions int64       `json:"sessions"` // units with an explicit outcome that are sessions
	Unknown  int64       `json:"unknown"`  // units without one; they are left out
	Success  stats.Rate  `json:"success"`  // completion over all units
	Compared int64       `json:"compared"` // helpers with a verdict; of so many, chance alone makes about one in 20 differ
	Rows     []EffectRow `json:"rows"`     // clear differences first, then by size of the smaller arm; too little data last
	Omitted  int         `json:"omitted"`
	Caveat   string      `json:"caveat"`
}

// Caveat stands beside every effect.
const Caveat = "association, not cause"

// EffectRow is one helper. An interval is nil when an arm is empty, Stratified
// also when no stratum has both arms.
type EffectRow struct {
	Helper     string          `json:"helper"`
	With       stats.Rate      `json:"with"`
	Without    stats.Rate      `json:"without"`
	Diff       *stats.Interval `json:"diff"`       // Newcombe 1998, method 10
	Stratified *stats.Interval `json:"stratified"` // Mantel–Haenszel with Sato's variance, strata = repo
	Strata     []Stratum       `json:"strata"`
	Verdict    string          `json:"verdict"`    // stats.EffectHigher, …
	SignTurns  bool            `json:"sign_turns"` // Diff and Stratified point in opposite directions
}

// Stratum is one repo's part of an effect.
type Stratum struct {
	Repo    string     `json:"repo"`
	With    stats.Rate `json:"with"`
	Without stats.Rate `json:"without"`
}

// Trends compares each helper with the period before (Query.Compared).
type Trends struct {
	Rows     []TrendRow `json:"rows"`     // the largest certain change first: by the bound of Success that is nearer to none; few runs last
	Compared int64      `json:"compared"` // helpers with a Success; of so many, chance alone makes up to one in 20 change clearly
	Omitted  int        `json:"omitted"`
}

// TrendRow is one helper's change. Success and P50Ratio are nil when one of
// the periods has no finished or no succeeded run.
type TrendRow struct {
	Helper   string          `json:"helper"`
	Runs     Delta           `json:"runs"`
	Current  stats.Rate      `json:"current"`
	Previous stats.Rate      `json:"previous"`
	Success  *stats.Interval `json:"success"` // Current − Previous, Newcombe
	Arrow    string          `json:"arrow"`   // up, down or "": only where Success excludes zero
	P50      *float64        `json:"p50_ms"`
	PrevP50  *float64        `json:"previous_p50_ms"`
	P50Ratio *float64        `json:"p50_ratio"`
}

// Unused lists the helpers that are configured but were not used in the
// period, by name.
type Unused struct {
	Configured int         `json:"configured"` // how many helpers are configured; 0: none known
	Rows       []UnusedRow `json:"rows"`
}

// UnusedRow is one configured helper; LastUsed is its last run before the
// period, nil when there is none in the log.
type UnusedRow struct {
	Name     string     `json:"name"`
	Kind     string     `json:"kind"`
	LastUsed *time.Time `json:"last_used"`
}

// Contexts is helper × repo: what the flakiness grid shows.
type Contexts struct {
	Rows    []ContextRow `json:"rows"` // by helper, then most failures first
	Omitted int          `json:"omitted"`
}

// ContextRow is one helper in one repo ("" outside any).
type ContextRow struct {
	Helper string `json:"helper"`
	Repo   string `json:"repo"`
	Counts
	Success stats.Rate    `json:"success"`
	Verdict stats.Verdict `json:"verdict"` // of the runs in this repo alone
	P50     float64       `json:"p50_ms"`
	LastRun *time.Time    `json:"last_run,omitempty"`
}

// Why is everything about one helper.
type Why struct {
	Helper   Helper          `json:"helper"`
	Contexts []ContextCounts `json:"contexts"` // every repo, and every task in it; most failures first
	Blocks   []Block         `json:"blocks"`   // runs of two or more failures in a row, latest first, at most 10
	Failures []Failure       `json:"failures"` // latest first, at most 10
	Periods  []WhyPeriod     `json:"periods"`  // oldest first
}

// Block is an unbroken row of failures in time order.
type Block struct {
	From     time.Time `json:"from"`
	To       time.Time `json:"to"`
	Failures int64     `json:"failures"`
	Repos    []string  `json:"repos"`
	Open     bool      `json:"open"` // no success has followed
}

// WhyPeriod is one day, week or month of a helper; which, depends on the
// length of the report's period (up to 31 days, up to 26 weeks, else months).
type WhyPeriod struct {
	Start string `json:"start"` // 2006-01-02
	Unit  string `json:"unit"`  // day, week or month
	Counts
	Success  stats.Rate `json:"success"`
	Duration Durations  `json:"duration"`
}
