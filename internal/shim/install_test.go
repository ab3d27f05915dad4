package shim_test

import (
	"errors"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"pi-track/internal/shim"
	"pi-track/internal/testbin"
	"pi-track/internal/testkeep"
)

// TestMain lets the test program be a shim program, whose version is asked.
func TestMain(m *testing.M) {
	if len(os.Args) == 2 && os.Args[1] == "--version" {
		os.Stdout.WriteString("pi-track-shim go0, test\n")
		os.Exit(0)
	}
	os.Exit(testkeep.Main(func() int {
		defer testbin.Remove()
		return m.Run()
	}))
}

const oneShim = "version = 1\n[[shim]]\nname = \"tool\"\n"

// house is a throwaway home directory with one helper called tool.
type house struct {
	t   *testing.T
	dir string
	bin string
	l   shim.Layout
}

func newHouse(t *testing.T) *house {
	t.Helper()
	bin, err := testbin.Dir()
	if err != nil {
		t.Fatal(err)
	}
	h := &house{t: t, dir: t.TempDir(), bin: bin}
	h.l = shim.Layout{Home: filepath.Join(h.dir, "runtime/tool-usage")}
	h.write("tmp/other", "not ours\n", 0o644)
	h.write("real/tool", "#!/bin/sh\necho \"real $1\"\n", 0o755)
	h.write("real/other", "#!/bin/sh\n", 0o755)
	h.write("shims.toml", oneShim, 0o644)
	h.write("more.toml", oneShim+"kind = \"job\"\n[[shim]]\nname = \"other\"\n", 0o644)
	return h
}

func (h *house) write(rel, text string, mode fs.FileMode) {
	h.t.Helper()
	path := filepath.Join(h.dir, rel)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		h.t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), mode); err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) command(name string, args ...string) *exec.Cmd {
	cmd := exec.Command(name, args...)
	cmd.Dir = h.dir
	cmd.Env = []string{"HOME=" + h.dir, "SHELL=/bin/bash", "TMPDIR=" + filepath.Join(h.dir, "tmp"),
		"PATH=" + h.l.ShimDir() + ":" + filepath.Join(h.dir, "real") + ":" + h.bin + ":/usr/bin:/bin"}
	return cmd
}

func (h *house) pitrack(args ...string) {
	h.t.Helper()
	if out, err := h.command(filepath.Join(h.bin, "pi-track"), args...).CombinedOutput(); err != nil {
		h.t.Fatalf("pi-track %v: %v\n%s", args, err, out)
	}
}

// files lists everything below the directory: path, mode, link text, content.
func (h *house) files() string {
	var b strings.Builder
	filepath.WalkDir(h.dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			h.t.Fatal(err)
		}
		info, _ := d.Info()
		text, _ := os.Readlink(path)
		if info.Mode().IsRegular() {
			text = shim.Sum(path)
		}
		b.WriteString(strings.TrimPrefix(path, h.dir) + " " + info.Mode().String() + " " + text + "\n")
		return nil
	})
	return b.String()
}

// Shims work at every moment of an installation.
func TestRunsWhileInstallRunsInALoop(t *testing.T) {
	h := newHouse(t)
	h.pitrack("install", "--no-pi", "--config", "shims.toml")
	stop := make(chan struct{})
	var installing sync.WaitGroup
	var installs atomic.Int32
	installing.Add(1)
	go func() {
		defer installing.Done()
		for n := 0; ; n++ {
			select {
			case <-stop:
				return
			default:
			}
			config := []string{"shims.toml", "more.toml"}[n%2]
			if out, err := h.command(filepath.Join(h.bin, "pi-track"), "install", "--no-pi", "--config", config).CombinedOutput(); err != nil {
				t.Errorf("install: %v\n%s", err, out)
				return
			}
			if n%3 == 2 { // the program itself is replaced as well
				os.Remove(h.l.ShimProgram())
			}
			installs.Add(1)
		}
	}()
	calls := 200
	if testing.Short() {
		calls = 50
	}
	for i := 0; i < calls || installs.Load() < 6 && !t.Failed(); i++ {
		out, err := h.command("/bin/sh", "-c", "tool x").CombinedOutput()
		if err != nil || string(out) != "real x\n" {
			t.Fatalf("%v: %q", err, out)
		}
	}
	close(stop)
	installing.Wait()
}

// Whatever an installation is killed at, the helper is found, and uninstall
// takes everything away afterwards.
func TestInstallKilledAtAnyPoint(t *testing.T) {
	h := newHouse(t)
	before := h.files()
	random := rand.New(rand.NewPCG(1, 2))
	for range 40 {
		cmd := h.command(filepath.Join(h.bin, "pi-track"), "install", "--no-pi", "--config", "shims.toml")
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Duration(random.IntN(40_000)) * time.Microsecond)
		cmd.Process.Kill()
		cmd.Wait()
		out, err := h.command("/bin/sh", "-c", "tool y").CombinedOutput()
		if err != nil || string(out) != "real y\n" {
			t.Fatalf("%v: %q", err, out)
		}
		if err := os.RemoveAll(filepath.Join(h.l.Home, "events.jsonl")); err != nil {
			t.Fatal(err)
		}
		h.pitrack("uninstall")
		h.removeEmpty()
		if after := h.files(); after != before {
			t.Fatalf("left behind:\n%s\nbefore:\n%s", after, before)
		}
	}
}

// An upgrade that is killed before it replaced the programs leaves nothing that
// uninstall does not know.
func TestUpgradeKilledAtAnyPoint(t *testing.T) {
	h := newHouse(t)
	before := h.files()
	newer := t.TempDir()
	for _, name := range []string{"pi-track", "pi-track-shim"} {
		data, err := os.ReadFile(filepath.Join(h.bin, name))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(newer, name), append(data, '\n'), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	for i := range 25 {
		h.pitrack("install", "--no-pi", "--config", "shims.toml")
		cmd := h.command(filepath.Join(newer, "pi-track"), "install", "--no-pi", "--config", "more.toml")
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Duration(i) * 3 * time.Millisecond)
		cmd.Process.Kill()
		cmd.Wait()
		h.pitrack("uninstall")
		h.removeEmpty()
		if after := h.files(); after != before {
			t.Fatalf("left behind:\n%s\nbefore:\n%s", after, before)
		}
	}
}

// Uninstall takes the lock's file away while others wait for it.
func TestInstallBesideUninstall(t *testing.T) {
	h := newHouse(t)
	h.write(".pi/agent/settings.json", "{}\n", 0o644)
	h.write(".bashrc", "x=1", 0o644)
	h.write(".config/other", "not ours\n", 0o644)
	before := h.files()
	var group sync.WaitGroup
	for i := range 6 {
		args := []string{"install", "--rc"}
		if i%2 == 1 {
			args = []string{"uninstall"}
		}
		group.Add(1)
		go func() {
			defer group.Done()
			for range 10 {
				if out, err := h.command(filepath.Join(h.bin, "pi-track"), args...).CombinedOutput(); err != nil {
					t.Errorf("%v: %v\n%s", args, err, out)
				}
			}
		}()
	}
	group.Wait()
	h.pitrack("uninstall", "--purge", "--yes")
	h.removeEmpty()
	if after := h.files(); after != before {
		t.Errorf("left behind:\n%s\nbefore:\n%s", after, before)
	}
}

// Installations at once share Pi's agent directory too.
func TestManyInstallationsBesidePi(t *testing.T) {
	for range 3 {
		h := newHouse(t)
		h.write(".pi/agent/settings.json", "{}\n", 0o644)
		var group sync.WaitGroup
		for range 6 {
			group.Add(1)
			go func() {
				defer group.Done()
				if out, err := h.command(filepath.Join(h.bin, "pi-track"), "install", "--rc").CombinedOutput(); err != nil {
					t.Errorf("%v\n%s", err, out)
				}
			}()
		}
		group.Wait()
		if _, err := os.Stat(filepath.Join(h.dir, ".pi/agent/extensions/pi-track/index.ts")); err != nil {
			t.Error(err)
		}
	}
}

// An installation with everything, Pi's extension, startup file and a new
// configuration, that is killed while it is made or taken away, goes without
// a trace with the next uninstall.
func TestEverythingKilledAtAnyPoint(t *testing.T) {
	h := newHouse(t)
	h.write(".pi/agent/settings.json", "{}\n", 0o644)
	h.write(".bashrc", "x=1", 0o644)
	before := h.files()
	for _, args := range [][]string{{"install", "--rc"}, {"uninstall", "--purge", "--yes"}} {
		for i := range 24 {
			if args[0] == "uninstall" {
				h.pitrack("install", "--rc")
			}
			cmd := h.command(filepath.Join(h.bin, "pi-track"), args...)
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			time.Sleep(time.Duration(i) * 5 * time.Millisecond)
			cmd.Process.Kill()
			cmd.Wait()
			h.pitrack("uninstall", "--purge", "--yes")
			h.removeEmpty()
			if after := h.files(); after != before {
				t.Fatalf("%v killed, left behind:\n%s\nbefore:\n%s", args, after, before)
			}
		}
	}
}

// removeEmpty removes what may stay of an installation killed before it could
// record what it was about to make: empty directories.
func (h *house) removeEmpty() {
	for _, dir := range []string{h.l.ShimDir(), h.l.BinDir(), h.l.Home, filepath.Dir(h.l.Home)} {
		if err := os.Remove(dir); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return
		}
	}
}

// Two installations at once do not mix: the result is that of one of them.
func TestTwoInstallationsAtOnce(t *testing.T) {
	h := newHouse(t)
	var group sync.WaitGroup
	for i := range 8 {
		group.Add(1)
		go func() {
			defer group.Done()
			config := []string{"shims.toml", "more.toml"}[i%2]
			if out, err := h.command(filepath.Join(h.bin, "pi-track"), "install", "--no-pi", "--config", config).CombinedOutput(); err != nil {
				t.Errorf("%v\n%s", err, out)
			}
		}()
	}
	group.Wait()
	m, err := shim.ReadManifest(h.l)
	if err != nil {
		t.Fatal(err)
	}
	entries, err := os.ReadDir(h.l.ShimDir())
	if err != nil {
		t.Fatal(err)
	}
	if len(entries) != len(m.Shims)+1 { // the report link
		t.Errorf("%d links for %d shims", len(entries), len(m.Shims))
	}
}
