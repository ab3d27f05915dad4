// Package synth makes logs for tests and benchmarks: realistic in size,
// popularity and disorder, with troubles planted whose verdicts are known.
// The same seed gives the same bytes. No program of pi-track links it.
package synth

import (
	"bufio"
	"container/heap"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"time"

	"pi-track/internal/event"
)

// Options say what log to make.
type Options struct {
	Seed  uint64
	Runs  int
	Start time.Time     // of the first run
	Span  time.Duration // from the first to the last run
	// Dirty is how many of 20 000 lines are torn, foreign or written twice;
	// ten times as many come late.
	Dirty int
}

// Helper is one helper of a synthetic log.
type Helper struct {
	Name     string
	Kind     event.Kind
	FailRate float64
	Median   float64 // of its durations, ms
	Trouble  string  // "" or what is planted
}

// Troubles are what is planted, by helper: the verdict that each must get.
var Troubles = map[string]string{
	"helper-05": "broken", "helper-07": "flaky", "helper-09": "context-bound", "helper-11": "outage", "helper-13": "broken since",
}

const helpers, repos, hosts = 60, 200, 4

// Write writes the log and returns how many lines it has.
func Write(w io.Writer, o Options) (int64, error) {
	g := newGenerator(o)
	out := bufio.NewWriterSize(w, 1<<20)
	g.out = &dirt{w: out, rng: g.rng, per: o.Dirty}
	for range o.Runs {
		g.run()
	}
	for len(g.pending) > 0 {
		g.flush(g.pending[0].TS)
	}
	g.out.end()
	if g.out.err == nil {
		g.out.err = out.Flush()
	}
	return g.out.lines, g.out.err
}

type generator struct {
	Options
	rng      *rand.Rand
	helpers  []Helper
	pick     *rand.Zipf
	pickRepo *rand.Zipf
	sessions []session
	now      time.Time
	pending  lines
	out      *dirt
	n        int
}

// session is where runs come from.
type session struct {
	id, task, host, repo string
	left                 int
}

func newGenerator(o Options) *generator {
	rng := rand.New(rand.NewPCG(o.Seed, 20261120))
	g := &generator{Options: o, rng: rng, now: o.Start}
	kinds := []event.Kind{event.Script, event.Script, event.ExtensionTool, event.Script, event.Job, event.ExtensionCommand, event.Loop}
	for i := range helpers {
		name := fmt.Sprintf("helper-%02d", i)
		g.helpers = append(g.helpers, Helper{
			Name: name, Kind: kinds[i%len(kinds)], FailRate: 0.002 + 0.01*rng.Float64(),
			Median: math.Exp(3 + 6*rng.Float64()), Trouble: Troubles[name],
		})
	}
	g.pick = rand.NewZipf(rng, 1.1, 4, helpers-1)
	g.pickRepo = rand.NewZipf(rng, 1.2, 3, repos-1)
	for range 24 {
		g.sessions = append(g.sessions, g.session())
	}
	return g
}

func (g *generator) uuid(at time.Time) string {
	ms := uint64(at.UnixMilli())
	a, b := g.rng.Uint64(), g.rng.Uint64()
	return fmt.Sprintf("%08x-%04x-7%03x-%04x-%012x", ms>>16, ms&0xffff, a&0xfff, 0x8000|a>>12&0x3fff, b&0xffffffffffff)
}

func (g *generator) session() session {
	s := session{
		id: g.uuid(g.now), host: fmt.Sprintf("%032x", 0x5eed+uint64(g.rng.IntN(hosts))),
		repo: fmt.Sprintf("/home/dev/src/repo-%03d", g.pickRepo.Uint64()), left: 1 + g.rng.IntN(80),
	}
	if g.rng.IntN(3) > 0 {
		s.task = fmt.Sprintf("task-%d", 1000+g.rng.IntN(1+g.n/40+20))
	}
	if g.rng.IntN(20) == 0 {
		s.repo = ""
	}
	return s
}

// run writes what is due and plans one run.
func (g *generator) run() {
	g.n++
	g.now = g.now.Add(time.Duration(g.rng.ExpFloat64() * float64(g.Span) / float64(g.Runs))).Truncate(time.Millisecond)
	g.flush(g.now)
	i := g.rng.IntN(len(g.sessions))
	s := &g.sessions[i]
	if s.left--; s.left < 0 {
		*s = g.session()
	}
	h := &g.helpers[g.pick.Uint64()]
	e := event.Event{
		TS: g.now, ID: g.uuid(g.now), Kind: h.Kind, Name: h.Name, Status: event.Started,
		CWD: s.repo, Scope: "global", Repo: s.repo, SessionID: s.id, TaskID: s.task, Host: s.host,
		PID: 1000 + g.rng.IntN(60000), Src: "shim",
	}
	if s.repo == "" {
		e.CWD = "/home/dev"
	} else if g.rng.IntN(4) == 0 {
		e.Scope = "project"
		e.CWD += "/pkg/server"
	}
	if g.rng.IntN(5) == 0 {
		e.ParentID = g.uuid(g.now)
		e.RootID = e.ParentID
	}
	if h.Kind == event.ExtensionTool {
		e.Src, e.PID, e.CallID, e.Ext = "extension", 0, "call_"+e.ID[24:], "tools"
	}
	g.write(e)
	if g.rng.IntN(5000) == 0 {
		return // never ends
	}
	heap.Push(&g.pending, g.end(e, h))
}

// flush writes the ends that are due.
func (g *generator) flush(now time.Time) {
	for len(g.pending) > 0 && !g.pending[0].TS.After(now) {
		g.write(heap.Pop(&g.pending).(event.Event))
	}
}

func (g *generator) write(e event.Event) { g.out.event(&e) }

// lines are events, the earliest first.
type lines []event.Event

func (l lines) Len() int           { return len(l) }
func (l lines) Less(i, j int) bool { return l[i].TS.Before(l[j].TS) }
func (l lines) Swap(i, j int)      { l[i], l[j] = l[j], l[i] }

// Push implements heap.Interface.
func (l *lines) Push(x any) { *l = append(*l, x.(event.Event)) }

// Pop implements heap.Interface.
func (l *lines) Pop() any {
	x := (*l)[len(*l)-1]
	*l = (*l)[:len(*l)-1]
	return x
}
