//go:build linux

package main

import (
	"fmt"
	"os"
	"strings"
)

func editorChecks() []Check {
	return []Check{
		{ID: "C3", Title: "vim", PTY: true, Run: checkC3},
		{ID: "C4", Title: "less", PTY: true, Run: checkC4},
		{ID: "C5", Title: "a nested interactive shell has job control", PTY: true, Run: checkC5},
	}
}

// read returns a file's text.
func (t *T) read(path string) string {
	text, err := os.ReadFile(path)
	t.must(err, path)
	return string(text)
}

// settings returns what stty says, as the shell's jobs get it.
func (s *Shell) settings() string {
	r := s.Terminal.t.report()
	s.line("echo settings $(stty -g) >> '%s'", r.path)
	text := r.Line("settings")
	s.expect(prompt)
	return text
}

// checkC3 edits a file: insert, suspend, resume, resize, write. vim stops by
// signalling its own process group.
func checkC3(t *T) {
	vim := t.tool("vim")
	path := t.path("text")
	t.must(os.WriteFile(path, []byte("start-line\n"), 0o600), "file")
	sh := t.bash()
	before := sh.settings()
	sh.line("TERM=xterm %s", quote(t.col.Wrap(vim, "-u", "NONE", "-i", "NONE", "-n", "-N", path)))
	sh.expect("start-line")
	sh.send("Ohello from vim\x1b")
	sh.expect("hello from vim")
	sh.send("\x1a")
	sh.expect("Stopped")
	sh.expect(prompt)
	if got := sh.settings(); got != before {
		t.failf("suspended, vim left the terminal with %s instead of %s", got, before)
	}
	sh.line("fg")
	sh.expect("hello from vim")
	sh.resize(30, 150)
	sh.urge(":set columns?\r", "columns=150")
	sh.send(":wq\r")
	sh.expect(prompt)
	if got := t.read(path); got != "hello from vim\nstart-line\n" {
		t.failf("the file is %q", got)
	}
	if got := sh.settings(); got != before {
		t.failf("vim left the terminal with %s instead of %s", got, before)
	}
	sh.leave()
}

// checkC4 reads a file, a pipe, and the output of a wrapped program.
func checkC4(t *T) {
	less := t.tool("less")
	path := t.path("text")
	var text strings.Builder
	for i := range 500 {
		fmt.Fprintf(&text, "line %d.\n", i+1)
	}
	t.must(os.WriteFile(path, []byte(text.String()), 0o600), "file")
	sh := t.bash()
	before := sh.settings()
	wrapped := "TERM=xterm LESSHISTFILE=- " + quote(t.col.Wrap(less))
	plain := "TERM=xterm LESSHISTFILE=- " + quote([]string{less})
	for _, line := range []string{
		wrapped + " " + path,
		"cat " + path + " | " + wrapped,
		quote(t.col.Wrap(t.tool("cat"), path)) + " | " + plain,
		quote(t.col.Wrap(t.tool("cat"), path)) + " | " + wrapped,
	} {
		sh.line("%s", line)
		sh.expect("line 1.")
		sh.expect("line 22.")
		sh.send(" ")
		sh.expect("line 40.")
		sh.send("/line 400\r")
		sh.expect("line 400")
		sh.send("G")
		sh.expect("line 500.")
		sh.send("q")
		sh.expect(prompt)
		if got := sh.settings(); got != before {
			t.failf("%s left the terminal with %s instead of %s", line, got, before)
		}
	}
	sh.leave()
}

func checkC5(t *T) {
	sh := t.bash()
	r, end := t.report(), t.path("end")
	sh.line("%s", quote(t.col.Wrap(t.tool("bash"), "--norc", "--noprofile", "-i")))
	sh.expect(prompt)
	sh.line("PS1='inner''> '; echo depth $SHLVL")
	sh.expect("inner> ")
	sh.line("%s", quote([]string{t.probe, "-o", r.path, "idle", end, "4"}))
	program := r.Num("ready")
	sh.send("\x1a")
	t.until("the program's stop", func() bool { return state(program) == "T" })
	sh.expect("Stopped")
	sh.expect("inner> ")
	sh.line("bg")
	t.until("the program's continue", func() bool { return runs(program) })
	sh.expect("inner> ")
	sh.line("fg")
	sh.expect("idle")
	t.touch(end)
	sh.expect("inner> ")
	sh.marks(r, "status", "$?")
	if got := r.Num("status"); got != 4 {
		t.failf("$? in the nested shell is %d, not 4", got)
	}
	sh.expect("inner> ")
	sh.line("exit 5")
	sh.expect(prompt)
	sh.marks(r, "outer", "$?")
	if got := r.Num("outer"); got != 5 {
		t.failf("$? after the nested shell is %d, not 5", got)
	}
	if strings.Contains(sh.shown(), "no job control") {
		t.failf("the nested shell has no job control")
	}
	sh.leave()
}
