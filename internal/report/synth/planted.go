package synth

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"pi-track/internal/event"
)

// Planted is a log of five weeks up to now with five helpers in trouble, each
// in another way, among three that are not: always-broken fails always,
// flaky-web in the repo web only and comes back, bound-infra always in the
// repo infra and only there, outage-sync for a day last week, regressed-build
// since yesterday. There are few data on seldom.
func Planted(now time.Time) []byte {
	p := planter{rng: rand.New(rand.NewPCG(7, 11)), now: now}
	repos := []string{"web", "api", "infra"}
	for i := range 35 * 6 {
		at := now.Add(-time.Duration(35*6-i)*4*time.Hour + 30*time.Minute)
		repo := repos[i%3]
		days := now.Sub(at).Hours() / 24
		p.add(at, "solid-lint", repo, i == 60, "error: 3 problems found in /src/"+repo+"/main.go")
		p.add(at.Add(time.Minute), "solid-test", repo, false, "")
		p.add(at.Add(2*time.Minute), "flaky-web", repo, repo == "web" && p.rng.IntN(2) == 0, fmt.Sprintf("error: timed out after %d ms waiting for the page", 30000+i))
		p.add(at.Add(3*time.Minute), "bound-infra", repo, repo == "infra", "terraform: state is locked by 4b1d77aa-0c1e-4a51-9d3f-2f7f61f6a0"+fmt.Sprintf("%02d", i%100))
		if i%2 == 0 {
			p.add(at.Add(4*time.Minute), "always-broken", repo, true, "sh: 1: jqq: not found")
			p.add(at.Add(5*time.Minute), "outage-sync", repo, days > 6 && days < 8.5, "fatal: connection to 10.0.0.7:873 refused")
			p.add(at.Add(6*time.Minute), "regressed-build", repo, days < 1.5, "panic: runtime error: index out of range [4] with length 4")
		}
		if i%60 == 0 {
			p.add(at.Add(7*time.Minute), "seldom", repo, i == 0, "error: it is raining")
		}
	}
	slices.SortStableFunc(p.events, func(a, b event.Event) int { return a.TS.Compare(b.TS) })
	var log []byte
	for i := range p.events {
		log = p.events[i].Append(log)
	}
	return log
}

type planter struct {
	rng    *rand.Rand
	now    time.Time
	events []event.Event
}

// add is one run with both of its lines.
func (p *planter) add(at time.Time, name, repo string, failed bool, text string) {
	ms := uint64(at.UnixMilli())
	code := 0
	e := event.Event{
		TS: at, Kind: event.Script, Name: name, Status: event.Started, Scope: "global", Src: "shim",
		ID:  fmt.Sprintf("%08x-%04x-7000-8000-%012x", ms>>16, ms&0xffff, len(p.events)+1),
		CWD: "/src/" + repo, Repo: "/src/" + repo, SessionID: fmt.Sprintf("session-%d", at.Unix()/86400),
		TaskID: fmt.Sprintf("T-%d", at.Unix()/86400/3), Host: "7f3a", PID: 100 + len(p.events),
	}
	end := e
	end.Status, end.ExitCode, end.DurationMS = event.Succeeded, &code, 200+p.rng.Int64N(800)
	if failed {
		code = 1
		end.Status, end.Error = event.Failed, text
	}
	end.TS = at.Add(time.Duration(end.DurationMS) * time.Millisecond)
	p.events = append(p.events, e, end)
}
