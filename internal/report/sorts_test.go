package report

import (
	"fmt"
	"testing"
	"time"

	"pi-track/internal/event"
	"pi-track/internal/report/query"
	"pi-track/internal/report/section"
)

// sorted is a log in which a name stands for several helpers.
func sorted(t *testing.T) string {
	t.Helper()
	var events []event.Event
	add := func(n int, kind event.Kind, name string, status event.Status) {
		for range n {
			at := noon.Add(-time.Duration(200-len(events)) * time.Minute)
			run := pair(at, fmt.Sprintf("01990000-0000-7000-8000-%012d", len(events)), name, status, 5)
			for i := range run {
				run[i].Kind = kind
				if kind == event.ExtensionTool {
					run[i].Ext = "servers"
				}
			}
			events = append(events, run...)
		}
	}
	add(9, event.Script, "mcp", event.Succeeded)
	add(9, event.ExtensionTool, "mcp", event.Failed)
	add(9, event.Job, "mcp", event.Failed) // a script that is a job now is one helper
	add(6, "skill", "pdf", event.Succeeded)
	add(2, "skill", "pdf", event.Failed) // says nothing of the skill
	add(3, "prompt", "pdf", event.Succeeded)
	add(9, event.ExtensionCommand, "deploy", event.Succeeded)
	return writeLog(t, events...)
}

// TestAHelperIsItsNameAndItsSort: in every section.
func TestAHelperIsItsNameAndItsSort(t *testing.T) {
	all := append(everything, section.SectionUnused)
	r := build(t, query.Options{Logs: []string{sorted(t)}, Sections: all, Configured: []query.Configured{{Name: "pdf", Kind: "script"}, {Name: "mcp", Kind: "loop"}}})
	got := map[string]string{}
	for _, h := range r.Helpers.Rows {
		got[h.Label(h.Name)] = fmt.Sprintf("%d runs, %d of %d failed, %d used, %s, %d days", h.Runs, h.Failed, h.Success.N, h.Used, h.Verdict.Class, len(h.Days))
		if (h.Success.Value == nil) != (h.Sort == query.Skill || h.Sort == query.Prompt) || h.Few {
			t.Errorf("%s: %+v", h.Name, h.Success)
		}
	}
	for name, want := range map[string]string{
		"mcp (shell helper)": "18 runs, 9 of 18 failed, 0 used, broken since, 14 days",
		"mcp (tool)":         "9 runs, 9 of 9 failed, 0 used, broken, 14 days",
		"pdf (skill)":        "8 runs, 0 of 0 failed, 8 used, used, 14 days",
		"pdf (prompt)":       "3 runs, 0 of 0 failed, 3 used, used, 14 days",
		"deploy":             "9 runs, 0 of 9 failed, 0 used, solid, 14 days",
	} {
		if got[name] != want {
			t.Errorf("%s: %s, want %s", name, got[name], want)
		}
	}
	if len(got) != 5 || r.Overview.Helpers != 5 || r.Overview.Used != 11 || r.Overview.Success.N != 36 || r.Overview.Failed != 18 {
		t.Errorf("%d helpers, overview %+v", len(got), r.Overview)
	}
	if len(r.Flaky.Rows) != 2 || len(r.Flaky.Few) != 0 || r.Flaky.Solid != 1 {
		t.Errorf("flaky %+v", r.Flaky)
	}
	if len(r.Failures.Rows) != 2 || r.Failures.Rows[0].Count != 9 || r.Failures.Rows[0].Label("mcp") != "mcp (shell helper)" || r.Failures.Rows[1].Label("mcp") != "mcp (tool)" {
		t.Errorf("failures %+v", r.Failures.Rows)
	}
	if len(r.Trend.Rows) != 5 || len(r.Context.Rows) != 5 {
		t.Errorf("%d rows of trend, %d of context", len(r.Trend.Rows), len(r.Context.Rows))
	}
	if len(r.Unused.Rows) != 1 || r.Unused.Rows[0].Label("pdf") != "pdf (shell helper)" {
		t.Errorf("unused %+v", r.Unused.Rows)
	}
}

func TestWhyOfSeveralSorts(t *testing.T) {
	o := query.Options{Logs: []string{sorted(t)}, Sections: []query.Section{section.SectionWhy}, Why: "mcp"}
	if r := build(t, o); r.Why != nil || fmt.Sprint(r.WhySorts) != "[shell helper tool]" {
		t.Errorf("why %+v, sorts %v", r.Why, r.WhySorts)
	}
	for kind, failed := range map[string]int64{"tool": 9, "extension_tool": 9, "shell*": 9, "job": 9} {
		o.Filter.Kind = []string{kind}
		r := build(t, o)
		if r.Why == nil || r.Why.Helper.Failed != failed || len(r.Why.Failures) != 1 || len(r.Why.Periods) != 1 {
			t.Errorf("%s: %+v", kind, r.Why)
		}
	}
	o.Filter = query.Filter{Ext: []string{"serv*"}}
	if r := build(t, o); r.Why == nil || r.Why.Helper.Sort != query.Tool {
		t.Errorf("by extension: %+v", r.Why)
	}
	o.Why = "pdf"
	o.Filter = query.Filter{Kind: []string{"skill"}}
	if r := build(t, o); r.Why == nil || r.Why.Helper.Used != 8 || r.Why.Helper.Verdict.Class != "used" {
		t.Errorf("a skill: %+v", r.Why)
	}
}

func TestByExtension(t *testing.T) {
	r := build(t, query.Options{Logs: []string{sorted(t)}, By: []query.Key{query.ByExt}})
	if len(r.Groups.Rows) != 2 || r.Groups.Rows[0].Value != "servers" || r.Groups.Rows[0].Runs != 9 {
		t.Errorf("%+v", r.Groups.Rows)
	}
}
