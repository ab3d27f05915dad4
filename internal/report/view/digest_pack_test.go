package view

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jedib0t/go-pretty/v6/text"

	"pi-track/internal/report/section"
	"pi-track/internal/stats"
)

// TestDigestNamesAllThatMatters: helpers that are merely flaky leave room for the
// changes and effects of a month, each of which is named within six lines.
func TestDigestNamesAllThatMatters(t *testing.T) {
	from := now.AddDate(0, 0, -5)
	was, is := stats.NewRate(95, 100), stats.NewRate(50, 100)
	d := &section.Digest{Rows: []section.Sentence{
		{Code: section.MostUsed, Helper: "format-tests", K: 20, N: 100},
		{Code: section.FailsMost, Helper: "transcribe-models", K: 9, N: 20},
	}}
	var weighty []string
	add := func(name string, x section.Sentence) {
		x.Helper, x.K, x.N, x.Look = name, 50, 100, "report why "+name
		d.Rows = append(d.Rows, x)
		weighty = append(weighty, name)
	}
	for i := range 9 {
		d.Rows = append(d.Rows, section.Sentence{Code: string(stats.FlakyClass), Helper: fmt.Sprint("flaky-", i), K: 20, N: 100})
	}
	for _, class := range []stats.Class{stats.WorseSince, stats.BrokenSince, stats.Outage} {
		x := section.Sentence{Code: string(class), From: &from, Was: &was, Is: &is}
		if class == stats.Outage {
			x.To = &now
		}
		add("helper-"+strings.Fields(string(class))[0], x)
	}
	for i, gain := range []float64{.25, -.2} {
		add(fmt.Sprint("helper-with-effect-", i), section.Sentence{Code: []string{section.CompletedMore, section.CompletedLess}[i], Gain: &gain})
	}
	for _, width := range []int{0, 80, 100, 120, 200} {
		r := &section.Report{GeneratedAt: now, Digest: d, Overview: &section.Overview{}}
		w := newWriter(r, Options{Location: time.UTC, Width: width})
		var lines []string
		for _, c := range w.digest(d).lines {
			lines = append(lines, c.text)
			if width > 0 && text.StringWidth(c.text) > width {
				t.Errorf("%d columns: %q is too long", width, c.text)
			}
		}
		if len(lines) > digestLines {
			t.Errorf("%d columns: %d lines", width, len(lines))
		}
		for _, name := range weighty {
			if !slices.ContainsFunc(lines, func(l string) bool { return strings.Contains(l, name) }) {
				t.Errorf("%d columns: %s is not named in\n%s", width, name, strings.Join(lines, "\n"))
			}
		}
	}
}

// TestSeveralLeftOut: of alike sentences that have no room the weighty ones are
// named, with where they are true, and the others counted.
func TestSeveralLeftOut(t *testing.T) {
	web := "/home/user/src/web"
	w := newWriter(&section.Report{GeneratedAt: now}, Options{Location: time.UTC})
	of := func(code, helper string, x section.Sentence) named {
		x.Code, x.Helper, x.K, x.N = code, helper, 20, 100
		return named{short: w.shortSaying(&x), weight: weight(&x), listing: w.listing(&x)}
	}
	flaky, rest := string(stats.FlakyClass), &section.Part{N: 100}
	a := of(flaky, "a", section.Sentence{Repo: &web})
	least := of(flaky, "c", section.Sentence{Least: true})
	loop := of(section.RetryLoop, "d", section.Sentence{Least: true, From: &now, To: &now})
	for want, all := range map[string][]named{
		"a in web flaky, 1 more flaky":       {a, least},
		"2 flaky":                            {least, least},
		"3 retried in vain":                  {loop, loop, loop},
		"a in web flaky, a in web flaky":     {a, a},
		"b fails only in web":                {of(string(stats.ContextBound), "b", section.Sentence{Repo: &web, Rest: rest})},
		"b fails mostly in web":              {of(string(stats.ContextBound), "b", section.Sentence{Repo: &web, Rest: &section.Part{K: 30, N: 100}})},
		"b in task T-1 fails often":          {of(string(stats.FailsOften), "b", section.Sentence{Repo: &web, Task: "T-1"})},
		"b in web worse " + w.clock.day(now): {of(string(stats.WorseSince), "b", section.Sentence{Repo: &web, From: &now})},
	} {
		if got := severalWords(all); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// TestListedChanges: where alike sentences share a line, each says what it was and what
// it is.
func TestListedChanges(t *testing.T) {
	from := now.AddDate(0, 0, -5)
	was, is := stats.NewRate(95, 100), stats.NewRate(40, 100)
	d := &section.Digest{}
	for i := range 12 {
		d.Rows = append(d.Rows, section.Sentence{
			Code: string(stats.WorseSince), Helper: fmt.Sprint("h", i), From: &from, Was: &was, Is: &is, K: 60, N: 100, Look: "report why h",
		})
	}
	w := newWriter(&section.Report{GeneratedAt: now, Digest: d, Overview: &section.Overview{}}, Options{Location: time.UTC})
	said := fmt.Sprint(w.digest(d).lines)
	if !strings.Contains(said, "(5 % → 60 %)") {
		t.Errorf("not what fails before and since: %s", said)
	}
}
