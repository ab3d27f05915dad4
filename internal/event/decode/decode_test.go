package decode

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"math"
	"os"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"pi-track/internal/event"
)

// goodLine has every key in the writer's layout.
const goodLine = `{"ts":"2026-11-22T21:22:32.123Z","v":1,"id":"019ab0c3-7d01-7abc-8def-0123456789ab","kind":"script","name":"deploy","status":"failed","duration_ms":1234,"exit_code":3,"signal":"KILL","error_summary":"error: no such file","cwd":"/home/u/src/web","scope":"project","repo":"/home/u/src/web","session_id":"s-1","task_id":"t-1","parent_id":"019ab0c3-7d01-7abc-8def-0123456789aa","root_id":"019ab0c3-7d01-7abc-8def-0123456789a9","host":"4b1d","pid":4242,"src":"shim","usage":{"tokens":30,"input":10,"output":20,"cache_read":4,"cache_write":5,"cost":0.0123,"model":"m-1"},"rusage":{"user_ms":10,"sys_ms":20,"max_rss_kb":3000},"call_id":"c-1","ext":"e-1","writer":"1:2:3:4:5","inferred":"details.error","stderr":"terminal"}`

// minimal has only what an event needs.
const minimal = `{"ts":"2026-11-22T21:22:32.123Z","v":1,"id":"a","kind":"job","name":"x","status":"started"}`

func TestDecodeReadsEveryKey(t *testing.T) {
	code := 3
	want := event.Event{
		TS: time.Date(2026, 11, 22, 21, 22, 32, 123e6, time.UTC), V: 1, ID: "019ab0c3-7d01-7abc-8def-0123456789ab",
		Kind: event.Script, Name: "deploy", Status: event.Failed, DurationMS: 1234, ExitCode: &code, Signal: "KILL",
		Error: "error: no such file", CWD: "/home/u/src/web", Scope: "project", Repo: "/home/u/src/web",
		SessionID: "s-1", TaskID: "t-1", ParentID: "019ab0c3-7d01-7abc-8def-0123456789aa",
		RootID: "019ab0c3-7d01-7abc-8def-0123456789a9", Host: "4b1d", PID: 4242, Src: "shim",
		Usage:  &event.Usage{Tokens: 30, Input: 10, Output: 20, CacheRead: 4, CacheWrite: 5, Cost: 0.0123, Model: "m-1"},
		Rusage: &event.Rusage{UserMS: 10, SysMS: 20, MaxRSSKB: 3000}, CallID: "c-1", Ext: "e-1", Writer: "1:2:3:4:5", Inferred: "details.error", Stderr: "terminal",
	}
	var l Line
	padded := []byte(goodLine + "\n" + string(padding[:]))
	if l.Fast(padded, Mark(nil, padded), 0) != len(goodLine)+1 {
		t.Error("the fast path does not know the writer's layout")
	}
	for name, line := range map[string]string{
		"as written":    goodLine + "\n",
		"no newline":    goodLine,
		"blanks":        strings.ReplaceAll(goodLine, `,"`, ` , "`),
		"an escape":     strings.Replace(goodLine, "deploy", `\u0064eploy`, 1),
		"an escape key": strings.Replace(goodLine, `"name"`, `"na\u006de"`, 1),
		"another order": strings.Replace(strings.Replace(goodLine, `"v":1,`, "", 1), `"ext":"e-1"`, `"ext":"e-1","v":1`, 1),
		"a null":        strings.Replace(goodLine, `"ext":"e-1"`, `"ext":"e-1","nothing":null`, 1),
	} {
		var e event.Event
		if err := Event([]byte(line), &e); err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if name == "a null" {
			if len(e.Extra) != 1 || e.Extra[0].Key != "nothing" || string(e.Extra[0].Raw) != "null" {
				t.Errorf("%s: unknown key not kept: %v", name, e.Extra)
			}
			e.Extra = nil
		}
		if !reflect.DeepEqual(e, want) {
			t.Errorf("%s:\n got %+v\nwant %+v", name, e, want)
		}
	}
}

func TestDecodeRefuses(t *testing.T) {
	swap := func(from, to string) string { return strings.Replace(goodLine, from, to, 1) }
	for line, want := range map[string]Problem{
		"":                         ErrTorn,
		goodLine[:200]:             ErrTorn,
		goodLine[:len(goodLine)-1]: ErrTorn,
		"n ":                       ErrSyntax,
		"hello":                    ErrSyntax,
		goodLine + goodLine:        ErrSyntax,
		goodLine + "\x00":          ErrSyntax,
		swap("deploy", "de\tploy"): ErrSyntax,
		swap("deploy", `de\xploy`): ErrSyntax,
		swap(":1234", ":01234"):    ErrSyntax,
		`[1,2]`:                    ErrNotEvent,
		`{}`:                       ErrNotEvent,
		swap(`"v":1`, `"v":2`):     ErrNewer,
		swap(`"v":1`, `"v":20000000000000000000`):      ErrNewer,
		`{"v":2,"other":true}`:                         ErrNewer,
		swap(`"v":1`, `"v":0`):                         ErrNotEvent,
		swap(`"v":1`, `"v":"1"`):                       ErrNotEvent,
		swap(`"v":1`, `"V":1`):                         ErrNotEvent,
		swap(`"v":1`, `"v":1,"v":1`):                   ErrNotEvent,
		swap(`"ext":"e-1"`, `"x":1,"x":2`):             ErrNotEvent,
		swap(`"tokens":30`, `"tokens":30,"tokens":31`): ErrNotEvent,
		swap("failed", "exploded"):                     ErrNotEvent,
		swap(".123Z", ".123456Z"):                      ErrNotEvent,
		swap("11-22T", "02-29T"):                       ErrNotEvent,
		swap(":1234", ":-1234"):                        ErrNotEvent,
		swap(":1234", ":1234.5"):                       ErrNotEvent,
		swap(":1234", ":9007199254740992"):             ErrNotEvent,
		swap(`"exit_code":3`, `"exit_code":256`):       ErrNotEvent,
		swap(`"name":"deploy"`, `"name":""`):           ErrNotEvent,
		swap(`"name":"deploy"`, `"name":7`):            ErrNotEvent,
		swap(`0.0123`, `1e999`):                        ErrNotEvent,
		minimal[:len(minimal)-1] + `,"usage":7}`:       ErrNotEvent,
		minimal[:len(minimal)-1] + `,"rusage":[1]}`:    ErrNotEvent,
	} {
		e := event.Event{Name: "untouched"}
		if err := Event([]byte(line), &e); err != want {
			t.Errorf("%.120s: %v, want %v", line, err, want)
		}
		if e.Name != "untouched" {
			t.Errorf("%.120s: event changed", line)
		}
	}
}

func TestDecodeNesting(t *testing.T) {
	const maxDepth = 10000 // of encoding/json
	nested := func(n int) string {
		return minimal[:len(minimal)-1] + `,"x":` + strings.Repeat("[", n) + strings.Repeat("]", n) + "}"
	}
	var e event.Event
	if err := Event([]byte(nested(maxDepth-1)), &e); err != nil {
		t.Error(err)
	}
	if err := Event([]byte(nested(maxDepth)), &e); err != ErrSyntax {
		t.Error(err)
	}
}

func TestMarksWithAndWithoutVectors(t *testing.T) {
	var b []byte
	for i := range 4096 {
		b = append(b, byte(i*i>>3+i))
	}
	for n := range 300 {
		b := b[n : 2*n+1]
		got := Mark(nil, b)
		slow := make(Marks, len(b)/64)
		markGo(slow, b)
		for i := range len(got) * 64 {
			want := i < len(b) && (b[i] < ' ' || b[i] == '"' || b[i] == '\\' || b[i] >= 0x80)
			if got[i>>6]>>(i&63)&1 == 1 != want || i>>6 < len(slow) && slow[i>>6]>>(i&63)&1 == 1 != want {
				t.Fatalf("byte %d of %d, %#x", i, len(b), b[i])
			}
		}
	}
}

// FuzzDecode proves that the fast path, the complete decoder and encoding/json
// agree on every input: on what is refused and why, and on every field.
func FuzzDecode(f *testing.F) {
	for _, s := range []string{
		goodLine, minimal, "", "{", "[]", "null", "\"\xff\"", goodLine[:99],
		strings.Replace(goodLine, "deploy", "d\u00e9ploy \U0001F600", 1),
		strings.Replace(goodLine, "deploy", "bad \xff\xc0 utf", 1),
		strings.Replace(goodLine, "deploy", `\ud83d\ude00 \ud800 \udc00\ud800\ud83d\ude00`, 1),
		strings.Replace(goodLine, `"name"`, `"Name"`, 1),
		strings.Replace(goodLine, `"v":1`, `"v":1,"v":2`, 1),
		strings.Replace(goodLine, `"cost":0.0123`, `"cost":-1.5e-3`, 1),
		strings.Replace(goodLine, `"pid":4242`, `"pid":null`, 1),
		strings.Replace(goodLine, `"usage":{`, `"usage": { "x":[{}],`, 1),
		minimal[:len(minimal)-1] + `,"a":{"b":[1,-0.5E+7,true,false,null,"\n"]}, "c" : "\u00e4" }`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, line []byte) {
		if n := len(line); n > 0 && line[n-1] == '\n' {
			return // Decode takes one newline off; not what is compared here
		}
		decodersAgree(t, line)
	})
}

// decodersAgree decodes a line without a newline every way.
func decodersAgree(t *testing.T, line []byte) {
	want, wantErr := oracle(line)
	var got event.Event
	gotErr := Event(line, &got)
	if gotErr != wantErr || gotErr == nil && !reflect.DeepEqual(got, want) {
		t.Fatalf("Decode\n%q\n got %v %+v\nwant %v %+v", line, gotErr, got, wantErr, want)
	}
	var l Line
	slowErr := l.Slow(line)
	var slow event.Event
	if slowErr == nil {
		l.event(&slow)
	}
	if slowErr != wantErr || slowErr == nil && !reflect.DeepEqual(slow, want) {
		t.Fatalf("slow path\n%q\n got %v %+v\nwant %v %+v", line, slowErr, slow, wantErr, want)
	}
	fastAgrees(t, line, want, wantErr)
}

// fastAgrees decodes the line in the middle of others, as a scanner does.
func fastAgrees(t *testing.T, line []byte, want event.Event, wantErr error) {
	buf := append([]byte(minimal+"\n"), line...)
	buf = append(append(append(buf, '\n'), minimal+"\n"...), padding[:]...)
	at := len(minimal) + 1
	var l Line
	next := l.Fast(buf, Mark(nil, buf), at)
	if next < 0 {
		return
	}
	if next != at+len(line)+1 {
		t.Fatalf("fast path\n%q\nends at %d of %d", line, next-at, len(line)+1)
	}
	var e event.Event
	l.event(&e)
	if wantErr != nil || !reflect.DeepEqual(e, want) {
		t.Fatalf("fast path\n%q\n got %+v\nwant %v %+v", line, e, wantErr, want)
	}
}

// oracle is Decode as its documentation says it, on top of encoding/json.
func oracle(line []byte) (event.Event, error) {
	var any any
	if err := json.Unmarshal(line, &any); err != nil {
		var syntax *json.SyntaxError
		if errors.As(err, &syntax) {
			// Torn is what is wrong only behind its last byte.
			err := json.Unmarshal(append(line[:len(line):len(line)], 0), &any)
			if errors.As(err, &syntax) && syntax.Offset == int64(len(line))+1 {
				return event.Event{}, ErrTorn
			}
			return event.Event{}, ErrSyntax
		}
		// Valid, but a number beyond float64 somewhere.
	}
	keys, values, twice, ok := members(line)
	if !ok {
		return event.Event{}, ErrNotEvent
	}
	o := oracleLine{bad: twice}
	for i, key := range keys {
		o.member(key, values[i])
	}
	switch {
	case o.newer:
		return event.Event{}, ErrNewer
	case o.bad || !o.hasTS || o.e.V != 1 || o.e.ID == "" || o.e.Kind == "" || o.e.Name == "" || o.e.Status == "":
		return event.Event{}, ErrNotEvent
	}
	return o.e, nil
}

// members are an object's keys and values, the first of each key.
func members(object []byte) (keys []string, values []json.RawMessage, twice, ok bool) {
	d := json.NewDecoder(bytes.NewReader(object))
	d.UseNumber()
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return nil, nil, false, false
	}
	seen := map[string]bool{}
	for d.More() {
		key, err := d.Token()
		if err != nil {
			panic(err)
		}
		var value json.RawMessage
		if err := d.Decode(&value); err != nil {
			panic(err)
		}
		if seen[key.(string)] {
			twice = true
			continue
		}
		seen[key.(string)] = true
		keys, values = append(keys, key.(string)), append(values, value)
	}
	if _, err := d.Token(); err != nil {
		panic(err)
	}
	if _, err := d.Token(); err != io.EOF {
		panic(err)
	}
	return keys, values, twice, true
}

// textFields are the fields of an Event that are texts, by key.
var textFields = readTextFields()

func readTextFields() map[string]string {
	data, err := os.ReadFile("../keys.json")
	if err != nil {
		panic(err)
	}
	var keys []struct{ Key, Type, Field string }
	if err := json.Unmarshal(data, &keys); err != nil {
		panic(err)
	}
	fields := map[string]string{}
	for _, k := range keys {
		if k.Type == "string" && k.Key != "status" {
			fields[k.Key] = k.Field
		}
	}
	return fields
}

type oracleLine struct {
	e          event.Event
	bad, newer bool
	hasTS      bool
}

var (
	oracleTime    = regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$`)
	oracleInteger = regexp.MustCompile(`^\d+$`)
)

func (o *oracleLine) str(s *string, v json.RawMessage) {
	o.bad = json.Unmarshal(v, s) != nil || o.bad
}

func (o *oracleLine) integer(n *int64, v json.RawMessage, most int64) bool {
	if string(v) == "null" {
		return false
	}
	i, err := strconv.ParseInt(string(v), 10, 64)
	if !oracleInteger.Match(v) || err != nil || i > most {
		o.bad = true
		return false
	}
	*n = i
	return true
}

func (o *oracleLine) member(key string, v json.RawMessage) {
	e := &o.e
	const most = 1<<53 - 1
	var s string
	var n int64
	if field, ok := textFields[key]; ok {
		at := reflect.ValueOf(e).Elem()
		for _, name := range strings.Split(field, ".") {
			at = at.FieldByName(name)
		}
		o.str(&s, v)
		at.SetString(s)
		return
	}
	switch key {
	case "ts":
		if o.str(&s, v); string(v) == "null" {
			return
		}
		ts, err := time.Parse(time.RFC3339Nano, s)
		if err != nil || !oracleTime.MatchString(s) {
			o.bad = true
		}
		e.TS, o.hasTS = ts, true
	case "v":
		switch {
		case string(v) == "1":
			e.V = 1
		case string(v) == "null":
		case oracleInteger.Match(v) && string(v) != "0":
			o.newer = true
		default:
			o.bad = true
		}
	case "status":
		o.str(&s, v)
		switch e.Status = event.Status(s); e.Status {
		case event.Started, event.Succeeded, event.Failed, event.Cancelled:
		default:
			e.Status = ""
		}
	case "duration_ms":
		o.integer(&e.DurationMS, v, most)
	case "exit_code":
		if o.integer(&n, v, 255) {
			code := int(n)
			e.ExitCode = &code
		}
	case "pid":
		if o.integer(&n, v, most) {
			e.PID = int(n)
		}
	case "usage":
		o.usage(v)
	case "rusage":
		o.rusage(v)
	default:
		e.Extra = append(e.Extra, event.Member{Key: key, Raw: []byte(v)})
	}
}

func (o *oracleLine) usage(v json.RawMessage) {
	keys, values, twice, ok := members(v)
	o.bad = o.bad || twice || !ok && string(v) != "null"
	if !ok {
		return
	}
	u := &event.Usage{}
	o.e.Usage = u
	ints := map[string]*int64{
		"tokens": &u.Tokens, "input": &u.Input, "output": &u.Output,
		"cache_read": &u.CacheRead, "cache_write": &u.CacheWrite,
	}
	for i, key := range keys {
		switch p := ints[key]; {
		case p != nil:
			o.integer(p, values[i], 1<<53-1)
		case key == "model":
			o.str(&u.Model, values[i])
		case key == "cost":
			err := json.Unmarshal(values[i], &u.Cost)
			o.bad = o.bad || err != nil || math.IsInf(u.Cost, 0)
		}
	}
}

func (o *oracleLine) rusage(v json.RawMessage) {
	keys, values, twice, ok := members(v)
	o.bad = o.bad || twice || !ok && string(v) != "null"
	if !ok {
		return
	}
	r := &event.Rusage{}
	o.e.Rusage = r
	ints := map[string]*int64{"user_ms": &r.UserMS, "sys_ms": &r.SysMS, "max_rss_kb": &r.MaxRSSKB}
	for i, key := range keys {
		if p := ints[key]; p != nil {
			o.integer(p, values[i], 1<<53-1)
		}
	}
}

func BenchmarkFast(b *testing.B) {
	start := strings.Index(goodLine, `,"usage"`)
	b.Run("usage", func(b *testing.B) { benchmarkFast(b, goodLine) })
	b.Run("plain", func(b *testing.B) { benchmarkFast(b, goodLine[:start]+"}") })
}

func benchmarkFast(b *testing.B, line string) {
	var buf []byte
	for len(buf) < 200<<10 {
		buf = append(buf, line+"\n"...)
	}
	n := len(buf)
	buf = append(buf, padding[:]...)
	b.SetBytes(int64(n))
	var l Line
	var marks Marks
	for b.Loop() {
		marks = Mark(marks, buf)
		for i := 0; i < n; {
			if i = l.Fast(buf, marks, i); i < 0 {
				b.Fatal("refused")
			}
		}
	}
}
