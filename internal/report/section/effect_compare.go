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
	byName       []int    // the repos in the order of their names
	shown        bool     // the rows, not only what the digest tells of them
}

// compare makes the rows of all helpers that can be compared.
func (t *totals) compare(known []*unit, out *Effect) (rows []EffectRow, comparisons []stats.Comparison) {
	c := comparison{totals: t, known: known, shown: t.q.Wanted[SectionEffect]}
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
	for n := range c.names {
		c.byName = append(c.byName, n)
	}
	slices.SortFunc(c.byName, func(a, b int) int { return strings.Compare(c.names[a], c.names[b]) })
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
	if c.shown {
		row.Strata = c.strataOf(repos)
	}
	if 2*stats.Weight(tables) < stats.Weight(repos) {
		tables, row.Within = repos, WithinRepos
	}
	sortTables(tables)
	x := stats.Compare(tables)
	row.With = stats.NewRate(x.All.OKWith, x.All.NWith)
	row.Without = stats.NewRate(x.All.OKWithout, x.All.NWithout)
	row.Diff, row.Stratified, row.Compared, row.P = x.Naive, x.Stratified, x.Strata, x.P
	row.SignTurns = row.Diff != nil && row.Stratified != nil && row.Diff.Value*row.Stratified.Value < 0
	return row, x
}

// strataOf are the repos' parts of an effect, in the order of their names.
func (c *comparison) strataOf(repos []stats.Table) []Stratum {
	out := []Stratum{}
	for _, i := range c.byName {
		if x := repos[i]; x != (stats.Table{}) {
			out = append(out, Stratum{
				Repo: c.names[i], With: stats.NewRate(x.OKWith, x.NWith), Without: stats.NewRate(x.OKWithout, x.NWithout),
			})
		}
	}
	return out
}

// sortTables puts tables in an order, so that sums of floats are the same. Those
// without one of the arms add whole numbers only and stand behind in any order.
func sortTables(tables []stats.Table) {
	n := 0
	for i, t := range tables {
		if t.NWith > 0 && t.NWithout > 0 {
			tables[n], tables[i] = t, tables[n]
			n++
		}
	}
	slices.SortFunc(tables[:n], func(a, b stats.Table) int {
		return cmp.Or(cmp.Compare(a.NWith, b.NWith), cmp.Compare(a.NWithout, b.NWithout),
			cmp.Compare(a.OKWith, b.OKWith), cmp.Compare(a.OKWithout, b.OKWithout))
	})
}
