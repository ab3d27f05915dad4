//go:build ignore

package main

import (
	"bytes"
	"encoding/json"
	"log"
	"math/rand"
	"strings"
)

// kase is one case of testdata/rulecases.json: the summary of in is want, with
// [redacted] for every marker. What looks like a secret has a § in it, which
// the tests take out.
type kase struct {
	In   string   `json:"in"`
	Env  []string `json:"env,omitempty"`
	Want string   `json:"want"`
}

const (
	word   = "swordfish"
	value  = "zq8hTn41xw27"
	hidden = "[redacted]"
)

// cases are a positive and a negative case of each entry of the table.
func (t *table) cases() []byte {
	var all []kase
	add := func(in, want string) { all = append(all, kase{In: in, Want: want}) }
	same := func(in string) { add(in, in) }
	for _, e := range t.entries() {
		add("error: "+split(e.prefix+body(e.prefix, e.Chars, e.Min))+" here", "error: "+hidden+" here")
		same("error: " + split(e.prefix+body(e.prefix, e.Chars, e.Min-1)) + " here")
	}
	for _, s := range t.Shapes {
		before := s.Starts + body(s.Mark, s.Before, s.Least-len(s.Starts))
		after := body(s.Mark+"2", s.After, s.Min)
		add("error: "+split(before+s.Mark+after)+" here", "error: "+hidden+" here")
		same("error: " + before + ";" + s.Mark + after + " here")
	}
	t.keyCases(add, same)
	t.wordCases(add, same)
	t.commandCases(add, same)
	for _, end := range append(t.words["envEnds"], t.words["envWords"]...) {
		name := "X" + strings.ToUpper(end)
		if contains(t.words["envWords"], end) {
			name = name[1:]
		}
		all = append(all, kase{"error: got " + value + " back", []string{name + "=" + value}, "error: got " + hidden + " back"},
			kase{"error: got " + value + " back", []string{name + "NESS=" + value}, "error: got " + value + " back"})
	}
	var b bytes.Buffer
	b.WriteString("[\n")
	for i, c := range all {
		e := json.NewEncoder(&b)
		e.SetEscapeHTML(false)
		if err := e.Encode(c); err != nil {
			log.Fatal(err)
		}
		if b.Truncate(b.Len() - 1); i < len(all)-1 {
			b.WriteByte(',')
		}
		b.WriteByte('\n')
	}
	b.WriteString("]\n")
	return b.Bytes()
}

func contains(words []string, w string) bool {
	for _, x := range words {
		if x == w {
			return true
		}
	}
	return false
}

// keyCases are those of the names of keys.
func (t *table) keyCases(add func(in, want string), same func(in string)) {
	for _, k := range append(t.words["passwordEnds"], t.words["passwordWords"]...) {
		add("error: "+k+"="+word, "error: "+k+"="+hidden)
		same("error: " + k + "ness=" + word)
	}
	for _, k := range append(t.words["tokenEnds"], t.words["tokenWords"]...) {
		v := value + value + value // long enough for a signature too
		add("error: "+k+"="+v, "error: "+k+"="+hidden)
		same("error: " + k + "ness=" + v)
	}
	for _, k := range t.words["plainWords"] {
		v := value
		if k == "pwd" {
			v = "/srv/" + word
		}
		same("error: " + k + "=" + v)
		add("error: password="+value, "error: password="+hidden)
	}
	for _, k := range t.words["notUpperKey"] {
		same("error: " + k + "_KEY=" + value)
		add("error: "+k+"S_KEY="+value, "error: "+k+"S_KEY="+hidden)
	}
	for _, end := range t.words["upperPassword"] {
		add("error: WORLD"+end+"="+word, "error: WORLD"+end+"="+hidden)
		same("error: world" + strings.ToLower(end) + "=" + word)
	}
	for _, end := range t.words["upperToken"] {
		add("error: WORLD"+end+"="+value, "error: WORLD"+end+"="+hidden)
		same("error: world" + strings.ToLower(end) + "=" + value)
	}
	for _, owner := range t.words["passOwners"] {
		add("error: "+owner+"_pass="+word, "error: "+owner+"_pass="+hidden)
		same("error: " + owner + "_past=" + word)
	}
	for _, tail := range t.words["tails"] {
		add("error: password_"+tail+"="+word, "error: password_"+tail+"="+hidden)
		same("error: compass_" + tail + "=" + word)
	}
}

// wordCases are those of the words that tell text from secrets, and of the
// addresses.
func (t *table) wordCases(add func(in, want string), same func(in string)) {
	for _, w := range t.words["placeholders"] {
		if len(w) > 2 && !strings.Contains(w, "'") {
			same("error: password=" + w)
			add("error: password="+w+"q7", "error: password="+hidden)
		}
	}
	for _, w := range t.words["usageWords"] {
		if len(w) > 3 {
			same("error: --password " + w + " text")
			add("error: --password "+w+"q7 text", "error: --password "+hidden+" text")
		}
	}
	for _, w := range t.words["sentenceWords"] {
		same(`error: {"password": "xyzzy ` + w + ` plugh"}`)
		add(`error: {"password": "xyzzy `+w+`q7 plugh"}`, `error: {"password": "`+hidden+`"}`)
	}
	for _, address := range t.words["signs"] {
		add("error: https://x"+split(address+value)+" failed", "error: https://x"+address+hidden+" failed")
		same("error: https://x" + address + "abc failed")
	}
}

// commandCases are those of the options of programs.
func (t *table) commandCases(add func(in, want string), same func(in string)) {
	for _, c := range t.programs() {
		start := "error: " + strings.TrimSpace(c.Programs+" "+c.After)
		for _, o := range strings.Fields(c.Options) {
			name, sign := o[:len(o)-1], o[len(o)-1:]
			before, at, counts := strings.Cut(o, "@")
			switch {
			case o == "@/":
				add(start+" bob/"+word+"@db", start+" bob/"+hidden+"@db")
			case counts:
				n := 1
				if at != "" {
					n = int(at[0] - '0')
				}
				line := strings.TrimRight(start+" "+before, " ") + strings.Repeat(" arg", n-1) + " "
				add(line+word, line+hidden)
			case sign == "+":
				add(start+" "+name+word+" x", start+" "+name+hidden+" x")
			case sign == "*":
				add(start+" "+name+" "+word+" x", start+" "+name+" "+hidden+" x")
			case sign == "=":
				add(start+" "+name+" sid="+word+" x", start+" "+name+" "+hidden+" x")
			case sign == "!":
			default:
				add(start+" "+name+" bob"+sign+word+" x", start+" "+name+" bob"+sign+hidden+" x")
			}
		}
		if strings.Contains(c.Options, "@") {
			same(start + " -Z")
		} else {
			same(start + " -Z " + word)
		}
	}
	for _, reader := range t.words["stdin"] {
		r := strings.ReplaceAll(reader, ".", " ")
		other := "zz" + r
		if r[0] == '-' {
			r, other = "program "+r, "program -x"+r
		}
		add("error: echo "+word+" | "+r, "error: echo "+hidden+" | "+r)
		same("error: echo " + word + " | " + other)
	}
}

// split puts the mark into s that keeps it from being taken for a secret.
func split(s string) string {
	at := min(2, len(s)-1)
	for at > 0 && s[at]&0xc0 == 0x80 {
		at--
	}
	return s[:at] + "§" + s[at:]
}

// body makes up n characters of a class, the same for the same seed.
func body(seed, chars string, n int) string {
	alphabet := map[string]string{"hex": "0123456789abcdef", "upperhex": "0123456789ABCDEF", "digit": "0123456789", "lowerdigit": "abcdefghijklmnopqrstuvwxyz0123456789",
		"upperdigit": "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", "upperdigitdash": "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"}[chars]
	if alphabet == "" {
		alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
	}
	sum := int64(0)
	for _, c := range seed {
		sum = sum*31 + int64(c)
	}
	r := rand.New(rand.NewSource(sum))
	b := make([]byte, n)
	for i := range b {
		b[i] = alphabet[r.Intn(len(alphabet))]
		if i%4 == 1 {
			b[i] = '0' + byte(r.Intn(10)) // as random text nearly always has some
		}
	}
	return string(b)
}

// alarmCases are texts that tell of a failure, one a word, and texts that do
// not, in which the word is a part of another.
func (t *table) alarmCases() []byte {
	cases := struct {
		Alarming []string `json:"alarming"`
		Quiet    []string `json:"quiet"`
	}{}
	for _, w := range t.Alarms {
		cases.Alarming = append(cases.Alarming, "so "+w+" it")
		cases.Quiet = append(cases.Quiet, "so zz"+strings.NewReplacer(" ", "z", ".", "z", "-", "z", "'", "z").Replace(w)+"z it")
	}
	b, err := json.MarshalIndent(cases, "", " ")
	if err != nil {
		log.Fatal(err)
	}
	return append(b, '\n')
}
