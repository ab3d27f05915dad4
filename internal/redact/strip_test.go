package redact

import (
	"testing"
	"unicode"
)

// What Unicode says is not seen never comes out, whatever the plane.
func TestNothingUnseen(t *testing.T) {
	for r := rune(0x80); r <= unicode.MaxRune; r++ {
		hidden := unicode.In(r, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector, unicode.Bidi_Control, unicode.Zl, unicode.Zp) ||
			unicode.Is(unicode.Cf, r) && !unicode.Is(unicode.Prepended_Concatenation_Mark, r)
		if got := Strip("a" + string(r) + "b"); hidden && got != "ab" && got != "a\nb" {
			t.Errorf("%U is left", r)
		}
	}
	for _, text := range []string{"größe", "日本語", "naïve café", "Ελλάδα", "שלום", "العربية", "हिन्दी", "한국어", "🙂"} {
		if got := Strip(text); got != text {
			t.Errorf("%q became %q", text, got)
		}
	}
}

func TestField(t *testing.T) {
	github := "gh" + "p_0aB1cD2eF3gH4iJ5kL6mN7oP8qR9sT0uV1wX"
	for in, want := range map[string]string{
		github: "[redacted:github]", "task-" + github: "task-[redacted:github]", "a\x1b[31mb\x07\x00c": "abc", "x\u202ey\u180e": "xy", "two\nlines\tof": "two lines of",
		"/home/me/password=hunter2/token": "/home/me/password=hunter2/token", "123e4567-e89b-42d3-a456-426614174000": "123e4567-e89b-42d3-a456-426614174000",
		"/srv/sk-learn/AKIRA/3f786850e387550fdab836ed7e6dc881de23001b": "/srv/sk-learn/AKIRA/3f786850e387550fdab836ed7e6dc881de23001b",
		"T-42": "T-42", " keeps blanks ": " keeps blanks ", "claude-opus-4-5@20251101": "claude-opus-4-5@20251101", "toolu_01A09q90qw90lq917835lq9": "toolu_01A09q90qw90lq917835lq9", "call_abcDEF1234567890": "call_abcDEF1234567890", "größe/日本": "größe/日本",
	} {
		got := Field(in)
		if got != want {
			t.Errorf("%q became %q, not %q", in, got, want)
		}
		if again := Field(got); again != got {
			t.Errorf("%q became %q", got, again)
		}
	}
}
