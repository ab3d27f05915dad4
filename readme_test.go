package pitrack_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"pi-track/internal/testbin"
)

func TestMain(m *testing.M) {
	code := m.Run()
	testbin.Remove()
	os.Exit(code)
}

// example is a command of the README with the output that stands below it.
type example struct {
	line          int
	command, want string
}

// examples returns the commands of all console blocks.
func examples(t *testing.T) []example {
	data, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	var out []example
	inside := false
	for n, line := range strings.Split(string(data), "\n") {
		command, isCommand := strings.CutPrefix(line, "$ ")
		switch {
		case strings.HasPrefix(line, "```"):
			inside = line == "```console"
		case inside && isCommand:
			out = append(out, example{line: n + 1, command: command})
		case inside:
			out[len(out)-1].want += line + "\n"
		}
	}
	if len(out) < 8 {
		t.Fatalf("only %d examples", len(out))
	}
	return out
}

// freshHome is an empty home, without links in its path, and the directory of the programs.
func freshHome(t *testing.T) (bin, home string) {
	t.Helper()
	bin, err := testbin.Dir()
	if err != nil {
		t.Fatal(err)
	}
	if home, err = filepath.EvalSymlinks(t.TempDir()); err != nil {
		t.Fatal(err)
	}
	return bin, home
}

// The README's console examples do what they show, one after the other in one
// home. "…" stands for anything within a line, and on a line of its own for
// any number of lines.
func TestExamplesOfTheREADME(t *testing.T) {
	bin, home := freshHome(t)
	shims := filepath.Join(home, "runtime/tool-usage/shims")
	env := append(os.Environ(), "HOME="+home, "SHELL=/bin/bash", "LC_ALL=C", "XDG_CONFIG_HOME=", "XDG_STATE_HOME=", "PI_TRACK_HOME=", "PI_TRACK_LOG=", "PI_CODING_AGENT_DIR=",
		"PATH="+strings.Join([]string{shims, filepath.Join(testbin.Root(), "examples/helpers"), bin, os.Getenv("PATH")}, ":"))
	for _, key := range []string{"GOCACHE", "GOMODCACHE", "GOPATH"} {
		out, err := exec.Command("go", "env", key).Output()
		if err != nil {
			t.Fatal(err)
		}
		env = append(env, key+"="+strings.TrimSpace(string(out)))
	}
	status := "0"
	for _, e := range examples(t) {
		script := "(exit " + status + ")\n" + e.command + "\nstatus=$?\nexit $status\n"
		cmd := exec.Command("bash", "-c", script)
		cmd.Env = env
		out, err := cmd.CombinedOutput()
		status = "0"
		if err != nil {
			status = strings.TrimPrefix(err.Error(), "exit status ")
		}
		if !pattern(e.want).Match(out) {
			t.Errorf("README.md:%d: $ %s\ngot:\n%s\nwant:\n%s", e.line, e.command, out, e.want)
		}
	}
}

func pattern(want string) *regexp.Regexp {
	var b strings.Builder
	b.WriteString(`^`)
	for line := range strings.Lines(want) {
		if line == "…\n" {
			b.WriteString(`(?:.*\n)*?`)
			continue
		}
		for i, part := range strings.Split(strings.TrimSuffix(line, "\n"), "…") {
			if i > 0 {
				b.WriteString(`.*`)
			}
			// The width of columns depends on the paths shown.
			words := regexp.MustCompile(` {2,}`).Split(part, -1)
			for j := range words {
				words[j] = regexp.QuoteMeta(words[j])
			}
			b.WriteString(strings.Join(words, ` {2,}`))
		}
		b.WriteString(`\n`)
	}
	b.WriteString(`$`)
	return regexp.MustCompile(b.String())
}
