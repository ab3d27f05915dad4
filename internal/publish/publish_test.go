package publish

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"pi-track/internal/report/query"
	"pi-track/internal/report/runs"
	"pi-track/internal/report/section"
)

// harmless are the strings of a report that say nothing of repos, tasks, errors
// and places.
var harmless = strings.Fields(`Query.TZ Query.By Query.Sort Filter.Name Filter.Kind Filter.Ext Filter.Session Filter.Scope
	Filter.Host Filter.Status Overview.Trying Sentence.Code Sentence.Helper Which.Sort Beside.Key Beside.Before Beside.Since Cancelled.Signal
	Sentence.Within Day.Date Helper.Name Helper.Kind Verdict.Class Verdict.Level HelperChange.Class Group.Key Group.Value
	HelperVerdict.Helper HelperVerdict.Kind HelperVerdict.Last ContextCounts.Last Flaky.Few Failure.Helper Failure.Kind
	Failure.ID Failure.Signal Tied.Key Tied.Value EffectRow.Helper EffectRow.Within EffectRow.Verdict Decider.Helper Effect.Caveat TrendRow.Helper
	TrendRow.Arrow UnusedRow.Name UnusedRow.Kind ContextRow.Helper TrialResult.ID TrialResult.Helper TrialResult.Unit Arm.Name
	TrialResult.Verdict WhyPeriod.Start WhyPeriod.Unit Revision.Rev Report.WhySorts Warning.Code`)

// Every string of a report is known to be harmless, or hidden where it is not
// to be published: a new one has to be put on one of the lists.
func TestEveryStringIsJudged(t *testing.T) {
	known := map[string]bool{}
	for _, name := range harmless {
		known[name] = true
	}
	found := map[string]bool{}
	seen := map[reflect.Type]bool{}
	var walk func(rt reflect.Type)
	walk = func(rt reflect.Type) {
		for rt.Kind() == reflect.Pointer || rt.Kind() == reflect.Slice {
			rt = rt.Elem()
		}
		if rt.Kind() == reflect.Map {
			t.Errorf("%v: a map is not copied", rt)
		}
		if rt.Kind() != reflect.Struct || seen[rt] || rt.String() == "time.Time" {
			return
		}
		seen[rt] = true
		for i := range rt.NumField() {
			f := rt.Field(i)
			of := f.Type
			for of.Kind() == reflect.Pointer || of.Kind() == reflect.Slice {
				of = of.Elem()
			}
			if name := rt.Name() + "." + f.Name; of.Kind() == reflect.String {
				found[name] = true
				if _, hidden := kinds[name]; hidden == known[name] {
					t.Errorf("%s: put it on one list", name)
				}
			}
			walk(f.Type)
		}
	}
	walk(reflect.TypeOf(section.Report{}))
	for name := range kinds {
		if !found[name] {
			t.Errorf("%s: a report has no such string", name)
		}
	}
}

func TestMask(t *testing.T) {
	repo := "/secret/repo"
	r := &section.Report{
		Query:  query.Query{Logs: []string{"/home/ana/events.jsonl"}},
		Digest: &section.Digest{Rows: []section.Sentence{{Helper: "deploy", Repo: &repo, Task: "T-secret", Look: "report why deploy --repo secret"}}},
		Failures: &section.Failures{Rows: []section.Failure{
			{Helper: "deploy", Repo: repo, Repos: []string{repo, "/other"}, Task: "T-secret", Text: "secret text", Stderr: "secret tail"},
		}},
		Warnings: []runs.Warning{{Text: "left out: /home/ana/secret/events.jsonl", File: "/home/ana/x"}},
	}
	before, _ := json.Marshal(r)
	m := NewMask(nil)
	out, _ := json.Marshal(m.Report(r))
	for _, hidden := range []string{"secret", "/home", "/other", "T-"} {
		if strings.Contains(string(out), hidden) {
			t.Errorf("%s in %s", hidden, out)
		}
	}
	masked := m.Report(r)
	if f := masked.Failures.Rows[0]; f.Repo != "repo 1" || f.Repos[1] != "repo 2" || *masked.Digest.Rows[0].Repo != "repo 1" || f.Task != "task 1" {
		t.Errorf("%+v", masked.Failures.Rows[0])
	}
	if after, _ := json.Marshal(r); string(after) != string(before) {
		t.Error("the report was changed")
	}
	if f := NewMask(Fields).Report(r).Failures.Rows[0]; f.Repo != repo || f.Text != "secret text" || f.Task != "T-secret" {
		t.Errorf("%+v", f)
	}
}

func TestFile(t *testing.T) {
	var n Names
	seen := map[string]string{}
	for _, name := range []string{"deploy", "Deploy", "a.b", "../x", "..", ".", "", "a/b", "a b", "fx:1", "ü", "~", strings.Repeat("x", 300), "a?b", "con%2f", "<b>", "-rf", "a\nb"} {
		file := n.File(name, "shell helper")
		bad := strings.Trim(file, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._") != "" || file[0] == '.' || len(file) > 100
		if key := strings.ToLower(file); bad || seen[key] != "" || !strings.HasSuffix(file, ".html") {
			t.Errorf("%q: %q, also of %q", name, file, seen[key])
		}
		seen[strings.ToLower(file)] = name + "."
	}
	if f := (&Names{}).File("deploy", "tool"); f != "deploy.html" {
		t.Error(f)
	}
	if a, b := n.File("two", "tool"), n.File("two", "command"); a == b {
		t.Error(a)
	}
}
