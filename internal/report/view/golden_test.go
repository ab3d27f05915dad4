package view

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/jedib0t/go-pretty/v6/text"
	"github.com/rogpeppe/go-internal/txtar"

	"pi-track/internal/event"
	"pi-track/internal/redact"
	"pi-track/internal/report/query"
	"pi-track/internal/report/section"
)

var update = flag.Bool("update", false, "write the golden files anew")

// logs are the small logs of the golden files. Each archive
// testdata/golden/NAME.txtar holds every format of one of them.
var logs = []struct {
	name string
	fill func(l *logWriter)
}{
	{"empty", func(*logWriter) {}},
	{"one-run", func(l *logWriter) {
		l.run(now.Add(-time.Hour), "deploy", event.Succeeded, nil)
	}},
	{"only-cancelled", func(l *logWriter) {
		for i := range 7 {
			l.run(now.Add(-time.Duration(i+1)*time.Hour), "deploy", event.Cancelled, func(e *event.Event) { e.Signal = "INT" })
		}
	}},
	{"clock-jumps-back", func(l *logWriter) {
		for i := range 12 {
			l.run(now.Add(-time.Duration(20-i)*time.Hour), "deploy", event.Succeeded, nil)
		}
		l.raw = true // the lines stay in the order of writing
		for i := range 6 {
			l.run(now.Add(-time.Duration(40-i)*time.Hour), "deploy", event.Failed, func(e *event.Event) { e.Error = "error: certificate is not yet valid" })
		}
	}},
	{"end-without-start", func(l *logWriter) {
		for i := range 9 {
			l.run(now.Add(-time.Duration(i+1)*time.Hour), "deploy", event.Succeeded, nil)
		}
		l.keep(func(e *event.Event) bool { return e.Status != event.Started })
	}},
	{"start-without-end", func(l *logWriter) {
		for i := range 9 {
			l.run(now.Add(-time.Duration(i+1)*time.Hour), "deploy", event.Started, nil)
		}
	}},
	{"one-of-each", func(l *logWriter) {
		for i, status := range []event.Status{event.Started, event.Failed, event.Cancelled, event.Succeeded} {
			l.run(now.Add(-time.Duration(50-i)*time.Hour), "deploy", status, func(e *event.Event) {
				e.Usage = &event.Usage{Tokens: 1, Input: 1, Output: 1, CacheRead: 1, CacheWrite: 1, Cost: .01, Model: "m"}
				e.Rusage = &event.Rusage{UserMS: 1, SysMS: 1, MaxRSSKB: 1}
			})
		}
		l.run(now.Add(-time.Hour), "review", event.Succeeded, func(e *event.Event) { e.Kind = event.Skill })
	}},
	{"mixed", mixed},
}

// mixed has something in every section: several helpers and repos, usage,
// names in wide characters and long ones.
func mixed(l *logWriter) {
	for i := range 60 {
		at := now.Add(-time.Duration(60-i) * 7 * time.Hour)
		web := i%2 == 0
		status, failure := event.Succeeded, ""
		if web && i%3 == 0 {
			status, failure = event.Failed, fmt.Sprintf("error: connect to 10.0.0.%d:443 timed out after a long time", i)
		}
		place := func(e *event.Event) {
			if !web {
				e.Repo, e.CWD = "/home/user/zone/api", "/home/user/zone/api/cmd"
			}
			e.Error, e.DurationMS = failure, int64(200+i*i*40)
		}
		l.run(at, "fetch-fixtures-from-the-archive", status, place)
		l.run(at.Add(time.Minute), "検索", event.Succeeded, func(e *event.Event) {
			place(e)
			e.Kind, e.Ext, e.ExitCode = event.ExtensionTool, "search", nil
			e.Usage = &event.Usage{Tokens: 1200 + int64(i), Input: 1000, Output: 200 + int64(i), Cost: .0123, Model: "m1"}
		})
	}
	l.run(now.Add(-time.Hour), "seldom", event.Failed, func(e *event.Event) { e.Signal, e.Error, e.Repo = "KILL", "", "" })
}

// goldenOptions are the sections and formats of the files in an archive.
type golden struct {
	file     string
	sections []query.Section
	view     Options
}

func goldens() []golden {
	var out []golden
	for _, f := range []Format{Table, Wide} {
		for _, width := range []int{60, 80, 120, 200} {
			for _, color := range []bool{false, true} {
				name := fmt.Sprintf("%s-%d", f, width)
				if color {
					name += "-colour"
				}
				out = append(out, golden{name, f.Sections(), Options{Format: f, Width: width, Color: color}})
			}
		}
	}
	for _, f := range []Format{JSON, NDJSON, CSV, TSV, Markdown, Prom, HTML} {
		out = append(out, golden{string(f), f.Sections(), Options{Format: f}})
	}
	for _, s := range []query.Section{section.SectionFlaky, section.SectionFailures, section.SectionEffect,
		section.SectionTrend, section.SectionUnused, section.SectionContext, section.SectionWhy} {
		out = append(out, golden{"section-" + string(s), []query.Section{s}, Options{Width: 100}},
			golden{"section-" + string(s) + "-csv", []query.Section{s}, Options{Format: CSV}})
	}
	return append(out, golden{"no-header", Table.Sections(), Options{Width: 100, NoHeader: true}})
}

func TestGolden(t *testing.T) {
	for _, g := range logs {
		t.Run(g.name, func(t *testing.T) {
			l := &logWriter{}
			g.fill(l)
			path := l.write(t)
			file, err := filepath.Abs(filepath.Join("testdata", "golden", g.name+".txtar"))
			if err != nil {
				t.Fatal(err)
			}
			t.Chdir(filepath.Dir(path)) // so that the report names the log without a temporary directory
			got := &txtar.Archive{Comment: []byte("Every format of the report of one log; go test -update writes it anew.\n")}
			for _, x := range goldens() {
				r := build(t, query.Options{
					Logs: []string{filepath.Base(path)}, Sections: withOverview(x.sections), Why: "deploy", NoIndex: true,
					Configured: []query.Configured{{Name: "deploy", Kind: "script"}, {Name: "never-used", Kind: "job"}},
				})
				data := []byte(readable(renderString(t, r, x.view), x.view.Format))
				got.Files = append(got.Files, txtar.File{Name: x.file, Data: data})
			}
			compare(t, file, got)
		})
	}
}

func withOverview(sections []query.Section) []query.Section {
	if sections[0] == section.SectionOverview {
		return sections
	}
	return append([]query.Section{section.SectionOverview}, sections...)
}

func renderString(t testing.TB, r *section.Report, o Options) string {
	t.Helper()
	var out strings.Builder
	if err := Render(&out, r, o); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// readable makes escapes visible and leaves the style and script of the HTML
// out.
func readable(s string, f Format) string {
	if f == HTML {
		s = strings.Replace(s, htmlStyle, "STYLE", 1)
		s = strings.Replace(s, htmlScript, "SCRIPT", 1)
		s = strings.Replace(s, policy(), "POLICY", 1)
		s = strings.Replace(s, strings.NewReplacer("'", "&#39;", "+", "&#43;").Replace(policy()), "POLICY", 1)
	}
	return strings.ReplaceAll(s, "\x1b", "ESC")
}

func compare(t *testing.T, file string, got *txtar.Archive) {
	t.Helper()
	if *update {
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, txtar.Format(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if len(want.Files) != len(got.Files) {
		t.Fatalf("%d files in the archive, want %d", len(want.Files), len(got.Files))
	}
	for i, w := range want.Files {
		if g := got.Files[i]; g.Name != w.Name || string(g.Data) != string(w.Data) {
			line, was, is := firstDifference(string(w.Data), string(g.Data))
			t.Errorf("%s differs from the golden file in line %d:\nwas %s\nis  %s", g.Name, line, was, is)
		}
	}
}

// firstDifference is the first line, counted from 1, in which a and b differ.
func firstDifference(a, b string) (line int, inA, inB string) {
	x, y := strings.Split(a, "\n"), strings.Split(b, "\n")
	for i := range min(len(x), len(y)) {
		if x[i] != y[i] {
			return i + 1, x[i], y[i]
		}
	}
	return min(len(x), len(y)), "of " + strconv.Itoa(len(x)) + " lines", "of " + strconv.Itoa(len(y)) + " lines"
}

// TestWidth: no line is wider than the terminal, at any width from 60 on,
// and what colour adds can be taken away again.
func TestWidth(t *testing.T) {
	l := &logWriter{}
	mixed(l)
	for _, path := range []string{l.write(t), plantedLog(t)} {
		sections := append(section.DefaultSections[:len(section.DefaultSections):len(section.DefaultSections)],
			section.SectionEffect, section.SectionTrend, section.SectionContext, section.SectionUnused)
		r := clean(build(t, query.Options{Logs: []string{path}, Sections: sections}))
		drawn := func(o Options) string {
			var out strings.Builder
			o.Location = time.UTC
			if err := renderText(&out, r, o); err != nil {
				t.Fatal(err)
			}
			return out.String()
		}
		for width := 60; width <= 130; width++ {
			plain := drawn(Options{Width: width})
			for _, line := range strings.Split(plain, "\n") {
				if w := text.StringWidth(line); w > width {
					t.Errorf("width %d: a line is %d wide: %q", width, w, line)
				}
			}
			colour := drawn(Options{Width: width, Color: true})
			if strip(colour) != plain {
				t.Fatalf("width %d: colour changes more than colours", width)
			}
		}
	}
}

// TestTooNarrow: where the numbers alone are wider than the terminal, names
// are shortened all the same.
func TestTooNarrow(t *testing.T) {
	l := &logWriter{}
	for i := range 9 {
		l.run(now.Add(-time.Duration(i+1)*time.Hour), strings.Repeat("long-name-", 40), event.Failed, nil)
	}
	out := renderString(t, build(t, query.Options{Logs: []string{l.write(t)}}), Options{Width: 30})
	for line := range strings.Lines(out) {
		if w := text.StringWidth(line); w > 60 {
			t.Errorf("a line is %d wide: %q", w, line)
		}
	}
}

// strip takes colours and the blanks before them off the ends of lines.
func strip(s string) string {
	lines := strings.Split(s, "\n")
	for i, line := range lines {
		lines[i] = strings.TrimRight(redact.Strip(line), " ")
	}
	return strings.Join(lines, "\n")
}
