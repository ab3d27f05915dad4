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
