package stats

import "time"

// Class says what the outcomes of a helper look like.
type Class string

// The classes, from the worst to the best.
const (
	Broken       Class = "broken"        // every run failed
	BrokenSince  Class = "broken since"  // failures in a block that has not ended
	ContextBound Class = "context-bound" // one context nearly always fails, the others do not
	FlakyClass   Class = "flaky"         // fails and recovers
	Outage       Class = "outage"        // failures in a block that has ended
	Solid        Class = "solid"
	FewData      Class = "few data" // fewer than 8 runs
)

// Verdict is a class with the evidence for it.
type Verdict struct {
	Class      Class   `json:"class"`
	N          int64   `json:"n"`
	Failures   int64   `json:"failures"`
	Flips      int64   `json:"flips"`      // changes of the outcome in time order
	FlipRatio  float64 `json:"flip_ratio"` // flips ÷ those expected of a random order; 0 when there is no order
	Recoveries int64   `json:"recoveries"` // failures followed by a success in the same context
	Score      float64 `json:"score"`      // flaky score, 0…1

	// The context that a context-bound or flaky verdict names. Level is
	// LevelNone when it names none; Repo "" is outside any repo.
	Level           Level  `json:"level"`
	Repo            string `json:"repo"`
	Task            string `json:"task"`
	ContextN        int64  `json:"context_n"`
	ContextFailures int64  `json:"context_failures"`

	// From is the first failure of broken since and outage, To the last.
	From *time.Time `json:"from,omitempty"`
	To   *time.Time `json:"to,omitempty"`
}

// Level says how strict a context is.
type Level string

// The levels.
const (
	LevelNone Level = ""
	LevelRepo Level = "repo"
	LevelTask Level = "task" // repo and task
)
