//go:build (amd64 || arm64) && !portable

package exec_test

import (
	"os"
	osexec "os/exec"
	"path/filepath"
	"syscall"
	"testing"
)

// TestDirectExecution: where no Go program starts, and the limit cannot be lifted, the
// entry point executes what the call stands for; what cannot be executed is not run by a
// shell, unless it is a script.
func TestDirectExecution(t *testing.T) {
	dir := t.TempDir()
	data, err := os.ReadFile(withEntry(t))
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"bin/pi-track-shim": string(data), "real/script": "#!/bin/sh\necho \"$0 $*\"; exit 7\n", "real/plain": "echo \"plain $*\"\nexit 6\n",
		"real/lost": "#!/no/such/interpreter\necho by a shell\n", "real/broken": "\x7fELF\necho by a shell\n",
	} {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(filepath.Join(dir, "shims"), 0o755); err != nil {
		t.Fatal(err)
	}
	run := &syscall.SysProcAttr{}
	if os.Geteuid() == 0 { // who may lift any limit
		run.Credential = &syscall.Credential{Uid: 65534, Gid: 65534}
		for at := dir; at != os.TempDir() && at != "/"; at = filepath.Dir(at) {
			if err := os.Chmod(at, 0o755); err != nil {
				t.Fatal(err)
			}
		}
	}
	for name, want := range map[string]struct {
		code int
		out  string
	}{
		"script": {7, dir + "/real/script a b c\n"}, "plain": {6, "plain a b c\n"}, "none": {127, "pi-track: error: none: command not found\n"},
		"lost": {126, "pi-track: error: lost: cannot be executed\n"}, "broken": {126, "pi-track: error: broken: cannot be executed\n"},
	} {
		if err := os.Symlink("../bin/pi-track-shim", filepath.Join(dir, "shims", name)); err != nil {
			t.Fatal(err)
		}
		c := osexec.Command("/bin/bash", "-c", `ulimit -d 20480; exec "$0" a "b c"`, name)
		c.Env, c.SysProcAttr = []string{"PATH=" + dir + "/shims:" + dir + "/real"}, run
		out, err := c.CombinedOutput()
		if c.ProcessState.ExitCode() != want.code || string(out) != want.out {
			t.Errorf("%s: %v, %q", name, err, out)
		}
	}
}
