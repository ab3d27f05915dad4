package event

import (
	"strings"
	"testing"
)

// What a usage file may hold, and what is no such object.
func TestParseUsageEdges(t *testing.T) {
	for text, want := range map[string]Usage{
		`{}`: {}, ` { "tokens" : 3 , "x" : [1,{"a":"}"}] } `: {Tokens: 3}, `{"model":"a\"b\\c\/d\u0041\n"}`: {Model: "a\"b\\c/dA "},
		`{"cost":1e-3,"input":1,"output":2,"cache_read":3,"cache_write":4}`: {Cost: 0.001, Input: 1, Output: 2, CacheRead: 3, CacheWrite: 4},
	} {
		if got, ok := ParseUsage([]byte(text)); !ok || got != want {
			t.Errorf("%s: %+v, %t", text, got, ok)
		}
	}
	for _, text := range []string{
		``, `[]`, `{`, `{"tokens":1`, `{"tokens":1,}`, `{"tokens":-1}`, `{"tokens":"1"}`, `{"tokens":9007199254740992}`, `{"tokens":1}x`,
		`{"model":"a\x"}`, `{"model":"a\u12"}`, `{"model":"a\uzzzz"}`, `{"model":"a`, `{"model":"a\`, "{\"model\":\"a\nb\"}", "{\"model\":\"a\n}", `{"model":3}`,
		`{"x":"a\q"}`, `{"x":}`, `{tokens:1}`, `{"tokens" 1}`, `{"cost":1e999}`, `{"cost":nan}`,
	} {
		if got, ok := ParseUsage([]byte(text)); ok {
			t.Errorf("%s is %+v", text, got)
		}
	}
}

// An error text loses control characters and nothing else.
func TestCleanEdges(t *testing.T) {
	for in, want := range map[string]string{
		"a\x01\u00a0b": "a \u00a0b", "\x1f \x20": "  \x20", "\x7e\x7f": "~ ", "a\u0080\u009f\u00a1": "a  \u00a1", "\xffé": "\uFFFDé",
		"\u00a0": "\u00a0", "\n": " ", strings.Repeat("é", MaxError+1): strings.Repeat("é", MaxError), strings.Repeat("x", MaxError): strings.Repeat("x", MaxError),
		strings.Repeat("\t", MaxError+1): strings.Repeat(" ", MaxError),
	} {
		if got := clean(in); got != want {
			t.Errorf("%q became %q, not %q", in, got, want)
		}
	}
}
