package view

import (
	"fmt"
	"io"
	"strings"
	"time"

	"pi-track/internal/redact"
	"pi-track/internal/report/section"
	"pi-track/internal/stats"
)

// AgentLimit is how many characters a text for a model has at most, and
// quoteLimit how many the line of an error text.
const (
	AgentLimit = 1200
	quoteLimit = 120
	nameLimit  = 40
)

// ForAgent writes what a model should know before it uses the helpers of the
// names, or any when there are none: sentences of the digest, then for each
// helper its rate, where it fails, its usual duration and its last error. The
// Report has the digest, the helpers and the failures. What does not fit into
// AgentLimit characters is left out, and the last line says so. An error text
// is one quoted and labelled line: what a program printed is no word of ours.
func ForAgent(out io.Writer, r *section.Report, names []string, location *time.Location) error {
	r = clean(r)
	w := newWriter(r, Options{Location: location})
	var lines []string
	asked := map[string]bool{}
	for _, name := range names {
		asked[name] = true
	}
	said := w.sayings(r.Digest, AgentLimit/4)
	if len(r.Digest.Rows) == 0 {
		said, lines = nil, []string{"No run of a helper has been recorded."}
	}
	for _, s := range said {
		if len(names) == 0 || asked[s.helper] {
			lines = append(lines, inOneLine(s.text))
		}
	}
	for i := range r.Helpers.Rows {
		if x := &r.Helpers.Rows[i]; asked[x.Name] {
			lines = append(lines, w.expectations(x)...)
			delete(asked, x.Name)
		}
	}
	for _, name := range names {
		if asked[name] {
			lines = append(lines, strings.Join(strings.Fields(redact.Text(name)), " ")+": no run has been recorded")
		}
	}
	_, err := io.WriteString(out, withinLimit(lines))
	return err
}

// withinLimit are as many whole lines as fit.
func withinLimit(lines []string) string {
	const more = "… (more: pi-track report)\n"
	text := strings.Join(lines, "\n") + "\n"
	if len([]rune(text)) <= AgentLimit {
		return text
	}
	var b strings.Builder
	left := AgentLimit - len([]rune(more))
	for _, line := range lines {
		if left -= len([]rune(line)) + 1; left < 0 {
			break
		}
		b.WriteString(line + "\n")
	}
	return b.String() + more
}

// expectations is what to expect of a helper.
func (w *writer) expectations(x *section.Helper) []string {
	name := shortName(x.Label(x.Name))
	if x.Success.Value == nil {
		return []string{fmt.Sprintf("%s: %s, none of which succeeded or failed.", name, plural(x.Runs, "run"))}
	}
	line := fmt.Sprintf("%s: %s of %s runs succeeded (%s)", name, thousands(x.Succeeded), thousands(x.Finished()), whole(*x.Success.Value))
	if x.Cancelled > 0 {
		line += fmt.Sprintf(", %s cancelled", thousands(x.Cancelled))
	}
	if x.Verdict.Class != stats.FewData {
		line += ", " + w.verdict(&x.Verdict).text
	} else {
		line += ", few data"
	}
	if x.Duration.N > 0 {
		line += fmt.Sprintf("; usually %s, 95 %% within %s", span(x.Duration.P50), span(x.Duration.P95))
	}
	lines := []string{inOneLine(line + ".")}
	for _, f := range w.r.Failures.Rows { // the latest first
		if f.Helper == x.Name && f.Sort == x.Sort {
			where := " in " + shortName(w.names.repo(f.Repo))
			if f.Repo == "" {
				where = ""
			}
			lines = append(lines, quote(fmt.Sprintf("  last error, %s%s, quoted", w.clock.moment(f.Time), where), failureWords(&f)))
			break
		}
	}
	return lines
}

// failureWords is the error text of a failure, or how it ended without one.
func failureWords(f *section.Failure) string {
	if f.Text != "" {
		return f.Text
	}
	return f.Fingerprint
}

// quote is a text of a program in one line that says what it is.
func quote(label, text string) string {
	text = strings.ReplaceAll(inOneLine(text), `"`, "'")
	room := quoteLimit - len([]rune(label)) - len(`: ""`)
	if letters := []rune(text); len(letters) > room {
		text = string(letters[:max(0, room-1)]) + "…"
	}
	return fmt.Sprintf(`%s: "%s"`, label, text)
}

// shortName keeps a name from becoming prose.
func shortName(name string) string { return middle(inOneLine(name), nameLimit) }

// inOneLine is text with blanks alone between its words. The indent stays.
func inOneLine(text string) string {
	indent := text[:len(text)-len(strings.TrimLeft(text, " "))]
	return indent + strings.Join(strings.Fields(text), " ")
}
