package launch_test

import (
	"fmt"
	"os"
	"strings"
	"syscall"
	"testing"

	"pi-track/internal/manifest"
)

// asRun runs a command line under `pi-track run` with options name|kind|task|session.
func (w *world) asRun(options, path string, argv ...string) result {
	w.t.Helper()
	self, err := os.Executable()
	w.must(err)
	return w.run(path, []string{"LAUNCH_RUN=" + w.home + "|" + options, "PI_TASK_ID=T0", "PI_SESSION_ID=S0"}, self, argv...)
}

func TestRunRecordsAsAsked(t *testing.T) {
	w := newWorld(t)
	w.script("real/tool", "#!/bin/sh\necho \"$0 $PI_TASK_ID $PI_SESSION_ID $PI_TRACK_SESSION $EXTRA\"\n")
	w.script("real/free", "#!/bin/sh\nexit 3\n")
	w.manifest.Shims[0].Kind, w.manifest.Shims[0].Env = "loop", []string{"EXTRA=more"}
	w.writeManifest()
	real := w.path("real/tool")
	for _, c := range []struct {
		options string
		argv    []string
		stdout  string
		want    map[string]any
	}{
		{"|||", []string{"tool", "x"}, real + " T0 S0  more\n", map[string]any{"name": "tool", "kind": "loop", "task_id": "T0", "session_id": "S0", "src": "run", "status": "succeeded"}},
		{"|job||", []string{"tool"}, real + " T0 S0  more\n", map[string]any{"name": "tool", "kind": "job"}},
		{"|||", []string{real}, real + " T0 S0  more\n", map[string]any{"name": "tool", "kind": "loop"}},
		{"other|||", []string{"tool"}, real + " T0 S0  \n", map[string]any{"name": "other", "kind": "script", "task_id": "T0"}},
		{"||T1|", []string{"tool"}, real + " T1 S0  more\n", map[string]any{"task_id": "T1", "session_id": "S0"}},
		{"|||S1", []string{"tool"}, real + " T0 S1 S1 more\n", map[string]any{"task_id": "T0", "session_id": "S1"}},
		{"|||", []string{"free"}, "", map[string]any{"name": "free", "kind": "script", "status": "failed", "exit_code": 3.0}},
	} {
		got := w.asRun(c.options, w.shimPath(), c.argv...)
		if got.stdout != c.stdout || got.stderr != "" {
			t.Errorf("%s %s: %+v, want %q", c.options, c.argv, got, c.stdout)
		}
		e := w.oneRun()
		for key, want := range c.want {
			if e[key] != want {
				t.Errorf("%s %s: %s is %v, not %v", c.options, c.argv, key, e[key], want)
			}
		}
	}
	if got, want := w.asRun("name|||", w.shimPath(), "nowhere"), (result{stderr: "pi-track: error: nowhere: command not found\n", code: 127}); got != want {
		t.Errorf("%+v", got)
	}
	if got := w.asRun("name|||", w.shimPath(), w.path("home/shims/tool")); got.code != 0 || !strings.HasPrefix(got.stdout, real+" ") {
		t.Errorf("a shim by its path: %+v", got)
	}
	w.events()
	self, err := os.Executable()
	w.must(err)
	got := w.run(w.shimPath(), []string{"LAUNCH_RUN=" + w.home + "||||", "PI_TRACK_DISABLE=1"}, self, "free")
	if got.code != 3 || w.events() != nil {
		t.Errorf("disabled: %+v", got)
	}
	w.must(os.Remove(w.path("home/manifest")))
	w.asRun("|||", w.shimPath(), "free")
	if e := w.oneRun(); e["kind"] != "script" || e["session_id"] != "S0" {
		t.Errorf("without a manifest: %v", e)
	}
}

// However a run ends, its caller and its record say so.
func TestHowARunEnds(t *testing.T) {
	w := newWorld(t)
	w.script("real/tool", "#!/bin/sh\nulimit -c 0\ncase $1 in s*) kill -${1#s} $$;; esac\nexit $1\n")
	for _, c := range []struct {
		arg    string
		status string
		signal any
		code   any
	}{
		{"0", "succeeded", nil, 0.0}, {"1", "failed", nil, 1.0}, {"128", "failed", nil, 128.0}, {"130", "cancelled", nil, 130.0}, {"143", "failed", nil, 143.0}, {"255", "failed", nil, 255.0},
		{"s1", "cancelled", "HUP", nil}, {"s2", "cancelled", "INT", nil}, {"s3", "cancelled", "QUIT", nil}, {"s15", "cancelled", "TERM", nil},
		{"s9", "failed", "KILL", nil}, {"s11", "failed", "SEGV", nil}, {"s40", "failed", "40", nil},
	} {
		w.run(w.shimPath(), nil, "/usr/bin/env", "tool", c.arg)
		if e := w.oneRun(); e["status"] != c.status || e["signal"] != c.signal || e["exit_code"] != c.code {
			t.Errorf("%s: %v", c.arg, e)
		}
	}
}

// The log is written although somebody keeps it locked: on a line of its own.
func TestLockedLogIsWritten(t *testing.T) {
	w := newWorld(t)
	file, err := os.Create(w.path("home/events.jsonl"))
	w.must(err)
	defer file.Close()
	w.must(syscall.Flock(int(file.Fd()), syscall.LOCK_EX))
	w.run(w.shimPath(), nil, "/usr/bin/env", "tool")
	data, err := os.ReadFile(w.path("home/events.jsonl"))
	if w.must(err); !strings.HasPrefix(string(data), "\n{") {
		t.Errorf("%q", data)
	}
	w.oneRun()
}

// What the configuration says of the scope goes before where the program lies.
func TestScopeThatIsConfigured(t *testing.T) {
	w := newWorld(t)
	for _, scope := range []string{"", "auto", "global", "project"} {
		w.manifest.Shims[0].Scope = scope
		w.writeManifest()
		w.run(w.shimPath(), nil, "/usr/bin/env", "tool")
		want := scope
		if scope == "" || scope == "auto" {
			want = "global"
		}
		if e := w.oneRun(); e["scope"] != want {
			t.Errorf("%q: %v", scope, e["scope"])
		}
	}
}

// A copy of the shim program records by the state that the first shim on PATH
// belongs to, and one without any hands through.
func TestCopyAdoptsTheState(t *testing.T) {
	w := newWorld(t)
	w.copy(w.path("home/bin/pi-track-shim"), "copy/bin/tool")
	for _, c := range []struct {
		path string
		runs bool
	}{
		{w.path("copy/bin") + ":" + w.shimPath(), true},
		{w.path("copy/bin") + ":" + w.path("real") + ":" + w.path("home/shims") + ":/usr/bin:/bin", true},
		{w.path("copy/bin") + ":" + w.path("real") + ":/usr/bin:/bin", false},
		{w.path("copy/bin") + ":" + w.path("dangling") + ":" + w.path("real") + ":" + w.path("other") + ":/usr/bin:/bin", false},
	} {
		os.RemoveAll(w.path("dangling"))
		w.link("nothing/pi-track-shim", "dangling/tool")
		os.RemoveAll(w.path("other"))
		w.link("../copy/pi-track-shim", "other/tool")
		got := w.run(c.path, nil, "sh", "-c", "tool x")
		if got.stdout != "real "+w.path("real/tool")+" x\n" {
			t.Errorf("%s: %+v", c.path, got)
		}
		if e := w.events(); (len(e) == 2) != c.runs {
			t.Errorf("%s: %v", c.path, e)
		}
	}
}

// A shim that was asked for its version says it, and only under its own name.
func TestVersionOfTheShim(t *testing.T) {
	w := newWorld(t)
	got := w.run(w.shimPath(), nil, w.path("home/bin/pi-track-shim"), "--version")
	if !strings.HasPrefix(got.stdout, "pi-track-shim go1.") || !strings.HasSuffix(got.stdout, ", full start\n") || got.code != 0 || got.stderr != "" {
		t.Errorf("%+v", got)
	}
	for _, args := range [][]string{{}, {"--version", "x"}, {"-v"}} {
		if got := w.run(w.shimPath(), nil, w.path("home/bin/pi-track-shim"), args...); got.code != 127 || got.stdout != "" {
			t.Errorf("%v: %+v", args, got)
		}
	}
	if got := w.run(w.shimPath(), nil, "sh", "-c", "tool --version"); got.stdout != fmt.Sprintf("real %s --version\n", w.path("real/tool")) {
		t.Errorf("%+v", got)
	}
	w.manifest.Shims = append(w.manifest.Shims, manifest.Shim{Name: "pi-track-shim", Kind: "script"})
	w.writeManifest()
	w.script("real/pi-track-shim", "#!/bin/sh\necho a helper\n")
	if got := w.run(w.shimPath(), nil, w.path("home/bin/pi-track-shim"), "--version"); strings.HasPrefix(got.stdout, "pi-track-shim go") {
		t.Errorf("a helper of that name: %+v", got)
	}
}
