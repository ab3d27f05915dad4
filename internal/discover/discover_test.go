package discover

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

func write(t *testing.T, path, text string, mode os.FileMode) string {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), mode); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestFindAndCount(t *testing.T) {
	home := t.TempDir()
	bin, local := filepath.Join(home, "bin"), filepath.Join(home, ".local/bin")
	const script = "#!/bin/sh\n"
	write(t, bin+"/deploy", script, 0o755)
	write(t, bin+"/nightly-job", script, 0o755)
	write(t, bin+"/unused", script, 0o755)
	write(t, bin+"/notes.txt", "text", 0o644)
	write(t, bin+"/program", "\x7fELF", 0o755)
	write(t, local+"/deploy", script, 0o755)
	write(t, local+"/poll-loop", script, 0o755)
	write(t, home+"/.local/share/pipx/venvs/x/bin/ruff", script, 0o755)
	write(t, local+"/black", "#!/usr/bin/python3\nfrom importlib.metadata import distribution\n", 0o755)
	if err := os.Symlink(home+"/.local/share/pipx/venvs/x/bin/ruff", local+"/ruff"); err != nil {
		t.Fatal(err)
	}
	// Where install.sh and npm put our program; a script named after us is the user's.
	write(t, home+"/.local/lib/pi-track/bin/pi-track", "\x7fELF", 0o755)
	if err := os.Symlink("../lib/pi-track/bin/pi-track", local+"/pi-track"); err != nil {
		t.Fatal(err)
	}
	write(t, bin+"/pi-track-digest", script, 0o755)
	if err := os.Symlink("/nowhere", local+"/dangling"); err != nil {
		t.Fatal(err)
	}
	session := write(t, home+"/s.jsonl", strings.Join([]string{
		`{"type":"message","message":{"role":"assistant","content":[{"type":"text","text":"deploy"},{"type":"toolCall","name":"bash","arguments":{"command":"cd /x && A=1 ~/bin/deploy --now; nightly-job | tail"}}]}}`,
		`{"type":"message","message":{"role":"assistant","content":[{"type":"toolCall","name":"write","arguments":{"command":"deploy bash"}}]}}`,
		`{"type":"message","message":{"role":"bashExecution","command":"(poll-loop)\nruff check"}}`,
		`{"broken "bash`, strings.Repeat("x", 100)}, "\n"), 0o600)
	bash := write(t, home+"/.bash_history", "#1700000000\ndeploy a\necho deploy\nfor i in 1; do deploy; done\n", 0o600)
	zsh := write(t, home+"/.zsh_history", ": 1700000000:0;deploy b\n", 0o600)
	fish := write(t, home+"/fish_history", "- cmd: poll-loop\n  when: 1700000000\n", 0o600)
	got := Count(Find([]string{bin, local, home + "/none"}), []string{session, home + "/none"}, []string{bash, zsh, fish, home})
	want := []Candidate{
		{"deploy", bin + "/deploy", "script", 1, 3, ""},
		{"poll-loop", local + "/poll-loop", "loop", 1, 1, ""},
		{"nightly-job", bin + "/nightly-job", "job", 1, 0, ""},
		{"pi-track-digest", bin + "/pi-track-digest", "script", 0, 0, ""},
		{"unused", bin + "/unused", "script", 0, 0, ""},
		{"ruff", local + "/ruff", "script", 1, 0, "made by a package manager"},
		{"black", local + "/black", "script", 0, 0, "made by a package manager"},
		{"program", bin + "/program", "script", 0, 0, "not a script"},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got\n%+v\nwant\n%+v", got, want)
	}
	if !got[0].Own() || got[3].Own() || got[5].Own() {
		t.Error("Own")
	}
}

// A line longer than the bound is passed over and the next one is read.
func TestLongLine(t *testing.T) {
	file := write(t, t.TempDir()+"/h", strings.Repeat("x", maxLine+10)+"\nlast", 0o600)
	var got []string
	lines(file, func(line []byte) { got = append(got, string(line)) })
	if len(got) != 1 || got[0] != "last" {
		t.Errorf("%d lines", len(got))
	}
}
