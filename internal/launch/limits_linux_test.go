package launch_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// narrow runs a script as an ordinary user under hard limits.
func (w *world) narrow(limits, script string) result {
	w.t.Helper()
	cmd := exec.Command("/bin/bash", "-c", "ulimit "+limits+"; "+script)
	cmd.Dir = w.dir
	cmd.Env = []string{"PATH=" + w.shimPath(), "A=1"}
	if os.Geteuid() == 0 {
		for dir := w.dir; dir != os.TempDir() && dir != "/"; dir = filepath.Dir(dir) {
			w.must(os.Chmod(dir, 0o755))
		}
		w.must(filepath.Walk(w.dir, func(path string, _ os.FileInfo, err error) error {
			if err != nil {
				return err
			}
			return os.Lchown(path, 65534, 65534)
		}))
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
	}
	var out, errOut strings.Builder
	cmd.Stdout, cmd.Stderr = &out, &errOut
	cmd.Run()
	return result{out.String(), errOut.String(), cmd.ProcessState.ExitCode()}
}

// TestLimitsThatKeepGoFromStarting: under these no Go program starts, so the
// helper runs without a record.
func TestLimitsThatKeepGoFromStarting(t *testing.T) {
	w := newWorld(t)
	w.must(os.Remove(w.path("real/tool")))
	w.link("/bin/sh", "real/tool")
	w.script("real/script", "#!/bin/sh\necho \"$0 $*\"\nexit 7\n")
	w.script("real/plain", "echo \"plain $*\"\n")
	w.script("real/refused", "#!/bin/sh\n")
	w.must(os.Chmod(w.path("real/refused"), 0o644))
	w.must(os.MkdirAll(w.path("real/nowhere"), 0o755)) // a directory is no program
	for _, name := range []string{"script", "plain", "refused", "nowhere"} {
		w.link("../bin/pi-track-shim", "home/shims/"+name)
	}
	w.link("home/shims/tool", "alias")
	w.copy(w.path("home/bin/pi-track-shim"), "copy/tool")
	w.copy(w.path("home/bin/pi-track-shim"), "copy2/tool")
	real := func(name string) string { return w.path("real/" + name) }
	for _, limits := range []string{"-d 20480", "-v 200000", "-v 1000000", "-d 20480 -v 100000"} {
		for _, test := range []struct {
			script string
			want   result
		}{
			{`tool -c 'echo "$0" $1' x y`, result{stdout: "x y\n"}},
			{`tool -c 'echo "$0"'`, result{stdout: real("tool") + "\n"}},
			{`exec -a foo tool -c 'echo "$0"'`, result{stdout: "foo\n"}},
			{`./alias -c 'echo "$0"'`, result{stdout: "./alias\n"}},
			{`home/shims/tool -c 'echo "$0"'`, result{stdout: real("tool") + "\n"}},
			{`exec -a tool home/bin/pi-track-shim -c 'echo "$0"'`, result{stdout: real("tool") + "\n"}},
			{`script a 'b c'`, result{stdout: real("script") + " a b c\n", code: 7}},
			{`plain a 'b c'`, result{stdout: "plain a b c\n"}},
			{`refused`, result{stderr: "pi-track: error: refused: cannot be executed\n", code: 126}},
			{`nowhere`, result{stderr: "pi-track: error: nowhere: command not found\n", code: 127}},
			{`PATH=$PWD/home/shims; tool`, result{stderr: "pi-track: error: tool: command not found\n", code: 127}},
			{`PATH=$PWD/home/shims::nosuch:real/; tool -c 'echo ok'`, result{stdout: "ok\n"}},
			{`cd real; PATH=$OLDPWD/home/shims:; script`, result{stdout: "script \n", code: 7}},
			{`PATH=$PWD/home/shims:$PWD/copy:$PWD/real; copy/tool -c 'echo ok'`, result{stdout: "ok\n"}},
			{`ulimit -Sd; ulimit -Hd; tool -c 'ulimit -Sd; ulimit -Hd'`, result{}},
			{`ulimit -Sv; ulimit -Hv; tool -c 'ulimit -Sv; ulimit -Hv'`, result{}},
			{`printenv A PATH; tool -c 'printenv A PATH'`, result{}},
			{`PATH=$PWD/copy:$PWD/copy2; copy/tool`, result{stderr: "pi-track: error: tool: command not found\n", code: 127}},
		} {
			got := w.narrow(limits, test.script)
			if test.want == (result{}) { // the same twice
				half := len(got.stdout) / 2
				if half == 0 || got.stdout[:half] != got.stdout[half:] {
					t.Errorf("%s; %s: got %+v", limits, test.script, got)
				}
				continue
			}
			if got != test.want {
				t.Errorf("%s; %s: got %+v, want %+v", limits, test.script, got, test.want)
			}
		}
	}
	if e := w.events(); e != nil {
		t.Errorf("recorded: %v", e)
	}
}

// Soft limits are lifted for the shim and given back to the helper.
func TestSoftLimitsAreGivenBack(t *testing.T) {
	w := newWorld(t)
	w.script("real/tool", "#!/bin/sh\nulimit -Sd; ulimit -Hd; ulimit -Sv; ulimit -Hv\n")
	for _, limits := range []string{"-S -d 20480", "-S -v 200000", "-d 100000", "-v 2000000"} {
		for _, env := range []string{"", "PI_TRACK_DISABLE=1 "} {
			got := w.narrow(limits, "ulimit -Sd; ulimit -Hd; ulimit -Sv; ulimit -Hv; "+env+"tool")
			half := len(got.stdout) / 2
			if got.code != 0 || got.stdout[:half] != got.stdout[half:] {
				t.Errorf("%s: %+v", limits, got)
			}
			if e := w.events(); (env == "") != (len(e) == 2) {
				t.Errorf("%s%s: %v", env, limits, e)
			}
		}
	}
}
