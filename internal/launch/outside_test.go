package launch_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"pi-track/internal/launch"
	"pi-track/internal/lookup"
	"pi-track/internal/manifest"
	"pi-track/internal/testbin"
	"pi-track/internal/testkeep"
)

// TestMain lets the test program be `pi-track run`.
func TestMain(m *testing.M) {
	if launch.Internal(os.Args) {
		return
	}
	if text, ok := os.LookupEnv("LAUNCH_RUN"); ok {
		os.Unsetenv("LAUNCH_RUN")
		f := strings.Split(text, "|")
		launch.Run(launch.Options{Home: f[0], Name: f[1], Kind: f[2], Task: f[3], Session: f[4]}, os.Args[1:])
	}
	os.Exit(testkeep.Main(func() int {
		defer testbin.Remove()
		return m.Run()
	}))
}

// world is a throwaway installation with one real helper called tool.
type world struct {
	t        *testing.T
	dir      string
	home     string
	manifest manifest.Manifest
}

const realTool = "#!/bin/sh\necho \"real $0 $*\"\n"

func newWorld(t *testing.T) *world {
	t.Helper()
	bin, err := testbin.Dir()
	if err != nil {
		t.Fatal(err)
	}
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	w := &world{t: t, dir: dir, home: filepath.Join(dir, "home")}
	t.Cleanup(w.awaitScribes)
	w.copy(filepath.Join(bin, lookup.ShimProgram), "home/bin/pi-track-shim")
	w.link("../bin/pi-track-shim", "home/shims/tool")
	w.script("real/tool", realTool)
	w.manifest = manifest.Manifest{Host: "h", Shims: []manifest.Shim{{
		Name: "tool", Kind: "script", SessionEnv: []string{"PI_SESSION_ID"}, TaskEnv: []string{"PI_TASK_ID"},
	}}}
	w.writeManifest()
	return w
}

// awaitScribes returns when no process that logs for a shim has boxes in w: no
// caller waits for it, and it would use the directory while that is removed.
func (w *world) awaitScribes() {
	const arg = "\x00--pi-track-log\x00"
	for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(time.Millisecond) {
		lines, _ := filepath.Glob("/proc/[0-9]*/cmdline")
		if !slices.ContainsFunc(lines, func(name string) bool {
			line, _ := os.ReadFile(name)
			return strings.Contains(string(line), arg+w.home+"\x00")
		}) {
			return
		}
	}
}

func (w *world) path(rel string) string {
	if filepath.IsAbs(rel) {
		return rel
	}
	return filepath.Join(w.dir, rel)
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) writeManifest() {
	w.must(os.WriteFile(w.path("home/manifest"), w.manifest.Encode(), 0o600))
}

func (w *world) parent(rel string) string {
	p := w.path(rel)
	w.must(os.MkdirAll(filepath.Dir(p), 0o755))
	return p
}

func (w *world) script(rel, text string) {
	w.must(os.WriteFile(w.parent(rel), []byte(text), 0o755))
}

func (w *world) link(text, rel string) { w.must(os.Symlink(text, w.parent(rel))) }

func (w *world) copy(from, rel string) {
	data, err := os.ReadFile(from)
	w.must(err)
	w.must(os.WriteFile(w.parent(rel), data, 0o755))
}

// result is what a caller sees of a command.
type result struct {
	stdout, stderr string
	code           int
}

// run starts a command in a process group of its own, waits for it and makes
// sure that no process of the group is left.
func (w *world) run(path string, env []string, name string, args ...string) result {
	w.t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Dir = w.dir
	cmd.Env = append([]string{"PATH=" + path, "HOME=" + w.dir}, env...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	var out, errOut bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errOut
	err := cmd.Run()
	var ee *exec.ExitError
	if err != nil && !errors.As(err, &ee) {
		w.t.Fatal(err)
	}
	deadline := time.Now().Add(20 * time.Second)
	for syscall.Kill(-cmd.Process.Pid, 0) == nil {
		if time.Now().After(deadline) {
			syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
			w.t.Fatalf("a process of %s %v is left", name, args)
		}
		time.Sleep(5 * time.Millisecond)
	}
	return result{out.String(), errOut.String(), cmd.ProcessState.ExitCode()}
}

// events reads the log and starts it anew.
func (w *world) events() []map[string]any {
	w.t.Helper()
	file := w.path("home/events.jsonl")
	data, err := os.ReadFile(file)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	w.must(err)
	w.must(os.Remove(file))
	var out []map[string]any
	for _, line := range strings.Split(string(data), "\n") {
		if line == "" {
			continue // whoever does not get the lock in time begins a line of its own
		}
		var e map[string]any
		if err := json.Unmarshal([]byte(line), &e); err != nil {
			w.t.Fatalf("%v: %s", err, line)
		}
		out = append(out, e)
	}
	return out
}

// oneRun wants exactly a start and an end event of one run and returns the end.
func (w *world) oneRun() map[string]any {
	w.t.Helper()
	e := w.events()
	if len(e) != 2 || e[0]["status"] != "started" || e[1]["status"] == "started" || e[0]["id"] != e[1]["id"] {
		w.t.Fatalf("want one run, got %v", e)
	}
	return e[1]
}

// versionManager is a shim directory as version managers have it: it takes
// itself off PATH and calls the name again.
const versionManager = `#!/bin/sh
mine=$(cd "$(dirname "$0")" && pwd)
new=
IFS=:
for dir in $PATH; do
	[ "$dir" = "$mine" ] || new=$new${new:+:}$dir
done
unset IFS
PATH=$new
exec tool "$@"
`

func TestEveryPATHLeadsToTheRealHelperOnce(t *testing.T) {
	w := newWorld(t)
	w.link("home/shims", "alias")
	w.must(os.MkdirAll(w.path("hard"), 0o755))
	w.must(os.Link(w.path("home/bin/pi-track-shim"), w.path("hard/tool")))
	w.copy(w.path("home/bin/pi-track-shim"), "copied/tool")
	w.link(w.path("home/shims/tool"), "twostep/tool")
	w.script("a/tool", versionManager)
	w.script("b/tool", versionManager)
	shims, a, b := w.path("home/shims"), w.path("a"), w.path("b")

	for _, prefix := range []string{
		shims, shims + "/", shims + "//", w.path("alias"), shims + ":" + shims, "home/shims", "./home/shims/",
		":" + shims, shims + ":", w.path("home") + "/./shims",
		w.path("hard") + ":" + shims, shims + ":" + w.path("hard"),
		w.path("copied") + ":" + shims, shims + ":" + w.path("copied"), w.path("twostep") + ":" + shims,
		a + ":" + b + ":" + shims, a + ":" + shims + ":" + b, shims + ":" + a + ":" + b,
		b + ":" + a + ":" + shims, b + ":" + shims + ":" + a, shims + ":" + b + ":" + a,
		shims + ":" + a, a + ":" + shims,
	} {
		name := strings.ReplaceAll(prefix, w.dir, "")
		for _, shell := range []string{"/bin/bash", "/bin/dash"} {
			got := w.run(prefix+":"+w.path("real")+":/usr/bin:/bin", nil, shell, "-c", "tool x 'y z'; exit $?")
			want := result{stdout: "real " + w.path("real/tool") + " x y z\n"}
			if got != want {
				t.Errorf("%s with PATH %s: got %+v, want %+v", shell, name, got, want)
			}
			e := w.oneRun()
			if e["status"] != "succeeded" || e["name"] != "tool" || e["src"] != "shim" {
				t.Errorf("%s with PATH %s: %v", shell, name, e)
			}
		}
	}
}

// When the programs of pi-track are gone, lookups fall through the dangling
// links to the real helper.
func TestDanglingShimsFallThrough(t *testing.T) {
	w := newWorld(t)
	w.must(os.RemoveAll(w.path("home/bin")))
	path := w.path("home/shims") + ":" + w.path("real") + ":" + os.Getenv("PATH")
	w.script("finder.go", "package main\n\nimport (\n\t\"os\"\n\t\"os/exec\"\n)\n\nfunc main() {\n\tc := exec.Command(\"tool\", \"x\")\n\tc.Stdout = os.Stdout\n\tif err := c.Run(); err != nil {\n\t\tpanic(err)\n\t}\n}\n")
	cache, err := exec.Command("go", "env", "GOCACHE").Output()
	w.must(err)
	node := `require("child_process").execFileSync("tool", ["x"], {stdio: "inherit"})`
	for _, c := range [][]string{
		{"bash", "-c", "tool x"}, {"dash", "-c", "tool x"}, {"env", "tool", "x"}, {"xargs", "-a", "/dev/null", "tool", "x"},
		{"timeout", "20", "tool", "x"}, {"make", "-s", "--eval", "all:;@tool x"}, {"node", "-e", node},
		{"go", "run", "finder.go"},
	} {
		got := w.run(path, []string{"GOCACHE=" + strings.TrimSpace(string(cache)), "GO111MODULE=off", "GOFLAGS="}, c[0], c[1:]...)
		if want := (result{stdout: "real " + w.path("real/tool") + " x\n"}); got != want {
			t.Errorf("%v: got %+v, want %+v", c, got, want)
		}
	}
	if e := w.events(); e != nil {
		t.Errorf("events: %v", e)
	}
}

func TestEveryFailureOfOursFailsOpen(t *testing.T) {
	for name, spoil := range map[string]func(*world){
		"disabled":            func(w *world) { w.manifest.Shims[0].Disabled = true; w.writeManifest() },
		"no manifest":         func(w *world) { w.must(os.Remove(w.path("home/manifest"))) },
		"broken manifest":     func(w *world) { w.must(os.WriteFile(w.path("home/manifest"), []byte("pi-track"), 0o600)) },
		"unknown name":        func(w *world) { w.manifest.Shims[0].Name = "other"; w.writeManifest() },
		"pinned program gone": func(w *world) { w.manifest.Shims[0].Real = w.path("gone/away"); w.writeManifest() },
		"log is a directory":  func(w *world) { w.must(os.Mkdir(w.path("home/events.jsonl"), 0o700)) },
		"log cannot be made":  func(w *world) { w.manifest.Log = "/proc/nowhere/events.jsonl"; w.writeManifest() },
		"log is a fifo":       func(w *world) { w.must(syscall.Mkfifo(w.path("home/events.jsonl"), 0o600)) },
		"no black boxes":      func(w *world) { w.must(os.WriteFile(w.path("home/open"), nil, 0o600)) },
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.script("real/tool", "#!/bin/sh\necho out; echo err >&2; exit 7\n")
			spoil(w)
			got := w.run(w.path("home/shims")+":"+w.path("real")+":/usr/bin:/bin", nil, "sh", "-c", "tool")
			if want := (result{"out\n", "err\n", 7}); got != want {
				t.Errorf("got %+v, want %+v", got, want)
			}
		})
	}
}

// A disabled entry stays what it is: the pinned program, the alias, the extra
// environment. Only the record is missing.
func TestDisabledEntryRunsTheSameProgram(t *testing.T) {
	for name, env := range map[string][]string{"entry": nil, "variable": {"PI_TRACK_DISABLE=1"}} {
		w := newWorld(t)
		w.script("pinned", "#!/bin/sh\necho pinned $MORE $*\n")
		s := &w.manifest.Shims[0]
		s.Disabled, s.Env, s.Real = env == nil, []string{"MORE=more"}, w.path("pinned")
		w.writeManifest()
		path := w.path("home/shims") + ":" + w.path("real") + ":/usr/bin:/bin"
		if got, want := w.run(path, env, "sh", "-c", "tool x"), (result{stdout: "pinned more x\n"}); got != want {
			t.Errorf("%s, pinned: got %+v, want %+v", name, got, want)
		}
		s.Real, s.Command = "", []string{"printf", "%s-%s\n", "alias"}
		w.writeManifest()
		if got, want := w.run(path, env, "sh", "-c", "tool x"), (result{stdout: "alias-x\n"}); got != want {
			t.Errorf("%s, alias: got %+v, want %+v", name, got, want)
		}
		if e := w.events(); e != nil {
			t.Errorf("%s: %v", name, e)
		}
	}
}

func TestDisableVariable(t *testing.T) {
	w := newWorld(t)
	for _, value := range []string{"1", "true", "yes"} {
		w.run(w.path("home/shims")+":"+w.path("real")+":/usr/bin:/bin", []string{"PI_TRACK_DISABLE=" + value}, "sh", "-c", "tool")
		if e := w.events(); e != nil {
			t.Errorf("%s: events: %v", value, e)
		}
	}
}

func TestNoSuchProgram(t *testing.T) {
	w := newWorld(t)
	got := w.run(w.path("home/shims")+":/usr/bin:/bin", nil, "sh", "-c", "tool")
	if want := (result{"", "pi-track: error: tool: command not found\n", 127}); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	w.must(os.Chmod(w.path("real/tool"), 0o644))
	got = w.run(w.path("home/shims")+":"+w.path("real")+":/usr/bin:/bin", nil, "sh", "-c", "tool")
	if got.code != 126 || !strings.Contains(got.stderr, "Permission denied") {
		t.Errorf("got %+v", got)
	}
}

// A caller that resolves the links of a shim arrives at the program behind all.
func TestResolvedShimNamesNoHelper(t *testing.T) {
	w := newWorld(t)
	got := w.run(w.shimPath(), nil, "sh", "-c", `"$(realpath home/shims/tool)" x`)
	if got.code != 127 || !strings.Contains(got.stderr, "pi-track: hint: ") || got.stdout != "" {
		t.Errorf("%+v", got)
	}
}

// Without PATH, the directories are searched that execvp searches.
func TestNoPATH(t *testing.T) {
	w := newWorld(t)
	w.link("../bin/pi-track-shim", "home/shims/cat")
	w.script("cat", "#!/bin/sh\necho wrong\n")
	for _, test := range []struct{ path, want string }{{"env -u PATH", "right\n"}, {"env PATH=", "wrong\n"}, {"env PATH=:", "wrong\n"}} {
		got := w.run("/usr/bin:/bin", nil, "sh", "-c", "echo right | "+test.path+" home/shims/cat")
		if want := (result{stdout: test.want}); got != want {
			t.Errorf("%s: got %+v, want %+v", test.path, got, want)
		}
	}
}

// execvp runs a file without an interpreter line by /bin/sh; so must a shim.
func TestScriptWithoutInterpreterLine(t *testing.T) {
	w := newWorld(t)
	w.script("real/tool", "echo plain $1\n")
	got := w.run(w.path("home/shims")+":"+w.path("real")+":/usr/bin:/bin", nil, "env", "tool", "x")
	if want := (result{stdout: "plain x\n"}); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if e := w.oneRun(); e["status"] != "succeeded" {
		t.Errorf("%v", e)
	}
}

func TestWhatIsRecorded(t *testing.T) {
	w := newWorld(t)
	s := &w.manifest.Shims[0]
	s.Kind, s.TaskArg, s.Env = "loop", "--task", []string{"EXTRA=e x"}
	w.writeManifest()
	w.must(os.MkdirAll(w.path("repo/.git"), 0o755))
	w.script("repo/tools/tool", "#!/bin/sh\necho \"$EXTRA $PI_TRACK_PARENT\"\nif [ \"$1\" = fail ]; then echo 'error: no luck' >&2; exit 4; fi\nPATH=$PATH:$REAL nested 2>/dev/null\nkill -TERM $$\n")
	w.link("../bin/pi-track-shim", "home/shims/nested")
	w.script("real/nested", "#!/bin/sh\nexit 0\n")
	w.manifest.Shims = append(w.manifest.Shims, manifest.Shim{Name: "nested", Kind: "script"})
	w.writeManifest()
	path := w.path("home/shims") + ":" + w.path("repo/tools") + ":/usr/bin:/bin"
	env := []string{"PI_SESSION_ID=s1", "PI_TASK_ID=from-env", "REAL=" + w.path("real")}

	got := w.run(path, env, "sh", "-c", "cd repo && tool fail --task=T9 --password=hunter2hunter2")
	e := w.oneRun()
	for key, want := range map[string]any{
		"status": "failed", "exit_code": 4.0, "kind": "loop", "session_id": "s1", "task_id": "T9", "scope": "project",
		"repo": w.path("repo"), "cwd": w.path("repo"), "error_summary": "error: no luck", "v": 1.0,
	} {
		if e[key] != want {
			t.Errorf("%s is %v, want %v", key, e[key], want)
		}
	}
	if got.code != 4 || got.stdout != fmt.Sprintf("e x %s\n", e["id"]) || got.stderr != "error: no luck\n" {
		t.Errorf("%+v", got)
	}
	if s := fmt.Sprint(e); strings.Contains(s, "hunter2") {
		t.Errorf("an argument was recorded: %s", s)
	}

	w.run(path, env, "sh", "-c", "cd repo && tool ok --task T8")
	events := w.events()
	if len(events) != 4 {
		t.Fatalf("%v", events)
	}
	outer, nested, end := events[0], events[1], events[3]
	if nested["name"] != "nested" || nested["parent_id"] != outer["id"] || nested["root_id"] != outer["id"] {
		t.Errorf("outer %v\nnested %v", outer, nested)
	}
	if end["status"] != "cancelled" || end["signal"] != "TERM" || end["task_id"] != "T8" || end["exit_code"] != nil {
		t.Errorf("%v", end)
	}
}

func TestAliasAndPin(t *testing.T) {
	w := newWorld(t)
	w.script("dir with blank/x.sh", "echo \"alias $*\"\n")
	s := &w.manifest.Shims[0]
	s.Command = []string{"sh", w.path("dir with blank/x.sh"), "first"}
	w.writeManifest()
	got := w.run(w.path("home/shims")+":/usr/bin:/bin", nil, "sh", "-c", "tool second")
	if want := (result{stdout: "alias first second\n"}); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	s.Command, s.Real = nil, w.path("pinned/other-name")
	w.script("pinned/other-name", realTool)
	w.writeManifest()
	got = w.run(w.path("home/shims")+":"+w.path("real")+":/usr/bin:/bin", nil, "sh", "-c", "tool y")
	if want := (result{stdout: "real " + w.path("pinned/other-name") + " y\n"}); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

// A program that answers a signal by exiting with 128+n was cancelled, whether
// we passed the signal on or the whole group got it.
func TestExitAfterASignalIsCancelled(t *testing.T) {
	w := newWorld(t)
	w.script("real/tool", "#!/bin/sh\ntrap 'exit 130' INT\ntrap 'exit 143' TERM\necho ready\nwhile :; do sleep 0.05; done\n")
	for _, c := range []struct {
		signal syscall.Signal
		group  bool
		code   float64
	}{{syscall.SIGTERM, false, 143}, {syscall.SIGTERM, true, 143}, {syscall.SIGINT, true, 130}} {
		cmd := exec.Command(w.path("home/shims/tool"))
		cmd.Env = []string{"PATH=" + w.path("home/shims") + ":" + w.path("real") + ":/usr/bin:/bin"}
		cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
		out, err := cmd.StdoutPipe()
		w.must(err)
		w.must(cmd.Start())
		if _, err := out.Read(make([]byte, 6)); err != nil {
			t.Fatal(err)
		}
		pid := cmd.Process.Pid
		if c.group {
			pid = -pid
		}
		w.must(syscall.Kill(pid, c.signal))
		cmd.Wait()
		if e := w.oneRun(); e["status"] != "cancelled" || e["exit_code"] != c.code {
			t.Errorf("%+v: %v", c, e)
		}
	}
}

// shimPath is a PATH with the shims first.
func (w *world) shimPath() string {
	return w.path("home/shims") + ":" + w.path("real") + ":/usr/bin:/bin"
}
