package event_test

import (
	"math/rand"
	"reflect"
	"strings"
	"testing"
	"testing/quick"
	"time"
	"unicode/utf8"

	"pi-track/internal/event"
	"pi-track/internal/event/decode"
	"pi-track/internal/event/schematest"
)

func TestGoldenMatchesSchema(t *testing.T) {
	n, err := schematest.CheckFile("testdata/golden.jsonl")
	if err != nil || n < 10 {
		t.Errorf("%d lines: %v", n, err)
	}
}

func TestSchemaRefuses(t *testing.T) {
	const good = `{"ts":"2026-11-22T05:06:33.072Z","v":1,"id":"01a201a2-77d0-7abc-8def-0123456789ab","kind":"script","name":"h","status":"failed","duration_ms":1}` + "\n"
	if err := schematest.Check([]byte(good)); err != nil {
		t.Fatal(err)
	}
	for _, edit := range [][2]string{
		{`.072Z`, `Z`}, {`"v":1`, `"v":2`}, {`01a201a2-`, ``}, {`"script"`, `"shell"`}, {`"h"`, `""`}, {`"failed"`, `"error"`},
		{`,"duration_ms":1`, ``}, {`"duration_ms":1`, `"duration_ms":-1`}, {`"failed"`, `"started"`}, {`}`, `,"exit_code":256}`},
		{`}`, `,"exit_code":1,"signal":"KILL"}`}, {`}`, `,"error_summary":"a\nb"}`}, {`}`, `,"usage":{}}`}, {`}`, `,"src":"me"}`},
		{`}`, `,"error_summary":"` + strings.Repeat("x", 201) + `"}`}, {"}\n", "}"}, {`"h"`, `"` + strings.Repeat("h", event.MaxLine) + `"`},
	} {
		if bad := strings.Replace(good, edit[0], edit[1], 1); schematest.Check([]byte(bad)) == nil {
			t.Errorf("allowed: %s", bad)
		}
	}
}

// anyEvent makes events of every shape that the schema allows.
type anyEvent struct{ event.Event }

func (anyEvent) Generate(r *rand.Rand, _ int) reflect.Value {
	return reflect.ValueOf(anyEvent{random(r)})
}

func random(r *rand.Rand) event.Event {
	pick := func(choices ...string) string { return choices[r.Intn(len(choices))] }
	text := func() string {
		runes := []rune("aZ09 /\\\"'<>&éß日🙂\u2028\ufffd\x7f\x00\x1b\n\t")
		var b strings.Builder
		for range r.Intn(12) {
			b.WriteRune(runes[r.Intn(len(runes))])
		}
		return b.String()
	}
	number := func() int64 { return r.Int63n(1 << uint(1+r.Intn(52))) }
	at := time.UnixMilli(r.Int63n(253402300799999)).UTC()
	e := event.Event{
		TS: at, V: 1, ID: event.NewID(at), Name: "h" + text(),
		Kind:   event.Kind(pick("extension_tool", "extension_command", "script", "job", "loop")),
		Status: event.Status(pick("started", "succeeded", "failed", "cancelled")),
		CWD:    text(), Scope: pick("", "global", "project"), Repo: text(), SessionID: text(), TaskID: text(),
		ParentID: text(), RootID: text(), Host: text(), PID: int(number()), CallID: text(), Ext: text(),
		Src: pick("", "shim", "run", "extension", "emit", "import", "reaped"),
	}
	if e.Status != event.Started {
		e.DurationMS = number()
		if code := r.Intn(256); r.Intn(2) == 0 {
			e.ExitCode = &code
		} else if e.Status != event.Succeeded {
			e.Signal = pick("", "TERM", "KILL", "RTMIN+3")
		}
	}
	if e.Status == event.Failed || e.Status == event.Cancelled {
		e.Error = strings.Map(func(r rune) rune {
			if r < ' ' || r == 0x7f {
				return '·'
			}
			return r
		}, text())
	}
	if u := (event.Usage{Tokens: number(), Cost: float64(number()) / 1e6, Model: text()}); r.Intn(2) == 0 && u != (event.Usage{}) {
		e.Usage = &u
	}
	if r.Intn(2) == 0 {
		e.Rusage = &event.Rusage{UserMS: number(), SysMS: number(), MaxRSSKB: number()}
	}
	if r.Intn(4) == 0 {
		e.Extra = []event.Member{{Key: "later", Raw: []byte(`{"a":[1,"b\n"]}`)}, {Key: "n" + text(), Raw: []byte("null")}}
	}
	return e
}

// Decoding what was encoded gives the same event, and encoding that the same
// line, which the schema allows.
func TestEncodeDecodeInverse(t *testing.T) {
	check := func(a anyEvent) bool {
		line := a.Append(nil)
		if err := schematest.Check(line); err != nil {
			t.Errorf("%s: %v", line, err)
			return false
		}
		var got event.Event
		if err := decode.Event(line, &got); err != nil {
			t.Errorf("%s: %v", line, err)
			return false
		}
		if !reflect.DeepEqual(got, a.Event) {
			t.Errorf("%s:\ngot  %+v\nwant %+v", line, got, a.Event)
			return false
		}
		return string(got.Append(nil)) == string(line)
	}
	if err := quick.Check(check, &quick.Config{MaxCount: 1000}); err != nil {
		t.Error(err)
	}
}

// FuzzEncode: whatever the texts, the line is valid and is read back.
func FuzzEncode(f *testing.F) {
	f.Add("helper", "error: no space left", "/home/someone", int64(5), 1.5)
	f.Add("\xff\x00\"\\", strings.Repeat("é\x1b[31m", 300), strings.Repeat("/d", 3000), int64(-1), -1e-9)
	f.Add("x", "", strings.Repeat("\x9d", 5000), int64(19), -106.0)
	f.Fuzz(func(t *testing.T, name, text, cwd string, n int64, cost float64) {
		e := event.Event{TS: time.UnixMilli(n), ID: event.NewID(time.UnixMilli(n)), Kind: event.Script, Name: "h" + name,
			Status: event.Failed, DurationMS: n >> 11, Error: text, CWD: cwd, Usage: &event.Usage{Cost: cost}}
		line := e.Append(nil)
		if len(line) > event.MaxLine || !utf8.Valid(line) {
			t.Fatalf("%d bytes: %q", len(line), line)
		}
		var got event.Event
		if err := decode.Event(line, &got); err != nil {
			t.Fatalf("%q: %v", line, err)
		}
		if again := got.Append(nil); string(again) != string(line) {
			t.Fatalf("%q became %q", line, again)
		}
	})
}
