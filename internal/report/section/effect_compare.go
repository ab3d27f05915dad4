package section

import (
	"cmp"
	"slices"
	"strings"

	"pi-track/internal/stats"
)

// armsOf are the units that a helper puts apart, by number: those in which it
// was used before the outcome, and those that a run of it decided. All others
// are without it.
type armsOf struct{ with, decided []int32 }

// strata are groups of units of which each is compared within itself.
type strata struct {
	of  []int32       // of each unit
	all []stats.Table // the units of each, as if all were without
}

func (s *strata) add(of int, complete bool) {
	for of >= len(s.all) {
		s.all = append(s.all, stats.Table{})
	}
	s.of = append(s.of, int32(of))
	s.all[of].Add(false, complete)
}

// tables are the strata with a helper's arms.
func (s *strata) tables(known []*unit, h *armsOf) []stats.Table {
	out := slices.Clone(s.all)
	for _, i := range h.decided {
		out[s.of[i]].Remove(false, known[i].complete)
	}
	for _, i := range h.with {
		out[s.of[i]].Remove(false, known[i].complete)
		out[s.of[i]].Add(true, known[i].complete)
	}
	return out
}

// comparison compares all helpers over the same units.
type comparison struct {
	*totals
	known        []*unit
	sizes, repos strata
	names        []string // of the repos
}

// compare makes the rows of all helpers that can be compared.
func (t *totals) compare(known []*unit, out *Effect) (rows []EffectRow, comparisons []stats.Comparison) {
	c := comparison{totals: t, known: known}
	arms := make([]armsOf, len(t.helpers))
	sized := make([]stats.Unit, len(known))
	numbers := map[uint32]int{}
	for i, u := range known {
		sized[i] = stats.Unit{Repo: u.repo, Size: u.size()}
		for name := range u.used.All() {
			if name != u.by {
				arms[name].with = append(arms[name].with, int32(i))
			}
		}
		if u.compared {
			arms[u.by].decided = append(arms[u.by].decided, int32(i))
		}
		n, ok := numbers[u.repo]
		if !ok {
			n = len(c.names)
			numbers[u.repo], c.names = n, append(c.names, t.repos.Text(u.repo))
		}
		c.repos.add(n, u.complete)
	}
	of, _ := stats.SizeStrata(sized)
	for i, u := range known {
		c.sizes.add(of[i], u.complete)
	}
	for id := range arms {
		h := &arms[id]
		d := Decider{Helper: t.name(uint32(id)), Which: t.which(uint32(id)), Decided: int64(len(h.decided)), Tasks: int64(len(h.decided) + len(h.with))}
		switch {
		case float64(d.Decided) > maxDecided*float64(d.Tasks):
			out.Deciders = append(out.Deciders, d)
		case len(h.with) > 0:
			row, x := c.row(uint32(id), h)
			rows, comparisons = append(rows, row), append(comparisons, x)
		}
	}
	return rows, comparisons
}

// row compares the units in which a helper was used with all others, but for
// those that it decided.
func (c *comparison) row(helper uint32, h *armsOf) (EffectRow, stats.Comparison) {
	row := EffectRow{Helper: c.name(helper), Which: c.which(helper), Strata: []Stratum{}, Within: WithinSizes}
	repos, tables := c.repos.tables(c.known, h), c.sizes.tables(c.known, h)
	for i, x := range repos {
		if x != (stats.Table{}) {
			row.Strata = append(row.Strata, Stratum{
				Repo: c.names[i], With: stats.NewRate(x.OKWith, x.NWith), Without: stats.NewRate(x.OKWithout, x.NWithout),
			})
		}
	}
	slices.SortFunc(row.Strata, func(a, b Stratum) int { return strings.Compare(a.Repo, b.Repo) })
	if 2*stats.Weight(tables) < stats.Weight(repos) {
		tables, row.Within = repos, WithinRepos
	}
	slices.SortFunc(tables, compareTables)
	x := stats.Compare(tables)
	row.With = stats.NewRate(x.All.OKWith, x.All.NWith)
	row.Without = stats.NewRate(x.All.OKWithout, x.All.NWithout)
	row.Diff, row.Stratified, row.Compared, row.P = x.Naive, x.Stratified, x.Strata, x.P
	row.SignTurns = row.Diff != nil && row.Stratified != nil && row.Diff.Value*row.Stratified.Value < 0
	return row, x
}

// compareTables puts tables in an order, so that sums of floats are the same.
func compareTables(a, b stats.Table) int {
	return cmp.Or(cmp.Compare(a.NWith, b.NWith), cmp.Compare(a.NWithout, b.NWithout),
		cmp.Compare(a.OKWith, b.OKWith), cmp.Compare(a.OKWithout, b.OKWithout))
}
