package report

import (
	"cmp"
	"slices"
	"strings"
	"sync"

	"pi-track/internal/stats"
)

// evidence is what a verdict on the outcomes rests on: stats.Gather, on
// numbers instead of texts, which is several times faster.
func (s *shared) evidence(o *outcomes) *stats.Evidence {
	list := o.latest()
	repos, tasks := map[uint32]int{}, map[place]int{}
	for i := range list {
		repos[list[i].repo]++
		if list[i].task != 0 {
			tasks[place{list[i].repo, list[i].task}]++
		}
	}
	strictOf := func(x *outcome) place { // the place's repo is its number + 1
		switch {
		case tasks[place{x.repo, x.task}] >= stats.MinContext:
			return place{x.repo + 1, x.task}
		case repos[x.repo] >= stats.MinContext:
			return place{x.repo + 1, 0}
		}
		return place{}
	}
	var byRepo, byTask, strict contexts
	for i := range list {
		x := &list[i]
		byRepo.want(place{x.repo + 1, 0})
		if x.task != 0 {
			byTask.want(place{x.repo + 1, x.task})
		}
		strict.want(strictOf(x))
	}
	byRepo.make(s)
	byTask.make(s)
	strict.make(s)
	e := &stats.Evidence{Repos: byRepo.all, Tasks: byTask.all, Strict: strict.all}
	for i := range list {
		x := &list[i]
		e.All.Add(x.at, x.failed)
		byRepo.add(place{x.repo + 1, 0}, x)
		if x.task != 0 {
			byTask.add(place{x.repo + 1, x.task}, x)
		}
		strict.add(strictOf(x), x)
	}
	return e
}

// contexts are found first and filled then, so that they are made once, in
// the order of their names.
type contexts struct {
	index map[place]int32
	keys  []contextKey
	all   []stats.Context
}

type contextKey struct {
	place
	level      stats.Level
	repo, task string
}

func (c *contexts) want(p place) {
	if c.index == nil {
		c.index = map[place]int32{}
	}
	if _, ok := c.index[p]; !ok {
		c.index[p] = 0
		c.keys = append(c.keys, contextKey{place: p})
	}
}

func (c *contexts) make(s *shared) {
	for i := range c.keys {
		k := &c.keys[i]
		if k.name > 0 {
			k.level, k.repo = stats.LevelRepo, s.repos.text(k.name-1)
		}
		if k.place.repo > 0 {
			k.level, k.task = stats.LevelTask, s.tasks.text(k.place.repo)
		}
	}
	slices.SortFunc(c.keys, func(a, b contextKey) int {
		return cmp.Or(strings.Compare(a.repo, b.repo), strings.Compare(a.task, b.task), strings.Compare(string(a.level), string(b.level)))
	})
	c.all = make([]stats.Context, len(c.keys))
	for i, k := range c.keys {
		c.index[k.place] = int32(i)
		c.all[i] = stats.Context{Level: k.level, Repo: k.repo, Task: k.task}
	}
}

func (c *contexts) add(p place, x *outcome) { c.all[c.index[p]].Add(x.at, x.failed) }

// verdicts are those on all helpers, by number of the name.
func (t *totals) verdicts() []verdictOf {
	out := make([]verdictOf, len(t.helpers))
	n := workers()
	var wg sync.WaitGroup
	for w := range n {
		wg.Go(func() {
			for name := w; name < len(t.helpers); name += n {
				if h := t.helpers[name]; h != nil && h.result().Runs > 0 {
					e := t.evidence(&h.outcomes)
					out[name] = verdictOf{uint32(name), e, t.q.local(stats.Decide(e, t.q.now))}
				}
			}
		})
	}
	wg.Wait()
	return out
}
