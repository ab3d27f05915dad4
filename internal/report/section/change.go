package section

import (
	"slices"
	"time"

	"pi-track/internal/report/sum"
	"pi-track/internal/stats"
)

// HelperChange is when a helper began to fail more, or less, or the time in which it
// did.
type HelperChange struct {
	Class  stats.Class `json:"class"` // worse since, broken since, better since, outage
	From   time.Time   `json:"from"`  // of the first run since; of an outage, its first failure
	To     *time.Time  `json:"to,omitempty"`
	Before stats.Rate  `json:"before"` // success before, of an outage outside of it
	Since  stats.Rate  `json:"since"`  // success since, of an outage within it
	P      float64     `json:"p"`
	// Repo is the one repo whose runs changed, nil when more than one did.
	Repo *string `json:"repo,omitempty"`
	// P50Ratio compares the durations of succeeded runs since with those before;
	// nil when there are too few.
	P50Ratio *stats.Interval `json:"p50_ratio,omitempty"`
	Beside   []Beside        `json:"beside,omitempty"`
}

// Beside is something else that changed at about the time of a HelperChange: a
// coincidence, not a cause.
type Beside struct {
	Key    string    `json:"key"`    // rev, agent or model
	Before string    `json:"before"` // what most runs before had, "" when that differs
	Since  string    `json:"since"`
	First  time.Time `json:"first"`          // start of the first run with it
	Only   bool      `json:"only,omitempty"` // runs with other values since did not change
}

// changesOf are the Report's form of changes, the latest first.
func (s *shared) changesOf(list []sum.Outcome, changes []stats.Change) []HelperChange {
	var out []HelperChange
	for i := range changes {
		c := &changes[i]
		x := HelperChange{
			Class: c.Class, From: time.UnixMilli(c.From).In(s.q.Location), P: c.P,
			Before: stats.NewRate(c.Before.N-c.Before.K, c.Before.N), Since: stats.NewRate(c.Since.N-c.Since.K, c.Since.N),
		}
		if c.To != 0 {
			to := time.UnixMilli(c.To).In(s.q.Location)
			x.To = &to
		}
		if c.InRepo {
			repo := s.repos.Text(c.Repo)
			x.Repo = &repo
		}
		before, since := sides(list, c)
		x.P50Ratio = ratioOf(before, since)
		x.Beside = s.beside(before, since)
		out = append(out, x)
	}
	slices.SortFunc(out, func(a, b HelperChange) int { return b.From.Compare(a.From) })
	return out
}

// sides are the runs before a change and those since; those after an outage are
// in neither.
func sides(list []sum.Outcome, c *stats.Change) (before, since []sum.Outcome) {
	for _, x := range list {
		switch {
		case x.At < c.From:
			before = append(before, x)
		case c.To == 0 || x.At <= c.To:
			since = append(since, x)
		}
	}
	return before, since
}

func ratioOf(before, since []sum.Outcome) *stats.Interval {
	durations := func(list []sum.Outcome) []int64 {
		var out []int64
		for _, x := range list {
			if !x.Failed {
				out = append(out, int64(x.Duration))
			}
		}
		slices.Sort(out)
		return out
	}
	if r, ok := stats.MedianRatio(durations(before), durations(since)); ok {
		return &r
	}
	return nil
}

// besideKeys are what may have changed beside a helper.
var besideKeys = []struct {
	name string
	of   func(w *sum.With) uint32
}{
	{"rev", func(w *sum.With) uint32 { return w.Rev }},
	{"agent", func(w *sum.With) uint32 { return w.Agent }},
	{"model", func(w *sum.With) uint32 { return w.Model }},
}

const (
	minBeside  = 3   // runs of known value on either side
	mostBeside = 0.8 // of the runs since have the value, and of the failures where it is the only one
	rareBefore = 0.2 // of the runs before have it
)

// beside finds what most runs since have and few before had.
func (s *shared) beside(before, since []sum.Outcome) []Beside {
	var out []Beside
	for _, k := range besideKeys {
		was, now := valuesOf(before, k.of), valuesOf(since, k.of)
		value, n := now.most()
		old, oldN := was.most()
		if was.n < minBeside || now.n < minBeside {
			continue
		}
		x := Beside{Key: k.name, Since: s.labels.Text(value)}
		switch {
		case float64(n) >= mostBeside*float64(now.n) && float64(was.of[value]) <= rareBefore*float64(was.n):
		case now.failsOnlyWith(&was):
			x.Only = true
			value, _ = now.mostFailed()
			x.Since = s.labels.Text(value)
		default:
			continue
		}
		if oldN*2 > was.n && old != value && !x.Only {
			x.Before = s.labels.Text(old)
		}
		for _, list := range [][]sum.Outcome{before, since} {
			for i := range list {
				if k.of(&list[i].With) == value && x.First.IsZero() {
					x.First = time.UnixMilli(list[i].At - int64(list[i].Duration)).In(s.q.Location)
				}
			}
		}
		out = append(out, x)
	}
	return out
}

// values count runs by one thing that they ran with; runs of which it is not
// known are left out.
type values struct {
	n, failures int
	of, failed  map[uint32]int
}

func valuesOf(list []sum.Outcome, of func(*sum.With) uint32) values {
	v := values{of: map[uint32]int{}, failed: map[uint32]int{}}
	for i := range list {
		if value := of(&list[i].With); value != 0 {
			v.n++
			v.of[value]++
			if list[i].Failed {
				v.failures++
				v.failed[value]++
			}
		}
	}
	return v
}

func (v *values) most() (uint32, int)       { return largest(v.of) }
func (v *values) mostFailed() (uint32, int) { return largest(v.failed) }

func largest(m map[uint32]int) (key uint32, n int) {
	for k, x := range m {
		if x > n || x == n && k < key {
			key, n = k, x
		}
	}
	return key, n
}

// failsOnlyWith says whether nearly all failures have one value, while runs of
// other values fail no more than runs did before.
func (v *values) failsOnlyWith(before *values) bool {
	value, failed := v.mostFailed()
	n := v.of[value]
	if len(v.of) < 2 || float64(failed) < mostBeside*float64(v.failures) {
		return false
	}
	more, ok1 := stats.Newcombe(int64(failed), int64(n), int64(v.failures-failed), int64(v.n-n))
	rest, ok2 := stats.Newcombe(int64(v.failures-failed), int64(v.n-n), int64(before.failures), int64(before.n))
	return ok1 && ok2 && more.Low > 0 && rest.Low <= 0
}
