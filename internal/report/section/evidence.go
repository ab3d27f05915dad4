package section

import (
	"math/bits"
	"slices"
	"strings"

	"pi-track/internal/report/sum"
	"pi-track/internal/stats"
)

// gatherer does what reference.Gather does, on numbers instead of texts and in
// memory that it uses again, which is several times faster.
type gatherer struct {
	*shared
	index  sum.Table // of the groups
	groups []gathered
	of     []groupsOf // of each outcome
	order  []int32    // the groups, in the order of their names where they have them
	trials []stats.Trial

	repoContexts, taskContexts, strictContexts []stats.Context // of the evidence
}

// gathered is the outcomes of a repo, or of a task within a repo.
type gathered struct {
	repo, task         uint32 // task is 0 for a repo
	repoName, taskName string
	n                  int
	all                *stats.Context
	rest               stats.Sequence // those of a repo that are in no task of stats.MinContext
}

type groupsOf struct{ repo, task int32 } // equal without a task

// evidence is what a verdict on outcomes rests on, until the next call
// unless keep is called before. Its contexts are in the order of their names,
// or have none and stand in any order.
func (g *gatherer) evidence(list []sum.Outcome, named bool) *stats.Evidence {
	g.find(list)
	if named {
		g.nameAll()
	}
	e := &stats.Evidence{}
	g.makeContexts(e)
	var none stats.Sequence
	for i := range list {
		at, failed := list[i].At, list[i].Failed
		repo, task := &g.groups[g.of[i].repo], &g.groups[g.of[i].task]
		e.All.Add(at, failed)
		repo.all.Add(at, failed)
		if task != repo {
			task.all.Add(at, failed)
		}
		if task == repo || task.all.N == 1 {
			repo.all.Works++
		}
		if failed && (task == repo || task.all.Failures == 1) {
			repo.all.FailedWorks++
		}
		switch {
		case task != repo && task.n >= stats.MinContext:
		case repo.n >= stats.MinContext:
			repo.rest.Add(at, failed)
		default:
			none.Add(at, failed)
		}
	}
	e.Strict = g.strict(none)
	return e
}

// keep leaves the evidence of the last call to its caller.
func (g *gatherer) keep() { g.repoContexts, g.taskContexts, g.strictContexts = nil, nil, nil }

// find finds the groups and those of each outcome.
func (g *gatherer) find(list []sum.Outcome) {
	g.index.Clear()
	g.groups, g.of, g.order = g.groups[:0], g.of[:0], g.order[:0]
	for i := range list {
		x := &list[i]
		of := groupsOf{repo: g.count(gathered{repo: x.Repo})}
		if of.task = of.repo; x.Task != 0 {
			of.task = g.count(gathered{repo: x.Repo, task: x.Task})
		}
		g.of = append(g.of, of)
	}
	for i := range g.groups {
		g.order = append(g.order, int32(i))
	}
}

// nameAll names the groups and puts them in the order of their names.
func (g *gatherer) nameAll() {
	for i := range g.groups {
		x := &g.groups[i]
		x.repoName, x.taskName = g.repos.Text(x.repo), g.tasks.Text(x.task)
	}
	slices.SortFunc(g.order, func(a, b int32) int {
		x, y := &g.groups[a], &g.groups[b]
		if x.repo != y.repo {
			return strings.Compare(x.repoName, y.repoName)
		}
		return strings.Compare(x.taskName, y.taskName)
	})
}

// count counts an outcome of a group and returns the group's number.
func (g *gatherer) count(x gathered) int32 {
	// Different for different groups, never 0, and spread over the table.
	key := bits.RotateLeft64((uint64(x.repo)+1|uint64(x.task)<<32)*0x9e3779b97f4a7c15, 32)
	i, isNew := g.index.Put(key, uint32(len(g.groups)))
	if isNew {
		g.groups = append(g.groups, x)
	}
	g.groups[i].n++
	return int32(i)
}

// makeContexts makes the contexts of all groups.
func (g *gatherer) makeContexts(e *stats.Evidence) {
	tasks := 0
	for i := range g.groups {
		if g.groups[i].task != 0 {
			tasks++
		}
	}
	g.repoContexts = slices.Grow(g.repoContexts[:0], len(g.groups)-tasks)
	g.taskContexts = slices.Grow(g.taskContexts[:0], tasks)
	e.Repos, e.Tasks = g.repoContexts, g.taskContexts
	for _, i := range g.order {
		x := &g.groups[i]
		to, level := &e.Repos, stats.LevelRepo
		if x.task != 0 {
			to, level = &e.Tasks, stats.LevelTask
		}
		*to = append(*to, stats.Context{Level: level, Repo: x.repoName, Task: x.taskName})
		x.all = &(*to)[len(*to)-1]
	}
}

// strict are the strictest contexts of all outcomes; none is of those without.
func (g *gatherer) strict(none stats.Sequence) []stats.Context {
	out := g.strictContexts[:0]
	if none.N > 0 {
		out = append(out, stats.Context{Sequence: none})
	}
	for _, i := range g.order {
		x := &g.groups[i]
		switch {
		case x.task != 0 && x.n >= stats.MinContext:
			out = append(out, *x.all)
		case x.rest.N > 0:
			out = append(out, stats.Context{Level: stats.LevelRepo, Repo: x.repoName, Sequence: x.rest})
		}
	}
	g.strictContexts = out
	return out
}
