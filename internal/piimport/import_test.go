package piimport

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"pi-track/internal/event"
	"pi-track/internal/event/decode"
	"pi-track/internal/log"
)

// sessions holds session files of both versions of Pi.
const sessions = "testdata/sessions"

var update = flag.Bool("update", false, "rewrite the golden files")

func options(t *testing.T, dirs ...string) Options {
	t.Helper()
	files, _, _, err := Find(dirs)
	if err != nil {
		t.Fatal(err)
	}
	later := time.Now().Add(2 * openFor) // than the sessions' last change
	return Options{Files: files, Log: filepath.Join(t.TempDir(), "events.jsonl"), Host: "h1", Now: later}
}

func run(t *testing.T, o Options) *Summary {
	t.Helper()
	s, err := Run(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// write makes a session file with a header and these lines.
func write(t *testing.T, lines ...string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "2026-11-01T10-00-00-000Z_s1.jsonl")
	head := `{"type":"session","version":3,"id":"s1","timestamp":"2026-11-01T10:00:00.000Z","cwd":"/p"}`
	if err := os.WriteFile(path, []byte(head+"\n"+strings.Join(lines, "\n")), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// events reads a segment.
func events(t *testing.T, path string) []event.Event {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var all []event.Event
	for text := range strings.Lines(string(data)) {
		var e event.Event
		if err := decode.Event([]byte(text), &e); err != nil {
			t.Fatalf("%v: %s", err, text)
		}
		all = append(all, e)
	}
	return all
}

// The sessions were recorded with Pi 0.73.1 and 1.5.2: every outcome of a
// tool, aborts, ! commands, a fork, and a kill while tools ran.
func TestSessionsOfBothVersions(t *testing.T) {
	for _, version := range []string{"old", "new"} {
		t.Run(version, func(t *testing.T) {
			o := options(t, filepath.Join("testdata", "sessions", version))
			s := run(t, o)
			if s.Sessions != 2 || s.Added != s.Runs || s.Bad != 0 || s.Open != 0 {
				t.Errorf("summary %+v", s)
			}
			got, err := os.ReadFile(s.Segment)
			if err != nil {
				t.Fatal(err)
			}
			golden := filepath.Join("testdata", version+".golden.jsonl")
			if *update {
				if err := os.WriteFile(golden, got, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if string(got) != string(want) {
				t.Errorf("got\n%s\nwant\n%s", got, want)
			}
			var last time.Time
			for _, e := range events(t, s.Segment) {
				if e.TS.Before(last) {
					t.Errorf("%v comes after %v", e.TS, last)
				}
				last = e.TS
			}
			if segments, err := log.Segments(o.Log); err != nil || len(segments) != 1 || segments[0] != s.Segment {
				t.Errorf("segments of the log: %v, %v", segments, err)
			}
		})
	}
}

func TestImportingTwiceAddsNothing(t *testing.T) {
	o := options(t, sessions)
	dry := o
	dry.Dry = true
	want := run(t, dry)
	if want.Added == 0 || want.Segment != "" {
		t.Fatalf("dry run: %+v", want)
	}
	if segments, _ := log.Segments(o.Log); len(segments) != 0 {
		t.Fatalf("a dry run wrote %v", segments)
	}
	first := run(t, o)
	if first.Added != want.Added {
		t.Errorf("%d added, %d announced", first.Added, want.Added)
	}
	second := run(t, o)
	if second.Added != 0 || second.Known != first.Runs || second.Segment != "" {
		t.Errorf("the second time: %+v", second)
	}
}

func TestWhatWasRecordedLiveIsKnown(t *testing.T) {
	dir := t.TempDir()
	o := options(t, sessions)
	once := o
	once.Log = filepath.Join(dir, "once.jsonl")
	s := run(t, once)
	for _, e := range events(t, s.Segment) {
		e.ID = event.NewID(e.TS)
		e.Src = "extension"
		if e.CallID == "" {
			e.Src = "shim"
			e.TS = e.TS.Add(-time.Second) // Pi notes the end a little later
		}
		if err := log.Append(o.Log, e.Append(nil)); err != nil {
			t.Fatal(err)
		}
	}
	if live := run(t, o); live.Added != 0 || live.Known != s.Added {
		t.Errorf("%+v, want %d known", live, s.Added)
	}
}

func TestSegmentsDoNotReplaceEachOther(t *testing.T) {
	var all []string
	o := options(t)
	for i := range 3 {
		o.Files = []string{write(t, fmt.Sprintf(`{"type":"message","id":"b%d","timestamp":"2026-11-01T10:00:01.000Z","message":{"role":"bashExecution","command":"make","exitCode":0}}`, i), "")}
		all = append(all, run(t, o).Segment)
	}
	segments, err := log.Segments(o.Log)
	if err != nil || len(segments) != 3 {
		t.Errorf("%v, %v: wrote %v", segments, err, all)
	}
}

const (
	calls = `{"type":"message","id":"m1","timestamp":"2026-11-01T10:00:01.000Z","message":{"role":"assistant","content":[{"type":"toolCall","id":"c1","name":"x"},{"type":"toolCall","id":"c2","name":"bash"}],"stopReason":"toolUse","timestamp":1793527200500}}`
	done  = `{"type":"message","id":"m2","timestamp":"2026-11-01T10:00:03.000Z","message":{"role":"toolResult","toolCallId":"c1","toolName":"x","content":[{"type":"text","text":"ok"}],"isError":false,"timestamp":1793527203000}}`
)

func TestBadLinesAreCountedWithTheirPlace(t *testing.T) {
	file := write(t, "not json", calls, `{"type":"message","timestamp":"yesterday"}`, "", done, `{"no":"type"}`, `{"type":"mess`)
	other := filepath.Join(t.TempDir(), "other.jsonl")
	if err := os.WriteFile(other, []byte("not json\n{}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	o := options(t)
	o.Files = []string{file, other}
	s := run(t, o)
	want := []BadLine{
		{file, 2, "not JSON"},
		{file, 4, "not a line of a session file"},
		{file, 7, "not a line of a session file"},
		{other, 1, errNoSession.Error()},
	}
	if s.Added != 1 || s.Sessions != 1 || s.Bad != 4 || fmt.Sprint(s.First) != fmt.Sprint(want) {
		t.Errorf("%+v\nwant %v", s, want)
	}
	list := events(t, s.Segment)
	if e := list[1]; e.Status != event.Succeeded || e.DurationMS != 2000 || e.Name != "x" || e.CWD != "/p" {
		t.Errorf("%+v", e)
	}
}

// A line that is too long is counted with its place, and the others are read.
func TestALineThatIsTooLongIsCounted(t *testing.T) {
	long := `{"type":"message","text":"` + strings.Repeat("y", maxLine) + `"}`
	file := write(t, calls, long, done)
	o := options(t)
	o.Files = []string{file}
	s := run(t, o)
	if want := []BadLine{{file, 3, errTooLong.Error()}}; s.Bad != 1 || fmt.Sprint(s.First) != fmt.Sprint(want) {
		t.Errorf("%+v\nwant %v", s, want)
	}
	if list := events(t, s.Segment); len(list) != 2 || list[1].Status != event.Succeeded {
		t.Errorf("%+v", list)
	}
}

// A result that does not say when it was made was made before its entry.
func TestDurationByTheEntries(t *testing.T) {
	o := options(t)
	o.Files = []string{write(t, calls, `{"type":"message","id":"m2","timestamp":"2026-11-01T10:00:04.500Z","message":{"role":"toolResult","toolCallId":"c1","toolName":"x","content":[],"isError":false}}`, "")}
	if e := events(t, run(t, o).Segment)[1]; e.Status != event.Succeeded || e.DurationMS != 3500 {
		t.Errorf("%+v", e)
	}
}

// What no tool can have taken or spent must not become a negative number, of
// which the log's readers make a damaged line, nor an end before the start.
// A run cannot have lasted longer than since its start, whatever its file says.
func TestDurationIsCut(t *testing.T) {
	o := options(t)
	o.Now = time.Date(2026, 11, 1, 10, 1, 0, 0, time.UTC)
	o.Files = []string{write(t, calls, strings.Replace(done, `"timestamp":1793527203000`, `"durationMs":86400000,"timestamp":1793527203000`, 1), "")}
	s := run(t, o)
	all := events(t, s.Segment)
	began, end := all[0], all[len(all)-1]
	if got, want := end.DurationMS, o.Now.Sub(began.TS).Milliseconds(); got != want || want <= 0 {
		t.Errorf("%d ms, want %d", got, want)
	}
}

func TestImpossibleNumbers(t *testing.T) {
	for _, n := range []string{"1e300", "9e18", "9.3e15", "1e13"} {
		for _, result := range []string{
			`"durationMs":` + n + `,"timestamp":1793527203000`,
			`"timestamp":` + n,
		} {
			o := options(t)
			o.Files = []string{write(t, calls, `{"type":"message","id":"m2","timestamp":"2026-11-01T10:00:04.500Z","message":{"role":"toolResult","toolCallId":"c1","toolName":"x","content":[],"isError":false,"usage":{"input":`+n+`,"totalTokens":`+n+`},`+result+`}}`, "")}
			all := events(t, run(t, o).Segment) // each line is one that readers take
			if len(all) != 2 || all[0].Status != event.Started || all[1].TS.Before(all[0].TS) {
				t.Errorf("%s: %+v", result, all)
				continue
			}
			if u := all[1].Usage; u == nil || u.Tokens <= 0 || u.Input <= 0 {
				t.Errorf("%s: usage %+v", result, u)
			}
		}
	}
}

// The file that a session says it was forked from may be anything.
func TestForkOfFifo(t *testing.T) {
	fifo := filepath.Join(t.TempDir(), "fifo_parent.jsonl")
	if err := syscall.Mkfifo(fifo, 0o600); err != nil {
		t.Fatal(err)
	}
	im := importer{headers: map[string]header{}}
	done := make(chan header, 1)
	go func() { done <- im.parentOf(fifo) }()
	select {
	case h := <-done:
		if h.id != "parent" {
			t.Errorf("%+v", h)
		}
	case <-time.After(time.Minute):
		t.Fatal("it waits for a writer")
	}
}

func TestACallThatMayStillRunIsLeftForTheNextImport(t *testing.T) {
	o := options(t)
	o.Files = []string{write(t, calls, "")}
	o.Now = time.Now()
	if s := run(t, o); s.Open != 1 || s.Added != 0 {
		t.Errorf("while it runs: %+v", s)
	}
	o.Now = o.Now.Add(2 * openFor)
	s := run(t, o)
	if s.Open != 0 || s.Added != 1 {
		t.Fatalf("later: %+v", s)
	}
	if e := events(t, s.Segment)[1]; e.Status != event.Cancelled {
		t.Errorf("a call without a result is %s", e.Status)
	}
}

func TestShellCommandsKeepOnlyTheProgramsName(t *testing.T) {
	shell := func(id, command, more string) string {
		return fmt.Sprintf(`{"type":"message","id":%q,"timestamp":"2026-11-01T10:00:01.000Z","message":{"role":"bashExecution","command":%q,%s}}`, id, command, more)
	}
	o := options(t)
	o.Files = []string{write(t,
		shell("b1", "TOKEN=s3cret pi-loop --key s3cret", `"exitCode":0`),
		shell("b2", "make s3cret", `"exitCode":2,"output":"make: *** no rule\n"`),
		shell("b3", "s3cret", `"exitCode":127`),
		"")}
	o.Kind = func(name string) (event.Kind, bool) { return event.Loop, name == "pi-loop" }
	all := run(t, o)
	data, err := os.ReadFile(all.Segment)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(data), "s3cret") {
		t.Errorf("an argument is in the log: %s", data)
	}
	list := events(t, all.Segment)
	if len(list) != 4 || list[0].Kind != event.Loop || list[3].Kind != event.Script || list[3].Error != "make: *** no rule" {
		t.Errorf("%+v", list)
	}
	o.HelpersOnly, o.Log = true, filepath.Join(t.TempDir(), "events.jsonl")
	if s := run(t, o); s.Added != 1 {
		t.Errorf("only helpers: %+v", s)
	}
}

// 130 is the exit status of an interrupt: a person left the program.
func TestStatusOfShellCommands(t *testing.T) {
	for fields, want := range map[string]event.Status{
		`"exitCode":0`:                     event.Succeeded,
		`"exitCode":1`:                     event.Failed,
		`"exitCode":130`:                   event.Cancelled,
		`"exitCode":143`:                   event.Failed,
		`"exitCode":1,"cancelled":true`:    event.Cancelled,
		`"cancelled":true`:                 event.Cancelled,
		`"exitCode":null,"cancelled":true`: event.Cancelled,
	} {
		o := options(t)
		o.Files = []string{write(t, `{"type":"message","id":"b1","timestamp":"2026-11-01T10:00:01.000Z","message":{"role":"bashExecution","command":"fzf",`+fields+`}}`)}
		if e := events(t, run(t, o).Segment)[1]; e.Status != want {
			t.Errorf("%s: %s, want %s", fields, e.Status, want)
		}
	}
}

// One line is one table row: what is known of its programs, given its status.
func TestPrograms(t *testing.T) {
	type line struct {
		command string
		status  int
	}
	for l, want := range map[line]string{
		{"make", 0}:                            "make succeeded 0",
		{"make", 2}:                            "make failed 2",
		{"fzf", 130}:                           "fzf cancelled 130",
		{"  /usr/bin/make -j2 all", 0}:         "make succeeded 0",
		{"A=1 B='x y' make", 1}:                "make failed 1",
		{"make > out 2>&1 < in", 1}:            "make failed 1",
		{"cd /x && lp --now", 3}:               "lp failed 3",
		{"cd /x && lp", 0}:                     "lp succeeded 0",
		{"cd /x; lp", 3}:                       "lp failed 3",
		{"cd /x && export A=1 && lp", 3}:       "lp failed 3",
		{"(lp)", 3}:                            "lp failed 3",
		{"(cd /x && lp)", 3}:                   "lp failed 3",
		{"{ lp; }", 3}:                         "lp failed 3",
		{"time lp", 3}:                         "lp failed 3",
		{"time -p lp", 3}:                      "lp failed 3",
		{"env A=1 -u B lp x", 3}:               "lp failed 3",
		{"sudo lp", 3}:                         "lp failed 3",
		{"sudo -u root -E A=1 lp", 3}:          "lp failed 3",
		{"timeout 5 lp", 3}:                    "lp failed 3",
		{"timeout -k 1 --signal=INT 5m lp", 3}: "lp failed 3",
		{"timeout 5 lp", 124}:                  "lp cancelled -1",
		{"nice -n 5 nohup stdbuf -oL lp", 3}:   "lp failed 3",
		{"flock -w 5 /tmp/l lp --all", 3}:      "lp failed 3",
		{"flock -n l taskset 3 chronic lp", 0}: "lp succeeded 0",
		{"sudo env A=1 timeout 5 lp", 3}:       "lp failed 3",
		{"command lp", 3}:                      "lp failed 3",
		{"exec lp", 3}:                         "lp failed 3",
		{"bash -lc 'cd /x && lp'", 3}:          "lp failed 3",
		{"bash -c 'exit 3'", 3}:                "bash failed 3",
		{"bash build.sh -c lp", 3}:             "bash failed 3",
		{"! lp", 1}:                            "lp succeeded 0",
		{"'lp' \"x\"", 0}:                      "lp succeeded 0",
		// several: what the status proves
		{"a && b", 0}:            "a succeeded 0, b succeeded 0",
		{"a && b", 1}:            "",
		{"a && b && c", 0}:       "a succeeded 0, b succeeded 0, c succeeded 0",
		{"a || b", 1}:            "b failed 1",
		{"a || b", 0}:            "",
		{"a; b", 1}:              "b failed 1",
		{"a; b", 0}:              "b succeeded 0",
		{"a\nb", 0}:              "b succeeded 0",
		{"a | b", 1}:             "b failed 1",
		{"a 2>&1 | tail -20", 0}: "tail succeeded 0",
		{"! a", 0}:               "",
		{"a &", 0}:               "",
		{"a & b", 1}:             "b failed 1",
		{"a && (b; c)", 0}:       "a succeeded 0, c succeeded 0",
		// nothing ran, or nobody knows what
		{"lp", 127}:                     "",
		{"env lp", 127}:                 "",
		{"./data", 126}:                 "",
		{"'pi loop' x", 0}:              "",
		{"for i in 1 2; do x; done", 0}: "",
		{"if a; then b; fi", 0}:         "",
		{"while a; do b; done", 0}:      "",
		{"f() { lp; }", 0}:              "",
		{"$(secret)", 0}:                "",
		{"$EDITOR x", 0}:                "",
		{"`secret`", 0}:                 "",
		{"'unbalanced", 0}:              "",
		{"A=1", 0}:                      "",
		{"--help", 0}:                   "",
		{"command -v lp", 0}:            "",
		{"echo lp", 0}:                  "",
		{"exit 3", 3}:                   "",
		{"env", 0}:                      "env succeeded 0",
		{"", 0}:                         "",
	} {
		var got []string
		for _, r := range programs(l.command, l.status, "", false) {
			got = append(got, fmt.Sprintf("%s %s %d", r.name, r.status, r.code))
		}
		if s := strings.Join(got, ", "); s != want {
			t.Errorf("%q with %d: %q, want %q", l.command, l.status, s, want)
		}
	}
	for command, want := range map[string]string{
		"lp": "", "cd /x && lp": "/x", "cd /x; cd y && lp": "/x/y", "(cd /x && true); lp": "", "(cd /x && lp)": "/x",
		"cd y && lp": "y", "cd ~ && lp": "", "cd $D && lp": "", "cd /x && bash -c 'cd y; lp'": "/x/y",
	} {
		for _, status := range []int{0, 3} {
			if got := programs(command, status, "", false); len(got) != 1 && status != 0 || got[len(got)-1].dir != want {
				t.Errorf("%q with %d: %+v, want %q", command, status, got, want)
			}
		}
	}
	if got := programs("cd /x && lp", 1, "bash: line 1: cd: /x: No such file or directory\n", false); got != nil {
		t.Errorf("the cd failed: %v", got)
	}
	for command, want := range map[string]int{"lp": 1, "cd /x && lp": 1, "cd /x; lp": 1, "a; b": 0, "a && b": 0, "a || b": 0, "a | b": 1} {
		if got := programs(command, cancelledStatus, "", true); len(got) != want {
			t.Errorf("%q was cancelled: %v", command, got)
		}
	}
}

// Entries of version 1 have no ids.
func TestVersion1(t *testing.T) {
	path := filepath.Join(t.TempDir(), "s.jsonl")
	head := `{"type":"session","id":"v1","timestamp":"2025-11-01T10:00:00.000Z","cwd":"/p","provider":"x","modelId":"m","thinkingLevel":"off"}`
	text := head
	for i, command := range []string{"make", "make", "lp"} {
		text += fmt.Sprintf("\n"+`{"type":"message","timestamp":"2025-11-01T10:00:0%d.000Z","message":{"role":"bashExecution","command":%q,"exitCode":0}}`, i+1, command)
	}
	text += "\n" + `{"type":"message","timestamp":"2025-11-01T10:00:05.000Z","message":{"role":"assistant","content":[{"type":"toolCall","id":"c1","name":"x"}],"stopReason":"toolUse","timestamp":1761991205000}}` +
		"\n" + `{"type":"message","timestamp":"2025-11-01T10:00:06.000Z","message":{"role":"toolResult","toolCallId":"c1","toolName":"x","content":[],"isError":false,"timestamp":1761991206000}}` + "\n"
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	o := options(t)
	o.Files = []string{path}
	if s := run(t, o); s.Added != 4 || s.Bad != 0 {
		t.Errorf("%+v", s)
	}
	if s := run(t, o); s.Added != 0 {
		t.Errorf("the second time: %+v", s)
	}
}

func TestSessionDir(t *testing.T) {
	home := t.TempDir()
	agent := filepath.Join(home, ".pi", "agent")
	env := map[string]string{}
	check := func(want string) {
		t.Helper()
		if got := SessionDir(home, func(name string) string { return env[name] }); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
	check(filepath.Join(agent, "sessions"))
	if err := os.MkdirAll(agent, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(agent, "settings.json"), []byte(`{"sessionDir":"~/s"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	check(filepath.Join(home, "s"))
	env["PI_CODING_AGENT_DIR"] = "/a"
	check("/a/sessions")
	env["PI_CODING_AGENT_SESSION_DIR"] = "/b"
	check("/b")
}
