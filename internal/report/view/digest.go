package view

import (
	"fmt"
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
	var more []string
	if !w.digestAlone() && len(said) > digestLines {
		said, more = packed(said, width)
	}
	k := block{}
	for _, s := range said {
		k.lines = append(k.lines, cell{withLook(s.saying, width), s.style})
	}
	for _, line := range more {
		k.lines = append(k.lines, cell{line, faint})
	}
	return k
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
	weight int    // 2: the table below does not tell it: a date, an effect; 0: the table tells as much
	count  int    // sentences that it stands for, 0 is one
	listing
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
			out = append(out, named{saying: w.fitting(x, width), short: w.shortSaying(x), helper: x.Helper, weight: weight(x), listing: w.listing(x)})
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

// digestColumns are of CSV alone: a reader gets sentences.
func digestColumns() []column[section.Sentence] {
	type row = section.Sentence
	// known leaves the fields empty that say nothing of the sentence
	known := func(names string, is func(x *row) bool, texts func(x *row) []string) column[row] {
		return fields(names, func(x *row) []string {
			if !is(x) {
				return make([]string, len(strings.Fields(names)))
			}
			return texts(x)
		})
	}
	return []column[row]{
		fields("code helper sort", func(x *row) []string { return []string{x.Code, x.Helper, x.Sort} }),
		known("repo", func(x *row) bool { return x.Repo != nil }, func(x *row) []string { return []string{*x.Repo} }),
		fields("task from to k n", func(x *row) []string {
			return []string{x.Task, instant(x.From), instant(x.To), integer(x.K), integer(x.N)}
		}),
		known("rest_k rest_n", func(x *row) bool { return x.Rest != nil },
			func(x *row) []string { return []string{integer(x.Rest.K), integer(x.Rest.N)} }),
		known("gain with without", func(x *row) bool { return x.Gain != nil },
			func(x *row) []string { return []string{number(*x.Gain), integer(x.With), integer(x.Other)} }),
		known("loops spent_ms tokens cost", func(x *row) bool { return x.Loops > 0 },
			func(x *row) []string {
				return []string{integer(x.Loops), integer(x.SpentMS), integer(x.Tokens), number(x.Cost)}
			}),
		known("p50_ratio", func(x *row) bool { return x.P50Ratio != nil }, func(x *row) []string { return []string{number(x.P50Ratio.Value)} }),
		known("fails_with value", func(x *row) bool { return x.Tied != nil }, func(x *row) []string { return []string{x.Tied.Key, x.Tied.Value} }),
		field("look", func(x *row) string { return x.Look }),
	}
}
