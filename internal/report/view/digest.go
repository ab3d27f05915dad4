package view

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/jedib0t/go-pretty/v6/text"

	"pi-track/internal/report/section"
	"pi-track/internal/stats"
)

// digestLines is how many lines the digest takes at the top of a report.
const digestLines = 6

// saying is a sentence of the digest in words.
type saying struct {
	text  string
	tight string // the same in fewer words, where there are; for narrow terminals
	look  string
	style style
}

// digest is the block at the top of a report, or all there is to say.
func (w *writer) digest(d *section.Digest) block {
	width := w.width
	said := w.sayings(d, width)
	more := ""
	if most := digestLines - 1; !w.digestAlone() && len(said) > digestLines {
		more = moreWords(said[most:], width)
		said = said[:most]
	}
	k := block{}
	for _, s := range said {
		k.lines = append(k.lines, cell{withLook(s.saying, width), s.style})
	}
	if more != "" {
		k.lines = append(k.lines, cell{more, faint})
	}
	return k
}

// moreWords says how many sentences are left out, and of what as far as there is
// room for it.
func moreWords(left []named, width int) string {
	if width == 0 || width > digestWidth {
		width = digestWidth
	}
	line := fmt.Sprintf("%d more: report digest", len(left))
	left = slices.Clone(left)
	slices.SortStableFunc(left, func(a, b named) int { return cmp.Compare(b.dated, a.dated) })
	var names []string
	for i, s := range left {
		end := ")"
		if i+1 < len(left) {
			end = ", …)"
		}
		if text.StringWidth(line+" ("+strings.Join(append(names, s.short), ", ")+end) > width {
			break
		}
		names = append(names, s.short)
	}
	switch len(names) {
	case 0:
		return line
	case len(left):
		return line + " (" + strings.Join(names, ", ") + ")"
	}
	return line + " (" + strings.Join(names, ", ") + ", …)"
}

// digestAlone says whether the digest is all that was asked for.
func (w *writer) digestAlone() bool { return w.r.Overview == nil }

// withLook puts where to look further at the end of the line, where there is
// room for it.
func withLook(s saying, width int) string {
	used := text.StringWidth(s.text) + text.StringWidth(s.look)
	switch {
	case width > 0 && text.StringWidth(s.text) > width && s.tight != "":
		return s.tight
	case s.look == "":
		return s.text
	case width == 0:
		return s.text + "  " + s.look
	case used+gap > width:
		return s.text
	}
	return s.text + strings.Repeat(" ", min(width, digestWidth)-min(used, min(width, digestWidth)-gap)) + s.look
}

// digestWidth is the column at which the looks end on wide terminals.
const digestWidth = 110

// named is a saying with the few words that stand for it where it is left out.
type named struct {
	saying
	short  string
	helper string // "" for the ranking
	dated  int    // 1: the few words have a date, which the table below does not tell
}

// sayings is the whole digest in words, the ranking first.
func (w *writer) sayings(d *section.Digest, width int) []named {
	var used, failing []section.Sentence
	for _, x := range d.Rows {
		switch x.Code {
		case section.MostUsed:
			used = append(used, x)
		case section.FailsMost:
			failing = append(failing, x)
		}
	}
	var out []named
	if len(used) > 0 || len(d.Rows) == 0 {
		out = append(out, named{saying: saying{text: w.rankingWords(used, failing, width), style: strong}})
	}
	for i := range d.Rows {
		x := &d.Rows[i]
		said := x.Code == section.MostUsed || x.Code == section.FailsMost
		if x.Code == string(stats.Broken) && len(failing) > 0 && failing[0].Helper == x.Helper && failing[0].Sort == x.Sort {
			said = true // that all runs failed
		}
		if !said {
			out = append(out, named{w.fitting(x, width), w.shortSaying(x), x.Helper, dated(x)})
		}
	}
	return out
}

// rankingWords says what is used most and fails most in one line, with as many
// names as there is room for.
func (w *writer) rankingWords(used, failing []section.Sentence, width int) string {
	if len(used) == 0 {
		return "No runs match."
	}
	fails := "   No run failed."
	if len(failing) > 0 {
		x := &failing[0]
		name := x.Label(x.Helper)
		if width > 0 {
			name = middle(name, max(12, width/3))
		}
		fails = fmt.Sprintf("   Fails most: %s (%s of %s).", name, thousands(x.K), thousands(x.N))
	}
	if w.r.Query.Filter.Status != nil {
		fails = ""
	}
	for n := len(used); ; n-- {
		if n == 0 { // not even one with its share
			x := &used[0]
			return fmt.Sprintf("Most used: %s (%s).", middle(x.Label(x.Helper), 20), thousands(x.K)) + strings.Replace(fails, "   ", " ", 1)
		}
		var names []string
		for i, x := range used[:n] {
			name := x.Label(x.Helper)
			if i == 0 {
				runs := "runs"
				if x.K == 1 {
					runs = "run"
				}
				name += fmt.Sprintf(" (%s %s, %s)", thousands(x.K), runs, whole(float64(x.K)/float64(x.N)))
			}
			names = append(names, name)
		}
		line := "Most used: " + strings.Join(names, ", ") + "." + fails
		if width == 0 || text.StringWidth(line) <= width {
			return line
		}
	}
}

// whole is a fraction in whole percent: 20 %.
func whole(p float64) string {
	x := fmt.Sprintf("%.0f", 100*p)
	switch {
	case x == "0" && p > 0:
		x = "<1"
	case x == "100" && p < 1:
		x = ">99"
	}
	return x + " %"
}

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
	where, elsewhere := "", ""
	if x.Repo != nil {
		where = " in " + middle(w.names.repo(*x.Repo), names)
		if x.Task != "" {
			where = " in task " + middle(x.Task, names)
		}
	}
	if x.Rest != nil && x.Rest.N > 0 {
		elsewhere = fmt.Sprintf("; elsewhere %s of %s", thousands(x.Rest.K), thousands(x.Rest.N))
	}
	switch stats.Class(x.Code) {
	case stats.BrokenSince, stats.WorseSince, stats.BetterSince:
		s.tight = fmt.Sprintf("%s is %s %s%s: %s.", name, x.Code, w.clock.moment(*x.From), where, w.changed(x, of))
		s.text = s.tight
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
	case stats.FailsOften:
		s.text = fmt.Sprintf("%s fails often%s (%s%s).", name, where, of, elsewhere)
	case stats.AlwaysCancelled, stats.OftenCancelled:
		s.text = fmt.Sprintf("%s is %s (%s%s).", name, x.Code, of, cancelledHow(x.Cancelled))
	case stats.Outage:
		s.text = fmt.Sprintf("%s had an outage %s – %s: %s.", name, w.clock.moment(*x.From), w.clock.until(*x.From, *x.To), w.changed(x, of))
		s.tight = strings.Replace(s.text, " had an outage ", ": outage ", 1)
	}
	switch x.Code {
	case section.RetryLoop:
		s.text = fmt.Sprintf("%s was retried in vain%s: %s failures in a row %s – %s%s.",
			name, where, thousands(x.K), w.clock.moment(*x.From), w.clock.until(*x.From, *x.To), loopWords(x))
		s.tight = fmt.Sprintf("%s was retried in vain%s: %s in a row, %s%s.", name, where, thousands(x.K), w.clock.day(*x.From), loopWords(x))
	case section.NotUsed:
		s.style = plain
		s.text = fmt.Sprintf("%s is no longer used: last on %s, before on %s of %s days (%s days since).",
			name, w.clock.day(*x.From), thousands(x.K), thousands(x.N), thousands(x.Other))
		s.tight = fmt.Sprintf("%s is no longer used since %s (%s of %s days before).", name, w.clock.day(*x.From), thousands(x.K), thousands(x.N))
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

// loopWords is what retry loops cost.
func loopWords(x *section.Sentence) string {
	words := " (" + span(float64(x.SpentMS))
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
	if c.TimeoutMS > 0 {
		words += fmt.Sprintf(", timed out at %s", span(float64(c.TimeoutMS)))
	}
	return words
}

// dated is 1 for a sentence on what began or happened at some moment.
func dated(x *section.Sentence) int {
	if x.From != nil && x.Code != section.NotUsed {
		return 1
	}
	return 0
}

// shortSaying names what a sentence is about in a few words.
func (w *writer) shortSaying(x *section.Sentence) string {
	name := x.Label(x.Helper)
	switch {
	case x.Gain != nil && x.Code == section.CompletedMore:
		return "tasks with " + name + " complete more"
	case x.Gain != nil:
		return "tasks with " + name + " complete less"
	case x.Code == section.RetryLoop:
		return name + " retried in vain " + w.clock.day(*x.From)
	case x.Code == section.NotUsed:
		return name + " no longer used"
	case x.From != nil:
		return name + " " + strings.TrimSuffix(x.Code, " since") + " " + w.clock.day(*x.From)
	}
	return name + " " + x.Code
}

func digestSheet(rows []section.Sentence) sheet {
	s := sheet{header: []string{"code", "helper", "sort", "repo", "task", "from", "to", "k", "n", "rest_k", "rest_n", "gain", "with", "without", "loops", "spent_ms", "look"}}
	for i := range rows {
		x := &rows[i]
		repo, rest := "", []string{"", ""}
		if x.Repo != nil {
			repo = *x.Repo
		}
		if x.Rest != nil {
			rest = []string{integer(x.Rest.K), integer(x.Rest.N)}
		}
		effect, loops := []string{"", "", ""}, []string{"", ""}
		if x.Loops > 0 {
			loops = []string{integer(x.Loops), integer(x.SpentMS)}
		}
		if x.Gain != nil {
			effect = []string{number(*x.Gain), integer(x.With), integer(x.Other)}
		}
		s.rows = append(s.rows, slices.Concat([]string{x.Code, x.Helper, x.Sort, repo, x.Task, instant(x.From), instant(x.To), integer(x.K), integer(x.N)},
			rest, effect, loops, []string{x.Look}))
	}
	return s
}
