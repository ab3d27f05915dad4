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

// TestShortWords: what alike sentences begin with is said once, and what has no room is
// passed over for something shorter.
func TestShortWords(t *testing.T) {
	gain := .2
	w := newWriter(&section.Report{GeneratedAt: now}, Options{Location: time.UTC})
	of := func(x section.Sentence) named {
		return named{short: w.shortSaying(&x), weight: weight(&x), listing: w.listing(&x)}
	}
	more := func(helper string) named {
		return of(section.Sentence{Code: section.CompletedMore, Helper: helper, Gain: &gain})
	}
	less := of(section.Sentence{Code: section.CompletedLess, Helper: "c", Gain: &gain})
	long := of(section.Sentence{Code: string(stats.WorseSince), Helper: strings.Repeat("long", 20), From: &now})
	unused := of(section.Sentence{Code: section.NotUsed, Helper: "d", From: &now})
	if got, want := shortWords([]named{more("a"), more("b"), less}), "tasks complete more with a and b, tasks complete less with c"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	for width, want := range map[int]string{
		100: "5 more: report digest (tasks complete more with a and b, tasks complete less with c, …)",
		300: "5 more: report digest (" + long.short + ", tasks complete more with a and b, tasks complete less with c, " + unused.short + ")",
		60:  "5 more: report digest (tasks complete more with a and b, …)",
		50:  "5 more: report digest (" + unused.short + ", …)",
		30:  "5 more: report digest",
	} {
		lines, left := moreWords([]named{long, more("a"), more("b"), less, unused}, width, 1)
		if got := strings.Join(lines, "|"); got != want || (left == 0) != (width == 300) {
			t.Errorf("%d columns: %q, %d left; want %q", width, got, left, want)
		}
	}
}

// TestWordsOfTimeouts: the limit of time is named wherever the sentence is.
func TestWordsOfTimeouts(t *testing.T) {
	w := newWriter(&section.Report{GeneratedAt: now}, Options{Location: time.UTC})
	x := section.Sentence{Code: string(stats.OftenCancelled), Helper: "a", K: 9, N: 10, From: &now, Cancelled: &stats.Cancelled{N: 9, Ended: 10, Signal: "TERM", TimeoutMS: 30000}}
	for got, want := range map[string]string{
		w.saying(&x, 40).text:  "a is often cancelled since " + w.clock.moment(now) + " (9 of 10 by TERM, timed out at 30.0s).",
		w.saying(&x, 40).tight: "a timed out at 30.0s since " + w.clock.moment(now) + " (9 of 10).",
		w.shortSaying(&x):      "a timed out at 30.0s since " + w.clock.day(now),
		w.listing(&x).list:     "a since " + w.clock.moment(now) + " (9 of 10 by TERM, timed out at 30.0s)",
	} {
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	x.Code, x.From = string(stats.AlwaysCancelled), nil
	if got := w.shortSaying(&x); got != "a always timed out at 30.0s" {
		t.Error(got)
	}
	most := section.Sentence{Code: string(stats.FlakyClass), Helper: "b", K: 98, N: 100}
	if got := w.saying(&most, 40).text + w.shortSaying(&most); got != "b nearly always fails (98 of 100).b nearly always fails" {
		t.Error(got)
	}
}
