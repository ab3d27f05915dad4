package view

import (
	"strings"
	"testing"
	"time"

	"github.com/jedib0t/go-pretty/v6/text"

	"pi-track/internal/report/query"
	"pi-track/internal/report/section"
	"pi-track/internal/stats"
)

// Names are cut in their middle, and never wider than there is room.
func TestMiddle(t *testing.T) {
	for _, v := range []struct {
		in    string
		width int
		want  string
	}{{"abcdef", 6, "abcdef"}, {"abcdef", 5, "ab…ef"}, {"abcdef", 4, "ab…f"}, {"abcdef", 3, "a…f"}, {"abcdef", 2, "a…"}, {"abcdef", 1, "…"}, {"日本語", 5, "日…語"}, {"日本語", 4, "日…"}, {"", 0, ""}} {
		if got := middle(v.in, v.width); got != v.want || text.StringWidth(got) > max(v.width, 1) {
			t.Errorf("%q to %d: %q, not %q", v.in, v.width, got, v.want)
		}
	}
}

// A table gives up the widest of its texts first, and no more than it must.
func TestGridShrinks(t *testing.T) {
	grid := func() *grid {
		return &grid{
			columns: []layout{{title: "name", left: true, least: 4}, {title: "n"}, {title: "text", left: true, least: 6, prose: true}},
			rows:    [][]cell{{{text: "abcdefghij"}, {text: "7"}, {text: "twelve chars"}}, {{text: "abc"}, {text: "1,000"}, {text: "x"}}},
		}
	}
	g := grid()
	if whole := 10 + gap + 5 + gap + 12; g.width() != whole || g.shrinkable() != 6+6 {
		t.Errorf("%d wide, %d to be had", g.width(), g.shrinkable())
	}
	for excess, want := range map[int][2]string{0: {"abcdefghij", "twelve chars"}, 1: {"abcdefghij", "twelve cha…"}, 2: {"abcdefghij", "twelve ch…"}, 3: {"", ""}, 4: {"", ""}, 12: {"ab…j", "twelv…"}, 99: {"ab…j", "twelv…"}} {
		g := grid()
		g.shrink(excess)
		if got := [2]string{g.rows[0][0].text, g.rows[0][2].text}; want[0] != "" && got != want || g.rows[1][1].text != "1,000" {
			t.Errorf("%d less: %q, not %q", excess, got, want)
		}
		if w := g.width(); excess <= 12 && w > grid().width()-excess {
			t.Errorf("%d less: still %d wide", excess, w)
		}
	}
	empty := grid()
	for i := range empty.rows {
		empty.rows[i][1].text = []string{"", nothing}[i]
	}
	if got := empty.withoutEmpty(); len(got.columns) != 3 {
		t.Errorf("a column that may not go is gone: %+v", got.columns)
	}
	empty.columns[1].drop = 1
	if got := empty.withoutEmpty(); len(got.columns) != 2 || len(got.rows[0]) != 2 || got.columns[1].title != "text" {
		t.Errorf("%+v", got.columns)
	}
	full := grid()
	full.columns[1].drop = 1
	if got := full.withoutEmpty(); len(got.columns) != 3 {
		t.Errorf("%+v", got.columns)
	}
	if got := trimLines("a  \n b \n\n"); got != "a\n b\n\n" {
		t.Errorf("%q", got)
	}
}

// Texts that another program would take for more than texts.
func TestInertTexts(t *testing.T) {
	for in, want := range map[string]string{"": "", "a": "a", "=1+1": "'=1+1", "+1": "+1", "-1.5e3": "-1.5e3", "-x": "'-x", "@a": "'@a", "＝1": "'＝1", "－1": "'－1", "＋a": "'＋a", "＠a": "'＠a", "a=b": "a=b"} {
		if got := inert(in); got != want {
			t.Errorf("%q: %q, not %q", in, got, want)
		}
	}
	if got, want := markdownText("\\`*_[]<>&#~a|b"), "\\\\\\`\\*\\_\\[\\]&lt;&gt;&amp;\\#\\~a|b"; got != want {
		t.Errorf("%s, not %s", got, want)
	}
	x := 1.5
	at := time.Date(2026, 11, 30, 1, 2, 3, 0, time.UTC)
	for got, want := range map[string]string{optional(nil) + "|": "|", optional(&x): "1.5", instant(nil) + ".": ".", instant(&at): "2026-11-30T01:02:03Z", strings.Join(interval(nil), ","): ",,", strings.Join(interval(&stats.Interval{Value: 1, Low: .5, High: 2}), ","): "1,0.5,2", integer(-7): "-7", number(1e-7): "0.0000001"} {
		if got != want {
			t.Errorf("%q, not %q", got, want)
		}
	}
}

// What a model is told fits, in whole lines, and what a program printed is quoted.
func TestAgentsLines(t *testing.T) {
	line := strings.Repeat("é", 99)
	var lines []string
	for range AgentLimit / 100 {
		lines = append(lines, line)
	}
	if got := withinLimit(lines); len([]rune(got)) != AgentLimit/100*100 || strings.Contains(got, "more:") {
		t.Errorf("%d characters", len([]rune(got)))
	}
	lines = append(lines, line)
	got := withinLimit(lines)
	if n := len([]rune(got)); n > AgentLimit || n <= AgentLimit-100-27 || !strings.HasSuffix(got, "\n… (more: pi-track report)\n") {
		t.Errorf("%d characters, %q", n, got[len(got)-40:])
	}
	for _, n := range []int{0, 1, quoteLimit - 6, quoteLimit - 5, quoteLimit, 3 * quoteLimit} {
		got := quote("l", strings.Repeat("é", n))
		if whole := n+len(`l: ""`) <= quoteLimit; len([]rune(got)) > quoteLimit || strings.Contains(got, "…") == whole || whole && len([]rune(got)) != n+5 || !whole && len([]rune(got)) != quoteLimit {
			t.Errorf("%d letters: %d", n, len([]rune(got)))
		}
	}
	if got := quote("l", "a \"b\"\n c"); got != `l: "a 'b' c"` {
		t.Error(got)
	}
	for in, want := range map[string]string{"a\n\tb": "a b", "  a  b": "  a b", "": "", " \n ": " "} {
		if got := inOneLine(in); got != want {
			t.Errorf("%q: %q, not %q", in, got, want)
		}
	}
	if got := failureWords(&section.Failure{Text: "t", Fingerprint: "f"}) + failureWords(&section.Failure{Fingerprint: "f"}); got != "tf" {
		t.Error(got)
	}
}

// The period in words, and how many rows are left out.
func TestPeriodInWords(t *testing.T) {
	a, b := time.Date(2026, 11, 1, 10, 0, 0, 0, time.UTC), time.Date(2026, 11, 2, 11, 30, 0, 0, time.UTC)
	for _, v := range []struct {
		p    query.Period
		o    section.Overview
		want string
	}{
		{query.Period{Since: &a, Until: &b}, section.Overview{}, "Nov 1 10:00 – Nov 2 11:30"}, {query.Period{Since: &a}, section.Overview{First: &a, Last: &b}, "since Nov 1 10:00"}, {query.Period{Until: &b}, section.Overview{}, "until Nov 2 11:30"},
		{query.Period{}, section.Overview{First: &a, Last: &b}, "the whole log, Nov 1 10:00 – Nov 2 11:30"}, {query.Period{}, section.Overview{First: &a}, "the whole log"}, {query.Period{}, section.Overview{}, "the whole log"},
	} {
		w := &writer{r: &section.Report{Query: query.Query{Period: v.p}}, clock: clock{now: b, loc: time.UTC}}
		if got := w.period(&v.o); got != v.want {
			t.Errorf("%q, not %q", got, v.want)
		}
	}
	if omitted(0) != nil || omitted(1)[0].text != "… 1 more row: --limit 0 shows all" || omitted(2)[0].text != "… 2 more rows: --limit 0 shows all" {
		t.Error(omitted(0), omitted(1), omitted(2))
	}
}
