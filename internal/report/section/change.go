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
func (s *shared) changesOf(h *helper, changes []stats.Change) []HelperChange {
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
		before, since := sides(h.among(c.Sampled), c)
		x.P50Ratio = ratioOf(before, since)
		x.Beside = s.beside(before, since, c.Class != stats.BetterSince)
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

const (
	minBeside  = 3   // runs of known value on either side
	mostBeside = 0.8 // of the runs since have the value, and of the failures where it is the only one
	rareBefore = 0.2 // of the runs before have it
)

// beside finds what most runs since have and few before had, or, where more fail
// since, what nearly all failures since have.
func (s *shared) beside(before, since []sum.Outcome, worse bool) []Beside {
	var out []Beside
	for key, name := range withNames {
		was, now := s.valuesOf(before, key), s.valuesOf(since, key)
		switch {
		case was.n < minBeside || now.n < minBeside:
		case now.replaced(&was):
			out = append(out, s.besideOf(before, since, key, &was, &now))
		case worse && now.failsOnlyWith(&was):
			value, _ := now.mostFailed()
			out = append(out, Beside{Key: name, Since: value, Only: true, First: s.firstWith(value, key, before, since)})
		}
	}
	return out
}

func (s *shared) besideOf(before, since []sum.Outcome, key int, was, now *values) Beside {
	value, _ := now.most()
	x := Beside{Key: withNames[key], Since: value, First: s.firstWith(value, key, before, since)}
	if old, n := was.most(); n*2 > was.n && old != value {
		x.Before = old
	}
	return x
}

// replaced says whether most runs have a value that few had before.
func (v *values) replaced(before *values) bool {
	value, n := v.most()
	return float64(n) >= mostBeside*float64(v.n) && float64(before.of[value]) <= rareBefore*float64(before.n)
}

// firstWith is the start of the first run with a value, zero when there is none.
func (s *shared) firstWith(value string, key int, lists ...[]sum.Outcome) time.Time {
	for _, list := range lists {
		for i := range list {
			if s.with(list[i].With)[key] == value {
				return time.UnixMilli(list[i].At - int64(list[i].Duration)).In(s.q.Location)
			}
		}
	}
	return time.Time{}
}

// values count runs by one thing that they ran with; runs of which it is not
// known are left out.
type values struct {
	n, failures int
	of, failed  map[string]int
}

// valuesOf counts runs by what they ran with for a key, as withNames has them.
func (s *shared) valuesOf(list []sum.Outcome, key int) values {
	type counted struct{ n, failed int }
	numbers := map[uint32]counted{}
	for i := range list {
		x := numbers[list[i].With]
		x.n++
		if list[i].Failed {
			x.failed++
		}
		numbers[list[i].With] = x
	}
	v := values{of: map[string]int{}, failed: map[string]int{}}
	for id, x := range numbers {
		if value := s.with(id)[key]; value != "" {
			v.n += x.n
			v.failures += x.failed
			v.of[value] += x.n
			if x.failed > 0 {
				v.failed[value] += x.failed
			}
		}
	}
	return v
}

func (v *values) most() (string, int)       { return largest(v.of) }
func (v *values) mostFailed() (string, int) { return largest(v.failed) }

func largest(m map[string]int) (key string, n int) {
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
