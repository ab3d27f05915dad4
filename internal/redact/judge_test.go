package redact

import (
	"encoding/base64"
	"strings"
	"testing"
)

// says checks a judgement of texts: those it holds for, and those it does not.
func says(t *testing.T, name string, judge func(string) bool, yes, no []string) {
	t.Helper()
	for _, s := range yes {
		if !judge(s) {
			t.Errorf("%s: %q is not", name, s)
		}
	}
	for _, s := range no {
		if judge(s) {
			t.Errorf("%s: %q is", name, s)
		}
	}
}

// The boundaries of what looks like a secret, from both sides.
func TestJudgements(t *testing.T) {
	b64 := func(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }
	long := strings.Repeat("a", judgedMax)
	says(t, "random", random,
		[]string{"abcdefg1", "1234567a", "ABCDEFGHijklmnop", "abcdefghijklmNOP" + "Q", "abc!de", "ab~cde", "a1b2c3d4"},
		[]string{"abcdef1", "12345678", "abcdefgh", "abcdefghijklmnop", "ABCDEFGHIJKLMNOP", "abcdefghijklmnoP", "Abcdefghijklmno", "abc!d", "!!!!!!", "", long})
	says(t, "mixed", mixed, []string{"abcde1", "1ABCDE"}, []string{"abcd1", "abcdef", "123456", ""})
	says(t, "all digits", allDigits, []string{"", "0", "9", "0123456789"}, []string{"a", "1a", "a1", "/", ":"})
	says(t, "placeholder", placeholder,
		[]string{"", "*", "xxxx", "XXX.…•", "aaa", "###", "<password>", "<x", "{x}", "[x]", "(x)", "$PASSWORD", "${x}", "%s", "!ref", "&anchor", "{{ x }}", "DB_PASSWORD", "A_B",
			"0x1", "0xDEADBEEF", "-0x1f", "true", "True", "secret!", "password)", "your-key", "your_token", "key-here", "key_here", "yourkey", "null,", "none)}|"},
		[]string{"aa", "aab", "{x", "[x", "(x", "x}", "x]", "0x123456789", "0xg", "truest", "your9key", "here-key", "a-herex", "DB_PASSWORd", "$" + "ab-cd", "%abc", "secret@"})
	says(t, "placeholder of any length", placeholder, []string{strings.Repeat("A", 64) + "_B", strings.Repeat("x", 70)}, []string{strings.Repeat("ab", 30) + "-here", strings.Repeat("ab", 40)})
	says(t, "a name in a text", identifier, []string{"a", "_", "aZ_09"}, []string{"", "a-b", "a.b", "é"})
	says(t, "substituted", substituted, []string{"$", "${x", "$(x", "$%x", "%x%", "%s", "$@", "$#", "$?", "{{x", "$NAME.", "&x", "!x;"},
		[]string{"%abc", "$@x", "$#1", "$-x", "{x", "$a-b", "&a b"})
	says(t, "named", named, []string{"a.b", "aPassword", "my_token", "get_value", "getValue", "a.key[", "a.B_c", "Api.Key"},
		[]string{"", "...", ".ab", "a1.b", "word", "other_name", "otherName", "a-b.c", "_", "123"})
	says(t, "path", path,
		[]string{"~/x", "./x", "../x", `.\x`, "c:/x", `C:\x`, "/", "/etc/passwd", "/a/b.c", "/aB1cdefgh", "/ABCDEFGHIJKL1", "/abcdefghijkl1", "/Abcdefghi1"},
		[]string{"", "x", "~x", ".x", "c:x", "1:/x", "c:", "/a+b", "/a=b", "/aBCdefghi1", "/x/aBCdefghi1"})
	says(t, "base64 of user:password", userAndPassword, []string{b64("a:bc"), b64("a:bcd"), b64("user:secret"), b64("user:two words1"), b64("ab:cd") + "=", strings.TrimRight(b64("u:pass1"), "=")},
		[]string{"", b64("a:b")[:4], b64("userpass"), b64("a:\x01bcdef"), b64("a:\x7fbcdef"), b64("a:\xffbcdef"), "a:bcdefgh", "!!!!!!!!"})
	says(t, "described", described, []string{"expired", "missing", "Readable", "possible", "mandatory", "dangerous", "active", "useful!", "wronged."}, []string{"", "swordfish", "ed1", "e-ing", "bread2"})
	says(t, "a sentence", sentence, []string{"the x", "x is", "Is, it", "x must; y"}, []string{"", "xyzzy plugh", "thexyz", "island"})
	says(t, "usage", usageWord, []string{"TOKEN", "flag", "to)", "OR.", "...", "[A]"}, []string{"token1", "TOKEn", "A=B", "flagged"})
	says(t, "a seed phrase", seedPhrase, []string{strings.TrimSpace(strings.Repeat("abandon ", 12)), strings.TrimSpace(strings.Repeat("abc ", 24))},
		[]string{strings.TrimSpace(strings.Repeat("abandon ", 11)), strings.TrimSpace(strings.Repeat("ab ", 12)), strings.TrimSpace(strings.Repeat("abandoned ", 12)), strings.Repeat("abandon ", 27) + "x", strings.TrimSpace(strings.Repeat("Abandon ", 12)), strings.TrimSpace(strings.Repeat("abandon1 ", 12))})
	says(t, "called", called, []string{"f(x)", "a[0]", "&x{", "*p.q(", "std::f(", "(x", "[x"}, []string{"", "x", "a-b(x"})
	says(t, "an address", email, []string{"a@b.c", "a.b@c.d"}, []string{"a@b", "ab.c", "a@.c", "a+b@c.d", "a@b!.c"})
	says(t, "a place in a file", fileLine, []string{"a.c:2", "a.c:2:13", "a.b.jsonx:1"}, []string{"a.c", "a.c:", ".c:2", "a:2", "a.c:x", "a.c:2:x", "a.jsonxyz:1", "a.c-d:2"})
	says(t, "like a version", versionLike, []string{"1.2.3", "a-b-1", "a/b1", "aB1/cD2"}, []string{"1.2", "ab-cd", "a-1-2345", "2026-11-30", "1.2.3!", "abcABC123/x", "x"})
	says(t, "two cases", camelCase, []string{"aB", "fooBar"}, []string{"", "B", "Ab", "ABc", "a1B"})
	says(t, "identifier-like", identifierLike, []string{"abcdefghijklm", "aBcdefghijkl1"}, []string{"ABcdefghijkl1"})
	says(t, "a number of 32 bits", hexNumber, []string{"0x0", "0xFFFFFFFF", "0xabcdef"}, []string{"0x123456789", "0xg", "10"})
	for _, v := range []struct {
		user, password string
		want           bool
	}{{"bob", "abcd", true}, {"bob", "abc", false}, {"bob", "8080", false}, {"bob", "808a", true}, {"bob", "bobb", true}, {"bobb", "bobb", false}, {"a/b", "abcd", false}, {"[", "abcd", false},
		{"bob", "root", false}, {"bob", "nogroup", false}, {"bob", "www-data", false}, {"bob", "/abc", false}, {"bob", "secret", false}, {"bob", "groups", true}} {
		if got := userPassword(v.user, v.password); got != v.want {
			t.Errorf("%s:%s is a password: %t", v.user, v.password, got)
		}
	}
	for v, want := range map[string]string{"bob:s3cret": "bob", "bob:": "", "bob": "", "a-b:s3cret": "", "bob:80": "", "bob:a/bcd": "", "bob:ab:cd": ""} {
		if got := userOf(v); got != want {
			t.Errorf("the user of %s is %q", v, got)
		}
	}
}

// Where a value without quotes ends.
func TestValueEnds(t *testing.T) {
	for _, v := range []struct {
		in, want string
		p        pair
	}{
		{"a;b", "a", pair{}}, {"a>b", "a", pair{}}, {"a&b=c", "a", pair{}}, {"a&b", "a&b", pair{}}, {"a&b", "a", pair{query: true}}, {"a&", "a", pair{}},
		{"a%26b", "a", pair{sep: '%'}}, {"a%26b", "a%26b", pair{sep: '='}}, {"a%27b", "a%27b", pair{sep: '%'}},
		{"a)", "a", pair{}}, {"a).", "a", pair{}}, {"a)b", "a)b", pair{}}, {"(a)", "(a)", pair{}}, {"[a]", "[a]", pair{}}, {"{a}", "{a}", pair{}}, {"a]", "a", pair{}}, {"a},", "a", pair{}}, {"(a]", "(a", pair{}},
		{"a.", "a", pair{}}, {"a,:!\\", "a", pair{}}, {"a.b", "a.b", pair{}}, {"", "", pair{}}, {"...", "", pair{}},
	} {
		if got := v.in[:valueEnd(v.in, v.p)]; got != v.want {
			t.Errorf("%s: %q, not %q", v.in, got, v.want)
		}
	}
}

// What is undone in a text: each escape, and where every byte comes from.
func TestWithoutEscapes(t *testing.T) {
	for in, want := range map[string]string{
		"plain": "plain", "a%20b": "a b", "a%2Bb": "a b", "a+b": "a b", "%": "%", "%4": "%4", "%zz": "%zz", "%41": "A", `it'\''s`: "it's", `a\nb\tc\rd`: "a\nb\tc\rd", `\u0041\u00e9`: "Aé",
		`\u12`: "u12", `\uzzzz`: "uzzzz", `a\`: `a\`, `\"\\`: `"\`, "a%C3%A9": "aé", "+%2b+": "   ",
	} {
		got, at := withoutEscapes(in)
		if got != want {
			t.Errorf("%q: %q, not %q", in, got, want)
		}
		if at != nil && (len(at) != len(got)+1 || at[len(got)] != len(in)) {
			t.Errorf("%q: %v", in, at)
		}
	}
	if _, at := withoutEscapes("x%41y"); len(at) != 4 || at[0] != 0 || at[1] != 1 || at[2] != 4 || at[3] != 5 {
		t.Error(at)
	}
}

// The values of variables are found in every form, from eight bytes on.
func TestVariablesAreFound(t *testing.T) {
	const hidden = "[redacted:env]"
	b64 := base64.StdEncoding
	for _, v := range []struct{ env, in, want string }{
		{"A_TOKEN=abcdefgh", "x abcdefgh y", "x " + hidden + " y"},
		{"A_TOKEN=abcdefg", "x abcdefg y", "x abcdefg y"},
		{"A_NAME=abcdefgh", "x abcdefgh y", "x abcdefgh y"},
		{"OLD_PWD=/abcdefgh", "x /abcdefgh y", "x /abcdefgh y"},
		{"A_KEY=/etc/abc.pem", "x /etc/abc.pem y", "x /etc/abc.pem y"},
		{"A_CREDENTIALS=/etc/abc.json", "x /etc/abc.json y", "x /etc/abc.json y"},
		{"A_TOKEN=/etc/abcdefgh", "x /etc/abcdefgh y", "x " + hidden + " y"},
		{"A_TOKEN=one two+three", "x one+two%2Bthree y", "x " + hidden + " y"},
		{"A_TOKEN=one two+three", `x one two\u002bthree y`, "x " + hidden + " y"},
		{"A_TOKEN=first line\n\tsecond line\nshort", "x second line y", "x " + hidden + " y"},
		{"A_TOKEN=first line\nsecond line\nshort", "x short y", "x short y"},
		{"DATABASE_URL=pg://bob:abcdefgh@host/x", "x abcdefgh y", "x " + hidden + " y"},
		{"DATABASE_URL=pg://bob:abcdefg@host/x", "x abcdefg y", "x abcdefg y"},
		{"DATABASE_URL=pg://bob:abc@efghi@host/x", "x abc@efghi y", "x " + hidden + " y"},
		{"A_TOKEN=abcdefgh", "x " + b64.EncodeToString([]byte("abcdefgh")) + " y", "x " + hidden + " y"},
		{"A_TOKEN=abcdefgh", "x " + b64.EncodeToString([]byte("1abcdefgh")) + " y", "x " + hidden + " y"},
		{"A_TOKEN=abcdefgh", "x " + b64.EncodeToString([]byte("12abcdefghij")) + " y", "x " + hidden + " y"},
		{"A_TOKEN=????>>>>", "x " + base64.URLEncoding.EncodeToString([]byte("12????>>>>34")) + " y", "x " + hidden + " y"},
		{"A_TOKEN=abcdefgh", "xabcdefghyabcdefgh", "x" + hidden + "y" + hidden},
	} {
		if got := secrets(v.in, secretValues([]string{"no equals sign", v.env})); got != v.want {
			t.Errorf("%s: %q, not %q", v.env, got, v.want)
		}
	}
}

// A summary has 200 characters at most; no marker is cut in two.
func TestCutAtEdges(t *testing.T) {
	a := func(n int) string { return strings.Repeat("é", n) }
	for in, want := range map[string]string{
		a(200): a(200), a(201): a(199) + "…", a(195) + " | " + a(10): a(195) + " | é…", a(196) + " | " + a(10): a(196) + "…",
		a(190) + "[redacted:key]" + a(9): a(190) + "…", a(180) + "[redacted:key]" + a(30): a(180) + "[redacted:key]" + a(5) + "…", a(198) + "[x]" + a(9): a(198) + "…", a(190) + "[x]" + a(19): a(190) + "[x]" + a(6) + "…",
		a(185) + "[redacted:key]" + "[re" + a(19): a(185) + "[redacted:key]…",
	} {
		if got := cutAt(in); got != want {
			t.Errorf("%d characters: %q, not %q", len([]rune(in)), got, want)
		}
	}
	lines := []string{"first", a(100), "third"}
	for _, v := range []struct {
		lines []string
		want  string
	}{{nil, ""}, {lines[:1], "first"}, {lines, "first | " + a(100) + " | third"}, {[]string{a(100), "x"}, a(100)}, {[]string{a(99), "x"}, a(99) + " | x"},
		{[]string{a(90), a(107), "x"}, a(90) + " | " + a(107)}, {[]string{a(90), a(108), "x"}, a(90)}} {
		if got := join(v.lines); got != v.want {
			t.Errorf("%q, not %q", got, v.want)
		}
	}
	for in, want := range map[string]string{"cut\nwhole": "whole", "cut word rest": "word rest", "cut a1b2c3d4 rest": "rest", "cut\n": "", "cut": "", "cut  two": "two", "cut more\n  \n": "more\n  \n"} {
		if got := dropPartial(in); got != want {
			t.Errorf("%q: %q, not %q", in, got, want)
		}
	}
}
