package redact

import (
	"flag"
	"fmt"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write testdata/edges.txt and causes.txt anew")

var shown = regexp.MustCompile(`\[redacted:([a-z]+)\]`)

// spansOf says what is replaced in a text: how many bytes stay, by which rule the next
// ones go, how many stay, …
func spansOf(text string) string {
	var b strings.Builder
	out := secrets(text, nil)
	at := 0
	for _, m := range shown.FindAllStringSubmatchIndex(out, -1) {
		fmt.Fprint(&b, m[0]-at, " ", out[m[2]:m[3]], " ")
		at = m[1]
	}
	if at == 0 {
		return "-"
	}
	return b.String() + strconv.Itoa(len(out)-at)
}

// rulesOf are the rules alone.
func rulesOf(text string) string {
	names := ""
	for _, m := range shown.FindAllStringSubmatch(secrets(text, nil), -1) {
		names += m[1] + " "
	}
	return strings.TrimSpace(names)
}

// changes says at which i what is new.
func changes(n int, of func(i int) string) string {
	var b strings.Builder
	last := of(0)
	for i := 1; i < n; i++ {
		if now := of(i); now != last {
			fmt.Fprintf(&b, " %d:%s", i, now)
			last = now
		}
	}
	return b.String()
}

// edgesOf says what becomes of a text: whole, of its first i bytes, of its last ones,
// without one of its bytes, and with another one in its place.
func edgesOf(text string) string {
	out := spansOf(text)
	out += "\n\tends at" + changes(len(text)+1, func(i int) string { return rulesOf(text[:i]) })
	out += "\n\tbegins at" + changes(len(text)+1, func(i int) string { return rulesOf(text[i:]) })
	whole := spansOf(text)
	for _, x := range []struct{ name, others string }{{"without", ""}, {"with", "0 A\":='/<.a,"}, {"or with", "-\nz9&(;@\\>#_"}} {
		out += "\n\t" + x.name + changes(len(text), func(i int) string {
			other := x.others
			if other != "" {
				other = other[i%len(other):][:1]
			}
			if spans := spansOf(text[:i] + other + text[i+1:]); other == "" && rulesOf(text[:i]+text[i+1:]) != rulesOf(text) || other != "" && spans != whole {
				return spans
			}
			return "="
		})
	}
	return out + "\n"
}

// strips says what becomes of every byte behind beginnings of escape sequences, and of
// every character.
func strips() string {
	var b strings.Builder
	for _, text := range []string{"\x1b%s5 qX\aY", "\x1b[%smX\aY", "\x1b[1%sX\aY", "\x1b(%sX\aY", "\x1b]0;t%s\\X\aY", "\u009b%sX\aY", "\u0090q%sX\aY", "\u009e%s\u009cY", "a\x1b%s", "%s\bX", "%s\b\b\bX", "\r%s\t"} {
		b.WriteString(strconv.Quote(text))
		b.WriteString(changes(256, func(i int) string {
			one := string([]byte{byte(i)})
			return strconv.Quote(strings.ReplaceAll(Strip(strings.Replace(text, "%s", one, 1)), one, "?"))
		}) + "\n")
	}
	b.WriteString("characters" + changes(0x110000, func(i int) string {
		return strconv.Quote(strings.ReplaceAll(Strip("a"+string(rune(i))+"b"), string(rune(i)), "?"))
	}) + "\n")
	return b.String()
}

// TestEdges: from which byte on, up to which and by which one a text of the corpus is or
// is no secret is as it was. A change of the rules changes some of them: go test -update,
// and the difference of the file says what the change does.
func TestEdges(t *testing.T) {
	if len(shown.FindAllString(secrets("password=hun"+"ter2!", nil), -1)) != 1 {
		t.Fatal("nothing is replaced")
	}
	var b strings.Builder
	b.WriteString(strips())
	for _, k := range corpus(t).Kinds {
		fmt.Fprintf(&b, "# %s\n", k.Name)
		for i, template := range k.Secrets {
			text, _ := fill(maker{newSource(int64(i))}, template)
			fmt.Fprintf(&b, "%q %s", template, edgesOf(text))
		}
		for i, template := range k.Harmless {
			text, _ := fill(maker{newSource(int64(i))}, template)
			if edges := edgesOf(text); strings.Contains(edges, ":") {
				fmt.Fprintf(&b, "harmless %q %s", template, edges)
			}
		}
	}
	for _, c := range cases(t) {
		if tail, _ := c.input(); c.Pad == 0 && len(tail) > 0 && len(tail) < 200 {
			fmt.Fprintf(&b, "case %q %s", c.Name, edgesOf(Strip(string(tail))))
		}
	}
	asBefore(t, "testdata/edges.txt", b.String())
}

// TestCauses: the summary of every program's output, and that of the output without the
// line which it quotes, are as they were.
func TestCauses(t *testing.T) {
	var b strings.Builder
	for _, o := range outputs(t) {
		first := Summary([]byte(o.Stderr), nil)
		var rest []string
		for _, line := range strings.Split(o.Stderr, "\n") {
			if said := Text(line); said == "" || !strings.Contains(first, said) {
				rest = append(rest, line)
			}
		}
		fmt.Fprintf(&b, "%s\n\t%s\n\t%s\n", o.Name, first, Summary([]byte(strings.Join(rest, "\n")), nil))
	}
	asBefore(t, "testdata/causes.txt", b.String())
}

// asBefore compares lines with those of a file.
func asBefore(t *testing.T, file, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	want, is := strings.Split(string(b), "\n"), strings.Split(got, "\n")
	if len(want) != len(is) {
		t.Errorf("%d lines, want the %d of %s", len(is), len(want), file)
	}
	said := 0
	for i := range min(len(want), len(is)) {
		if want[i] != is[i] && said < 10 {
			said++
			t.Errorf("%s, line %d:\nwas %s\nis  %s", file, i+1, want[i], is[i])
		}
	}
}
