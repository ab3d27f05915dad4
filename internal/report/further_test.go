package report

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"pi-track/internal/event"
	"pi-track/internal/report/query"
	"pi-track/internal/report/section"
)

// furtherTroubles is a month of helpers that are in trouble beyond how often they
// fail, or when, among sixteen that are not.
func furtherTroubles(t *testing.T) string {
	p := &plantedRuns{}
	r := rand.New(rand.NewPCG(11, 0))
	type run struct {
		failed bool
		ms     float64
		change func(*event.Event)
	}
	helpers := map[string]func(day int, model, agent string) run{
		"slow": func(day int, _, _ string) run {
			if day >= 24 {
				return run{ms: 3}
			}
			return run{ms: 1}
		},
		"by-model": func(_ int, model, _ string) run { return run{failed: model == "m-2" && r.IntN(5) < 3, ms: 1} },
		"by-agent": func(_ int, _, agent string) run { return run{failed: agent == "pi 1.6.0" && r.IntN(3) > 0, ms: 1} },
		"stopped": func(day int, _, _ string) run {
			if day >= 26 && r.IntN(2) == 0 {
				return run{change: func(e *event.Event) { e.Status, e.Signal, e.DurationMS, e.Error = event.Cancelled, "TERM", 30012, "" }}
			}
			return run{ms: 1}
		},
	}
	names := []string{"slow", "by-model", "by-agent", "stopped"}
	for i := range 16 {
		rate := float64(i%4) / 15
		names = append(names, fmt.Sprint("steady-", i))
		helpers[names[len(names)-1]] = func(int, string, string) run { return run{failed: r.Float64() < rate, ms: 1} }
	}
	for day := range 36 {
		for hour := range 9 {
			session := fmt.Sprint("day-", day, "-", hour)
			repo, model, agent := fmt.Sprint("/r/", r.IntN(3)), fmt.Sprint("m-", 1+r.IntN(3)), "pi 1.5.2"
			if day >= 20 && r.IntN(2) == 0 {
				agent = "pi 1.6.0"
			}
			for i, name := range names {
				at := changeStart.AddDate(0, 0, day).Add(time.Duration(hour*60+i) * time.Minute)
				x := helpers[name](day, model, agent)
				p.add(name, at, x.failed, func(e *event.Event) {
					e.Repo, e.Model, e.Agent, e.SessionID = repo, model, agent, session
					e.DurationMS = int64(2000 * x.ms * math.Exp(.5*r.NormFloat64()))
					if x.change != nil {
						x.change(e)
					}
				})
			}
		}
	}
	return p.write(t)
}

// TestDigestTellsMoreThanVerdicts: longer durations, what a helper fails with, and
// timeouts that began, each with its numbers and its date.
func TestDigestTellsMoreThanVerdicts(t *testing.T) {
	rows := reportOf(t, query.Options{Logs: []string{furtherTroubles(t)}, Sections: []query.Section{section.SectionDigest}}).Digest.Rows
	told := map[string]section.Sentence{}
	for _, x := range rows {
		switch {
		case x.Code == section.MostUsed || x.Code == section.FailsMost:
		case x.Helper[:3] == "ste" && x.Code != "flaky" && x.Code != "fails often":
			t.Errorf("%s: %s", x.Helper, x.Code)
		case x.Helper[:3] != "ste":
			if _, twice := told[x.Helper]; twice {
				t.Errorf("%s: told twice, as %s", x.Helper, x.Code)
			}
			told[x.Helper] = x
		}
	}
	since := func(x section.Sentence, day int) bool {
		return x.From != nil && x.From.Sub(changeStart.AddDate(0, 0, day)).Abs() < 24*time.Hour
	}
	if x := told["slow"]; x.Code != "slower since" || !since(x, 24) || x.P50Ratio == nil || x.P50Ratio.Low < 2 || x.P50Ratio.High > 4.5 {
		t.Errorf("slow: %+v", x)
	}
	if x := told["by-model"]; x.Code != section.FailsWith || x.Tied == nil || *x.Tied != (section.Tied{Key: "model", Value: "m-2"}) ||
		x.Rest.K != 0 || x.K*3 < x.N || x.N+x.Rest.N != 324 || x.From != nil {
		t.Errorf("by-model: %+v %+v", x, x.Tied)
	}
	if x := told["by-agent"]; x.Code != section.FailsWith && x.Code != "worse since" || !since(x, 20) {
		t.Errorf("by-agent: %+v", x)
	}
	if x := told["stopped"]; x.Code != section.CancelledSince || !since(x, 26) || x.Cancelled == nil || x.Cancelled.Signal != "TERM" || x.Cancelled.TimeoutMS != 30000 {
		t.Errorf("stopped: %+v %+v", x, x.Cancelled)
	}
}
