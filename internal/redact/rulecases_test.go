package redact

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"testing"
)

var anyMarker = regexp.MustCompile(`\[redacted:[a-z0-9]+\]`)

// Each entry of the table finds what it is for, and nothing shorter or other.
func TestRuleCases(t *testing.T) {
	all := ruleCases(t)
	if len(all) < 1500 {
		t.Errorf("only %d cases", len(all))
	}
	for _, c := range all {
		if got, good := c.summary(); !good {
			t.Errorf("%q %q: got %q, want %q", c.In, c.Env, got, c.Want)
		}
	}
}

// Each word that tells of a failure is heard, and not as a part of another.
func TestAlarms(t *testing.T) {
	c := alarmCases(t)
	if len(c.Alarming) < 150 {
		t.Errorf("only %d words", len(c.Alarming))
	}
	for _, text := range c.Alarming {
		if !alarming(text) {
			t.Errorf("not heard: %q", text)
		}
	}
	for _, text := range c.Quiet {
		if alarming(text) {
			t.Errorf("heard: %q", text)
		}
	}
}

// What is generated is what the generator makes of the table now.
func TestGeneratedIsFresh(t *testing.T) {
	dir := t.TempDir()
	if out, err := exec.Command("go", "run", "generate.go", "generate_cases.go", "generate_commands.go", dir).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	for _, file := range []string{"internal/redact/rules_table.go", "internal/redact/testdata/rulecases.json", "internal/redact/testdata/alarmcases.json", "extensions/_shared/rulestable.ts"} {
		want, err := os.ReadFile(filepath.Join(dir, file))
		if err != nil {
			t.Fatal(err)
		}
		got, err := os.ReadFile(filepath.Join("..", "..", file))
		if err != nil {
			t.Fatal(err)
		}
		if string(got) != string(want) {
			t.Errorf("%s is not what go generate makes of rules.json", file)
		}
	}
}
