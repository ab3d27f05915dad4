package launch_test

import (
	"bufio"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"pi-track/internal/testbin"
)

// in starts a command in a directory before that hangs, and returns what lets it
// go on: a shell that waits, since to change to such a directory hangs, too.
func (w *world) in(dir string, env []string, argv ...string) (cmd *exec.Cmd, stdin io.WriteCloser) {
	w.t.Helper()
	cmd = exec.Command("/bin/sh", append([]string{"-c", `echo ready >&2; read go; exec "$@" 2>&1`, "sh"}, argv...)...)
	cmd.Dir = dir
	cmd.Env = append([]string{"PATH=" + w.shimPath(), "HOME=" + w.dir, "PI_TRACK_HOME=" + w.home}, env...)
	stdin, err := cmd.StdinPipe()
	w.must(err)
	ready, err := cmd.StderrPipe()
	w.must(err)
	w.must(cmd.Start())
	if line, err := bufio.NewReader(ready).ReadString('\n'); line != "ready\n" {
		w.t.Fatalf("%q %v", line, err)
	}
	return cmd, stdin
}

// letGo lets a command of in go on.
func letGo(stdin io.Writer) { io.WriteString(stdin, "go\n") }

// program makes a program of this machine the real helper: a shell would look
// at its working directory itself.
func (w *world) program(name string) {
	path, err := exec.LookPath(name)
	w.must(err)
	os.Remove(w.parent("real/tool"))
	w.copy(path, "real/tool")
}

func TestWorkingDirectoryHangs(t *testing.T) {
	w, fs, dir := mountedWorld(t)
	w.program("false")
	type started struct {
		cmd   *exec.Cmd
		stdin io.Writer
	}
	var all []started
	for range 3 {
		cmd, stdin := w.in(dir, nil, w.path("home/shims/tool"))
		all = append(all, started{cmd, stdin})
	}
	// A log that is named from there is on that mount, too.
	relative, relativeStdin := w.in(dir, []string{"PI_TRACK_LOG=here.jsonl"}, w.path("home/shims/tool"))
	fs.Hang()
	for _, x := range all {
		letGo(x.stdin)
		w.must2(x.cmd.Wait(), 1)
		e := w.oneRun()
		if e["cwd"] != dir || e["repo"] != nil || e["scope"] != "global" {
			t.Errorf("%v", e)
		}
	}
	letGo(relativeStdin)
	w.must2(relative.Wait(), 1)
	w.boxes(1)
	fs.Resume()
	if s := w.statuses(filepath.Join(dir, "here.jsonl"), 2); s[0] != "started" || s[1] != "failed" {
		t.Errorf("%v", s)
	}
}

// Where the mount answers later, the repository is in the end line.
func TestWorkingDirectoryElsewhere(t *testing.T) {
	w, fs, dir := mountedWorld(t)
	w.program("cat")
	w.must(os.WriteFile(filepath.Join(dir, ".git"), []byte("gitdir: elsewhere\n"), 0o600))
	cmd, stdin := w.in(dir, nil, w.path("home/shims/tool"))
	fs.Hang()
	letGo(stdin)
	fs.AwaitRequest()
	if s := w.statuses(w.path("home/events.jsonl"), 1); s[0] != "started" {
		t.Errorf("%v", s)
	}
	fs.Resume()
	w.await("the search's end", func() bool { return w.searches() == 0 })
	stdin.Close()
	w.must(cmd.Wait())
	if e := w.oneRun(); e["repo"] != dir {
		t.Errorf("%v", e)
	}
}

// searches counts the searches for a repository on this world's mount.
func (w *world) searches() (n int) {
	files, _ := filepath.Glob("/proc/[0-9]*/cmdline")
	for _, file := range files {
		if text, _ := os.ReadFile(file); string(text) == "pi-track\x00--pi-track-repo\x00"+w.path("mount")+"\x00" {
			n++
		}
	}
	return n
}

// Without a shim the program runs, and hangs only when it writes an error text.
func TestStderrHangs(t *testing.T) {
	w, fs, dir := mountedWorld(t)
	w.script("real/tool", "#!/bin/sh\necho ready\nread line\nexit 7\n")
	cmd := exec.Command("/bin/sh", "-c", `exec 2>"$1"; echo set; read go; exec "$2"`, "sh", filepath.Join(dir, "err"), w.path("home/shims/tool"))
	cmd.Env = []string{"PATH=" + w.shimPath()}
	stdin, err := cmd.StdinPipe()
	w.must(err)
	out, err := cmd.StdoutPipe()
	w.must(err)
	w.must(cmd.Start())
	lines := bufio.NewReader(out)
	for _, want := range []string{"set\n", "ready\n"} {
		if line, err := lines.ReadString('\n'); line != want {
			t.Fatalf("%q %v, not %q", line, err, want)
		}
		if want == "set\n" {
			fs.Hang()
			letGo(stdin)
		}
	}
	fs.Resume()
	stdin.Close()
	w.must2(cmd.Wait(), 7)
	w.oneRun()
}

// `pi-track run` and `pi-track emit` do not wait either.
func TestVerbsWhereTheWorkingDirectoryHangs(t *testing.T) {
	w, fs, dir := mountedWorld(t)
	bin, err := testbin.Dir()
	w.must(err)
	main := filepath.Join(bin, "pi-track")
	run, goRun := w.in(dir, nil, main, "run", "--", "/bin/true")
	emit, goEmit := w.in(dir, nil, main, "emit", "start", "--name", "job")
	fs.Hang()
	letGo(goRun)
	w.must(run.Wait())
	letGo(goEmit)
	w.must(emit.Wait())
	if e := w.events(); len(e) != 3 {
		t.Errorf("%v", e)
	}
}
