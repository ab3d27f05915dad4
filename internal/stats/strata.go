package stats

import (
	"cmp"
	"slices"
)

// Unit is a task, or a session, of which it is known whether it was completed.
type Unit struct {
	Repo uint32 // any number
	Size int    // runs before its outcome
}

const (
	sizeStrata = 10 // of a repo: thirds leave much of the difference between short and long tasks
	perStratum = 5  // units that each has at least
)

// SizeStrata puts units into strata of the same repo and of about the same
// size, up to ten of a repo: it returns the number of each unit's stratum,
// from 0 on, and how many there are. Units of one size stay together.
func SizeStrata(units []Unit) (of []int, strata int) {
	order := make([]int, len(units))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int {
		switch x, y := &units[a], &units[b]; {
		case x.Repo != y.Repo:
			return cmp.Compare(x.Repo, y.Repo)
		case x.Size != y.Size:
			return cmp.Compare(x.Size, y.Size)
		}
		return cmp.Compare(a, b)
	})
	of = make([]int, len(units))
	for len(order) > 0 {
		n := 1
		for n < len(order) && units[order[n]].Repo == units[order[0]].Repo {
			n++
		}
		strata += cutBySize(units, order[:n], of, strata)
		order = order[n:]
	}
	return of, strata
}

// cutBySize numbers the strata of the units of one repo, in order of their
// size, from first on, and returns how many these are.
func cutBySize(units []Unit, order, of []int, first int) int {
	n := len(order)
	parts := min(max(n/perStratum, 1), sizeStrata)
	made := 0
	for i, u := range order {
		if i > 0 && units[u].Size != units[order[i-1]].Size && i*parts/n > made {
			made++
		}
		of[u] = first + made
	}
	return made + 1
}
