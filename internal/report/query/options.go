// Package query is the question that a report answers: the options as given, the
// plan made of them, times, days and filters.
package query

import (
	"context"
	"io"
	"os"
	"time"
)

// Section names a part of the report.
type Section string

// Key is something runs can be grouped by.
type Key string

// The keys.
const (
	ByName     Key = "name"
	ByKind     Key = "kind"
	ByExt      Key = "ext"
	ByScope    Key = "scope"
	ByRepo     Key = "repo"
	ByCWD      Key = "cwd"
	ByTask     Key = "task"
	BySession  Key = "session"
	ByHost     Key = "host"
	ByDay      Key = "day"  // 2006-01-02
	ByWeek     Key = "week" // ISO: 2006-W01
	ByMonth    Key = "month"
	ByExitCode Key = "exit_code" // 0–255, or the signal's name
	ByModel    Key = "model"     // that of the agent, else of the run itself
	ByRev      Key = "rev"       // which file ran
	ByAgent    Key = "agent"
)

// OfTime says whether the values of a key are times.
func (k Key) OfTime() bool { return k == ByDay || k == ByWeek || k == ByMonth }

// Keys lists all keys in the order of the help text.
var Keys = []Key{
	ByName, ByKind, ByExt, ByScope, ByRepo, ByCWD, ByTask, BySession,
	ByHost, ByDay, ByWeek, ByMonth, ByExitCode, ByModel, ByRev, ByAgent,
}

// Sort is the order of the helpers or groups.
type Sort string

// The orders. All are descending but SortName; ties go by name.
const (
	SortRisk  Sort = "risk"  // lower 5 % bound of the empirical-Bayes failure rate: the default
	SortFails Sort = "fails" // number of failures
	SortRate  Sort = "rate"  // failure rate
	SortRuns  Sort = "runs"
	SortName  Sort = "name" // time keys: in time order
	SortP50   Sort = "p50"
	SortP95   Sort = "p95"
	SortTotal Sort = "time" // average duration × succeeded runs
	SortLast  Sort = "last" // latest run
	SortCost  Sort = "cost"
)

// Sorts lists all orders in the order of the help text.
var Sorts = []Sort{SortRisk, SortFails, SortRate, SortRuns, SortName, SortP50, SortP95, SortTotal, SortLast, SortCost}

// Filter holds globs (path.Match; * also matches /); a run must match one of
// each list that is not empty. Repo also matches the last element of the
// path. Status is that of the end event, or started for an open run.
type Filter struct {
	Name    []string `json:"name,omitempty"`
	Kind    []string `json:"kind,omitempty"` // or the sort of helper
	Ext     []string `json:"ext,omitempty"`
	Repo    []string `json:"repo,omitempty"`
	Task    []string `json:"task,omitempty"`
	Session []string `json:"session,omitempty"`
	Scope   []string `json:"scope,omitempty"`
	Host    []string `json:"host,omitempty"`
	Status  []string `json:"status,omitempty"`

	RepoNames []string `json:"-"` // repos that are taken beside those of Repo: whole texts, as a team has sent them
}

// Any says whether there is any glob.
func (f *Filter) Any() bool {
	for _, globs := range [][]string{f.Name, f.Kind, f.Ext, f.Repo, f.Task, f.Session, f.Scope, f.Host, f.Status} {
		if len(globs) > 0 {
			return true
		}
	}
	return false
}

// Configured is a helper that the configuration names.
type Configured struct {
	Name string
	Kind string
}

// Experiment is one that the installation knows.
type Experiment struct {
	ID    string
	Unit  string    // task or session
	Share int       // percent of the units in the second arm
	Until time.Time // zero is open
}

// Unread is something that a report should rest on and does not.
type Unread struct{ Path, Why string }

// Engine is a ClickHouse that holds runs in the tables of 'pi-track ship schema'.
type Engine struct {
	Database string // letters, digits and _ alone
	// Select carries out a query and returns its answer, unpacked, which breaks off with an
	// error when the engine fails.
	Select func(ctx context.Context, sql string) (io.ReadCloser, error)
}

// FewRuns is the number of finished runs below which a helper has few data: too
// few for a rate to rank by and for a verdict.
const FewRuns = 8

// Options say what to report. The zero value, with Logs and Now set, is the
// default report.
type Options struct {
	Logs     []string  // paths of logs; the rotated segments beside each are read too
	Since    time.Time // by a run's start: [Since, Until); zero is unbounded
	Until    time.Time
	Location *time.Location // of days and of printed times; nil is time.Local
	Now      time.Time      // when the report is made; zero is time.Now()
	Sections []Section      // nil is DefaultSections
	Why      string         // the helper of SectionWhy: its name
	By       []Key
	Filter   Filter
	Sort     Sort // "" is SortRisk, and for days, weeks and months the latest first
	Limit    int  // rows per section, and per group within groups; 0 is no limit
	MinN     int  // finished runs below which a row is Few; 0 is FewRuns, negative is none
	NoIndex  bool // scan everything, neither read nor write an index

	Trial string // the helper of SectionExperiment; "" is all

	Configured  []Configured // for SectionUnused
	Experiments []Experiment // for SectionExperiment
	Running     []string     // ids of the runs whose supervisor is alive
	Trying      []string     // helpers of which an experiment runs

	// Objects, if not nil, are read instead of Logs, which only says where they are
	// from. Unread says what of them could not be read.
	Objects []string
	Fetched *os.File // instead of both: an open compressed file
	Unread  []Unread

	// Engine, if not nil, adds up the runs itself, and is asked instead.
	Engine *Engine

	// All, if not nil, makes Objects or Fetched hold what was written at any time; without it they may hold
	// what the period needs.
	All func(*Options) error

	// Progress, if set, is called now and then with the bytes read and to
	// read. It must return soon.
	Progress func(done, total int64)
}
