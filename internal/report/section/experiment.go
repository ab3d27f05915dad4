package section

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"pi-track/internal/event"
	"pi-track/internal/event/decode"
	"pi-track/internal/report/hash"
	"pi-track/internal/report/index"
	"pi-track/internal/report/query"
	"pi-track/internal/report/sum"
	"pi-track/internal/stats"
)

// SectionExperiment compares the arms of experiments.
const SectionExperiment query.Section = "experiment"

// Trials are the experiments of which the log has calls.
type Trials struct {
	Rows []TrialResult `json:"rows"` // those that run first, then the latest
}

// TrialResult is one experiment. A unit is in the arm that the lot gave it,
// whatever happened afterwards.
type TrialResult struct {
	ID      string `json:"id"`
	Helper  string `json:"helper"`
	Known   bool   `json:"known"`   // this installation has it: what follows up to Running is what it was told
	Unit    string `json:"unit"`    // task or session
	Share   int    `json:"share"`   // percent of the units in the second arm
	Running bool   `json:"running"` // it has not ended
	First   Arm    `json:"first"`   // on, or a
	Second  Arm    `json:"second"`  // off, or b

	Diff       *stats.Interval `json:"diff"`       // of completion, first − second, as looked at once: Newcombe
	Sequence   *stats.Interval `json:"sequence"`   // the same, as looked at always; nil below 25 units in an arm
	Stratified *stats.Interval `json:"stratified"` // within repos, as in an effect
	Verdict    string          `json:"verdict"`    // helps, hurts, no difference, not yet: by Sequence
	More       int64           `json:"more"`       // about how many units more find a difference of ten points, 0 when known enough
	RatioP     float64         `json:"ratio_p"`    // of sizes of the arms as far from the share
	RatioOff   bool            `json:"ratio_off"`  // the lot was not what it should be
	WallRatio  *stats.Interval `json:"wall_ratio"` // median time from first to last run, first ÷ second
	CostRatio  *stats.Interval `json:"cost_ratio"` // median cost, first ÷ second
	RunRatio   *stats.Interval `json:"run_ratio"`  // median duration of the helper's succeeded runs, first ÷ second; of two programs
}

// Arm is one arm of an experiment.
type Arm struct {
	Name    string     `json:"name"`
	Units   int64      `json:"units"`   // in which the helper was called, or offered
	Success stats.Rate `json:"success"` // completed, of those with a known outcome
	Calls   int64      `json:"calls"`
	Runs    stats.Rate `json:"runs"` // success of the helper's own runs
	WallMS  float64    `json:"wall_ms"`
	Cost    float64    `json:"cost"`   // USD, median
	Tokens  float64    `json:"tokens"` // median
}

// trials collects units and who is in which arm.
type trials struct {
	s     *shared
	from  *trials
	units map[uint64]*trialUnit
	calls map[trialCall]*trialRuns
}

type trialUnit struct {
	outcomeAt   int64
	outcomeID   uint64
	complete    bool
	repo        uint32
	first, last int64
	cost        int64 // 10⁻⁹ USD: a sum of integers is the same in any order
	tokens      int64
	in          []trialIn
}

// trialIn is a unit's place in an experiment: that of its first call.
type trialIn struct {
	trial, arm, helper uint32 // labels
	at                 int64
}

type trialCall struct{ trial, arm uint32 }

type trialRuns struct {
	calls, ok, failed int64
	durations         []int64
}

func trialsKey(_ *kind, q *query.Plan) string {
	return fmt.Sprintf("experiment %v", sessionTrials(q))
}

// sessionTrials are the ids of the experiments whose unit is the session.
func sessionTrials(q *query.Plan) []string {
	var out []string
	for _, x := range q.Experiments {
		if x.Unit == "session" {
			out = append(out, x.ID)
		}
	}
	slices.Sort(out)
	return out
}

func newTrials(s *shared) (section, part) {
	t := &trials{s: s, units: map[uint64]*trialUnit{}, calls: map[trialCall]*trialRuns{}}
	return t, t
}

func (t *trials) Fork() part {
	return &trials{s: t.s, from: t, units: map[uint64]*trialUnit{}, calls: map[trialCall]*trialRuns{}}
}

// label is the number of a text.
func (t *trials) label(b []byte) uint32 { return t.s.labels.Add(hash.Of(b), b) }

func (t *trials) Add(r *sum.Run) {
	l := r.Line
	var task, session uint64
	if r.SessionHash != 0 {
		session = ^r.SessionHash
		task = session
	}
	if !l.Task.Empty() {
		task = hash.Of(l.Bytes(l.Task))
	}
	bySession := false
	var in *trialIn
	if !l.Experiment.Empty() && !l.Arm.Empty() {
		in = &trialIn{t.label(l.Bytes(l.Experiment)), t.label(l.Bytes(l.Arm)), t.label(l.Bytes(l.Name)), r.Start}
		bySession = slices.Contains(sessionTrials(t.s.q), string(l.Bytes(l.Experiment)))
		t.call(r, *in)
	}
	for i, key := range [...]uint64{task, session} {
		if key == 0 || i == 1 && session == task {
			continue
		}
		u := t.units[key]
		if u == nil {
			u = &trialUnit{}
			t.units[key] = u
		}
		u.add(r)
		if in != nil && (i == 1) == (bySession && session != task) {
			u.put(*in)
		}
	}
}

// call counts a call of a helper in an experiment.
func (t *trials) call(r *sum.Run, in trialIn) {
	key := trialCall{in.trial, in.arm}
	c := t.calls[key]
	if c == nil {
		c = &trialRuns{}
		t.calls[key] = c
	}
	if r.Nothing && string(r.Line.Bytes(r.Line.Arm)) != "off" {
		return // an offer
	}
	c.calls++
	switch {
	case r.Nothing:
	case r.Code == decode.CodeSucceeded:
		c.ok++
		c.durations = append(c.durations, r.End-r.Start)
	case r.Code == decode.CodeFailed:
		c.failed++
	}
}

func (u *trialUnit) add(r *sum.Run) {
	if r.Nothing {
		return
	}
	l := r.Line
	if u.first == 0 || r.Start < u.first {
		u.first = r.Start
	}
	u.last = max(u.last, r.End)
	u.cost += int64(math.Round(l.Cost * 1e9))
	u.tokens += l.Tokens
	kind := event.Kind(l.Bytes(l.Kind))
	if kind != event.Job && kind != event.Loop || r.Code != decode.CodeSucceeded && r.Code != decode.CodeFailed {
		return
	}
	if r.End > u.outcomeAt || r.End == u.outcomeAt && r.ID > u.outcomeID {
		u.outcomeAt, u.outcomeID, u.complete, u.repo = r.End, r.ID, r.Code == decode.CodeSucceeded, r.Repo
	}
}

func (u *trialUnit) put(in trialIn) {
	for i := range u.in {
		if x := &u.in[i]; x.trial == in.trial {
			if in.at < x.at || in.at == x.at && in.arm < x.arm {
				*x = in
			}
			return
		}
	}
	u.in = append(u.in, in)
}

func (t *trials) Join() {
	for key, b := range t.units {
		a := t.from.units[key]
		if a == nil {
			t.from.units[key] = b
			continue
		}
		if b.outcomeAt > a.outcomeAt || b.outcomeAt == a.outcomeAt && b.outcomeID > a.outcomeID {
			a.outcomeAt, a.outcomeID, a.complete, a.repo = b.outcomeAt, b.outcomeID, b.complete, b.repo
		}
		if b.first != 0 && (a.first == 0 || b.first < a.first) {
			a.first = b.first
		}
		a.last = max(a.last, b.last)
		a.cost, a.tokens = a.cost+b.cost, a.tokens+b.tokens
		for _, in := range b.in {
			a.put(in)
		}
	}
	for key, b := range t.calls {
		a := t.from.calls[key]
		if a == nil {
			t.from.calls[key] = b
			continue
		}
		a.calls, a.ok, a.failed = a.calls+b.calls, a.ok+b.ok, a.failed+b.failed
		a.durations = append(a.durations, b.durations...)
	}
}

// trialArms are the units of an experiment.
type trialArms struct {
	id, helper  string
	twoPrograms bool
	last        int64
	arms        [2]Arm
	known       [2]stats.Table // units with an outcome, as the first arm
	wall, cost  [2][]int64
	tokens      [2][]int64
	repos       map[uint32]*stats.Table
	runs        [2]trialRuns
}

func (t *trials) Report(all *totals, r *Report) {
	byID := map[uint32]*trialArms{}
	for _, u := range t.units {
		for _, in := range u.in {
			x := byID[in.trial]
			if x == nil {
				x = &trialArms{id: t.s.labels.Text(in.trial), helper: t.s.labels.Text(in.helper), repos: map[uint32]*stats.Table{}}
				byID[in.trial] = x
			}
			x.put(u, t.s.labels.Text(in.arm), in.at)
		}
	}
	for key, c := range t.calls {
		if x := byID[key.trial]; x != nil {
			x.runs[second(t.s.labels.Text(key.arm))] = *c
		}
	}
	out := &Trials{Rows: []TrialResult{}}
	for _, x := range byID {
		if all.q.Trial == "" || all.q.Trial == x.helper {
			out.Rows = append(out.Rows, x.result(all.q))
		}
	}
	slices.SortFunc(out.Rows, func(a, b TrialResult) int {
		running := func(x *TrialResult) int {
			if x.Running {
				return 0
			}
			return 1
		}
		return cmp.Or(cmp.Compare(running(&a), running(&b)), strings.Compare(a.Helper, b.Helper), strings.Compare(a.ID, b.ID))
	})
	r.Experiment = out
}

// second is the number of an arm: 0 of on and a, 1 of off and b.
func second(arm string) int {
	if arm == "off" || arm == "b" {
		return 1
	}
	return 0
}

func (x *trialArms) put(u *trialUnit, arm string, at int64) {
	i := second(arm)
	x.twoPrograms = x.twoPrograms || arm == "a" || arm == "b"
	x.last = max(x.last, at)
	x.arms[i].Units++
	if u.first != 0 {
		x.wall[i] = append(x.wall[i], u.last-u.first)
		x.cost[i] = append(x.cost[i], u.cost/1000)
		x.tokens[i] = append(x.tokens[i], u.tokens)
	}
	if u.outcomeAt == 0 {
		return
	}
	x.known[i].Add(true, u.complete)
	if x.repos[u.repo] == nil {
		x.repos[u.repo] = &stats.Table{}
	}
	x.repos[u.repo].Add(i == 0, u.complete)
}

func (x *trialArms) result(q *query.Plan) TrialResult {
	names := [2]string{"on", "off"}
	if x.twoPrograms {
		names = [2]string{"a", "b"}
	}
	for i := range x.arms {
		a, c := &x.arms[i], &x.runs[i]
		a.Name, a.Success = names[i], stats.NewRate(x.known[i].OKWith, x.known[i].NWith)
		a.Calls, a.Runs = c.calls, stats.NewRate(c.ok, c.ok+c.failed)
		for _, list := range [][]int64{x.wall[i], x.cost[i], x.tokens[i], c.durations} {
			slices.Sort(list)
		}
		if len(x.wall[i]) > 0 {
			a.WallMS, a.Cost, a.Tokens = stats.Quantile(x.wall[i], .5), stats.Quantile(x.cost[i], .5)/1e6, stats.Quantile(x.tokens[i], .5)
		}
	}
	out := TrialResult{ID: x.id, Helper: x.helper, Unit: "task", Share: 50, First: x.arms[0], Second: x.arms[1], RatioP: 1}
	for _, k := range q.Experiments {
		if k.ID == x.id {
			out.Known, out.Unit, out.Share = true, k.Unit, k.Share
			out.Running = k.Until.IsZero() || q.Now.Before(k.Until)
		}
	}
	known := stats.Arms{OK1: x.known[0].OKWith, N1: x.known[0].NWith, OK2: x.known[1].OKWith, N2: x.known[1].NWith}
	if d, ok := stats.Newcombe(known.OK1, known.N1, known.OK2, known.N2); ok {
		out.Diff = &d
	}
	if d, ok := known.Sequence(); ok {
		out.Sequence = &d
	}
	var strata []stats.Table
	for _, s := range x.repos {
		strata = append(strata, *s)
	}
	slices.SortFunc(strata, compareTables)
	if d, ok := stats.MantelHaenszel(strata); ok {
		out.Stratified = &d
	}
	share := float64(out.Share) / 100
	if out.Verdict = known.Verdict(); out.Verdict == stats.TrialNotYet {
		rate := .5
		if known.N1 > 0 {
			rate = float64(known.OK1) / float64(known.N1)
		}
		out.More = max(1, stats.UnitsFor(rate, stats.TrialMargin, share)-known.N1-known.N2)
	}
	if out.Known {
		sizes := stats.Arms{N1: x.arms[0].Units, N2: x.arms[1].Units}
		out.RatioP, out.RatioOff = sizes.SampleRatio(share), sizes.RatioIsOff(share)
	}
	out.WallRatio = medianRatio(x.wall)
	if x.cost[0] != nil && x.cost[1] != nil && stats.Quantile(x.cost[0], .5)+stats.Quantile(x.cost[1], .5) > 0 {
		out.CostRatio = medianRatio(x.cost)
	}
	if x.twoPrograms {
		out.RunRatio = medianRatio([2][]int64{x.runs[0].durations, x.runs[1].durations})
	}
	return out
}

// medianRatio is the median of the first arm ÷ that of the second.
func medianRatio(arms [2][]int64) *stats.Interval {
	if r, ok := stats.MedianRatio(arms[1], arms[0]); ok {
		return &r
	}
	return nil
}

// trialHead is what of a unit is no list.
type trialHead struct {
	key, outcomeID         uint64
	outcomeAt, first, last int64
	cost, tokens           int64
	repo                   uint32
	complete               bool
}

func (t *trials) Encode(w *index.Writer) {
	index.Put(w, int64(len(t.units)))
	for key, u := range t.units {
		index.Put(w, trialHead{key, u.outcomeID, u.outcomeAt, u.first, u.last, u.cost, u.tokens, u.repo, u.complete})
		index.PutSlice(w, u.in)
	}
	index.Put(w, int64(len(t.calls)))
	for key, c := range t.calls {
		index.Put(w, key)
		index.Put(w, [3]int64{c.calls, c.ok, c.failed})
		index.PutSlice(w, c.durations)
	}
}

func (t *trials) Decode(d *index.Reader) {
	for range d.Count() {
		var h trialHead
		if index.Get(d, &h); d.Bad {
			return
		}
		u := &trialUnit{
			outcomeAt: h.outcomeAt, outcomeID: h.outcomeID, complete: h.complete, repo: h.repo,
			first: h.first, last: h.last, cost: h.cost, tokens: h.tokens,
		}
		index.GetSlice(d, &u.in)
		t.units[h.key] = u
	}
	for range d.Count() {
		var key trialCall
		var n [3]int64
		index.Get(d, &key)
		if index.Get(d, &n); d.Bad {
			return
		}
		c := &trialRuns{calls: n[0], ok: n[1], failed: n[2]}
		index.GetSlice(d, &c.durations)
		t.calls[key] = c
	}
}
