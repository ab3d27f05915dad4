package redact

import (
	"strings"
	"testing"
)

// TestDistances: marks and values on both sides of how far away, how long and how many
// they may be.
func TestDistances(t *testing.T) {
	phrase := "a#b!c@d$ e%" + strings.Repeat("f", 28)
	for _, v := range []struct{ secret, harmless string }{
		{"IDENTIFIED " + strings.Repeat("x", 48) + " by abcd", "IDENTIFIED " + strings.Repeat("x", 49) + " by abcd"},
		{"**password**=abcd1", "password:*** abcd1efg"},
		{"password:** abcd1efg", "password:**** abcd1efg"},
		{`token: "` + phrase + `f"`, `token: "` + phrase + `"`},
		{"glpat-1_2_3_4_5_6_7_8_9_1", "glpat-1_2_3_4_5_6_7_8_9__"},
		{`{<<"password">>,` + strings.Repeat(" ", 21) + `<<"abcd1efg">>}`, `{<<"password">>,` + strings.Repeat(" ", 22) + `<<"abcd1efg">>}`},
		{"define('DB_PASSWORD'," + strings.Repeat(" ", 23) + "'abcd1efg')", "define('DB_PASSWORD'," + strings.Repeat(" ", 24) + "'abcd1efg')"},
		{"signing key as 12345" + strings.Repeat("a", 59), "signing key as 1234" + strings.Repeat("a", 60)},
		{"signing key as " + strings.Repeat("1", 59) + "abcde", "signing key as " + strings.Repeat("1", 60) + "abcd"},
		{"x -u bob -p abcde!", "x -u bob -p abcd!"},
	} {
		if got := secrets(v.secret, nil); !strings.Contains(got, marker) {
			t.Errorf("stays: %q", got)
		}
		if got := secrets(v.harmless, nil); got != v.harmless {
			t.Errorf("%q became %q", v.harmless, got)
		}
	}
}
