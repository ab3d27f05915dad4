package launch_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"pi-track/internal/manifest"
)

// ends runs a command in a group of its own that a loop would never leave, and
// ends it then.
func (w *world) ends(path string, env []string, name string, args ...string) result {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir = w.dir
	cmd.Env = append([]string{"PATH=" + path, "HOME=" + w.dir}, env...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	var out, errOut strings.Builder
	cmd.Stdout, cmd.Stderr = &out, &errOut
	cmd.Run()
	if ctx.Err() != nil {
		w.t.Fatalf("%s %v with PATH %s does not end", name, args, path)
	}
	return result{out.String(), errOut.String(), cmd.ProcessState.ExitCode()}
}

// copies makes n copies of the shim directory as cp -rL does: programs, which
// nothing connects with a manifest.
func (w *world) copies(n int) []string {
	var dirs []string
	for i := range n {
		dir := fmt.Sprintf("copy%d/shims", i)
		w.copy(w.path("home/bin/pi-track-shim"), dir+"/tool")
		dirs = append(dirs, w.path(dir))
	}
	return dirs
}

func permutations(list []string) [][]string {
	if len(list) < 2 {
		return [][]string{list}
	}
	var out [][]string
	for i := range list {
		rest := append(append([]string{}, list[:i]...), list[i+1:]...)
		for _, p := range permutations(rest) {
			out = append(out, append([]string{list[i]}, p...))
		}
	}
	return out
}

// orders are the permutations of a list in which those that are alike keep their order:
// to exchange copies changes nothing.
func orders(list, alike []string) [][]string {
	return slices.DeleteFunc(permutations(list), func(order []string) bool {
		last := -1
		for _, dir := range order {
			if i := slices.Index(alike, dir); i >= 0 && i < last {
				return true
			} else if i >= 0 {
				last = i
			}
		}
		return false
	})
}

// TestCopiesOfTheShimsComeToAnEnd: copies are programs like any other to each
// other, and ran each other for ever.
func TestCopiesOfTheShimsComeToAnEnd(t *testing.T) {
	w := newWorld(t)
	real, shims := w.path("real"), w.path("home/shims")
	copies := w.copies(3)
	works := result{stdout: "real " + w.path("real/tool") + " x\n"}
	nothing := result{stderr: "pi-track: error: tool: command not found\n", code: 127}
	for _, test := range []struct {
		dirs []string
		want result
		runs bool // it is recorded, since the shims are among them
	}{
		{copies[:1], nothing, false},
		{copies[:2], nothing, false},
		{copies, nothing, false},
		{append([]string{shims}, copies[:2]...), nothing, true},
		{append([]string{real}, copies...), works, false},
		{append([]string{real, shims}, copies[:2]...), works, true},
	} {
		for _, order := range orders(test.dirs, copies) {
			path := strings.Join(order, ":")
			calls := []string{order[0] + "/tool", copies[0] + "/tool", copies[1] + "/tool"}
			for _, env := range [][]string{nil, {"PI_TRACK_DISABLE=1"}} {
				for _, call := range calls {
					got := w.ends(path+":/usr/bin:/bin", env, call, "x")
					want := test.want
					if call == real+"/tool" {
						want = works
					}
					if got != want {
						t.Errorf("%s with PATH %s and %v: got %+v, want %+v", call, path, env, got, want)
					}
					events := w.events()
					if recorded := test.runs && env == nil && call != real+"/tool"; recorded && len(events) != 2 || !recorded && len(events) != 0 {
						t.Errorf("%s with PATH %s and %v: %v", call, path, env, events)
					}
				}
			}
		}
	}
}

func TestManyCopiesComeToAnEnd(t *testing.T) {
	w := newWorld(t)
	copies := w.copies(60)
	path := strings.Join(copies, ":") + ":" + w.path("real") + ":/usr/bin:/bin"
	if got, want := w.ends(path, nil, "sh", "-c", "tool x"), (result{stdout: "real " + w.path("real/tool") + " x\n"}); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if got := w.ends(strings.Join(copies, ":"), nil, copies[7]+"/tool"); got.code != 127 {
		t.Errorf("nothing behind: %+v", got)
	}
	shims := w.path("home/shims")
	w.ends(shims+":"+path, nil, "sh", "-c", "tool x")
	w.oneRun()
}

// Copies of a whole installation, each with its manifest, record once.
func TestCopiesOfTheInstallationComeToAnEnd(t *testing.T) {
	w := newWorld(t)
	var dirs []string
	for i := range 3 {
		dir := w.path(fmt.Sprintf("whole%d", i))
		if out, err := exec.Command("cp", "-rL", w.path("home"), dir).CombinedOutput(); err != nil {
			t.Fatalf("%v %s", err, out)
		}
		dirs = append(dirs, dir+"/shims")
	}
	for _, order := range permutations(dirs) {
		path := strings.Join(order, ":") + ":" + w.path("real") + ":/usr/bin:/bin"
		if got, want := w.ends(path, nil, "sh", "-c", "tool x"), (result{stdout: "real " + w.path("real/tool") + " x\n"}); got != want {
			t.Errorf("PATH %s: got %+v, want %+v", path, got, want)
		}
		logs, _ := filepath.Glob(w.path("whole*/events.jsonl"))
		if len(logs) != 1 {
			t.Errorf("PATH %s: recorded in %v", path, logs)
		}
		for _, log := range logs {
			w.must(os.Remove(log))
		}
		if got := w.ends(strings.Join(order, ":"), nil, order[1]+"/tool"); got.code != 127 {
			t.Errorf("nothing behind: %+v", got)
		}
		logs, _ = filepath.Glob(w.path("whole*/events.jsonl"))
		for _, log := range logs {
			w.must(os.Remove(log))
		}
	}
}

// A version manager between copies is passed through, by execve or as a parent.
func TestVersionManagerBetweenCopies(t *testing.T) {
	w := newWorld(t)
	copies := w.copies(2)
	w.script("a/tool", versionManager)
	w.script("b/tool", strings.Replace(versionManager, "exec tool", "tool", 1))
	for _, order := range orders([]string{copies[0], copies[1], w.path("a"), w.path("b"), w.path("home/shims")}, copies) {
		path := strings.Join(order, ":") + ":" + w.path("real") + ":/usr/bin:/bin"
		if got, want := w.ends(path, nil, "sh", "-c", "tool x"), (result{stdout: "real " + w.path("real/tool") + " x\n"}); got != want {
			t.Fatalf("PATH %s: got %+v, want %+v", path, got, want)
		}
	}
}

// A configuration that leads back to a shim is no way out.
func TestPinAndAliasThatLeadToAShim(t *testing.T) {
	w := newWorld(t)
	w.link("../bin/pi-track-shim", "home/shims/other")
	path := w.path("home/shims") + ":" + w.path("real") + ":/usr/bin:/bin"
	s := &w.manifest.Shims[0]
	for _, real := range []string{"home/shims/tool", "home/bin/pi-track-shim", "home/shims/other"} {
		s.Real = w.path(real)
		w.writeManifest()
		if got, want := w.ends(path, nil, "sh", "-c", "tool x"), (result{stdout: "real " + w.path("real/tool") + " x\n"}); got != want {
			t.Errorf("pinned to %s: got %+v, want %+v", real, got, want)
		}
	}
	s.Real, s.Command = "", []string{w.path("home/shims/tool"), "more"}
	w.writeManifest()
	if got := w.ends(path, nil, "sh", "-c", "tool x"); got.code != 127 {
		t.Errorf("an alias of itself: %+v", got)
	}
	w.manifest.Shims = append(w.manifest.Shims, manifest.Shim{Name: "other", Kind: "script", Command: []string{"tool", "b"}})
	s = &w.manifest.Shims[0]
	s.Command = []string{"other", "a"}
	w.writeManifest()
	if got := w.ends(path, nil, "sh", "-c", "tool x"); got.code != 127 {
		t.Errorf("two aliases of each other: %+v", got)
	}
}
