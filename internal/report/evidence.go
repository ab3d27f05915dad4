package report

import (
	"cmp"
	"slices"

	"pi-track/internal/stats"
)

// evidence is what a verdict on the outcomes rests on: stats.Gather, on
// numbers instead of texts, which is several times faster.
func (s *shared) evidence(o *outcomes) *stats.Evidence {
	list := o.latest()
	repos, tasks := map[uint32]int32{}, map[place]int32{}
	e := &stats.Evidence{}
	strict := map[place]int32{}
	add := func(all *[]stats.Context, i int32, c stats.Context, x *outcome) int32 {
		if i == 0 {
			*all = append(*all, c)
			i = int32(len(*all))
		}
		(*all)[i-1].Add(x.at, x.failed)
		return i
	}
	for i := range list {
		x := &list[i]
		e.All.Add(x.at, x.failed)
		r := repos[x.repo]
		if n := add(&e.Repos, r, stats.Context{Level: stats.LevelRepo}, x); n != r {
			repos[x.repo] = n
			e.Repos[n-1].Repo = s.repos.text(x.repo)
		}
		if x.task == 0 {
			continue
		}
		key := place{x.repo, x.task}
		t := tasks[key]
		if n := add(&e.Tasks, t, stats.Context{Level: stats.LevelTask}, x); n != t {
			tasks[key] = n
			e.Tasks[n-1].Repo, e.Tasks[n-1].Task = s.repos.text(x.repo), s.tasks.text(x.task)
		}
	}
	for i := range list {
		x := &list[i]
		key, c := place{}, stats.Context{Level: stats.LevelNone}
		if t := tasks[place{x.repo, x.task}]; x.task != 0 && e.Tasks[t-1].N >= stats.MinContext {
			key = place{x.repo + 1, x.task}
			c = stats.Context{Level: stats.LevelTask, Repo: e.Tasks[t-1].Repo, Task: e.Tasks[t-1].Task}
		} else if r := &e.Repos[repos[x.repo]-1]; r.N >= stats.MinContext {
			key = place{x.repo + 1, 0}
			c = stats.Context{Level: stats.LevelRepo, Repo: r.Repo}
		}
		strict[key] = add(&e.Strict, strict[key], c, x)
	}
	for _, all := range [][]stats.Context{e.Repos, e.Tasks, e.Strict} {
		slices.SortFunc(all, func(a, b stats.Context) int {
			return cmp.Or(cmp.Compare(a.Repo, b.Repo), cmp.Compare(a.Task, b.Task), cmp.Compare(a.Level, b.Level))
		})
	}
	return e
}
