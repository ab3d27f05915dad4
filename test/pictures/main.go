//go:build linux

// Command pictures makes the README's pictures of the report, light and dark, out of
// fixed data: the terminal's and the page's. It takes the program, the directory
// for the pictures, and Chromium.
//
//	pictures PI-TRACK DIRECTORY [CHROMIUM]
package main

import (
	"fmt"
	"html"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"pi-track/internal/event"
)

func main() {
	if len(os.Args) < 3 {
		fmt.Fprintln(os.Stderr, "usage: pictures PI-TRACK DIRECTORY [CHROMIUM]")
		os.Exit(2)
	}
	browser := "chromium"
	if len(os.Args) > 3 {
		browser = os.Args[3]
	}
	if err := run(os.Args[1], os.Args[2], browser); err != nil {
		fmt.Fprintln(os.Stderr, "pictures:", err)
		os.Exit(1)
	}
}

func run(program, dir, browser string) error {
	temp, err := os.MkdirTemp("", "pictures")
	if err != nil {
		return err
	}
	defer os.RemoveAll(temp)
	log := filepath.Join(temp, "events.jsonl")
	if err := os.WriteFile(log, november(), 0o600); err != nil {
		return err
	}
	report := func(args ...string) ([]byte, error) {
		args = append([]string{"report", "--log", log, "--no-index", "--until", "2026-12-01", "--tz", "UTC"}, args...)
		cmd := exec.Command(program, args...)
		cmd.Env = append(os.Environ(), "PI_TRACK_HOME="+temp, "HOME="+temp)
		cmd.Stderr = os.Stderr
		return cmd.Output()
	}
	text, err := report("--color", "always", "--width", "100")
	if err != nil {
		return err
	}
	page, err := report("--format", "html")
	if err != nil {
		return err
	}
	page = made.ReplaceAll(page, nil)
	for _, p := range []struct {
		name          string
		html          []byte
		width, height int
	}{
		{"terminal", terminal(string(text)), 880, 60 + 18*strings.Count(string(text), "\n")},
		{"page", page, 1100, 900},
	} {
		file := filepath.Join(temp, p.name+".html")
		if err := os.WriteFile(file, p.html, 0o600); err != nil {
			return err
		}
		for scheme, number := range map[string]int{"dark": 0, "light": 1} {
			cmd := exec.Command(browser, "--headless", "--no-sandbox", "--hide-scrollbars", "--disable-gpu", "--user-data-dir="+filepath.Join(temp, "profile"),
				fmt.Sprintf("--window-size=%d,%d", p.width, p.height), fmt.Sprintf("--blink-settings=preferredColorScheme=%d", number),
				"--screenshot="+filepath.Join(dir, p.name+"-"+scheme+".png"), "file://"+file)
			if out, err := cmd.CombinedOutput(); err != nil {
				return fmt.Errorf("%s: %w: %s", browser, err, out)
			}
		}
	}
	return nil
}

// made is when the page was made, which would change the picture each time.
var made = regexp.MustCompile(`made 20[0-9: -]+UTC`)

// november is a log in which something is wrong: a helper that fails in one
// repository, one that broke, one that is flaky, one that goes with completed tasks.
func november() []byte {
	var lines []byte
	n := 0
	add := func(at time.Time, name, repo, task string, kind event.Kind, failed bool, text string) {
		n++
		id := fmt.Sprintf("%012x", at.UnixMilli())
		e := event.Event{TS: at, ID: fmt.Sprintf("%s-%s-7000-8000-%012d", id[:8], id[8:], n), Kind: kind, Name: name, Status: event.Started,
			CWD: "/home/you/" + repo, Repo: "/home/you/" + repo, Scope: "global", TaskID: task, Src: "shim"}
		lines = e.Append(lines)
		took := time.Duration(300+n*37%900) * time.Millisecond
		code := 0
		if e.TS, e.Status = at.Add(took), event.Succeeded; failed {
			code, e.Status, e.Error = 1, event.Failed, text
		}
		e.DurationMS, e.ExitCode = took.Milliseconds(), &code
		lines = e.Append(lines)
	}
	for i := range 116 { // a task every six hours
		at := time.Date(2026, 11, 1, 9, 0, 0, 0, time.UTC).Add(time.Duration(i) * 6 * time.Hour)
		task, repo := fmt.Sprintf("T-%03d", i+1), []string{"web", "api", "infra"}[i%3]
		add(at, "fetch-fixtures", repo, task, event.Script, i%3 == 0 && i%4 != 1, "error: connect to fixtures.example timed out")
		add(at.Add(2*time.Minute), "remember-session", repo, task, event.Script, i%3 == 2, "error: no space left on device")
		add(at.Add(3*time.Minute), "deploy-preview", repo, task, event.Script, i > 98, "error: the preview API wants a token")
		if i%2 == 0 {
			add(at.Add(4*time.Minute), "review-notes", repo, task, event.Script, false, "")
		}
		add(at.Add(10*time.Minute), "pi-job-runner", repo, task, event.Job, i%10 < 2 || i%2 == 1 && i%10 < 6, "error: tests failed")
	}
	return lines
}

// sgr is a sequence that sets colours and weights (ECMA-48, 8.3.117).
var sgr = regexp.MustCompile(`\x1b\[([0-9;]*)m`)

// terminal is text with colours as a page that looks like a terminal.
func terminal(text string) []byte {
	const head = `<!doctype html><meta charset="utf-8"><style>
:root { color-scheme: light dark; --back: #fff; --text: #24292f; --red: #cf222e; --green: #116329; --yellow: #8a6100; --blue: #0969da; --faint: #6e7781 }
@media (prefers-color-scheme: dark) { :root { --back: #0d1117; --text: #e6edf3; --red: #ff7b72; --green: #7ee787; --yellow: #e3b341; --blue: #79c0ff; --faint: #8b949e } }
body { background: var(--back); color: var(--text); margin: 20px }
pre { font: 13px/18px "DejaVu Sans Mono", "Liberation Mono", monospace; margin: 0 }
.c1 { font-weight: bold } .c2, .c90 { color: var(--faint) } .c4 { text-decoration: underline }
.c31, .c91 { color: var(--red) } .c32, .c92 { color: var(--green) } .c33, .c93 { color: var(--yellow) } .c34, .c36, .c94, .c96 { color: var(--blue) }
</style><pre>$ pi-track report
`
	var b strings.Builder
	b.WriteString(head)
	open, at := 0, 0
	for _, m := range sgr.FindAllStringSubmatchIndex(text, -1) {
		b.WriteString(html.EscapeString(text[at:m[0]]))
		at = m[1]
		for _, code := range strings.Split(text[m[2]:m[3]], ";") {
			if code == "" || code == "0" {
				b.WriteString(strings.Repeat("</span>", open))
				open = 0
				continue
			}
			fmt.Fprintf(&b, `<span class="c%s">`, code)
			open++
		}
	}
	b.WriteString(html.EscapeString(text[at:]) + strings.Repeat("</span>", open) + "</pre>")
	return []byte(b.String())
}
