package main

import (
	"fmt"
	"math/rand/v2"
	"time"

	"pi-track/internal/event"
)

// oddLines are what made-up logs lack: skills, experiments with offers and calls, outcomes of tasks
// that were stated, reaped runs, what runs ran with, texts that are hard to mask, and failures
// of one millisecond, and ends of which there are two.
func oddLines(host int, start time.Time) [][]byte {
	rng := rand.New(rand.NewPCG(11, uint64(host)))
	var out [][]byte
	add := func(e event.Event) { out = append(out, e.Append(nil)) }
	at := start
	for i := range 400 {
		at = at.Add(time.Duration(rng.IntN(5000)) * time.Second)
		e := event.Event{
			TS: at, ID: event.NewID(at), Kind: event.Script, Name: fmt.Sprintf("odd-%d", i%7), Status: event.Succeeded, DurationMS: rng.Int64N(100000),
			Repo: fmt.Sprintf("/srv/r%d/", i%3), Host: fmt.Sprint("host", host), TaskID: fmt.Sprintf("odd-task-%d-%d", host, i/6), SessionID: fmt.Sprintf("s%d", i/20), Src: "shim",
			Rev: fmt.Sprint("rev", i/150), Agent: "pi 0.9", Model: fmt.Sprint("model-", i%2), CWD: "/srv/r0",
		}
		switch i % 8 {
		case 0: // a task ends
			e.Kind, e.Name, e.Src, e.DurationMS = event.Job, "task", "emit", 0
			if rng.IntN(3) == 0 {
				e.Status = event.Failed
			}
		case 1, 2: // an experiment
			e.Kind, e.Name, e.Src = event.ExtensionTool, "recall", "extension"
			e.Trial = event.Trial{Experiment: "recall-1", Arm: []string{"on", "off"}[i/6%2]}
			e.Usage = &event.Usage{Tokens: rng.Int64N(9999), Cost: float64(rng.IntN(1e6)) / 3e5}
			if i%8 == 1 {
				e.CallID = "call"
			}
		case 3:
			e.Kind, e.Name = event.Skill, "write-tests"
		case 4:
			e.Status, e.Src, e.Error, e.TS = event.Cancelled, "reaped", "supervisor was killed", at.Add(time.Hour)
		case 5:
			e.Status, e.TS = event.Failed, start.Add(72*time.Hour)
			e.Error = []string{"can't open «/tmp/é/x» at line 12", `it's "odd" 'text' deadbeef`, "", "a\tb"}[i/8%4]
			if code := i % 5; e.Error == "" && code > 0 {
				e.ExitCode = &code
			}
		case 6:
			e.Status, e.Kind, e.Signal = event.Cancelled, event.Loop, "INT"
		default:
			e.Kind, e.Name = event.ExtensionCommand, "odd-1" // of the name of a shell helper
		}
		if i%8 != 7 || i%3 > 0 {
			start := e
			start.TS, start.Status, start.DurationMS, start.Error, start.ExitCode, start.Signal, start.Usage, start.Src = at, event.Started, 0, "", nil, "", nil, "shim"
			add(start)
		}
		if i%50 != 49 {
			add(e)
		}
		if i%9 == 3 { // the same end says something else, too: all have to take the same one
			e.Name, e.Kind, e.Repo, e.Src, e.Usage = "odd-twin", event.Loop, "/srv/r9", "run", &event.Usage{Tokens: 9, Cost: 0.1 * float64(i), Model: "m"}
			add(e)
		}
	}
	return out
}
