package launch_test

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"pi-track/internal/manifest"
)

// trial sets the experiment of the helper called tool and returns a task of
// each arm.
func (w *world) trial(x *manifest.Experiment) (first, second string) {
	w.manifest.Shims[0].Experiment = x
	w.writeManifest()
	for i := 0; first == "" || second == ""; i++ {
		task := fmt.Sprint("T-", i)
		if x.Second(task) {
			second = task
		} else {
			first = task
		}
	}
	return first, second
}

func TestExperimentSwitchesOff(t *testing.T) {
	w := newWorld(t)
	path := w.path("home/shims") + ":" + w.path("real") + ":/usr/bin:/bin"
	runs := result{stdout: "real " + w.path("real/tool") + " x\n"}
	for _, skip := range []bool{false, true} {
		off := result{stderr: "tool: command not found\n", code: 127}
		if skip {
			off = result{}
		}
		on, switched := w.trial(&manifest.Experiment{ID: "e1", Unit: "task", Share: 50, Skip: skip})
		for _, v := range []struct {
			env  []string
			want result
			arm  any
		}{
			{[]string{"PI_TASK_ID=" + on}, runs, "on"},
			{[]string{"PI_TASK_ID=" + switched}, off, "off"},
			{[]string{"PI_SESSION_ID=" + switched}, off, "off"}, // without a task the session is the unit
			{[]string{"PI_TASK_ID=" + on, "PI_SESSION_ID=" + switched}, runs, "on"},
			{nil, runs, nil},
			{[]string{"PI_TASK_ID=" + switched, "PI_TRACK_EXPERIMENTS=off"}, runs, nil},
		} {
			if got := w.run(path, v.env, "/usr/bin/env", "tool", "x"); got != v.want {
				t.Errorf("skip %v, %v: %+v, want %+v", skip, v.env, got, v.want)
			}
			e := w.oneRun()
			if e["arm"] != v.arm || e["status"] != "succeeded" || v.arm != nil && e["experiment"] != "e1" {
				t.Errorf("skip %v, %v: %v", skip, v.env, e)
			}
			if v.arm == "off" && (e["duration_ms"] != 0.0 || e["pid"] != nil || e["rusage"] != nil) {
				t.Errorf("a call that was switched off ran: %v", e)
			}
		}
		if got := w.run(path, []string{"PI_TASK_ID=" + switched, "PI_TRACK_DISABLE=1"}, "/usr/bin/env", "tool", "x"); got != runs || w.events() != nil {
			t.Errorf("disabled: %+v", got)
		}
	}
	left, _ := os.ReadDir(w.path("home/open"))
	for _, box := range left {
		if !strings.HasPrefix(box.Name(), ".spare-") {
			t.Errorf("the box %s is left", box.Name())
		}
	}
}

func TestExperimentEnds(t *testing.T) {
	w := newWorld(t)
	path := w.path("home/shims") + ":" + w.path("real") + ":/usr/bin:/bin"
	for until, code := range map[int64]int{time.Now().Add(-time.Second).UnixMilli(): 0, time.Now().Add(time.Hour).UnixMilli(): 127} {
		_, off := w.trial(&manifest.Experiment{ID: "e1", Share: 50, Until: until})
		if got := w.run(path, []string{"PI_TASK_ID=" + off}, "/usr/bin/env", "tool"); got.code != code {
			t.Errorf("until %v: %+v", time.UnixMilli(until), got)
		}
	}
}

func TestExperimentRunsAnotherProgram(t *testing.T) {
	w := newWorld(t)
	w.script("real/tool-v2", "#!/bin/sh\necho \"second $*\"\n[ -z \"$1\" ] || PI_TASK_ID= tool\n")
	path := w.path("home/shims") + ":" + w.path("real") + ":/usr/bin:/bin"
	a, b := w.trial(&manifest.Experiment{ID: "e2", Unit: "task", Share: 50, Versus: []string{"tool-v2", "", "--fast"}})
	if got := w.run(path, []string{"PI_TASK_ID=" + a}, "/usr/bin/env", "tool", "x"); got.stdout != "real "+w.path("real/tool")+" x\n" {
		t.Errorf("a: %+v", got)
	}
	first := w.oneRun()
	if got := w.run(path, []string{"PI_TASK_ID=" + b}, "/usr/bin/env", "tool", "x"); got.stdout != "second  --fast x\n" {
		t.Errorf("b: %+v", got)
	}
	second := w.oneRun()
	if first["arm"] != "a" || second["arm"] != "b" || first["name"] != "tool" || second["name"] != "tool" || first["rev"] == second["rev"] {
		t.Errorf("%v\n%v", first, second)
	}
	w.trial(&manifest.Experiment{ID: "e2", Unit: "task", Share: 50, Versus: []string{"tool-v2"}}) // without arguments
	if got := w.run(path, []string{"PI_TASK_ID=" + b}, "/usr/bin/env", "tool"); got.stdout != "second \n" {
		t.Errorf("b without arguments: %+v", got)
	}
	if e := w.oneRun(); e["arm"] != "b" {
		t.Errorf("%v", e)
	}
	w.must(os.Remove(w.path("real/tool-v2"))) // nothing may get in the way of the helper
	if got := w.run(path, []string{"PI_TASK_ID=" + b}, "/usr/bin/env", "tool", "x"); got.stdout != "real "+w.path("real/tool")+" x\n" {
		t.Errorf("b without its program: %+v", got)
	}
	if e := w.oneRun(); e["arm"] != nil || e["experiment"] != nil {
		t.Errorf("%v", e)
	}
}

// TestExperimentWithin: what a helper calls is in the same arm as the helper's
// caller is.
func TestExperimentWithin(t *testing.T) {
	w := newWorld(t)
	w.script("real/outer", "#!/bin/sh\ntool x\n")
	w.link("../bin/pi-track-shim", "home/shims/outer")
	s := w.manifest.Shims[0]
	s.Name = "outer"
	w.manifest.Shims = append(w.manifest.Shims, s)
	path := w.path("home/shims") + ":" + w.path("real") + ":/usr/bin:/bin"
	_, off := w.trial(&manifest.Experiment{ID: "e1", Unit: "task", Share: 50})
	if got := w.run(path, []string{"PI_TASK_ID=" + off}, "/usr/bin/env", "outer"); got.code != 127 {
		t.Errorf("%+v", got)
	}
	arms := map[any]any{}
	for _, e := range w.events() {
		arms[e["name"]] = e["arm"]
	}
	if arms["tool"] != "off" || arms["outer"] != nil {
		t.Errorf("%v", arms)
	}
}

// TestRev: another file under the same name is another revision; of an alias
// the script counts. What the agent says of itself is recorded too.
func TestRev(t *testing.T) {
	w := newWorld(t)
	path := w.path("home/shims") + ":" + w.path("real") + ":/usr/bin:/bin"
	rev := func(env ...string) any {
		t.Helper()
		w.run(path, env, "/usr/bin/env", "tool")
		return w.oneRun()["rev"]
	}
	first := rev()
	if again := rev(); first == nil || first != again {
		t.Errorf("the same file: %v, then %v", first, again)
	}
	old := time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC) // as package managers set it
	w.must(os.Chtimes(w.path("real/tool"), old, old))
	second := rev()
	w.must(os.Remove(w.path("real/tool")))
	w.script("real/other", realTool) // so that the inode is another one
	w.must(os.Rename(w.path("real/other"), w.path("real/tool")))
	w.must(os.Chtimes(w.path("real/tool"), old, old))
	third := rev()
	if second == first || third == first {
		t.Errorf("other files: %v, %v, %v", first, second, third)
	}
	w.script("script.sh", "echo alias\n")
	w.manifest.Shims[0].Command = []string{"sh", w.path("script.sh")}
	w.writeManifest()
	alias := rev()
	w.script("script.sh", "echo another alias\n")
	if changed := rev(); changed == alias || alias == nil {
		t.Errorf("an alias whose script changed: %v, then %v", alias, changed)
	}
	w.run(path, []string{"PI_TRACK_AGENT=pi 1.6.0", "PI_TRACK_MODEL=m-4"}, "/usr/bin/env", "tool")
	if e := w.oneRun(); e["agent"] != "pi 1.6.0" || e["model"] != "m-4" {
		t.Errorf("%v", e)
	}
}
