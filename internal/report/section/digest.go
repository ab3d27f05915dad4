package section

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"pi-track/internal/report/query"
	"pi-track/internal/stats"
)

// SectionDigest is what there is to know first.
const SectionDigest query.Section = "digest"

// Digest is the report in a few sentences: what is used most and fails most,
// then troubles, then effects, the most important first.
type Digest struct {
	Rows []Sentence `json:"rows"`
}

// Sentence is one of them as data. Which numbers it has depends on the code.
type Sentence struct {
	Code   string `json:"code"` // most used, fails most, a verdict's class, completed more, completed less, retry loop, not used since, slower since, fails with, cancelled since
	Helper string `json:"helper"`
	Which
	Repo      *string          `json:"repo,omitempty"` // in which it is so, "" outside any; nil: not in one alone
	Task      string           `json:"task,omitempty"`
	From      *time.Time       `json:"from,omitempty"`
	To        *time.Time       `json:"to,omitempty"`
	K         int64            `json:"k"`                    // failures, or cancelled runs, of N; runs of all N for the most used
	N         int64            `json:"n"`                    // runs that the sentence is about
	Rest      *Part            `json:"rest,omitempty"`       // the runs elsewhere
	Was       *stats.Rate      `json:"before,omitempty"`     // success before a change
	Is        *stats.Rate      `json:"since,omitempty"`      // success since, of an outage within it
	Beside    []Beside         `json:"beside,omitempty"`     // what changed at about the same time
	Cancelled *stats.Cancelled `json:"cancelled,omitempty"`  // how they were
	Gain      *float64         `json:"gain,omitempty"`       // completion with the helper less that without, of tasks alike
	Within    string           `json:"within,omitempty"`     // what made them alike
	With      int64            `json:"with,omitempty"`       // tasks with the helper
	Other     int64            `json:"without,omitempty"`    // tasks without it; of a helper that is not used, days since on which others ran
	Loops     int64            `json:"loops,omitempty"`      // retry loops of the helper, of which the longest is told
	SpentMS   int64            `json:"spent_ms,omitempty"`   // durations of all runs in them
	Tokens    int64            `json:"tokens,omitempty"`     // that they spent on models
	Cost      float64          `json:"cost,omitempty"`       // of these, in US dollars
	P50Ratio  *stats.Interval  `json:"p50_ratio,omitempty"`  // medians of the durations, since ÷ before, as within each repo
	Tied      *Tied            `json:"fails_with,omitempty"` // what it fails with
	Look      string           `json:"look"`                 // where to look further: arguments of pi-track
	Least     bool             `json:"-"`                    // it says little beside the table of helpers and other sentences
}

// Part is k failures in n runs.
type Part struct {
	K int64 `json:"k"`
	N int64 `json:"n"`
}

// The codes that are no class of a verdict.
const (
	MostUsed      = "most used"
	FailsMost     = "fails most"
	CompletedMore = "completed more"
	CompletedLess = "completed less"
	RetryLoop     = "retry loop"     // fails again and again in one session with the same error
	NotUsed       = "not used since" // K of N days had runs of it
)

// digest is made of what other sections collect.
type digest struct{}

func newDigest(*shared) (section, part) { return digest{}, nil }

func (digest) Report(t *totals, r *Report) {
	rows := t.helperRows()
	d := &Digest{Rows: t.ranking(rows)}
	r.Digest = d
	if t.q.SomeStatus() {
		return
	}
	var troubles []Sentence
	for i := range rows {
		troubles = append(troubles, t.troubles(&rows[i])...)
	}
	found := t.further()
	for id := range found {
		for _, x := range t.furtherSentences(uint32(id), &found[id]) {
			troubles = append(slices.DeleteFunc(troubles, x.explains), x)
		}
	}
	for _, x := range t.loops() {
		vague := func(o Sentence) bool {
			return (o.Code == string(stats.FlakyClass) || o.Task != "") && o.Helper == x.Helper && o.Sort == x.Sort
		}
		if x.Failed*2 > x.All && x.seldomElse() { // they are what makes it flaky, or fail in a task
			troubles = slices.DeleteFunc(troubles, vague)
		} else {
			x.Rest = &Part{K: x.All - x.Failed, N: x.All}
		}
		x.Least = slices.ContainsFunc(troubles, x.follows)
		troubles = append(troubles, x.Sentence)
	}
	t.dateTimeouts(troubles)
	for i := range troubles {
		troubles[i].Least = troubles[i].Least || troubles[i].rare()
	}
	slices.SortStableFunc(troubles, func(a, b Sentence) int {
		return cmp.Or(cmp.Compare(a.urgency(), b.urgency()), -cmp.Compare(a.K, b.K), strings.Compare(a.Helper, b.Helper))
	})
	d.Rows = append(d.Rows, slices.Concat(troubles, effects(t.effect), t.abandoned())...)
}

// maxRanked is how many helpers the ranking names for each question.
const maxRanked = 3

// ranking is what is used most, and what fails most in the order of the table.
func (t *totals) ranking(rows []Helper) []Sentence {
	out := []Sentence{}
	all := int64(0)
	for i := range rows {
		all += rows[i].Runs
	}
	byRuns := slices.Clone(rows)
	slices.SortStableFunc(byRuns, func(a, b Helper) int {
		return cmp.Or(-cmp.Compare(a.Runs, b.Runs), strings.Compare(a.Name, b.Name))
	})
	for _, x := range byRuns[:min(maxRanked, len(byRuns))] {
		out = append(out, Sentence{Code: MostUsed, Helper: x.Name, Which: x.Which, K: x.Runs, N: all, Look: "report helpers --sort runs"})
	}
	if t.q.SomeStatus() {
		return out
	}
	failing := slices.DeleteFunc(slices.Clone(rows), func(x Helper) bool { return x.Failed == 0 })
	slices.SortStableFunc(failing, func(a, b Helper) int {
		return cmp.Or(-cmp.Compare(a.Risk, b.Risk), strings.Compare(a.Name, b.Name))
	})
	for _, x := range failing[:min(maxRanked, len(failing))] {
		out = append(out, Sentence{Code: FailsMost, Helper: x.Name, Which: x.Which, K: x.Failed, N: x.Finished(), Look: lookAt(x.Name, x.Which)})
	}
	return out
}

// troubles are what there is to say of a helper: its verdict, and the changes that
// this leaves out.
func (t *totals) troubles(h *Helper) []Sentence {
	var out []Sentence
	v := &h.Verdict
	if urgency(string(v.Class)) > 0 {
		out = append(out, verdictSentence(h))
	}
	if c := v.Cancelled; c != nil && (c.Often() || c.TimeoutMS > 0) && v.Class != stats.OftenCancelled && v.Class != stats.AlwaysCancelled {
		out = append(out, Sentence{
			Code: string(stats.OftenCancelled), Helper: h.Name, Which: h.Which, K: c.N, N: c.Ended, Cancelled: c, Look: lookAt(h.Name, h.Which),
		})
	}
	for i := range h.Changes {
		c := &h.Changes[i]
		if c.Class == v.Class && v.From != nil && c.From.Equal(*v.From) {
			out[0].setChange(c)
			continue
		}
		s := Sentence{Code: string(c.Class), Helper: h.Name, Which: h.Which, From: &c.From, To: c.To, Look: lookAt(h.Name, h.Which)}
		s.setChange(c)
		out = append(out, s)
	}
	return out
}

// explains says whether s says more about the same trouble of a helper than o.
func (s *Sentence) explains(o Sentence) bool {
	if o.Helper != s.Helper || o.Sort != s.Sort {
		return false
	}
	switch s.Code {
	case CancelledSince:
		return o.Code == string(stats.OftenCancelled)
	case FailsWith: // most failures are with it
		vague := o.Code == string(stats.FlakyClass) || o.Code == string(stats.FailsOften)
		return vague && o.Task == "" && s.K > s.Rest.K
	}
	return false
}

// verdictSentence is what a helper's verdict says.
func verdictSentence(h *Helper) Sentence {
	v := &h.Verdict
	s := Sentence{Code: string(v.Class), Helper: h.Name, Which: h.Which, K: v.Failures, N: v.N, From: v.From, To: v.To, Look: lookAt(h.Name, h.Which)}
	if v.Level != stats.LevelNone {
		repo := v.Repo
		s.Repo, s.Task = &repo, v.Task
		s.K, s.N = v.ContextFailures, v.ContextN
		s.Rest = &Part{K: v.Failures - v.ContextFailures, N: v.N - v.ContextN}
	}
	if c := v.Cancelled; c != nil && (v.Class == stats.AlwaysCancelled || v.Class == stats.OftenCancelled) {
		s.K, s.N, s.Cancelled = c.N, c.Ended, c
	}
	return s
}

// setChange makes it the sentence on a change.
func (s *Sentence) setChange(c *HelperChange) {
	s.Was, s.Is = &c.Before, &c.Since
	s.K, s.N = c.Since.N-c.Since.K, c.Since.N
	s.Repo, s.Rest, s.Beside = c.Repo, nil, c.Beside
}

// follows says whether the retry loop s is what comes of the trouble o: of a helper
// that fails for a known reason retries fail as well.
func (s *Sentence) follows(o Sentence) bool {
	if o.Helper != s.Helper || o.Sort != s.Sort {
		return false
	}
	switch stats.Class(o.Code) {
	case stats.Broken, stats.BrokenSince, stats.WorseSince, stats.ContextBound, FailsWith:
		return true
	case stats.Outage:
		return !s.From.Before(*o.From) && !s.To.After(*o.To)
	}
	return false
}

// effects are the clear ones, the best founded first.
func effects(e *Effect) []Sentence {
	var out []Sentence
	if e == nil {
		return out
	}
	for i := range e.Rows {
		x := &e.Rows[i]
		code := map[string]string{stats.EffectHigher: CompletedMore, stats.EffectLower: CompletedLess}[x.Verdict]
		if code == "" || x.Stratified == nil || !x.told {
			continue
		}
		gain := x.Stratified.Value
		out = append(out, Sentence{
			Code: code, Helper: x.Helper, Which: x.Which, Gain: &gain, Within: x.Within, With: x.With.N, Other: x.Without.N,
			K: x.With.K, N: x.With.N, Look: "report effect",
		})
	}
	return out
}

// lookAt is where everything about a helper stands.
func lookAt(name string, x Which) string {
	look := "report why " + quoted(name)
	if x.Several {
		look += " --kind " + quoted(x.Sort)
	}
	return look
}

// quoted is a word for a shell.
func quoted(s string) string {
	plain := func(r rune) bool {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("_-./:@+,", r) || r > 0x7f
	}
	if s != "" && !strings.ContainsFunc(s, func(r rune) bool { return !plain(r) }) {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}
