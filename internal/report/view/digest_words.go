package view

import (
	"cmp"
	"fmt"
	"math"
	"strings"

	"github.com/jedib0t/go-pretty/v6/text"

	"pi-track/internal/report/section"
	"pi-track/internal/stats"
)

// fitting is a sentence in words that fit into a line, its names cut if they
// must be; width 0 is unlimited.
func (w *writer) fitting(x *section.Sentence, width int) saying {
	for s, names := w.saying(x, math.MaxInt), 40; names >= 16; s, names = w.saying(x, names), names-4 {
		if width == 0 || min(text.StringWidth(s.text), text.StringWidth(cmp.Or(s.tight, s.text))) <= width {
			return s
		}
	}
	return w.saying(x, max(10, width/2)) // it is wrapped
}

// saying is a sentence in words; of its names at most so many columns are shown.
func (w *writer) saying(x *section.Sentence, names int) saying {
	name, of := middle(x.Label(x.Helper), names), fmt.Sprintf("%s of %s", thousands(x.K), thousands(x.N))
	s := saying{look: x.Look, style: doubt}
	where, elsewhere := w.place(x, names), ""
	if x.Rest != nil && x.Rest.N > 0 {
		elsewhere = fmt.Sprintf("; elsewhere %s of %s", thousands(x.Rest.K), thousands(x.Rest.N))
	}
	switch stats.Class(x.Code) {
	case stats.BrokenSince, stats.WorseSince, stats.BetterSince:
		s.text = fmt.Sprintf("%s is %s %s%s: %s.", name, x.Code, w.clock.moment(*x.From), where, w.changed(x, of))
		s.tight = s.text
		if names < math.MaxInt { // there is little room
			s.tight = strings.Replace(strings.Replace(s.text, " is ", " ", 1), " failures (n ", " (n ", 1)
		}
		if len(x.Beside) > 0 {
			s.text = strings.TrimSuffix(s.text, ".") + "; " + w.besideWords(&x.Beside[0]) + "."
		}
		s.style = bad
		if stats.Class(x.Code) == stats.BetterSince {
			s.style = good
		}
	case stats.Broken:
		s.text, s.style = fmt.Sprintf("%s is broken: %s runs failed.", name, of), bad
	case stats.ContextBound:
		only := "only"
		if x.Rest != nil && !stats.Sound(x.Rest.K, x.Rest.N) {
			only = "mostly"
		}
		s.text, s.style = fmt.Sprintf("%s fails %s%s (%s%s).", name, only, where, of, elsewhere), bad
	case stats.FlakyClass:
		s.text = fmt.Sprintf("%s is flaky%s (%s failed%s).", name, where, of, elsewhere)
		if nearlyAlways(x) {
			s.text, s.style = fmt.Sprintf("%s nearly always fails%s (%s%s).", name, where, of, elsewhere), bad
		}
	case stats.FailsOften:
		s.text = fmt.Sprintf("%s fails often%s (%s%s).", name, where, of, elsewhere)
	case stats.AlwaysCancelled, stats.OftenCancelled:
		since := ""
		if x.From != nil {
			since = " since " + w.clock.moment(*x.From)
		}
		s.text = fmt.Sprintf("%s is %s%s (%s%s).", name, x.Code, since, of, cancelledHow(x.Cancelled))
		if limit := timeoutOf(x.Cancelled); limit != "" {
			s.tight = fmt.Sprintf("%s %stimed out at %s%s (%s).", name, always(x), limit, since, of)
		}
	case stats.Outage:
		s.text = fmt.Sprintf("%s had an outage %s – %s: %s.", name, w.clock.moment(*x.From), w.clock.until(*x.From, *x.To), w.changed(x, of))
		s.tight = strings.Replace(s.text, " had an outage ", ": outage ", 1)
	}
	switch x.Code {
	case string(stats.SlowerSince), string(stats.FasterSince):
		s.tight = fmt.Sprintf("%s is %s %s: p50 × %.2g (n %s).", name, x.Code, w.clock.moment(*x.From), x.P50Ratio.Value, thousands(x.N))
		s.text = s.tight
		if len(x.Beside) > 0 {
			s.text = strings.TrimSuffix(s.text, ".") + "; " + w.besideWords(&x.Beside[0]) + "."
		}
		if x.Code == string(stats.FasterSince) {
			s.style = good
		}
	case section.FailsWith:
		since := ""
		if x.From != nil {
			since = " since " + w.clock.moment(*x.From)
		}
		s.style = bad
		s.tight = fmt.Sprintf("%s fails with %s%s (%s; else %s of %s).", name, w.tiedWords(x.Tied, names), since, of, thousands(x.Rest.K), thousands(x.Rest.N))
		s.text = s.tight
	case section.CancelledSince:
		s.style = bad
		s.tight = fmt.Sprintf("%s is cancelled more since %s: %s.", name, w.clock.moment(*x.From), w.cancelledChange(x))
		s.text = strings.TrimSuffix(s.tight, ".") + cancelledHow(x.Cancelled) + "."
		if limit := timeoutOf(x.Cancelled); limit != "" {
			s.tight = fmt.Sprintf("%s times out at %s since %s: %s.", name, limit, w.clock.moment(*x.From), w.cancelledChange(x))
		}
	case section.RetryLoop:
		s.text = fmt.Sprintf("%s was retried in vain%s: %s failures in a row %s – %s%s.",
			name, where, thousands(x.K), w.clock.moment(*x.From), w.clock.until(*x.From, *x.To), loopWords(x))
		s.tight = fmt.Sprintf("%s was retried in vain%s: %s in a row, %s%s.", name, where, thousands(x.K), w.clock.day(*x.From), loopWords(x))
		if names < math.MaxInt { // there is little room
			s.tight = fmt.Sprintf("%s retried in vain%s: %s in a row, %s.", name, where, thousands(x.K), w.clock.day(*x.From))
		}
	case section.NotUsed:
		s.style = plain
		s.text = fmt.Sprintf("%s is no longer used: last on %s, before on %s of %s days (%s days since).",
			name, w.clock.day(*x.From), thousands(x.K), thousands(x.N), thousands(x.Other))
		s.tight = fmt.Sprintf("%s is no longer used since %s (before on %s of %s days).", name, w.clock.day(*x.From), thousands(x.K), thousands(x.N))
	}
	if x.Gain != nil {
		more, style := "more", good
		if x.Code == section.CompletedLess {
			more, style = "less", bad
		}
		s.style = style
		s.text = fmt.Sprintf("Tasks with %s complete %s often: %+.0f points within each %s (%s, %s with, %s without).",
			name, more, 100**x.Gain, x.Within, section.Association, thousands(x.With), thousands(x.Other))
		s.tight = fmt.Sprintf("Tasks with %s complete %s: %+.0f points (%s, n %s and %s).",
			name, more, 100**x.Gain, section.Association, thousands(x.With), thousands(x.Other))
	}
	return s
}

// nearlyAlways says whether hardly any run of what is called flaky succeeds.
func nearlyAlways(x *section.Sentence) bool { return 10*x.K > 9*x.N }

// tiedWords names what a helper fails with.
func (w *writer) tiedWords(t *section.Tied, names int) string {
	if t.Key == "rev" {
		return "one of its files"
	}
	return t.Key + " " + middle(t.Value, names)
}

// cancelledChange says how the share of cancelled runs changed.
func (w *writer) cancelledChange(x *section.Sentence) string {
	if x.Was == nil || x.Was.Value == nil {
		return fmt.Sprintf("%s of %s runs", thousands(x.K), thousands(x.N))
	}
	return fmt.Sprintf("%s → %s (n %s)", whole(1-*x.Was.Value), whole(float64(x.K)/float64(x.N)), thousands(x.N))
}

// loopWords is what retry loops cost.
func loopWords(x *section.Sentence) string {
	words := " (" + span(float64(x.SpentMS))
	if x.Tokens > 0 {
		words += ", " + thousands(x.Tokens) + " tokens"
	}
	if x.Cost > 0 {
		words += ", " + money(x.Cost)
	}
	if x.Loops > 1 {
		words += fmt.Sprintf(" in %s such rows", thousands(x.Loops))
	}
	return words + ")"
}

// changed says how the failure rate changed, where that is known.
func (w *writer) changed(x *section.Sentence, of string) string {
	if x.Was == nil || x.Is == nil || x.Was.Value == nil || x.Is.Value == nil {
		return of + " runs failed"
	}
	words := fmt.Sprintf("%s → %s failures (n %s)", whole(1-*x.Was.Value), whole(1-*x.Is.Value), thousands(x.Is.N))
	if stats.Class(x.Code) == stats.Outage {
		words = fmt.Sprintf("%s failed (n %s), %s else", whole(1-*x.Is.Value), thousands(x.Is.N), whole(1-*x.Was.Value))
	}
	return words
}

func cancelledHow(c *stats.Cancelled) string {
	words := ""
	if c == nil {
		return words
	}
	if c.Signal != "" {
		words = " by " + c.Signal
	}
	if limit := timeoutOf(c); limit != "" {
		words += ", timed out at " + limit
	}
	return words
}

// always is a word for helpers that are always cancelled.
func always(x *section.Sentence) string {
	if x.Code == string(stats.AlwaysCancelled) {
		return "always "
	}
	return ""
}

// timeoutOf is the time at which cancelled runs ended, "" where there is none.
func timeoutOf(c *stats.Cancelled) string {
	if c == nil || c.TimeoutMS == 0 {
		return ""
	}
	return span(float64(c.TimeoutMS))
}

// weight is how much it matters to name a sentence beside the table of helpers.
func weight(x *section.Sentence) int {
	switch {
	case x.Least:
		return 0
	case x.From != nil, x.Gain != nil:
		return 2
	}
	return 1
}

// shortSaying names what a sentence is about in a few words.
func (w *writer) shortSaying(x *section.Sentence) string {
	name := x.Label(x.Helper)
	switch {
	case x.Gain != nil && x.Code == section.CompletedMore:
		return "tasks complete more with " + name
	case x.Gain != nil:
		return "tasks complete less with " + name
	case x.Code == section.RetryLoop:
		return name + " retried in vain " + w.clock.day(*x.From)
	case x.Code == section.NotUsed:
		return name + " unused since " + w.clock.day(*x.From)
	case x.Code == section.FailsWith:
		when := ""
		if x.From != nil {
			when = " " + w.clock.day(*x.From)
		}
		return name + " fails with " + w.tiedWords(x.Tied, 20) + when
	case timeoutOf(x.Cancelled) != "":
		when := ""
		if x.From != nil {
			when = " since " + w.clock.day(*x.From)
		}
		return name + " " + always(x) + "timed out at " + timeoutOf(x.Cancelled) + when
	case x.From != nil:
		return name + w.place(x, 16) + " " + strings.TrimSuffix(x.Code, " since") + " " + w.clock.day(*x.From)
	case x.Code == string(stats.ContextBound):
		only := " fails only"
		if x.Rest != nil && !stats.Sound(x.Rest.K, x.Rest.N) {
			only = " fails mostly"
		}
		return name + only + w.place(x, 16)
	case x.Code == string(stats.FlakyClass) && nearlyAlways(x):
		return name + w.place(x, 16) + " nearly always fails"
	case x.Code == string(stats.FailsOften):
		return name + w.place(x, 16) + " fails often"
	}
	return name + w.place(x, 16) + " " + x.Code
}

// place is where a sentence is true, its names cut to so many columns.
func (w *writer) place(x *section.Sentence, names int) string {
	switch {
	case x.Repo == nil:
		return ""
	case x.Task != "":
		return " in task " + middle(x.Task, names)
	}
	return " in " + middle(w.names.repo(*x.Repo), names)
}
