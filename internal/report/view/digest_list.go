package view

import (
	"fmt"
	"strings"

	"pi-track/internal/report/section"
	"pi-track/internal/stats"
)

// listing is how a sentence of the digest stands in one line with others of its
// group.
type listing struct {
	group string // what has the same stands together
	head  string // how the line begins
	list  string // what the line says of this one
	// how the few words begin that stand for it, where others of the group begin alike
	shortHead string
	several   string // what a number of them are: 3 retried in vain
	lookAll   string // where to look further for all of them
	brief     bool   // one line is enough for all of them
}

func (w *writer) listing(x *section.Sentence) listing {
	l := listing{group: x.Code, lookAll: "report digest", brief: x.Least}
	name, when := middle(x.Label(x.Helper), 40)+w.place(x, 20), ""
	if x.From != nil {
		when = " " + w.clock.moment(*x.From)
	}
	l.several = x.Code
	l.list = fmt.Sprintf("%s%s (%s of %s)", name, when, thousands(x.K), thousands(x.N))
	switch x.Code {
	case string(stats.WorseSince), string(stats.BetterSince), string(stats.BrokenSince):
		l.head = upperFirst(x.Code) + ": "
		if x.Was != nil && x.Was.Value != nil && x.Is.Value != nil {
			l.list = fmt.Sprintf("%s%s (%s → %s)", name, when, whole(1-*x.Was.Value), whole(1-*x.Is.Value))
		}
	case string(stats.Outage):
		l.head = "Outages: "
		l.list = fmt.Sprintf("%s%s – %s (%s of %s)", name, when, w.clock.until(*x.From, *x.To), thousands(x.K), thousands(x.N))
	case string(stats.SlowerSince), string(stats.FasterSince):
		l.head = upperFirst(x.Code) + ": "
		l.list = fmt.Sprintf("%s%s (p50 × %.2g)", name, when, x.P50Ratio.Value)
	case string(stats.ContextBound):
		l.head, l.lookAll = "Fail in one place: ", "report flaky"
		if x.Rest != nil {
			l.list = fmt.Sprintf("%s (%s of %s; else %s of %s)", name, thousands(x.K), thousands(x.N), thousands(x.Rest.K), thousands(x.Rest.N))
		}
	case section.FailsWith:
		l.head = "Fail with: "
		l.list = fmt.Sprintf("%s with %s%s (%s of %s)", name, w.tiedWords(x.Tied, 20), when, thousands(x.K), thousands(x.N))
	case section.CancelledSince:
		l.head, l.list = "Cancelled more since: ", fmt.Sprintf("%s%s (%s%s)", name, when, w.cancelledChange(x), cancelledHow(x.Cancelled))
	case string(stats.AlwaysCancelled), string(stats.OftenCancelled):
		l.head = upperFirst(x.Code) + ": "
		if x.From != nil {
			when = " since" + when
		}
		l.list = fmt.Sprintf("%s%s (%s of %s%s)", name, when, thousands(x.K), thousands(x.N), cancelledHow(x.Cancelled))
	case section.RetryLoop:
		l.several = "retried in vain"
		l.head, l.list = "Retried in vain: ", fmt.Sprintf("%s%s (%s in a row)", name, when, thousands(x.K))
	case section.NotUsed:
		l.head, l.list = "No longer used since: ", name+" "+w.clock.day(*x.From)
	case string(stats.FlakyClass), string(stats.FailsOften):
		l.head, l.lookAll, l.brief = upperFirst(x.Code)+": ", "report flaky", true
	case section.CompletedMore, section.CompletedLess:
		l.group, l.head, l.lookAll = "effect", "Tasks complete ("+section.Association+") ", "report effect"
		often := "more often"
		l.shortHead = "tasks complete more with "
		if x.Code == section.CompletedLess {
			often, l.shortHead = "less often", "tasks complete less with "
		}
		l.list = fmt.Sprintf("%s with %s (%+.0f points)", often, name, 100**x.Gain)
	default:
		l.head = upperFirst(x.Code) + ": "
	}
	return l
}

func upperFirst(s string) string { return strings.ToUpper(s[:1]) + s[1:] }
