package decode

import (
	"strings"
	"testing"
)

// allKeys has every key that a line can have, in the writer's order.
var allKeys = strings.Replace(goodLine, `,"writer"`, `,"rev":"r-1","agent":"pi 1.6.0","model":"m-2","experiment":"x1","arm":"on","writer"`, 1)

// odd is JSON that no writer of ours makes.
const odd = ` { "ts" :"2026-11-22T21:22:32.123Z" ,"v":1,"id":"\u0061\ud83d\ude00\udead","kind":"\b\f\n\r\t\/","name":"dé\uD83D😀",` +
	`"status":"start\u0065d","later":{"a":[1,-0.5E+7,10e-2,true,false,null,"\n\u004f"],"b":{}},"usage":{"cost":-1.25e-3,"model":"\u00e9","x":[{}]},` +
	`"rusage":{"user_ms":0,"sys_ms":10},"exit_code":255,"pid":null}`

// Every line that differs from a good one in one byte, or by one byte more or
// less, is read alike by the decoders and by encoding/json.
func TestEveryChangedByte(t *testing.T) {
	try := func(line string, bytes ...string) {
		for at := range len(line) + 1 {
			for _, c := range bytes {
				if at < len(line) {
					decodersAgree(t, []byte(line[:at]+c+line[at+1:]))
				}
				if c != "" && len(line) < len(goodLine) {
					decodersAgree(t, []byte(line[:at]+c+line[at:]))
				}
			}
		}
	}
	try(minimal, "", "0", "/", ":", `"`, `\`, ",", "{", "}", " ", "\x1f", "\x7f", "\x80")
	decodersAgree(t, []byte(strings.Replace(odd, "later", `\u0123\u4567\u89AB\uCDEF\u00ab\ucdef`, 1)))
	try(odd, "", "0", "9", "/", ":", "a", "F", "g", `"`, `\`, ",", "{", "]", "-", ".", "e", " ", "\x1f", "\xe9")
	try(allKeys, "", "0", `"`, `\`, ",", "}", "\x1f", "\xe9")
}

// taken says whether the fast path takes a line whole that lies between
// others.
func taken(line string) bool {
	buf := append([]byte(minimal+"\n"+line+"\n"+minimal+"\n"), padding[:]...)
	var l Line
	at := len(minimal) + 1
	return l.Fast(buf, Mark(nil, buf), at) == at+len(line)+1
}

// A log is read fast only if each line that Append may write needs no slow
// path: whatever keys it lacks, however long its texts are.
func TestFastTakesWhatIsWritten(t *testing.T) {
	head := strings.Index(allKeys, `,"duration_ms"`)
	from := strings.Index(allKeys, `"usage":{`)
	to := strings.Index(allKeys, `,"call_id"`)
	members := strings.Split(allKeys[head+1:from-1], ",")
	members = append(members, allKeys[from:to])
	members = append(members, strings.Split(strings.TrimSuffix(allKeys[to+1:], "}"), ",")...)
	with := func(keep func(i int) bool) string {
		line := allKeys[:head]
		for i, m := range members {
			if keep(i) {
				line += "," + m
			}
		}
		return line + "}"
	}
	var lines []string
	for a := range members {
		lines = append(lines, with(func(i int) bool { return i == a }))
		for b := range members {
			lines = append(lines, with(func(i int) bool { return i != a && i != b }), with(func(i int) bool { return i == a || i == b }))
		}
	}
	usage := strings.Split(`"tokens":30,"input":10,"output":20,"cache_read":4,"cache_write":5,"cost":0.0123,"model":"m-1"`, ",")
	for a := range usage {
		for b := a; b < len(usage); b++ {
			lines = append(lines, strings.Replace(allKeys, strings.Join(usage, ","), strings.Join(usage[a:b+1], ","), 1))
		}
	}
	for n := range 300 {
		lines = append(lines, strings.Replace(allKeys, "deploy", strings.Repeat("d", n+1), 1),
			strings.Replace(allKeys, "deploy", strings.Repeat("éÀ", n+1), 1),
			strings.Replace(allKeys, "deploy", strings.Repeat("d", n)+"é"+strings.Repeat("d", 100), 1))
	}
	for _, cost := range []string{"0", "1", "10", "0.5", "1.5", "999999999999999", "0.12345678901234", "12345678.9012345"} {
		lines = append(lines, strings.Replace(allKeys, "0.0123", cost, 1))
	}
	for _, line := range lines {
		if !taken(line) {
			t.Errorf("the fast path refuses\n%s", line)
		}
		decodersAgree(t, []byte(line))
	}
}

// What the fast path may not take, since it says something else or nothing.
func TestFastRefuses(t *testing.T) {
	for _, line := range []string{
		strings.Replace(allKeys, `"usage":{"tokens":30,"input":10,"output":20,"cache_read":4,"cache_write":5,"cost":0.0123,"model":"m-1"}`, `"usage":{}`, 1),
		strings.Replace(allKeys, "0.0123", "1234567890123456", 1),
		strings.Replace(allKeys, "0.0123", "1.234567890123456", 1),
		strings.Replace(allKeys, "4242", "9007199254740992", 1),
		strings.Replace(allKeys, "4242", "00000000000000001", 1),
		strings.Replace(allKeys, `"exit_code":3`, `"exit_code":256`, 1),
		strings.Replace(minimal, `"started"`, `"started","duration_ms":1`, 1),
		strings.Replace(allKeys, `"019ab0c3-7d01-7abc-8def-0123456789ab"`, `""`, 1),
		strings.Replace(allKeys, `"kind":"script"`, `"kind":""`, 1),
		strings.Replace(allKeys, `"deploy"`, `""`, 1),
		strings.Replace(allKeys, "T21:22:32", "T24:00:00", 1),
		strings.Replace(allKeys, "T21:22:32", "T21:60:32", 1),
		strings.Replace(allKeys, "T21:22:32", "T21:22:60", 1),
	} {
		if taken(line) {
			t.Errorf("the fast path takes\n%s", line)
		}
		decodersAgree(t, []byte(line))
	}
	for _, more := range []int{0, 64 << 10} {
		buf := append([]byte(allKeys+"\n"), padding[:]...)
		buf = append(buf, make([]byte, more)...)
		var l Line
		if marks := Mark(nil, buf); l.Fast(buf, marks[:len(marks)-1], 0) >= 0 || l.Fast(buf, marks, 0) != len(allKeys)+1 {
			t.Error("a line is taken without its marks, or not taken with them")
		}
	}
}

// The last line of a buffer is taken, if it is as long as a line with an id is.
func TestFastTakesTheLastLine(t *testing.T) {
	for n := range 100 {
		line := strings.Replace(minimal, `"id":"a"`, `"id":"`+strings.Repeat("a", n+8)+`"`, 1)
		buf := append([]byte(line+"\n"), padding[:]...)
		var l Line
		if l.Fast(buf, Mark(nil, buf), 0) != len(line)+1 {
			t.Errorf("refused: %s", line)
		}
	}
	noUsage := allKeys[:strings.Index(allKeys, `,"usage"`)]
	for _, line := range []string{minimal, allKeys, noUsage + `,"usage":{"cost":1},"rusage":{"user_ms":1234567`, noUsage + `,"usage":{"input":1234567,"cache_write":1234567,"model":"m"}`} {
		for short := range line { // nothing is read beyond what there is
			var l Line
			buf := []byte(line[:short])
			l.Fast(buf[:short:short], Mark(nil, buf), 0)
		}
	}
}

// A line's memory and what it knows of the last date do not show in the next.
func TestLineIsUsedAgain(t *testing.T) {
	var l Line
	for _, line := range []string{
		allKeys, minimal, odd, strings.Replace(minimal, "11-22", "11-23", 1), strings.Replace(minimal, "11-22", "11-31", 1), minimal,
		strings.Replace(minimal, `"name"`, `"n\u0061me"`, 1), allKeys, "", odd,
		strings.Replace(minimal, "}", `,"usage":{"input":7}}`, 1), strings.Replace(minimal, "}", `,"rusage":{"user_ms":7}}`, 1), minimal,
	} {
		var fresh Line
		want, got := fresh.Decode([]byte(line)), l.Decode([]byte(line))
		if got != want || string(l.Raw()) != line && got == nil {
			t.Errorf("%s: %v, not %v", line, got, want)
		}
		if got == nil {
			decodersAgree(t, []byte(line))
			if a, b := l.LineUsage, fresh.LineUsage; a != b || l.TS != fresh.TS || l.LineRusage != fresh.LineRusage || len(l.Extra) != len(fresh.Extra) ||
				l.ExitCode != fresh.ExitCode || l.HasUsage != fresh.HasUsage || l.HasRusage != fresh.HasRusage || l.String(l.Name) != fresh.String(fresh.Name) {
				t.Errorf("%s:\n%+v\nnot\n%+v", line, l.LineHead, fresh.LineHead)
			}
		}
	}
}

// What is wrong with a line is said in words, and no number of a status is
// another's.
func TestWords(t *testing.T) {
	if got := ErrNotEvent.Error(); !strings.Contains(got, "not an event") {
		t.Error(got)
	}
	for code, want := range map[Code]string{0: "", CodeStarted: "started", CodeSucceeded: "succeeded", CodeFailed: "failed", CodeCancelled: "cancelled"} {
		if got := code.Status(); string(got) != want || status([]byte(want)) != code {
			t.Errorf("%d is %q, %q is %d", code, got, want, status([]byte(want)))
		}
	}
	if !(Text{}).Empty() || (Text{n: 1}).Empty() {
		t.Error("a text without bytes is the empty one")
	}
}
