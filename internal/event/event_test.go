package event

import (
	"encoding/json"
	"math"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

var when = time.Date(2026, 11, 22, 5, 6, 33, 72e6, time.UTC)

func exit(n int) *int { return &n }

func TestAppend(t *testing.T) {
	for _, tc := range []struct {
		name string
		e    Event
		want string
	}{
		{
			"start",
			Event{TS: when, ID: "01a2", Kind: Script, Name: "h", Status: Started, CWD: "/tmp", PID: 7, Src: "shim"},
			`{"ts":"2026-11-22T05:06:33.072Z","v":1,"id":"01a2","kind":"script","name":"h","status":"started","cwd":"/tmp","pid":7,"src":"shim"}`,
		},
		{
			"end keeps zeros that were measured",
			Event{TS: when, ID: "01a2", Kind: Job, Name: "h", Status: Succeeded, ExitCode: exit(0), Rusage: &Rusage{}},
			`{"ts":"2026-11-22T05:06:33.072Z","v":1,"id":"01a2","kind":"job","name":"h","status":"succeeded","duration_ms":0,"exit_code":0,"rusage":{"user_ms":0,"sys_ms":0,"max_rss_kb":0}}`,
		},
		{
			"no error text on success, no end keys on a start",
			Event{TS: when, ID: "01a2", Status: Started, DurationMS: 5, ExitCode: exit(1), Signal: "KILL", Error: "x"},
			`{"ts":"2026-11-22T05:06:33.072Z","v":1,"id":"01a2","status":"started"}`,
		},
		{
			"time zones and fractions",
			Event{TS: when.Add(999 * time.Microsecond).In(time.FixedZone("x", 3600)), ID: "i", Status: Started},
			`{"ts":"2026-11-22T05:06:33.072Z","v":1,"id":"i","status":"started"}`,
		},
		{
			"escapes and invalid UTF-8",
			Event{TS: when, ID: "i", Name: "a\"b\\c\x00\x1b\n\u2028\xff\x7fé", Status: Started},
			`{"ts":"2026-11-22T05:06:33.072Z","v":1,"id":"i","name":"a\"b\\c\u0000\u001b\n` + "\u2028\uFFFD\x7fé" + `","status":"started"}`,
		},
		{
			"usage and unknown keys",
			Event{TS: when, ID: "i", Status: Cancelled, Usage: &Usage{Tokens: 3, Cost: 1e-7, Model: "m"}, Extra: []Member{{"x", []byte("[1,\n2]")}}},
			`{"ts":"2026-11-22T05:06:33.072Z","v":1,"id":"i","status":"cancelled","duration_ms":0,"usage":{"tokens":3,"cost":1e-7,"model":"m"},"x":[1, 2]}`,
		},
		{
			"empty usage, cost that is no number",
			Event{TS: when, ID: "i", Status: Failed, DurationMS: -1, Usage: &Usage{Cost: math.NaN()}, Error: "a\tb\u009bc"},
			`{"ts":"2026-11-22T05:06:33.072Z","v":1,"id":"i","status":"failed","duration_ms":0,"error_summary":"a b c"}`,
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if got := string(tc.e.Append([]byte("before "))); got != "before "+tc.want+"\n" {
				t.Errorf("got  %s\nwant %s", got, tc.want)
			}
		})
	}
}

func TestAppendFits(t *testing.T) {
	long := strings.Repeat("ä\"\x01", 4000)
	events := map[string]Event{
		"error":  {TS: when, ID: "i", Name: "h", Status: Failed, Error: long, CWD: "/" + strings.Repeat("d", 3900)},
		"extra":  {TS: when, ID: "i", Name: "h", Status: Failed, Extra: []Member{{"x", []byte(`"` + strings.Repeat("x", 5000) + `"`)}}},
		"all":    {TS: when, ID: "i", Name: long, Kind: Kind(long), Status: Failed, Error: long, CWD: long, Repo: long, SessionID: long, TaskID: long, ParentID: long, RootID: long, Host: long, Src: long, CallID: long, Ext: long, Scope: long, Signal: long, Usage: &Usage{Model: long}},
		"status": {TS: when, ID: long, Status: Status(long)},
	}
	for name, e := range events {
		b := e.Append(nil)
		if len(b) > MaxLine || b[len(b)-1] != '\n' || !utf8.Valid(b) || !json.Valid(b) {
			t.Errorf("%s: %d bytes: %.200q", name, len(b), b)
		}
	}
	e := events["error"]
	var got map[string]any
	if err := json.Unmarshal(e.Append(nil), &got); err != nil || got["cwd"] != e.CWD {
		t.Errorf("the error text is not what was cut first: %v", err)
	}
}

func TestNewID(t *testing.T) {
	seen := map[string]bool{}
	last := ""
	for i := range 2000 {
		id := NewID(when.Add(time.Duration(i) * time.Microsecond))
		if len(id) != 36 || id[14] != '7' || !strings.ContainsRune("89ab", rune(id[19])) || seen[id] {
			t.Fatalf("bad id %q", id)
		}
		if id <= last {
			t.Fatalf("%q is not after %q", id, last)
		}
		seen[id], last = true, id
	}
	if id := NewID(time.UnixMilli(0x0123456789ab)); !strings.HasPrefix(id, "01234567-89ab-7000-") {
		t.Errorf("the time is not in front: %q", id)
	}
}

func TestParseUsage(t *testing.T) {
	u, ok := ParseUsage([]byte(` {"tokens":10, "input":1,"output":2,"cache_read":3,"cache_write":4,"cost":1.5e-3,"model":"a\/\u00e9","more":{"x":[1,"}"]},"b":null}` + "\n"))
	if want := (Usage{10, 1, 2, 3, 4, 0.0015, "a/é"}); !ok || u != want {
		t.Errorf("got %+v, %v", u, ok)
	}
	for _, bad := range []string{"", "{", `{"tokens":1`, `{"tokens":-1}`, `{"tokens":"1"}`, `{"cost":1e999}`, `{"model":1}`, `[1]`,
		`{"tokens":1}x`, `{"tokens":1,}`, `{"tokens":}`, `{"x":}`, `{"model":"a`, "{\"model\":\"a\nb\"}", `{"tokens":1e300}`, `{"x"`, `{"x":[`} {
		if u, ok := ParseUsage([]byte(bad)); ok {
			t.Errorf("%s: %+v", bad, u)
		}
	}
	if _, ok := ParseUsage([]byte("{}")); !ok {
		t.Error("an empty object is usage: nothing known")
	}
	u.Add(Usage{Tokens: 1, Cost: 1})
	u.Add(Usage{Model: "b"})
	if want := (Usage{11, 1, 2, 3, 4, 1.0015, "b"}); u != want {
		t.Errorf("sum: %+v", u)
	}
}
