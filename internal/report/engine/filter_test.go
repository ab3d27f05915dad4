package engine

import (
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"

	"pi-track/internal/report/query"
)

// The engine's regular expression matches what the glob does, in a text whose slashes
// are NUL bytes.
func TestPatternsMatchAsGlobsDo(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	make := func(alphabet []string, n int) string {
		var b strings.Builder
		for range rng.IntN(n) {
			b.WriteString(alphabet[rng.IntN(len(alphabet))])
		}
		return b.String()
	}
	globs := []string{"*", "?", "a", "b", "/", ".", "-", "^", "é", "[ab]", "[^a]", "[^/]", "[a-z]", "[!-z]", "[.-/]", `[\]]`, `[\^é]`, "[z-a]", "[^z-a]", `\*`, `\[`, "+", "(", "|", "$", "\n", "]"}
	texts := []string{"a", "b", "z", "/", ".", "-", "^", "é", "*", "]", "[", `\`, "+", "(", "|", "$", "\n", "!", ""}
	matched, pairs := 0, 200000
	if testing.Short() {
		pairs = 20000
	}
	for range pairs {
		glob, text := make(globs, 6), make(texts, 6)
		want, err := query.Match(glob, text)
		if err != nil {
			t.Fatalf("%q: %v", glob, err)
		}
		got := regexp.MustCompile(pattern(glob)).MatchString(strings.ReplaceAll(text, "/", "\x00"))
		if got != want {
			t.Fatalf("%q as %q matches %q: %t, want %t", glob, pattern(glob), text, got, want)
		}
		if want {
			matched++
		}
	}
	if matched < pairs/40 {
		t.Errorf("only %d matched", matched)
	}
}

func TestATextOfOursEndsNoString(t *testing.T) {
	if got, want := quote("a'b\\' OR 1\x00"), `'a\'b\\\' OR 1\0'`; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}
