package redact

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

// fit says what is wrong with s as a text to be shown.
func fit(s string) string {
	for _, r := range s {
		switch {
		case r < ' ', r >= 0x7f && r < 0xa0:
			return "a control character"
		case unseen(r), r == 0x2028, r == 0x2029:
			return "a character that is not seen"
		}
	}
	if !utf8.ValidString(s) {
		return "invalid UTF-8"
	}
	return ""
}

func FuzzSummary(f *testing.F) {
	for _, c := range cases(f) {
		tail, env := c.input()
		f.Add(tail, strings.Join(env, "\x00"))
	}
	for i, kind := range secretKinds {
		m := maker{newSource(int64(i))}
		text, secret := kind.make(m)
		f.Add(plant(m, text), "A_TOKEN="+secret)
	}
	f.Fuzz(func(t *testing.T, tail []byte, env string) {
		got := Summary(tail, strings.Split(env, "\x00"))
		if problem := fit(got); problem != "" {
			t.Fatalf("%s in %q", problem, got)
		}
		if n := utf8.RuneCountInString(got); n > maxSummary {
			t.Fatalf("%d characters", n)
		}
		_, value, _ := strings.Cut(env, "=")
		if strings.HasPrefix(env, "A_TOKEN=") && len(value) >= secretMin && !strings.Contains(marker+"env]", value) &&
			fit(value) == "" && !strings.Contains(value, "\x00") && squeeze(value) == value && strings.Contains(got, value) {
			t.Fatalf("%q is left in %q", value, got)
		}
	})
}

// No text takes quadratic time: each of these would for minutes, if every place
// were followed to the end.
func TestLongTexts(t *testing.T) {
	const limit = 3 * time.Minute
	size := 256 << 10
	if testing.Short() {
		size = 32 << 10
	}
	done := make(chan string)
	go func() {
		defer close(done)
		for _, part := range []string{"A_TOKEN=", "SG.", "password=", "AI" + "za", "xox" + "b-", "ya" + "29.", "glpat" + "-",
			"AK" + "IA", "://", "a://b:c", "-----BEGIN ", "-----END ", "set-cookie: ", "error(", "0 errors ", "a: ", "error: ", "()", "{\"msg\":\"", "msg=", "level=error ", "no ", "[", "Authorization: ", "hooks.slack.com/services/", "YWFhYWFhYWFh"} {
			text := strings.Repeat(part, size/len(part))
			Summary([]byte(text), []string{"A_TOKEN=aaaaaaaaa"})
			Text(text)
			done <- part
		}
	}()
	last := "nothing"
	timeout := time.After(limit)
	for {
		select {
		case part, more := <-done:
			if !more {
				return
			}
			last = part
		case <-timeout:
			t.Fatalf("stopped after %q", last)
		}
	}
}

func FuzzText(f *testing.F) {
	for _, c := range cases(f) {
		tail, _ := c.input()
		f.Add(string(tail))
		f.Add(c.Want)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := Text(s)
		if problem := fit(got); problem != "" {
			t.Fatalf("%s in %q", problem, got)
		}
		if again := Text(got); again != got {
			t.Fatalf("%q is shown as %q", got, again)
		}
	})
}
