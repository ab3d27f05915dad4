//go:build linux || darwin || freebsd || openbsd

package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
)

// A line of 100 MB is passed over in bounded memory by whatever reads the log.
func TestMemoryIsBoundedHoweverLongALineIs(t *testing.T) {
	const event = `{"ts":"2026-11-01T10:00:0N.000Z","v":1,"id":"01a1968d-3900-7000-8000-00000000000N","kind":"script","name":"sound","status":"started","src":"emit"}` + "\n"
	bin := programs(t)
	dir := t.TempDir()
	path := filepath.Join(dir, "log.jsonl")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	f.WriteString(strings.ReplaceAll(event, "N", "1"))
	f.WriteString(`{"ts":"2026-11-01T10:00:00.000Z","error_summary":"`)
	chunk := bytes.Repeat([]byte("x"), 1<<20)
	for range 100 {
		if _, err := f.Write(chunk); err != nil {
			t.Fatal(err)
		}
	}
	f.WriteString("\"}\n" + strings.ReplaceAll(event, "N", "2"))
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	for _, verb := range []string{
		"tail --json", "verify --json", "show 01a1968d-3900-7000-8000-000000000001", "ps --since 999999h --json",
		"emit end 01a1968d-3900-7000-8000-000000000001 --status succeeded", "doctor --json",
	} {
		cmd := exec.Command(filepath.Join(bin, "pi-track"), strings.Fields(verb)...)
		cmd.Env = append(os.Environ(), "PI_TRACK_HOME="+dir, "PI_TRACK_LOG="+path, "HOME="+dir, "PI_CODING_AGENT_DIR="+dir)
		out, err := cmd.CombinedOutput()
		if cmd.ProcessState == nil {
			t.Fatalf("%s: %v", verb, err)
		}
		name := strings.Fields(verb)[0]
		if name != "doctor" && name != "verify" && err != nil {
			t.Errorf("%s: %v\n%.500s", verb, err, out)
		}
		if (name == "tail" || name == "show" || name == "ps") && !strings.Contains(string(out), "sound") {
			t.Errorf("%s: the events beside the long line are not found:\n%.500s", verb, out)
		}
		if name == "verify" && (!strings.Contains(string(out), `"good": 2`) || !strings.Contains(string(out), `"too_long": 1`)) {
			t.Errorf("%s: wrong counts:\n%.800s", verb, out)
		}
		peak := cmd.ProcessState.SysUsage().(*syscall.Rusage).Maxrss
		if runtime.GOOS != "darwin" {
			peak *= 1024
		}
		if peak > 64e6 {
			t.Errorf("%s: peak memory %d MB, want at most 64", verb, peak/1e6)
		}
		if len(out) > 1<<20 {
			t.Errorf("%s: printed %d bytes", verb, len(out))
		}
	}
}
