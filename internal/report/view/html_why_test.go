package view

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"pi-track/internal/report/query"
	"pi-track/internal/report/section"
)

// checkWhy: the page about one helper tells what the terminal tells.
func checkWhy(t *testing.T, b *browser) {
	for _, id := range []string{"why-contexts", "why-failures", "why-periods"} {
		if n := eval[int](t, b, fmt.Sprintf(`document.querySelectorAll("#%s tbody tr").length`, id)); n == 0 {
			t.Errorf("the table %s has no rows", id)
		}
	}
	if title := eval[string](t, b, `document.getElementById("h-why").innerText`); !strings.Contains(title, hostileName) {
		t.Errorf("the title is %q", title)
	}
	if eval[bool](t, b, `"owned" in window`) {
		t.Error("a text of the log ran")
	}
	b.check(t)
}

func TestWhyPageWithoutRuns(t *testing.T) {
	r := build(t, query.Options{Logs: []string{(&logWriter{}).write(t)}, Sections: []query.Section{section.SectionOverview}})
	r.Why = section.WhyNone("nobody")
	if out := htmlOf(t, r); !strings.Contains(out, "Why nobody") || !strings.Contains(out, "no runs match") {
		t.Error("the page does not say that no runs match")
	}
}

// TestDateOfDay: a day has its own date also where its midnight is left out.
func TestDateOfDay(t *testing.T) {
	loc, err := time.LoadLocation("America/Santiago")
	if err != nil {
		t.Fatal(err)
	}
	w := &writer{clock: clock{now: now, loc: loc}}
	if got := w.date("2026-09-06"); got != "Sep 6" {
		t.Error(got)
	}
}
