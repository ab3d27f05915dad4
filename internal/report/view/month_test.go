package view

import (
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/txtar"

	"pi-track/internal/event"
	"pi-track/internal/report/query"
	"pi-track/internal/report/section"
)

// month is the planted log with what else a digest can tell: durations and cancelled
// runs that change, what fails with one model or agent, loops, what is no longer used,
// an experiment, several sorts, hosts and revisions.
func month(l *logWriter) {
	planted(l)
	r := rand.New(rand.NewPCG(12, 0))
	for day := range 40 {
		for hour := range 6 {
			at := now.AddDate(0, 0, day-40).Add(time.Duration(hour*97+day) * time.Minute)
			model, agent := fmt.Sprint("model-", 1+r.IntN(3)), "pi 1.5.2"
			if day >= 24 && r.IntN(2) == 0 {
				agent = "pi 1.6.0"
			}
			one := func(name string, failed bool, change func(e *event.Event)) {
				status := event.Succeeded
				if failed {
					status = event.Failed
				}
				at = at.Add(90 * time.Second)
				l.run(at, name, status, func(e *event.Event) {
					e.Model, e.Agent, e.Host, e.Scope = model, agent, fmt.Sprint("host-", day%2), []string{"global", "project"}[hour%2]
					e.SessionID, e.DurationMS = fmt.Sprint("m-", day, "-", hour), int64(1500*math.Exp(.4*r.NormFloat64()))
					if failed {
						e.Error = fmt.Sprintf("error: line %d is not valid", r.IntN(90))
					}
					if change != nil {
						change(e)
					}
				})
			}
			one("slower", false, func(e *event.Event) {
				if day >= 26 {
					e.DurationMS *= 4
				}
			})
			one("faster", false, func(e *event.Event) {
				if day < 18 {
					e.DurationMS *= 5
				}
			})
			one("by-model", model == "model-2" && r.IntN(4) > 0, nil)
			one("by-agent", agent == "pi 1.6.0" && r.IntN(3) > 0, nil)
			one("better", day < 20 && r.IntN(2) == 0, func(e *event.Event) { e.Rev = []string{"aaaa", "bbbb"}[day/20] })
			one("lookup", r.IntN(9) == 0, func(e *event.Event) {
				e.Kind, e.Ext, e.ExitCode, e.CallID = event.ExtensionTool, "search", nil, "c1"
				e.Usage = &event.Usage{Tokens: 900 + int64(day), Input: 700, Output: 200 + int64(day), CacheRead: 40, CacheWrite: 7, Cost: .0031, Model: model}
			})
			if day < 22 {
				one("left-behind", false, nil)
			}
			if day >= 30 && hour < 3 {
				l.run(at.Add(time.Minute), "stopped", event.Cancelled, func(e *event.Event) { e.Signal, e.DurationMS = "TERM", 30011 })
			}
			one("stopped", false, nil)
		}
	}
	for i := range 14 {
		l.run(now.Add(-time.Duration(i+3)*time.Hour), "never-waits", event.Cancelled, func(e *event.Event) { e.Signal, e.DurationMS = "INT", 4000 })
		l.run(now.Add(-time.Duration(i*5)*time.Minute-200*time.Hour), "again-and-again", event.Failed, func(e *event.Event) {
			e.SessionID, e.Error, e.DurationMS = "loop", "error: no such table", 61000
			e.Usage = &event.Usage{Tokens: 5000, Cost: .25}
		})
		l.run(now.Add(-time.Duration(i+9)*11*time.Hour), "again-and-again", event.Succeeded, nil)
		l.run(now.Add(-time.Duration(i)*26*time.Hour), "review", event.Succeeded, func(e *event.Event) { e.Kind = event.Skill })
		l.run(now.Add(-time.Duration(i)*25*time.Hour), "nightly", event.Failed, func(e *event.Event) { e.Kind, e.Signal = event.Job, "KILL" })
	}
	l.run(now.Add(-time.Minute), "format", event.Started, nil)
	for i := range 160 {
		at := now.Add(-time.Duration(i+1) * 5 * time.Hour)
		arm := i % 2
		in := func(e *event.Event) {
			e.TaskID, e.Repo = fmt.Sprintf("trial-%03d", i), home+[]string{"web", "api"}[i/2%2]
		}
		for range 1 + i%3 {
			l.run(at, "use-hints", event.Succeeded, func(e *event.Event) {
				in(e)
				e.Trial = event.Trial{Experiment: "x1", Arm: []string{"on", "off"}[arm]}
			})
		}
		status := event.Succeeded
		if i%(4-2*arm) < 1 || i%7 == 0 {
			status = event.Failed
		}
		l.run(at.Add(5*time.Minute), "task", status, func(e *event.Event) { in(e); e.Kind, e.Src = event.Job, "emit" })
	}
}

var digits = regexp.MustCompile(`(\.[0-9]{7})[0-9]+`)

// TestGoldenMonth: every section of a month in which much went wrong, in each format
// that shows it in another way.
func TestGoldenMonth(t *testing.T) {
	l := &logWriter{}
	month(l)
	path := l.write(t)
	file, err := filepath.Abs(filepath.Join("testdata", "golden", "month.txtar"))
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(filepath.Dir(path))
	all := []query.Section{section.SectionOverview, section.SectionDigest, section.SectionHelpers, section.SectionFlaky, section.SectionFailures, section.SectionEffect,
		section.SectionTrend, section.SectionUnused, section.SectionContext, section.SectionExperiment}
	of := func(o query.Options) *section.Report {
		o.Logs, o.NoIndex = []string{filepath.Base(path)}, true
		o.Configured = []query.Configured{{Name: "left-behind", Kind: "script"}, {Name: "never-used", Kind: "job"}}
		o.Experiments = []query.Experiment{{ID: "x1", Unit: "task", Share: 50}}
		return build(t, o)
	}
	got := &txtar.Archive{Comment: []byte("A month in which much went wrong; go test -update writes it anew.\n")}
	add := func(name string, r *section.Report, o Options) {
		text := readable(renderString(t, r, o), o.Format)
		if o.Format == JSON {
			short, err := json.Marshal(json.RawMessage(text))
			if err != nil {
				t.Fatal(err)
			}
			text = strings.ReplaceAll(string(short), "{", "\n{") + "\n"
		}
		// processors differ in the last digits
		got.Files = append(got.Files, txtar.File{Name: name, Data: digits.ReplaceAll([]byte(text), []byte("$1"))})
	}
	whole, short := of(query.Options{Sections: all}), of(query.Options{Sections: all, Limit: 6})
	add("json", short, Options{Format: JSON})
	add("html", short, Options{Format: HTML})
	for _, width := range []int{70, 100, 150} {
		add(fmt.Sprint("table-", width), whole, Options{Width: width})
	}
	add("wide", whole, Options{Format: Wide})
	add("markdown", whole, Options{Format: Markdown})
	add("prom", whole, Options{Format: Prom})
	digest := of(query.Options{Sections: all[1:2]})
	add("digest", digest, Options{})
	add("digest-60", digest, Options{Width: 60})
	for _, s := range append(all[1:], section.SectionOverview) {
		add("csv-"+string(s), of(query.Options{Sections: []query.Section{s}, Limit: 12}), Options{Format: CSV})
	}
	add("ndjson", of(query.Options{Sections: all[3:], Limit: 3, Until: now.AddDate(0, 0, -10)}), Options{Format: NDJSON})
	for _, name := range []string{"publish", "again-and-again", "stopped", "by-agent", "better"} {
		why := of(query.Options{Sections: []query.Section{section.SectionOverview, section.SectionWhy}, Why: name})
		add("why-"+name, why, Options{Width: 100})
		add("why-json-"+name, why, Options{Format: NDJSON})
	}
	add("why-html", of(query.Options{Sections: []query.Section{section.SectionOverview, section.SectionWhy}, Why: "by-model"}), Options{Format: HTML})
	add("why-csv", of(query.Options{Sections: []query.Section{section.SectionWhy}, Why: "publish"}), Options{Format: CSV})
	for _, by := range [][]query.Key{{query.ByModel}, {query.ByRepo, query.ByWeek}, {query.ByAgent, query.ByScope}, {query.ByExitCode}, {query.ByDay}, {query.ByAgent, query.ByRepo}} {
		r := of(query.Options{Sections: []query.Section{section.SectionHelpers}, By: by, Since: now.AddDate(0, 0, -12), Limit: 5})
		add(fmt.Sprint("by", by), r, Options{Format: Wide})
		add(fmt.Sprint("csv-by", by), r, Options{Format: CSV})
	}
	later := query.Options{Since: now.AddDate(0, 0, -12), Until: now.AddDate(0, 0, -2), Location: time.FixedZone("", 5*3600)}
	later.Sections = []query.Section{section.SectionOverview, section.SectionTrend, section.SectionDigest, section.SectionUnused, section.SectionContext}
	add("later", of(later), Options{Width: 90, NoHeader: true, Location: time.FixedZone("", 5*3600)})
	for _, statuses := range [][]string{{"failed"}, {"started", "cancelled"}} {
		o := query.Options{Sections: append(all[:4:4], section.SectionTrend), Filter: query.Filter{Status: statuses, Repo: []string{"web", "api"}}, Limit: 4}
		add(fmt.Sprint("of", statuses), of(o), Options{Width: 110})
		add(fmt.Sprint("md-of", statuses), of(o), Options{Format: Markdown})
	}
	trying := of(query.Options{Sections: all[:2], Trying: []string{"use-hints", "other"}, Running: []string{l.events[len(l.events)-1].ID}, Filter: query.Filter{Name: []string{"use*", "task"}}})
	add("trying", trying, Options{})
	add("trying-html", trying, Options{Format: HTML})
	for _, by := range query.Sorts {
		add(fmt.Sprint("sorted-by-", by), of(query.Options{Sections: []query.Section{section.SectionHelpers}, Sort: by, MinN: 30}), Options{Width: 60, NoHeader: true})
	}
	for _, names := range [][]string{nil, {"publish", "nightly", "never-waits", "rare-tool"}} {
		var out strings.Builder
		if err := ForAgent(&out, whole, names, time.UTC); err != nil {
			t.Fatal(err)
		}
		got.Files = append(got.Files, txtar.File{Name: fmt.Sprint("agent", names), Data: []byte(out.String())})
	}
	compare(t, file, got)
}
