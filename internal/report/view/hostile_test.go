package view

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"pi-track/internal/event"
	"pi-track/internal/report/query"
	"pi-track/internal/report/section"
)

// hostileName tries to leave every context of the page that it stands in.
const hostileName = `"><img src=x onerror=owned=1><script>owned=1</script>'{{.}}`

// hostileLog is full of texts that would like to be markup, formulas or
// terminal control.
func hostileLog(t testing.TB) string {
	l := &logWriter{}
	texts := []string{
		`</script><script>owned=1</script>`, `<svg onload=owned=1>`, `javascript:owned=1`, `'-owned-'`,
		"\x1b]0;owned\x07\x1b[2Jclear", "=HYPERLINK(\"http://x\")", "| cell | `code` |", "a\tb\nc",
		`"><style>body{display:none}</style>`, "\u202egnp.exe",
	}
	for i := range 60 {
		at := now.Add(-time.Duration(i+1) * time.Hour)
		status := event.Succeeded
		if i%3 == 0 {
			status = event.Failed
		}
		l.run(at, hostileName, status, func(e *event.Event) {
			e.Error = texts[i%len(texts)]
			e.Repo = "/home/user/" + texts[(i/20)%len(texts)]
			e.TaskID = fmt.Sprintf("%s-%d", texts[i%len(texts)], i)
			e.Signal = ""
		})
	}
	return l.write(t)
}

// TestHostileText: no format passes control characters of the log on, and
// none lets a text become structure.
func TestHostileText(t *testing.T) {
	path := hostileLog(t)
	for _, by := range [][]query.Key{nil, {query.ByRepo, query.ByTask, query.ByName}} {
		checkHostile(t, build(t, query.Options{Logs: []string{path}, Sections: HTML.Sections(), By: by}))
	}
}

func checkHostile(t *testing.T, r *section.Report) {
	t.Helper()
	for _, f := range Formats {
		var out strings.Builder
		if err := Render(&out, r, Options{Format: f, Width: 100}); err != nil {
			t.Fatal(err)
		}
		s := out.String()
		for _, c := range s {
			if c < ' ' && c != '\n' && !(c == '\t' && (f == TSV || f == HTML)) || c >= 0x7f && c < 0xa0 {
				t.Errorf("%s holds the control character %U", f, c)
				break
			}
		}
		switch f {
		case HTML:
			for _, bad := range []string{"<img", "<svg onload", "<script>owned", "</script><script>", "<style>body{display"} {
				if strings.Contains(s, bad) {
					t.Errorf("html holds %q", bad)
				}
			}
		case Markdown:
			if strings.Contains(s, "<script>") || strings.Contains(s, "<img") {
				t.Error("markdown holds markup")
			}
		case CSV, TSV:
			if strings.Contains(s, ",=HYPERLINK") || strings.Contains(s, "\t=HYPERLINK") {
				t.Errorf("%s holds a formula", f)
			}
		}
	}
}

// TestPromSeriesAreDistinct: names that are alike once they are cleaned make
// one series, or node_exporter would drop every metric.
func TestPromSeriesAreDistinct(t *testing.T) {
	l := &logWriter{}
	for i, name := range []string{"build", "build\x01", "build", "--password hunter2hunter2", "--password hunter3hunter3"} {
		l.run(now.Add(-time.Duration(i+1)*time.Hour), name, event.Succeeded, nil)
	}
	r := build(t, query.Options{Logs: []string{l.write(t)}})
	out := renderString(t, r, Options{Format: Prom})
	seen := map[string]bool{}
	for line := range strings.Lines(out) {
		series := line[:strings.LastIndexByte(line, ' ')]
		if !strings.HasPrefix(line, "#") && seen[series] {
			t.Errorf("%s stands twice", series)
		}
		seen[series] = true
	}
	if want := `pi_track_runs{helper="build",kind="script",status="succeeded"} 3`; !strings.Contains(out, want+"\n") {
		t.Errorf("%s is missing in\n%s", want, out)
	}
}

func TestInert(t *testing.T) {
	for s, want := range map[string]string{
		"": "", "a=1": "a=1", "-1.5": "-1.5", "=1+1": "'=1+1", "-rf": "'-rf", "@x": "'@x", "＝1+1": "'＝1+1", "日本": "日本", "\xff": "\xff",
	} {
		if got := inert(s); got != want {
			t.Errorf("%q: %q, want %q", s, got, want)
		}
	}
}
