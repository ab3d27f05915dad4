package section

import (
	"math/rand/v2"
	"reflect"
	"testing"

	"pi-track/internal/report/sum"
	"pi-track/internal/stats/reference"
)

func TestEvidenceIsThatOfStats(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	s := &shared{}
	id := func(d *sum.Dict, text string) uint32 {
		c := sum.NewDictCache(d, 64)
		return c.ID([]byte(text))
	}
	g := gatherer{shared: s}
	for range 50 {
		var o sum.Outcomes
		var runs []reference.Outcome
		for i := range 20 + rng.IntN(200) {
			repo, task := []string{"", "web", "api", "z"}[rng.IntN(4)], []string{"", "", "t1", "t2", "t3"}[rng.IntN(5)]
			failed := rng.IntN(3) == 0
			at := int64(1795000000000) + int64(i)
			o.Add(sum.Outcome{At: at, ID: uint32(i), Failed: failed, Repo: id(&s.repos, repo), Task: id(&s.tasks, task)})
			runs = append(runs, reference.Outcome{At: at, Repo: repo, Task: task, Failed: failed})
		}
		if got, want := g.evidence(o.Latest(), true), reference.Gather(runs); !reflect.DeepEqual(got, want) {
			t.Fatalf("got %+v\nwant %+v", got, want)
		}
	}
}
