package event

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"
)

// The numbers that docs/events.md and the writer in TypeScript have, too.
func TestLimits(t *testing.T) {
	if MaxLine != 4096 || MaxError != 200 || MaxInteger != 9007199254740991 || Version != 1 {
		t.Error(MaxLine, MaxError, MaxInteger, Version)
	}
}

// An exit status alone tells success, an interruption by a person, and failure.
func TestOfExit(t *testing.T) {
	for status, want := range map[int]Status{0: Succeeded, 1: Failed, 2: Failed, 126: Failed, 127: Failed, 128: Failed, 129: Failed,
		130: Cancelled, 131: Failed, 137: Failed, 143: Failed, 255: Failed, -1: Failed} {
		if got := OfExit(status); got != want {
			t.Errorf("%d: %s, not %s", status, got, want)
		}
	}
}

// lineOf is the line of e behind another one, read, and its length.
func lineOf(t *testing.T, e Event) (map[string]any, int) {
	t.Helper()
	before := strings.Repeat("b", 500)
	b := e.Append([]byte(before))
	var got map[string]any
	if err := json.Unmarshal(b[len(before):], &got); err != nil || !strings.HasPrefix(string(b), before) {
		t.Fatalf("%v: %s", err, b)
	}
	return got, len(b) - len(before)
}

// A line that fits by a byte is whole; one more, and it is the error text that
// is shorter by as much.
func TestErrorTextIsCutToTheByte(t *testing.T) {
	e := Event{TS: when, ID: "i", Kind: Job, Name: "h", Status: Failed, Error: strings.Repeat("x", 150)}
	_, n := lineOf(t, e)
	room := MaxLine - n - len(`,"cwd":"","x":1`)
	e.Extra = []Member{{"x", []byte("1")}}
	for over := range 160 {
		e.CWD = strings.Repeat("d", room+over)
		got, n := lineOf(t, e)
		text, _ := got["error_summary"].(string)
		want := max(150-over, 0)
		if wantLine := MaxLine; len(text) != want || got["cwd"] != e.CWD || want > 0 && (n != wantLine || got["x"] == nil) {
			t.Fatalf("%d bytes over: a line of %d with a text of %d, not %d", over, n, len(text), want)
		}
	}
}

// Then unknown keys go, whole, and then all other texts to the same length.
func TestWhatGoesAfterTheErrorText(t *testing.T) {
	extra := []Member{{"x", []byte(`"` + strings.Repeat("x", 3000) + `"`)}}
	got, _ := lineOf(t, Event{TS: when, ID: "i", Kind: Job, Name: "h", Status: Failed, CWD: strings.Repeat("d", 1024), Extra: extra, Error: "e"})
	if _, has := got["x"]; has || got["error_summary"] != nil || len(got["cwd"].(string)) != 1024 {
		t.Errorf("the unknown key stays or a text of a quarter of the line is cut: %.300v", got)
	}
	for count, want := range map[int]int{1: 1024, 3: 1024, 4: 512, 7: 512, 8: 256} {
		e := Event{TS: when, ID: "i", Kind: Job, Name: "h", Status: Started}
		for i, field := range []*string{&e.CWD, &e.Repo, &e.TaskID, &e.SessionID, &e.ParentID, &e.RootID, &e.Ext, &e.CallID} {
			if i < count {
				*field = strings.Repeat("d", 5000)
			}
		}
		if got, n := lineOf(t, e); len(got["cwd"].(string)) != want || n > MaxLine {
			t.Errorf("%d long texts: %d bytes each, not %d; %d in all", count, len(got["cwd"].(string)), want, n)
		}
	}
	e := Event{TS: when, ID: strings.Repeat("i", 70), Kind: Job, Name: "h", Status: Started, V: 12}
	if got, _ := lineOf(t, e); len(got["id"].(string)) != 64 || got["v"] != 12.0 {
		t.Errorf("%v", got)
	}
}

// Each number of the usage stands for itself, one as well as many.
func TestUsageMembers(t *testing.T) {
	for want, u := range map[string]Usage{
		`{"tokens":1}`: {Tokens: 1}, `{"input":1}`: {Input: 1}, `{"output":1}`: {Output: 1}, `{"cache_read":1}`: {CacheRead: 1},
		`{"cache_write":1}`: {CacheWrite: 1}, `{"cost":1}`: {Cost: 1}, `{"model":"m"}`: {Model: "m"}, `{"tokens":2,"cost":0.5}`: {Tokens: 2, Cost: 0.5},
	} {
		line := string((&Event{TS: when, ID: "i", Status: Started, Usage: &u}).Append(nil))
		if !strings.HasSuffix(line, `,"usage":`+want+"}\n") {
			t.Errorf("%s, not %s", line, want)
		}
	}
	for _, u := range []Usage{{}, {Cost: math.Inf(1)}, {Cost: math.Inf(-1)}, {Cost: math.NaN()}} {
		if line := string((&Event{TS: when, ID: "i", Status: Started, Usage: &u}).Append(nil)); strings.Contains(line, "usage") {
			t.Error(line)
		}
	}
	e := Event{TS: when, ID: "i", Status: Started, Usage: &Usage{Model: strings.Repeat("m", 5000)}}
	if got, _ := lineOf(t, e); len(got["usage"].(map[string]any)["model"].(string)) != 1024 {
		t.Error("a model is a text like the others")
	}
}

// Numbers as ECMAScript writes them (Number::toString, ECMA-262).
func TestAppendFloat(t *testing.T) {
	for want, f := range map[string]float64{
		"0.000001": 1e-6, "9.99e-7": 9.99e-7, "1e-7": 1e-7, "1.5e-9": 1.5e-9, "1e-10": 1e-10, "1e-100": 1e-100, "1e+21": 1e21, "1.5e+300": 1.5e300,
		"999999999999999900000": 999999999999999900000, "100000000000000000000": 1e20, "0.1": 0.1, "12.5": 12.5, "-2.5e-8": -2.5e-8, "-3": -3, "5e-324": 5e-324,
	} {
		if got := string(appendFloat(nil, f)); got != want {
			t.Errorf("%s, not %s", got, want)
		}
	}
}

func TestAppendTime(t *testing.T) {
	for want, at := range map[string]time.Time{
		"0000-01-01T00:00:00.000Z": time.Date(-1, 12, 31, 23, 59, 59, 0, time.UTC),
		"0000-06-01T00:00:00.000Z": time.Date(0, 6, 1, 0, 0, 0, 0, time.UTC),
		"9999-12-31T23:59:59.999Z": time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC),
		"9999-06-01T00:00:00.001Z": time.Date(9999, 6, 1, 0, 0, 0, 1999999, time.UTC),
		"2026-01-01T23:30:00.000Z": time.Date(2026, 1, 2, 0, 30, 0, 0, time.FixedZone("", 3600)),
	} {
		if got := string(AppendTime(nil, at)); got != want {
			t.Errorf("%s, not %s", got, want)
		}
	}
}

// Every character is written as JSON.stringify does: the short escapes, four
// hexadecimal digits for the other control characters, all else as it is.
func TestAppendString(t *testing.T) {
	short := map[rune]string{'"': `\"`, '\\': `\\`, '\b': `\b`, '\f': `\f`, '\n': `\n`, '\r': `\r`, '\t': `\t`}
	for r := range rune(0x250) {
		want := string(r)
		if s, ok := short[r]; ok {
			want = s
		} else if r < 0x20 {
			want = fmt.Sprintf(`\u%04x`, r)
		}
		if got := string(appendString(nil, "a"+string(r)+"b")); got != `"a`+want+`b"` {
			t.Errorf("%q is %s", r, got)
		}
	}
	for in, want := range map[string]string{"\xff": "\uFFFD", "a\xe2\x82": "a\uFFFD\uFFFD", "\uFFFDx": "\uFFFDx", "\x80\n\xc3é": "\uFFFD\\n\uFFFDé", "日\xf0\x9f🙂": "日\uFFFD\uFFFD🙂"} {
		if got := string(appendString(nil, in)); got != `"`+want+`"` {
			t.Errorf("%q is %s", in, got)
		}
	}
}

func TestExtraStaysOneLine(t *testing.T) {
	got := string(appendExtra(nil, []Member{{"a", []byte("[1,\r\n2]")}, {"b\n", []byte("{\n}")}}))
	if want := `,"a":[1,  2],"b\n":{ }`; got != want {
		t.Errorf("%q, not %q", got, want)
	}
}

func TestCut(t *testing.T) {
	for _, tc := range []struct {
		in   string
		n    int
		want string
	}{
		{"abc", 3, "abc"}, {"abc", 2, "ab"}, {"abc", 0, ""}, {"abc", -5, ""}, {"", 0, ""}, {"aé", 2, "a"}, {"aé", 3, "aé"}, {"é", 1, ""}, {"日本", 5, "日"}, {"日本", 4, "日"},
		{"日本", 3, "日"}, {"a🙂b", 4, "a"}, {"a🙂b", 5, "a🙂"}, {"🙂", 3, ""}, {"\x80\x80\x80\x80\x80\x80", 5, "\x80\x80\x80\x80\x80"}, {"a\x80\x80\x80\x80\x80", 4, "a\x80\x80\x80"},
	} {
		if got := cut(tc.in, tc.n); got != tc.want {
			t.Errorf("%q to %d: %q, not %q", tc.in, tc.n, got, tc.want)
		}
	}
}

// A text that is as the schema wants it is not copied: every end line of a
// failed run passes here, in the shim.
func TestCleanCopiesNothing(t *testing.T) {
	long := strings.Repeat("é", MaxError)
	if n := testing.AllocsPerRun(10, func() { clean("error: no such file"); clean(long) }); n != 0 {
		t.Errorf("%v copies", n)
	}
}

// The parts of an id are where RFC 9562 has them, and every bit that is to be
// random is.
func TestIDParts(t *testing.T) {
	for want, fraction := range map[string]time.Duration{"7000": 0, "7001": 300, "7800": 500 * time.Microsecond, "7fff": 999999} {
		if id := NewID(time.UnixMilli(0x0123456789ab).Add(fraction)); !strings.HasPrefix(id, "01234567-89ab-"+want+"-") {
			t.Errorf("%v: %s, not %s", fraction, id, want)
		}
	}
	seen := map[string]bool{}
	for range 3000 {
		id := NewID(when)
		for i, c := range id {
			if (c == '-') != (i == 8 || i == 13 || i == 18 || i == 23) {
				t.Fatal(id)
			}
			seen[fmt.Sprint(i, string(c))] = true
		}
	}
	for i := 19; i < 36; i++ {
		digits := "0123456789abcdef"
		switch i {
		case 19:
			digits = "89ab"
		case 23:
			continue
		}
		n := 0
		for _, c := range "0123456789abcdef" {
			if is := seen[fmt.Sprint(i, string(c))]; is {
				n++
				if !strings.ContainsRune(digits, c) {
					t.Errorf("digit %d is %c", i, c)
				}
			}
		}
		if n != len(digits) {
			t.Errorf("digit %d takes %d values, not %d", i, n, len(digits))
		}
	}
}

func TestIDTimeOfParts(t *testing.T) {
	for id, want := range map[string]int64{
		"01234567": 0x012345670000, "01234567-": 0x012345670000, "01234567-8": 0x012345678000, "01234567-89ab": 0x0123456789ab,
		"01234567-89ab-7": 0x0123456789ab, "01234567-89ab-": 0x0123456789ab, "0123456789ab": 0x0123456789ab,
	} {
		if got := IDTime(id); got.UnixMilli() != want {
			t.Errorf("%s: %x, not %x", id, got.UnixMilli(), want)
		}
	}
	for _, id := range []string{"", "0123456", "0123456-", "01234567-89ab-5", "01234567-89ab-4fff-8000-000000000000", "0123456x-89ab"} {
		if got := IDTime(id); !got.IsZero() {
			t.Errorf("%s: %v", id, got)
		}
	}
}

// A usage file is JSON of any writer: blanks of every kind, numbers in every
// form, unknown members of any value.
func TestParseUsageForms(t *testing.T) {
	for text, want := range map[string]Usage{
		"\t{\n\"tokens\"\r:\t1 ,\n\"input\" : 2\r}\n": {Tokens: 1, Input: 2}, `{"tokens":9007199254740991}`: {Tokens: MaxInteger}, `{"tokens":0,"cost":0}`: {},
		`{"cost":1.5E+2}`: {Cost: 150}, `{"cost":25e-1,"output":1e3}`: {Cost: 2.5, Output: 1000}, `{"cost":90,"input":12345678}`: {Cost: 90, Input: 12345678},
		`{"model":"a b!"}`: {Model: "a b!"}, `{"model":"\"\\\/"}`: {Model: `"\/`}, `{"model":"\b\f\n\r\t."}`: {Model: "     ."}, `{"model":"\u0041\u00e9z"}`: {Model: "Aéz"}, `{"model":""}`: {},
		`{"a":"x","tokens":1}`: {Tokens: 1}, `{"a":null,"tokens":1}`: {Tokens: 1}, `{"a":[1,[2,{"b":"]"}]],"tokens":1}`: {Tokens: 1}, `{"a":{},"b":[],"tokens":1}`: {Tokens: 1},
		`{"tokens":1,"a":{"tokens":2}}`: {Tokens: 1}, `{"tokens":1,"a":true}`: {Tokens: 1}, `{"tokens":1,"a":[]}`: {Tokens: 1}, `{"tokens":1,"tokens":2}`: {Tokens: 2}, `{"a":"\"","tokens":1}`: {Tokens: 1},
	} {
		if got, ok := ParseUsage([]byte(text)); !ok || got != want {
			t.Errorf("%s: %+v, %t", text, got, ok)
		}
	}
	for _, text := range []string{
		"{} x", `{}}`, `{"model":"\u00`, `{"model":"a\u004"}`, `{"model":"\u004`, `{"model":"\`, `{"model":"a\u004g"}`, "{\"model\":\"a\x1fb\"}", `{"tokens":}`, `{"tokens":.}`, `{"cost":-0.1}`, `{"cost":"1"}`, `{"cost":1`,
		`{"input":-1}`, `{"output":9007199254740992}`, `{"cache_read":x}`, `{"cache_write":[]}`, `{"a":[1}`, `{"a":{"b":1}`, `{"a":,"tokens":1}`, `{"a":]}`, `{"a":"x}`, `{"a":["x]}`, `{"a" "b"}`, `{"a":1,}`, `{,}`, `{"a": }`, `{"a": ,"b":1}`, `x`, `"a"`,
	} {
		if got, ok := ParseUsage(slices.Clip([]byte(text))); ok { // and nothing behind the end is read
			t.Errorf("%s is %+v", text, got)
		}
	}
	var sum Usage
	for range 2 {
		sum.Add(Usage{1, 2, 3, 4, 5, 0.5, "m"})
	}
	if sum.Add(Usage{}); sum != (Usage{2, 4, 6, 8, 10, 1, "m"}) {
		t.Errorf("%+v", sum)
	}
}
