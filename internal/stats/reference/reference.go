// Package reference judges the runs of one helper in the plainest way, from texts and
// in any order. The tests of the verdicts and of the faster code compare with it.
package reference

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"pi-track/internal/stats"
)

// Outcome is one run that succeeded or failed.
type Outcome struct {
	At      int64 // Unix ms
	Repo    string
	Task    string
	Session string
	Failed  bool
}

// Classify is the verdict on the runs of one helper, judged alone. They may be
// in any order, but those of the same time count in the order given.
func Classify(runs []Outcome, now time.Time) stats.Verdict {
	runs = inOrder(runs)
	trials := make([]stats.Trial, len(runs))
	numbers := map[string]uint32{"": 0}
	number := func(text string) uint32 {
		if _, ok := numbers[text]; !ok {
			numbers[text] = uint32(len(numbers))
		}
		return numbers[text]
	}
	for i, r := range runs {
		trials[i] = stats.Trial{
			At: r.At, ID: uint32(i), Repo: number(r.Repo), Task: number(r.Task), Session: number(r.Session), Failed: r.Failed,
		}
	}
	var c stats.Changes
	found := [][]stats.Change{c.Find(trials)}
	stats.Told(found, 1)
	over := func(at int64) bool { return stats.Over(found[0], at) }
	return stats.Judge(stats.Grounds{
		All:       Gather(runs),
		Rest:      Gather(slices.DeleteFunc(slices.Clone(runs), func(r Outcome) bool { return over(r.At) })),
		Changes:   found[0],
		Recovered: stats.Recoveries(slices.DeleteFunc(trials, func(t stats.Trial) bool { return over(t.At) })),
	}, now)
}

func inOrder(runs []Outcome) []Outcome {
	runs = slices.Clone(runs)
	slices.SortStableFunc(runs, func(a, b Outcome) int { return cmp.Compare(a.At, b.At) })
	return runs
}

// Gather sums runs up to the evidence of a verdict; see Classify.
func Gather(runs []Outcome) *stats.Evidence {
	runs = inOrder(runs)
	repos, tasks := map[string]int{}, map[repoTask]int{}
	for _, r := range runs {
		repos[r.Repo]++
		if r.Task != "" {
			tasks[repoTask{r.Repo, r.Task}]++
		}
	}
	e := &stats.Evidence{}
	var byRepo, byTask, strict contexts
	for _, r := range runs {
		e.All.Add(r.At, r.Failed)
		byRepo.add(stats.LevelRepo, r.Repo, "", r)
		if r.Task != "" {
			byTask.add(stats.LevelTask, r.Repo, r.Task, r)
		}
		switch {
		case tasks[repoTask{r.Repo, r.Task}] >= stats.MinContext:
			strict.add(stats.LevelTask, r.Repo, r.Task, r)
		case repos[r.Repo] >= stats.MinContext:
			strict.add(stats.LevelRepo, r.Repo, "", r)
		default:
			strict.add(stats.LevelNone, "", "", r)
		}
	}
	e.Repos, e.Tasks, e.Strict = byRepo.list(), byTask.list(), strict.list()
	for i := range e.Repos {
		countWorks(&e.Repos[i], runs)
	}
	return e
}

// countWorks counts the tasks of a repo, and the runs without one.
func countWorks(c *stats.Context, runs []Outcome) {
	failed := map[string]bool{}
	for i, r := range runs {
		if r.Repo != c.Repo {
			continue
		}
		work := r.Task
		if work == "" {
			work = fmt.Sprint("run ", i)
		}
		failed[work] = failed[work] || r.Failed
	}
	for _, f := range failed {
		if c.Works++; f {
			c.FailedWorks++
		}
	}
}

type repoTask struct{ repo, task string }

// contexts collects sequences by context.
type contexts struct {
	index map[contextKey]int
	all   []stats.Context
}

type contextKey struct {
	level stats.Level
	repoTask
}

func (c *contexts) add(level stats.Level, repo, task string, r Outcome) {
	if c.index == nil {
		c.index = map[contextKey]int{}
	}
	k := contextKey{level, repoTask{repo, task}}
	i, ok := c.index[k]
	if !ok {
		i = len(c.all)
		c.index[k] = i
		c.all = append(c.all, stats.Context{Level: level, Repo: repo, Task: task})
	}
	c.all[i].Add(r.At, r.Failed)
}

// list is the contexts in a fixed order.
func (c *contexts) list() []stats.Context {
	slices.SortFunc(c.all, func(a, b stats.Context) int {
		return cmp.Or(
			cmp.Compare(a.Repo, b.Repo), cmp.Compare(a.Task, b.Task), cmp.Compare(a.Level, b.Level))
	})
	return c.all
}
