package section

import (
	"cmp"
	"slices"
	"strings"

	"pi-track/internal/report/query"
	"pi-track/internal/stats"
)

// SectionExperiment compares the arms of experiments.
const SectionExperiment query.Section = "experiment"

// Trials are the experiments of which the log has calls.
type Trials struct {
	Rows []TrialResult `json:"rows"` // those that run first, then the latest
}

// TrialResult is one experiment. A unit is in the arm that it was drawn into,
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
	RatioOff   bool            `json:"ratio_off"`  // the sizes of the arms do not fit the share
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
			x.helper = min(x.helper, t.s.labels.Text(in.helper)) // there should be one
			x.put(u, t.s.labels.Text(in.arm), in.at)
		}
	}
	for key, c := range t.calls {
		if x := byID[key.trial]; x != nil {
			x.runs[second(t.s.labels.Text(key.arm))].join(c) // there may be an a beside the on
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
	sortTables(strata)
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
