package report

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"pi-track/internal/event"
	"pi-track/internal/report/query"
	"pi-track/internal/report/section"
	"pi-track/internal/stats"
)

// history makes runs of a helper, one an hour up to noon: F failed, . succeeded,
// C cancelled.
func history(name, repo, outcomes string) []event.Event {
	var out []event.Event
	for i, c := range outcomes {
		at := noon.Add(-time.Duration(len(outcomes)-i) * time.Hour)
		status := map[rune]event.Status{'F': event.Failed, '.': event.Succeeded, 'C': event.Cancelled}[c]
		run := pair(at, fmt.Sprintf("0199%04x-0000-7000-8000-%012x", len(name)*256+len(repo), i+1)+name, name, status, 5)
		for k := range run {
			run[k].Repo = repo
		}
		out = append(out, run...)
	}
	return out
}

func digestOf(t *testing.T, o query.Options, histories ...[]event.Event) []string {
	t.Helper()
	var all []event.Event
	for _, h := range histories {
		all = append(all, h...)
	}
	o.Logs, o.Sections = []string{writeLog(t, all...)}, []query.Section{section.SectionDigest}
	var out []string
	for _, x := range build(t, o).Digest.Rows {
		s := fmt.Sprintf("%s %s %d/%d", x.Code, x.Helper, x.K, x.N)
		if x.Repo != nil {
			s += " in " + *x.Repo
		}
		if x.Rest != nil {
			s += fmt.Sprintf(" else %d/%d", x.Rest.K, x.Rest.N)
		}
		if x.From != nil {
			s += x.From.Format(" since 15:04")
		}
		out = append(out, s)
	}
	return out
}

// TestDigestSaysTheWorstFirst: the ranking, what is newly broken, what is bound
// to a repo, and nothing of what is solid.
func TestDigestSaysTheWorstFirst(t *testing.T) {
	got := digestOf(t, query.Options{},
		history("solid", "/src/web", "........................................"),
		history("bound", "/src/infra", "FFFFFFFFFFFF"), history("bound", "/src/web-app", "....................."),
		history("breaks", "/src/web", "....................FFFFFFFFFF"),
		history("never", "/src/web", "FFFFFFFFF"))
	want := []string{
		"most used solid 40/112", "most used bound 33/112", "most used breaks 30/112",
		"fails most never 9/9", "fails most bound 12/33", "fails most breaks 10/30",
		"broken since breaks 10/10 since 02:00", "broken never 9/9", "context-bound bound 12/12 in /src/infra else 0/21",
	}
	for i := range max(len(got), len(want)) {
		if i >= len(got) || i >= len(want) || got[i] != want[i] {
			t.Fatalf("got  %q\nwant %q", got, want)
		}
	}
}

// TestDigestFromTheFirstRunOn: with few data it says what there is.
func TestDigestFromTheFirstRunOn(t *testing.T) {
	if got := digestOf(t, query.Options{}, history("one", "/r", "F")); fmt.Sprint(got) != "[most used one 1/1 fails most one 1/1]" {
		t.Errorf("%q", got)
	}
	if got := digestOf(t, query.Options{}, history("one", "/r", ".")); fmt.Sprint(got) != "[most used one 1/1]" {
		t.Errorf("%q", got)
	}
}

// TestDigestOfSomeStatuses: of failed runs alone nothing can be said but how
// many there are.
func TestDigestOfSomeStatuses(t *testing.T) {
	got := digestOf(t, query.Options{Filter: query.Filter{Status: []string{"failed"}}}, history("flaky", "/r", ".F.F.F.F.F.F.F.F"))
	if fmt.Sprint(got) != "[most used flaky 8/8]" {
		t.Errorf("%q", got)
	}
}

// TestWorseThan: a trouble that was there before is no news, one that got worse
// is.
func TestWorseThan(t *testing.T) {
	row := func(code, helper string) section.Sentence { return section.Sentence{Code: code, Helper: helper} }
	before := &section.Digest{Rows: []section.Sentence{row("flaky", "a"), row("broken", "b"), row("outage", "c"), row("most used", "d"), row("flaky", "e")}}
	now := &section.Digest{Rows: []section.Sentence{row("most used", "d"), row("broken since", "a"), row("broken", "b"), row("flaky", "c"), row("better since", "d"), row("flaky", "e")}}
	got := now.WorseThan(before).Rows
	if len(got) != 2 || got[0].Helper != "a" || got[1].Helper != "c" {
		t.Errorf("%+v", got)
	}
}

// inSession gives all runs a session and an error.
func inSession(session, text string, runs []event.Event) []event.Event {
	for i := range runs {
		runs[i].SessionID = session
		if runs[i].Status == event.Failed {
			runs[i].Error = text
		}
	}
	return runs
}

// TestRetryLoops: five failures in a row in one session with one error are a
// loop; four, five of two sessions and five of two errors are none.
func TestRetryLoops(t *testing.T) {
	for _, c := range []struct {
		name string
		runs [][]event.Event
		want bool
	}{
		{"five", [][]event.Event{inSession("s1", "error: no", history("deploy", "/web", "....FFFFF..."))}, true},
		{"numbers differ", [][]event.Event{inSession("s1", "error: port 80", history("deploy", "/web", "FF.FFFFF"))}, true},
		{"four", [][]event.Event{inSession("s1", "error: no", history("deploy", "/web", "....FFFF...."))}, false},
		{"no session", [][]event.Event{history("deploy", "/web", "....FFFFF...")}, false},
		{"two sessions", [][]event.Event{
			inSession("s1", "error: no", history("deploy", "/web", "....FFF")), inSession("s2", "error: no", history("deploy", "/infra", ".....FFF")),
		}, false},
		{"two errors", [][]event.Event{
			inSession("s1", "error: no", history("deploy", "/web", "...FFF...")), inSession("s1", "fatal: other", history("deploy", "/infra", "FFF")),
		}, false},
	} {
		got := digestOf(t, query.Options{}, c.runs...)
		found := slices.ContainsFunc(got, func(s string) bool { return strings.HasPrefix(s, "retry loop deploy") })
		if found != c.want {
			t.Errorf("%s: %q", c.name, got)
		}
	}
}

// TestRetryLoopsThatFollow: a helper that fails in one repo for a known reason is
// retried in vain there, which is said last; a loop of its own is not.
func TestRetryLoopsThatFollow(t *testing.T) {
	last := func(repo string, n int) string {
		got := digestOf(t, query.Options{},
			inSession("s1", "error: no", history("bound", repo, strings.Repeat("F", n))), history("bound", "/web", strings.Repeat(".", 20)),
			history("flaky", "/web", strings.Repeat(".F", 12)))
		return got[len(got)-1]
	}
	if got := last("/infra", 12); !strings.HasPrefix(got, "retry loop bound 12/12") {
		t.Error(got)
	}
}

// TestRetryLoopsBesideMuchElse: most failures are of loops, and yet nearly every run
// fails: that is said as well. Where little fails beside a loop, the loop is all.
func TestRetryLoopsBesideMuchElse(t *testing.T) {
	for rest, want := range map[string]bool{strings.Repeat("F.FF", 6): true, strings.Repeat(".", 60) + "F.": false} {
		var all [][]event.Event
		for i := range 4 {
			all = append(all, inSession(fmt.Sprint("s", i), "error: no", history("deploy"+strings.Repeat("x", i), "/web", "FFFFFFF"+".")))
		}
		all = append(all, history("y", "/web", rest))
		for _, runs := range all {
			for i := range runs {
				runs[i].Name = "deploy"
			}
		}
		got := digestOf(t, query.Options{}, all...)
		if found := slices.ContainsFunc(got, func(s string) bool { return strings.HasPrefix(s, "flaky deploy") }); found != want {
			t.Errorf("%s: %q", rest, got)
		}
	}
}

// TestTimeoutsHaveADate: runs that a limit of time ends are told from eight on, however
// many others there are, with the first of them where none ended so before.
func TestTimeoutsHaveADate(t *testing.T) {
	start := noon.AddDate(0, 0, -20)
	for name, c := range map[string]struct {
		cancelled func(i int) int64 // its duration, ms; 0: not cancelled
		want      string            // the sentence
		from      int               // the run that it begins with, -1 without a date
	}{
		"since":   {func(i int) int64 { return map[bool]int64{true: 30000 + int64(i%3)*40}[i >= 52] }, "8/8", 52},
		"always":  {func(i int) int64 { return map[bool]int64{true: 30000}[i%6 == 0] }, "10/60", -1},
		"no time": {func(i int) int64 { return map[bool]int64{true: 9000 * int64(i-48)}[i >= 52] }, "", -1},
		"few":     {func(i int) int64 { return map[bool]int64{true: 30000}[i >= 53] }, "", -1},
	} {
		p := &plantedRuns{}
		for i := range 60 {
			p.add("fetch", start.Add(time.Duration(i)*time.Hour), false, func(e *event.Event) {
				if e.SessionID = fmt.Sprint("s-", i/9); c.cancelled(i) > 0 {
					e.Status, e.Signal, e.DurationMS = event.Cancelled, "TERM", c.cancelled(i)
				}
			})
		}
		got, want := "", ""
		for _, x := range reportOf(t, query.Options{Logs: []string{p.write(t)}, Sections: []query.Section{section.SectionDigest}}).Digest.Rows {
			if x.Code == string(stats.OftenCancelled) {
				got = fmt.Sprintf("%d/%d %d", x.K, x.N, x.Cancelled.TimeoutMS)
				if x.From != nil {
					got += x.From.UTC().Format(" 2 15:04")
				}
			}
		}
		if c.want != "" {
			want = c.want + " 30000"
			if c.from >= 0 {
				want += start.Add(time.Duration(c.from) * time.Hour).UTC().Format(" 2 15:04")
			}
		}
		if got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
}

// TestRetryLoopsCost: time, tokens and money of the failures in a row.
func TestRetryLoopsCost(t *testing.T) {
	runs := inSession("s1", "error: no", history("deploy", "/web", "..FFFFF..."))
	for i := range runs {
		if runs[i].Status != event.Started {
			runs[i].Usage = &event.Usage{Tokens: 300, Cost: .02}
		}
	}
	d := build(t, query.Options{Logs: []string{writeLog(t, runs...)}, Sections: []query.Section{section.SectionDigest}}).Digest
	i := slices.IndexFunc(d.Rows, func(x section.Sentence) bool { return x.Code == section.RetryLoop })
	if i < 0 || d.Rows[i].Tokens != 1500 || math.Abs(d.Rows[i].Cost-.1) > 1e-9 {
		t.Errorf("%+v", d.Rows)
	}
}

// daily makes runs on each of the days for which a mark stands, the last one
// today.
func daily(name, days string) []event.Event {
	var out []event.Event
	for i, c := range days {
		if c == '.' {
			at := noon.AddDate(0, 0, i-len(days)+1)
			out = append(out, pair(at, fmt.Sprintf("0199%04x-0000-7000-8000-%012x", len(name), i+1)+name, name, event.Succeeded, 5)...)
		}
	}
	return out
}

// TestNoLongerUsed: it is said of a helper that was used nearly daily and is
// absent far longer than ever before, while others ran.
func TestNoLongerUsed(t *testing.T) {
	const all = "...................................."
	for _, c := range []struct {
		days string
		want bool
	}{
		{"....................                ", true},
		{"...... .... ... ....                ", true},
		{"....................        ........", false}, // it is back
		{".....          .....                ", false}, // absent before, too
		{".     .     .     .     .           ", false}, // rare
		{"...............................     ", true},
		{"................................    ", false}, // for a few days only
	} {
		got := digestOf(t, query.Options{}, daily("helper", c.days), daily("other", all))
		found := slices.ContainsFunc(got, func(s string) bool { return strings.HasPrefix(s, "not used since helper") })
		if found != c.want {
			t.Errorf("%q: %q", c.days, got)
		}
	}
}

// TestDigestTellsChangesBesideTheVerdict: a helper that is flaky now had an outage,
// too.
func TestDigestTellsChangesBesideTheVerdict(t *testing.T) {
	flaky := strings.Repeat(".....F.", 12)
	got := digestOf(t, query.Options{}, history("flaky", "/r", flaky+strings.Repeat("F", 20)+flaky))
	for _, code := range []string{"flaky flaky", "outage flaky 21/22"} {
		if !slices.ContainsFunc(got, func(s string) bool { return strings.HasPrefix(s, code) }) {
			t.Errorf("no %q in %q", code, got)
		}
	}
}
