package redact

import (
	"encoding/json"
	"os"
	"strings"
	"testing"
	"unicode/utf8"
)

// split is put into the made-up secrets of the test data, so that no program
// that looks for secrets takes them for real ones. It is removed before use.
const split = "§"

// kase is one line of testdata/cases.json, which the TypeScript tests read
// too: Summary of tail, filled up in front with x to pad bytes, is want.
type kase struct {
	Name string   `json:"name"`
	Tail string   `json:"tail"`
	Pad  int      `json:"pad"`
	Env  []string `json:"env"`
	Want string   `json:"want"`
}

func (c kase) input() (tail []byte, env []string) {
	text := strings.ReplaceAll(c.Tail, split, "")
	text = strings.Repeat("x", max(c.Pad-len(text), 0)) + text
	for _, v := range c.Env {
		env = append(env, strings.ReplaceAll(v, split, ""))
	}
	return []byte(text), env
}

func cases(t testing.TB) []kase {
	b, err := os.ReadFile("testdata/cases.json")
	if err != nil {
		t.Fatal(err)
	}
	var cases []kase
	if err := json.Unmarshal(b, &cases); err != nil {
		t.Fatal(err)
	}
	return cases
}

func TestCases(t *testing.T) {
	for _, c := range cases(t) {
		t.Run(c.Name, func(t *testing.T) {
			got := Summary(c.input())
			if got != c.Want {
				t.Errorf("got  %q\nwant %q", got, c.Want)
			}
			if n := utf8.RuneCountInString(got); n > maxSummary {
				t.Errorf("%d characters", n)
			}
			if again := Text(got); again != got {
				t.Errorf("shown as %q", again)
			}
		})
	}
}

// output is one line of testdata/errors.jsonl, which the TypeScript tests read
// too: what a program wrote before it failed. The summary names the cause when
// one of want stands in it, in its first half where it joins several lines.
type output struct {
	Name   string   `json:"name"`
	Stderr string   `json:"stderr"`
	Want   []string `json:"want"`
}

func outputs(t testing.TB) []output {
	b, err := os.ReadFile("testdata/errors.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	var all []output
	for text := range strings.Lines(string(b)) {
		var o output
		if err := json.Unmarshal([]byte(text), &o); err != nil {
			t.Fatal(err)
		}
		all = append(all, o)
	}
	return all
}

func TestTheCauseIsNamed(t *testing.T) {
	for _, o := range outputs(t) {
		got := Summary([]byte(o.Stderr), nil)
		named := false
		for _, want := range o.Want {
			at := strings.Index(got, want)
			named = named || at >= 0 && (!strings.Contains(got, between) || at < len(got)/2)
		}
		if !named {
			t.Errorf("%s: %q\nwant one of %q", o.Name, got, o.Want)
		}
		if problem := fit(got); problem != "" || utf8.RuneCountInString(got) > maxSummary {
			t.Errorf("%s: %s in %q", o.Name, problem, got)
		}
	}
}

func TestTheFirstLineOfAMessageIsTheMessage(t *testing.T) {
	for said, want := range map[string]string{
		"": "",
		"Command not allowed: rm\nUse the trash tool instead.":           "Command not allowed: rm | Use the trash tool instead.",
		"\n  Unknown agent: nope\n\n- scout (builtin)\n":                 "Unknown agent: nope | - scout (builtin)",
		"error: password=hun" + "ter2!":                                  "error: password=[redacted:key]!",
		"$ make\nfatal: disk is full\nbye\n\nCommand exited with code 2": "fatal: disk is full",
		strings.Repeat("x", 300):                                         strings.Repeat("x", 199) + "…",
	} {
		if got := Message(said, nil); got != want {
			t.Errorf("%q: %q, want %q", said, got, want)
		}
	}
}
