package section

import (
	"cmp"
	"slices"
	"strings"

	"pi-track/internal/report/query"
	"pi-track/internal/stats"
)

// SectionEffect compares the completion of tasks with and without each helper.
const SectionEffect query.Section = "effect"

// Effect compares the completion of tasks with and without each helper. It
// shows association, not cause.
type Effect struct {
	Tasks    int64       `json:"tasks"`    // units with an explicit outcome that are tasks
	Sessions int64       `json:"sessions"` // units with an explicit outcome that are sessions
	Unknown  int64       `json:"unknown"`  // units without one; they are left out
	Success  stats.Rate  `json:"success"`  // completion over all units
	Compared int64       `json:"compared"` // helpers with a verdict: of the differences told, at most one in 20 is chance
	Rows     []EffectRow `json:"rows"`     // clear differences first, then by size of the smaller arm; too little data last
	Deciders []Decider   `json:"deciders"` // not compared
	Omitted  int         `json:"omitted"`
	Caveat   string      `json:"caveat"`
}

// Caveat stands beside every effect.
const Caveat = "association, not cause"

// Association is what an effect is called in a sentence.
const Association = "association"

// EffectRow is one helper. An interval is nil when an arm is empty, Stratified
// also when no stratum has both arms.
type EffectRow struct {
	Helper string `json:"helper"`
	Which
	With       stats.Rate      `json:"with"`
	Without    stats.Rate      `json:"without"`
	Diff       *stats.Interval `json:"diff"`       // Newcombe 1998, method 10
	Stratified *stats.Interval `json:"stratified"` // Mantel–Haenszel with Sato's variance, within strata
	Within     string          `json:"within"`     // what makes the strata: repo and size, or repo where sizes tell the arms apart
	Compared   int             `json:"compared"`   // strata with both arms
	Strata     []Stratum       `json:"strata"`     // the repos
	P          float64         `json:"p"`
	told       bool            // in the digest, too
	Verdict    string          `json:"verdict"`    // stats.EffectHigher, …, among all helpers compared
	SignTurns  bool            `json:"sign_turns"` // Diff and Stratified point in opposite directions
}

// Stratum is one repo's part of an effect.
type Stratum struct {
	Repo    string     `json:"repo"`
	With    stats.Rate `json:"with"`
	Without stats.Rate `json:"without"`
}

// Decider is a helper whose own runs decide the outcome of tasks.
type Decider struct {
	Helper string `json:"helper"`
	Which
	Decided int64 `json:"decided"` // tasks whose outcome is that of a run of it
	Tasks   int64 `json:"tasks"`   // in which it ran
}

// What makes the strata of an effect.
const (
	WithinSizes = "repo and size"
	WithinRepos = "repo"
)

// maxDecided is the share of a helper's tasks that its own runs may decide for it
// to be compared: those tasks are in neither arm.
const maxDecided = 0.05

func (e *effect) Report(t *totals, r *Report) {
	out := &Effect{Rows: []EffectRow{}, Deciders: []Decider{}, Caveat: Caveat}
	var known []*unit
	var ok int64
	count := func(u *unit, of *int64) {
		if u.at == 0 {
			out.Unknown++
			return
		}
		*of++
		if u.complete {
			ok++
		}
		known = append(known, u)
	}
	for _, u := range e.tasks {
		if u != nil {
			count(u, &out.Tasks)
		}
	}
	for _, u := range e.sessions {
		count(u, &out.Sessions)
	}
	if t.seen != nil {
		out.Unknown += t.seen.Units - int64(len(known))
	}
	out.Success = stats.NewRate(ok, out.Tasks+out.Sessions)
	rows, comparisons := t.compare(known, out)
	var p, strict []float64
	for i := range comparisons {
		if !comparisons[i].Few() {
			out.Compared++
			p, strict = append(p, comparisons[i].P), append(strict, comparisons[i].Strict)
		}
	}
	limit, told := stats.BenjaminiHochberg(p, 0.05), stats.BenjaminiHochberg(strict, effectShare)
	for i := range rows {
		rows[i].Verdict = comparisons[i].Verdict(limit)
		rows[i].told = comparisons[i].Strict <= told
	}
	out.Rows = append(out.Rows, rows...)
	slices.SortFunc(out.Rows, compareEffects)
	slices.SortFunc(out.Deciders, func(a, b Decider) int {
		return cmp.Or(strings.Compare(a.Helper, b.Helper), strings.Compare(a.Sort, b.Sort))
	})
	t.effect = out
	if t.q.Wanted[SectionEffect] {
		shown := *out
		shown.Rows, shown.Omitted = cut(out.Rows, t.q.Limit)
		r.Effect = &shown
	}
}

// effectShare is the share of false ones among the effects that the digest tells.
// It is less than that of the section's verdicts: a reader of the digest has not
// asked for effects, and it tells of other things, too.
const effectShare = 0.02

func compareEffects(a, b EffectRow) int {
	rank := func(r *EffectRow) int {
		switch r.Verdict {
		case stats.EffectFewData:
			return 2
		case stats.EffectUnclear:
			return 1
		}
		return 0
	}
	arm := func(r *EffectRow) int64 { return min(r.With.N, r.Without.N) }
	return cmp.Or(cmp.Compare(rank(&a), rank(&b)), -cmp.Compare(arm(&a), arm(&b)), strings.Compare(a.Helper, b.Helper), strings.Compare(a.Sort, b.Sort))
}
