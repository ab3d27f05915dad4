package index_test

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pi-track/internal/report/synth"
	"pi-track/internal/testbin"
)

// buildWith builds pi-track with one text of a source file replaced.
func buildWith(t *testing.T, file, old, replacement string) string {
	t.Helper()
	dir := t.TempDir()
	path := filepath.Join(testbin.Root(), file)
	source, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(source, []byte(old)) {
		t.Fatalf("%s does not hold %q", file, old)
	}
	changed := filepath.Join(dir, "changed.go")
	if err := os.WriteFile(changed, bytes.Replace(source, []byte(old), []byte(replacement), 1), 0o600); err != nil {
		t.Fatal(err)
	}
	overlay, err := json.Marshal(map[string]map[string]string{"Replace": {path: changed}})
	if err != nil {
		t.Fatal(err)
	}
	list := filepath.Join(dir, "overlay.json")
	if err := os.WriteFile(list, overlay, 0o600); err != nil {
		t.Fatal(err)
	}
	program := filepath.Join(dir, "pi-track")
	build := exec.Command("go", "build", "-trimpath", "-overlay", list, "-o", program, "./cmd/pi-track")
	build.Dir = testbin.Root()
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return program
}

// TestBuildsNeverShareAnIndex: a build that computes otherwise does not take
// over what another build added up, and a copy of a build does.
func TestBuildsNeverShareAnIndex(t *testing.T) {
	const fingerprint = "internal/report/sum/fingerprint.go"
	first := buildWith(t, fingerprint, `"#"`, `"#"`)
	second := buildWith(t, fingerprint, `"#"`, `"<number>"`)
	copied := filepath.Join(t.TempDir(), "copy-of-pi-track")
	program, err := os.ReadFile(first)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(copied, program, 0o700); err != nil {
		t.Fatal(err)
	}
	log := filepath.Join(t.TempDir(), "events.jsonl")
	f, err := os.Create(log)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := synth.Write(f, synth.Options{Seed: 3, Runs: 12000, Start: time.Now().AddDate(0, -2, 0), Span: 50 * 24 * time.Hour}); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	report := func(program string, args ...string) string {
		t.Helper()
		out, err := exec.Command(program, append([]string{"report", "failures", "--log", log, "--format", "csv"}, args...)...).Output()
		if err != nil {
			t.Fatal(err)
		}
		return string(out)
	}
	indexes := func() int {
		files, err := os.ReadDir(log + ".index")
		if err != nil {
			t.Fatal(err)
		}
		return len(files)
	}
	old := report(first)
	if n := indexes(); n != 1 {
		t.Fatalf("%d indexes after one report, want 1", n)
	}
	if report(copied) != old || indexes() != 1 {
		t.Error("a copy of a build does not share its index")
	}
	if got, want := report(second), report(second, "--no-index"); got != want {
		t.Error("another build takes over the sums of the first one's index")
	} else if !strings.Contains(got, "<number>") || got == old {
		t.Error("the second build computes the same as the first: the test shows nothing")
	}
	if n := indexes(); n != 2 {
		t.Errorf("%d indexes of two builds, want 2", n)
	}
	if report(first) != old {
		t.Error("the second build's index changes the first one's report")
	}
}
