package view

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"pi-track/internal/event"
	"pi-track/internal/report/query"
	"pi-track/internal/report/section"
)

// trialLog plants 200 tasks: with use-notes 3 of 4 are completed, without 1 of 4.
func trialLog(t *testing.T) string {
	l := &logWriter{}
	for i := range 200 {
		at := now.Add(-time.Duration(i+1) * time.Hour)
		arm := []string{"on", "off"}[i%2]
		in := func(e *event.Event) { e.TaskID = fmt.Sprintf("task-%03d", i) }
		l.run(at, "use-notes", event.Succeeded, func(e *event.Event) { in(e); e.Trial = event.Trial{Experiment: "x1", Arm: arm} })
		status := event.Succeeded
		if (i/2%4 == 0) == (arm == "on") {
			status = event.Failed
		}
		l.run(at.Add(time.Minute), "task", status, func(e *event.Event) { in(e); e.Kind, e.Src = event.Job, "emit" })
	}
	return l.write(t)
}

func trialPage(t *testing.T) string {
	return htmlOf(t, build(t, query.Options{Logs: []string{trialLog(t)}, Sections: HTML.Sections(),
		Experiments: []query.Experiment{{ID: "x1", Unit: "task", Share: 50}}}))
}

// checkExperiment: the page tells the arms and the verdict of an experiment.
func checkExperiment(t *testing.T, b *browser) {
	if got := columnOf(t, b, "experiment-x1", 1); strings.Join(got, " ") != "on off" {
		t.Errorf("the arms are %q", got)
	}
	if got := columnOf(t, b, "experiment-x1", 3); strings.Join(got, " ") != "75.0% 25.0%" {
		t.Errorf("completed %q", got)
	}
	got := eval[string](t, b, `document.getElementById("h-experiment").parentElement.innerText`)
	for _, want := range []string{"use-notes", "running", "it helps: more are completed with it", "on − off: +50.0 ["} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is not in %q", want, got)
		}
	}
	checkContents(t, b)
	b.check(t)
}

// TestNoExperiment: only who asks for experiments alone is told that there are none.
func TestNoExperiment(t *testing.T) {
	log := []string{(&logWriter{}).write(t)}
	const none = "none has a call in the log"
	if out := htmlOf(t, build(t, query.Options{Logs: log, Sections: HTML.Sections()})); strings.Contains(out, "h-experiment") {
		t.Error("the page of everything has an empty section")
	}
	if out := htmlOf(t, build(t, query.Options{Logs: log, Sections: []query.Section{section.SectionExperiment}})); !strings.Contains(out, none) {
		t.Error("it does not say that there are none")
	}
}

// TestExperimentAtTheHead: the head of every page names the helpers that are not
// run as always, and says nothing where there are none.
func TestExperimentAtTheHead(t *testing.T) {
	log := []string{trialLog(t)}
	for want, names := range map[string][]string{
		"in an experiment now: use-notes, a&lt;b (report experiment)</p>": {"use-notes", "a<b"},
		"UTC</span></p>": nil,
	} {
		out := htmlOf(t, build(t, query.Options{Logs: log, Sections: HTML.Sections(), Trying: names}))
		head, _, ok := strings.Cut(out, "</header>")
		if !ok || !strings.Contains(head, want) || strings.Contains(head, "in an experiment") != (names != nil) {
			t.Errorf("%q is not in the head of the page: %s", want, head[max(0, len(head)-300):])
		}
	}
}
