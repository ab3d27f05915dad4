//go:build ignore

package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
	"log"
	"math/rand"
	"os"
	"reflect"
	"slices"
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
	dotted = "sword.fish" // what only an option of a program's own hides
	value  = "zq8hTn41xw27"
	hidden = "[redacted]"
)

// cases are a positive and a negative case of each entry of the table. Those
// of the file that no entry makes any more stay behind them: who takes an entry
// out of the table, or changes what it finds, takes its cases out by hand.
func (t *table) cases() []byte {
	var all []kase
	add := func(in, want string) { all = append(all, kase{In: in, Want: want}) }
	same := func(in string) { add(in, in) }
	for _, e := range t.entries() {
		add("error: "+split(e.prefix+body(e.prefix, e.Chars, e.Min))+" here", "error: "+hidden+" here")
		same("error: " + split(e.prefix+body(e.prefix, e.Chars, e.Min-1)) + " here")
		if e.Max > 0 {
			add("error: "+split(e.prefix+body(e.prefix, e.Chars, e.Max))+" here", "error: "+hidden+" here")
			same("error: " + split(e.prefix+body(e.prefix, e.Chars, e.Max+1)) + " here")
		}
		if token := "a+" + split(e.prefix+body(e.prefix, e.Chars, e.Min)); e.Alone {
			same("error: " + token + " here") // a part of longer base64
		} else {
			add("error: "+token+" here", "error: a+"+hidden+" here")
		}
	}
	t.shapeCases(add, same)
	t.keyCases(add, same)
	t.labelCases(add)
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
	var old []kase
	readCases("testdata/rulecases.json", &old)
	for _, c := range old {
		if !slices.ContainsFunc(all, func(k kase) bool { return reflect.DeepEqual(c, k) }) {
			all = append(all, c)
		}
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

// readCases reads a file of cases that may not be there.
func readCases(path string, cases any) {
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return
	}
	if err == nil {
		err = json.Unmarshal(data, cases)
	}
	if err != nil {
		log.Fatal(err)
	}
}

func contains(words []string, w string) bool {
	for _, x := range words {
		if x == w {
			return true
		}
	}
	return false
}

// shapeCases are those of the marks within a token: as short and as long as it
// may be, and one character shorter and longer.
func (t *table) shapeCases(add func(in, want string), same func(in string)) {
	for _, s := range t.Shapes {
		before := func(n int) string { return s.Starts + body(s.Mark, s.Before, n-len(s.Starts)) }
		after := body(s.Mark+"2", s.After, s.Min)
		add("error: "+split(before(s.Least)+s.Mark+after)+" here", "error: "+hidden+" here")
		add("error: "+split(before(s.Most)+s.Mark+after)+" here", "error: "+hidden+" here")
		same("error: " + split(before(s.Least-1)+s.Mark+after) + " here")
		same("error: " + split(before(s.Most+1)+s.Mark+after) + " here")
		same("error: " + split(before(s.Least)+s.Mark+after[1:]) + " here")
		same("error: " + before(s.Least) + ";" + s.Mark + after + " here")
	}
}

// keyCases are those of the names of keys.
func (t *table) keyCases(add func(in, want string), same func(in string)) {
	for _, k := range append(t.words["passwordEnds"], t.words["passwordWords"]...) {
		add("error: "+k+"="+word, "error: "+k+"="+hidden)
		add("error: {\""+k+"\": \""+word+"\"}", "error: {\""+k+"\": \""+hidden+"\"}")
		same("error: " + k + "ness=" + word)
	}
	for _, k := range append(t.words["passwordEnds"], t.words["tokenEnds"]...) {
		v := value + value + value
		add("error: zz"+k+"="+v, "error: zz"+k+"="+hidden)
		add("error: zz"+k+"_prod="+v, "error: zz"+k+"_prod="+hidden)
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
			same("error: PWD=" + word)
		}
		same("error: " + k + "=" + v)
		add("error: password="+value, "error: password="+hidden)
	}
	for _, k := range t.words["pinWords"] {
		add("error: "+k+"=4831", "error: "+k+"="+hidden)
		same("error: " + k + "ness=4831")
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
		add("error: "+owner+"pass="+word, "error: "+owner+"pass="+hidden)
		add(owner+" password: "+word, owner+" password: "+hidden)
		same("error: " + owner + "_past=" + word)
	}
	for _, tail := range t.words["tails"] {
		add("error: password_"+tail+"="+word, "error: password_"+tail+"="+hidden)
		add("error: token_"+tail+"="+value, "error: token_"+tail+"="+hidden)
		same("error: compass_" + tail + "=" + word)
	}
}

// labelCases are those of the words before a colon: an error goes before what
// only alarms, an ordinary line before a warning, and that before a note.
func (t *table) labelCases(add func(in, want string)) {
	const broken, well, so = "it is broken", "all is well here", "it was so"
	label := func(w, above, below, want string) {
		add(above+w+": "+so+below, strings.ReplaceAll(want, "%", w+": "+so))
	}
	for _, end := range t.phrases["errorEnds"] {
		label("zz"+end, broken+"\n", "", "%")
		label(end+"zz", broken+"\n", "", broken+" | %")
	}
	for _, w := range t.phrases["errorWords"] {
		label(w, broken+"\n", "", "%")
		label("zz"+w, "", "\n"+well, well)
	}
	for _, end := range t.phrases["warningEnds"] {
		label("zz"+end, well+"\n", "", well)
		label(end+"zz", well+"\n", "", "%")
		label("zz"+end, "", "\n- so", "%") // and it is no note
	}
	for _, w := range t.phrases["noteWords"] {
		label(w, well+"\n", "", well)
		label("zz"+w, well+"\n", "", "%")
	}
}

// wordCases are those of the words that tell text from secrets, and of the
// addresses.
func (t *table) wordCases(add func(in, want string), same func(in string)) {
	for _, w := range t.words["placeholders"] {
		if strings.Contains(w, "'") {
			same("error: {\"password\": \"" + w + "\"}")
		} else {
			same("error: password=" + (w + "||")[:max(len(w), 4)])
			add("error: password="+w+"q7", "error: password="+hidden)
		}
	}
	for _, w := range t.words["usageWords"] {
		same("error: -password " + w + ".) text")
		add("error: -password "+w+"q7 text", "error: -password "+hidden+" text")
	}
	for _, w := range t.words["sentenceWords"] {
		same(`error: {"password": "xyzzy ` + w + ` plugh"}`)
		add(`error: {"password": "xyzzy `+w+`q7 plugh"}`, `error: {"password": "`+hidden+`"}`)
	}
	for _, w := range t.words["linkWords"] {
		v := value + value
		add("error: https://x.example/"+w+"/"+v+" failed", "error: https://x.example/"+w+"/"+hidden+" failed")
		same("error: https://x.example/zz" + w + "/" + v + " failed")
	}
	for _, address := range t.words["signs"] {
		add("error: https://x"+split(address+value)+" failed", "error: https://x"+address+hidden+" failed")
		same("error: https://x" + address + "abc failed")
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
// not, in which the word is a part of another; the former stay as [table.cases]
// do.
func (t *table) alarmCases() []byte {
	var cases, old struct {
		Alarming []string `json:"alarming"`
		Quiet    []string `json:"quiet"`
	}
	for _, w := range t.Alarms {
		cases.Alarming = append(cases.Alarming, "so "+w+" it")
		if strings.HasSuffix(w, " not") {
			cases.Alarming = append(cases.Alarming, "it "+w+" issue that") // not denied, as "not issues" is
		}
		cases.Quiet = append(cases.Quiet, "so zz"+strings.NewReplacer(" ", "z", ".", "z", "-", "z", "'", "z").Replace(w)+"z it")
	}
	readCases("testdata/alarmcases.json", &old)
	for _, text := range old.Alarming {
		if !contains(cases.Alarming, text) {
			cases.Alarming = append(cases.Alarming, text)
		}
	}
	b, err := json.MarshalIndent(cases, "", " ")
	if err != nil {
		log.Fatal(err)
	}
	return append(b, '\n')
}
