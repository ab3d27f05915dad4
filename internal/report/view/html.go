package view

import (
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"html/template"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"pi-track/internal/report/section"
	"pi-track/internal/stats"
)

var (
	//go:embed assets/report.html.tmpl
	htmlTemplate string
	//go:embed assets/report.css
	htmlStyle string
	//go:embed assets/report.js
	htmlScript string
)

// page is what the template shows: every figure formatted, every drawing
// with its coordinates. The template only escapes and places.
type page struct {
	Title, Period, Made string
	Generator           template.HTML // of a portal
	Home                string
	Policy              string // Content-Security-Policy
	Style               template.CSS
	Script              template.JS
	Trying              string // helpers that are not run as always
	Digest              []digestLine
	Tiles               []tile
	Warnings            []string
	Days                *daysChart
	Why                 *htmlWhy
	Helpers             *htmlTable
	Few, FlakyRest      string
	Groups              *htmlTable
	GroupsTitle         string
	MoreGroups          int
	Durations           *durationChart
	Matrix              *matrix
	Flaky, Failures     *htmlTable
	MoreFailures        int
	Effect              *forest
	Trials              []htmlTrial
	NoTrials            bool // asked for, and there are none
	Trend               *htmlTable
	TrendNote           string
	TrendChance         string
	Unused              *htmlTable
	UnusedNote          string
	Tables              []*pageTable // sections that are a table and nothing else
}

// pageTable is a section that is one table.
type pageTable struct {
	Title string
	*htmlTable
}

// digestLine is a sentence of the digest.
type digestLine struct{ Text, Class, Look string }

// tile is one figure at the top.
type tile struct {
	Label, Value, Note string
	Class              string
}

// htmlTable is a table that sorts by any column.
type htmlTable struct {
	ID, Caption string
	Columns     []htmlColumn
	Rows        [][]htmlCell
	More        int // rows that a limit cut
}

type htmlColumn struct {
	Title, Help string
	Number      bool
}

// htmlCell is one cell; Sort, when set, is the number to sort by.
type htmlCell struct {
	Text, Class, Tip string
	Link             string
	Sort             string
	Head             bool // names the row
	Badge            bool
	Bar              *float64 // 0…100
	Spark            []sparkDay
}

// renderHTML writes one file that needs nothing else: no network, no other
// file. Without scripts it shows the same; scripts only sort and show tips.
func renderHTML(w io.Writer, r *section.Report, o Options) error {
	t, err := template.New("report").Parse(htmlTemplate)
	if err != nil {
		return err
	}
	return t.Execute(w, newPage(newWriter(r, o)))
}

func newPage(w *writer) *page {
	r := w.r
	p := &page{
		Title:  "pi-track report",
		Made:   r.GeneratedAt.In(w.clock.loc).Format("2006-01-02 15:04 ") + w.clock.zone(),
		Policy: policy(),
		Style:  template.CSS(htmlStyle), // #nosec: our own file
		Script: template.JS(htmlScript), // #nosec: our own file
	}
	if w.portal != nil {
		p.Generator, p.Home = Generator, w.portal.Home
	}
	if r.Digest != nil {
		for _, s := range w.sayings(r.Digest, 0) {
			p.Digest = append(p.Digest, digestLine{Text: s.text, Class: styleClass(s.style), Look: s.look})
		}
	}
	if o := r.Overview; o != nil {
		if len(o.Trying) > 0 {
			p.Trying = tryingWords(o.Trying)
		}
		p.Period = w.period(o)
		if f := filterWords(r.Query.Filter); f != "" {
			p.Period += ", only " + f
		}
		if r.Why == nil { // a page about one helper has no figures of all
			p.Tiles = w.tiles(o)
			p.Days = newDaysChart(w, o.Days)
		}
		for _, c := range w.warnings(o) {
			p.Warnings = append(p.Warnings, strings.TrimPrefix(c.text, "! "))
		}
	}
	if r.Why != nil {
		p.Why = w.htmlWhy(r.Why)
		p.Tiles = whyTiles(&r.Why.Helper)
	}
	if r.Helpers != nil {
		w.htmlHelpers(p, r.Helpers)
		p.Durations = newDurationChart(r.Helpers.Rows)
	}
	if r.Groups != nil {
		w.htmlGroups(p, r.Groups)
	}
	if r.Flaky != nil {
		w.htmlFlaky(p, r.Flaky)
	}
	if r.Context != nil {
		p.Matrix = newMatrix(w, r.Context.Rows)
	}
	if r.Failures != nil {
		p.Failures = w.htmlFailures("failures", r.Failures.Rows)
		p.MoreFailures = r.Failures.Omitted + max(0, len(r.Failures.Rows)-htmlFailures)
	}
	if r.Effect != nil {
		p.Effect = newForest(w, r.Effect)
	}
	if r.Experiment != nil {
		p.Trials = w.htmlTrials(r.Experiment)
		p.NoTrials = len(p.Trials) == 0 && r.Effect == nil // the page of everything leaves them out
	}
	if r.Trend != nil {
		p.TrendNote = w.comparedWords()
		p.TrendChance = byChance(r.Trend.Compared)
		p.Trend = w.htmlTrend(r.Trend)
	}
	if r.Unused != nil {
		w.htmlUnused(p, r.Unused)
	}
	for _, s := range w.sections() {
		if s.page != nil {
			p.Tables = append(p.Tables, s.page())
		}
	}
	return p
}

// policy lets nothing in but the style and the script of this very file:
// even a text that got past the escaping could not run or load anything.
func policy() string {
	hash := func(s string) string {
		sum := sha256.Sum256([]byte(s))
		return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
	}
	return "default-src 'none'; style-src " + hash(htmlStyle) + "; script-src " + hash(htmlScript) + "; base-uri 'none'; form-action 'none'"
}

func (w *writer) tiles(o *section.Overview) []tile {
	running := tile{Label: "running now", Value: thousands(o.Running), Note: withoutEnd(o)}
	if w.portal != nil {
		running.Value, running.Note = runningWords(w.portal.Running)
	}
	out := []tile{
		{Label: "runs", Value: thousands(o.Runs), Note: plural(o.Helpers, "helper") + " in " + plural(o.Repos, "repo")},
		{Label: "run success", Value: rate(o.Success), Note: "of " + thousands(o.Success.N) + ", 95 % interval " + bounds(o.Success), Class: string(tileClass(o.Success))},
		{Label: "failed", Value: thousands(o.Failed), Note: thousands(o.Cancelled) + " cancelled"},
		running,
	}
	if o.Sessions+o.Tasks > 0 {
		out = append(out, tile{Label: "sessions", Value: thousands(o.Sessions), Note: plural(o.Tasks, "task")})
	}
	if u := o.Usage; u != nil {
		out = append(out, tile{Label: "tokens", Value: count(u.Tokens), Note: money(u.Cost) + " in " + plural(u.Runs, "run")})
	}
	lines := tile{Label: "log lines", Value: count(o.Lines), Note: bytes(o.Bytes) + ", all taken"}
	if o.BadLines > 0 {
		lines.Note, lines.Class = thousands(o.BadLines)+" not taken", "doubt"
	}
	return append(out, lines)
}

// whyTiles are the figures of one helper.
func whyTiles(h *section.Helper) []tile {
	out := []tile{
		{Label: "runs", Value: thousands(h.Runs), Note: h.Sort},
		{Label: "run success", Value: rate(h.Success), Note: "of " + thousands(h.Success.N) + ", 95 % interval " + bounds(h.Success), Class: string(tileClass(h.Success))},
		{Label: "failed", Value: thousands(h.Failed), Note: thousands(h.Cancelled) + " cancelled"},
	}
	if d := h.Duration; d.N > 0 {
		out = append(out, tile{Label: "median duration", Value: span(d.P50), Note: "p95 " + span(d.P95) + " of " + plural(d.N, "succeeded run")})
	}
	return out
}

func withoutEnd(o *section.Overview) string {
	if o.Open == o.Running {
		return "all others have ended"
	}
	return thousands(o.Open-o.Running) + " more without an end"
}

// tileClass is the CSS class that says what rateStyle says in colour.
func tileClass(r stats.Rate) string { return styleClass(rateStyle(r)) }

func styleClass(s style) string {
	switch s {
	case good:
		return "good"
	case bad:
		return "bad"
	case doubt:
		return "doubt"
	case faint:
		return "faint"
	}
	return ""
}

func timeSort(t *time.Time) string {
	if t == nil {
		return ""
	}
	return integer(t.UnixMilli())
}

// runningWords are the number of the runs that go on now and how many of each
// kind there are.
func runningWords(kinds map[string]int64) (total, note string) {
	var sum int64
	var words []string
	for _, kind := range slices.Sorted(maps.Keys(kinds)) {
		sum += kinds[kind]
		words = append(words, plural(kinds[kind], strings.ReplaceAll(kind, "_", " ")))
	}
	return thousands(sum), strings.Join(words, ", ")
}

// head is the cell that names a helper, with a link to its page in a portal.
func (w *writer) head(text, name, sort, tip string) htmlCell {
	c := htmlCell{Text: text, Head: true, Tip: tip}
	if w.portal != nil {
		c.Link = w.portal.Link(name, sort)
	}
	return c
}
