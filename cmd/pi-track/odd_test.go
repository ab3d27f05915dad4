//go:build linux || darwin || freebsd || openbsd

package main

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// An odd file is what may lie where a file is read.
var oddFiles = []struct {
	name string
	make func(path string) error
}{
	{"fifo", func(path string) error { return syscall.Mkfifo(path, 0o600) }},
	{"device", func(path string) error { return os.Symlink("/dev/zero", path) }},
	{"directory", func(path string) error { return os.Mkdir(path, 0o700) }},
	{"sparse", func(path string) error { return sparse(path) }},
}

func sparse(path string) error {
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		return err
	}
	return os.Truncate(path, 300<<30)
}

// oddHome is a home with everything that verbs read.
type oddHome struct {
	dir, state, config, bin string
	saved                   string // a copy
}

// newOddHome makes one, and saves it.
func newOddHome(t *testing.T) *oddHome {
	bin := programs(t)
	root, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	h := &oddHome{dir: root + "/home", state: root + "/home/state", config: root + "/home/.config/pi-track/shims.toml", bin: bin, saved: root + "/saved"}
	for name, text := range map[string]string{
		"helpers/tool": "#!/bin/sh\necho ran\n", ".bashrc": "# rc\n", ".bash_history": "tool\n", ".pi/agent/settings.json": "{}\n", ".pi/agent/sessions/keep": "",
		".config/pi-track/shims.toml": "version = 1\n\n[[shim]]\nname = \"tool\"\n\n[ship.team]\nto = \"dir:" + root + "/team\"\nkey_file = \"" + root + "/home/key\"\n",
	} {
		path := filepath.Join(h.dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(root+"/team", 0o755); err != nil {
		t.Fatal(err)
	}
	if r := h.run(t, filepath.Join(bin, "pi-track"), "ship", "key", h.dir+"/key"); r.err != nil { // a directory may hold a blank
		t.Fatalf("%v\n%s", r.err, r.out)
	}
	for _, verb := range []string{"install --rc", "run --name tool -- true", "emit event --name other", "report", "ship", "experiment start x tool"} {
		if r := h.run(t, filepath.Join(bin, "pi-track"), strings.Fields(verb)...); r.err != nil && !strings.HasPrefix(verb, "experiment") {
			t.Fatalf("%s: %v\n%s", verb, r.err, r.out)
		}
	}
	if out, err := exec.Command("cp", "-a", h.dir, h.saved).CombinedOutput(); err != nil {
		t.Fatalf("%v %s", err, out)
	}
	return h
}

// restore makes everything as it was, with an odd file in one place.
func (h *oddHome) restore(t *testing.T, place string, make func(string) error) {
	t.Helper()
	if err := os.RemoveAll(h.dir); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("cp", "-a", h.saved, h.dir).CombinedOutput(); err != nil {
		t.Fatalf("%v %s", err, out)
	}
	if place != "" {
		os.RemoveAll(place)
		if err := make(place); err != nil {
			t.Fatal(err)
		}
	}
}

// places are the files of the home, those that may come later too.
func (h *oddHome) places(t *testing.T) []string {
	found := []string{h.state + "/notes"}
	err := filepath.WalkDir(h.dir, func(path string, d fs.DirEntry, err error) error {
		rel, _ := filepath.Rel(h.dir, path)
		switch {
		case err != nil:
			return err
		case strings.HasPrefix(rel, ".pi/agent/extensions/pi-track/") && d.Name() != "installed.json", !d.Type().IsRegular(), strings.HasPrefix(rel, "helpers/"), rel == "state/bin/pi-track",
			strings.HasPrefix(d.Name(), ".spare-") && !strings.HasSuffix(d.Name(), "0"):
		default:
			found = append(found, path)
		}
		return nil
	})
	if err != nil || len(found) < 10 {
		t.Fatal(err, found)
	}
	return found
}

type oddResult struct {
	out  string
	err  error
	peak int64 // bytes of memory
}

// run runs a program as long as it takes; one that hangs is ended and fails the test.
func (h *oddHome) run(t *testing.T, program string, args ...string) oddResult {
	t.Helper()
	const hangs = 3 * time.Minute // and takes milliseconds on an idle machine
	ctx, stop := context.WithTimeout(context.Background(), hangs)
	defer stop()
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.Env = []string{"HOME=" + h.dir, "PI_TRACK_HOME=" + h.state, "PI_CODING_AGENT_DIR=" + h.dir + "/.pi/agent", "SHELL=/bin/bash", "TERM=dumb",
		"PATH=" + h.state + "/shims:" + h.dir + "/helpers:" + h.bin + ":/usr/local/bin:/usr/bin:/bin", "TMPDIR=" + t.TempDir()}
	cmd.Dir = "/"
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	err := cmd.Run()
	if ctx.Err() != nil {
		t.Fatalf("%s hangs: %s", strings.Join(cmd.Args, " "), out.String())
	}
	if cmd.ProcessState == nil {
		t.Fatal(err)
	}
	peak := cmd.ProcessState.SysUsage().(*syscall.Rusage).Maxrss
	if runtime.GOOS != "darwin" {
		peak *= 1024
	}
	return oddResult{out.String(), err, peak}
}

// oddVerb is a verb with arguments that it accepts, made of what its help says of them;
// files are where a FILE or DIR stands.
type oddVerb struct {
	args  []string
	files []int
}

var fileName = regexp.MustCompile(`^\[?(FILE|DIR)\b`)

// oddVerbs are all verbs: one that comes later is among them.
func oddVerbs(t *testing.T) (verbs, named []oddVerb) {
	var walk func(c *cobra.Command)
	walk = func(c *cobra.Command) {
		name := strings.Fields(c.CommandPath())[1:]
		// A home of its own; the sections of the report read what the report reads.
		if c.Name() != "demo" && (len(name) < 2 || name[0] != "report" || name[1] == "why") && c.Runnable() {
			v := oddVerb{args: slices.Clone(name)}
			words := strings.Fields(c.Use)[1:]
			for i, word := range words {
				switch {
				case word == "|":
					goto done
				case fileName.MatchString(word):
					v.files = append(v.files, len(v.args))
					v.args = append(v.args, "/nowhere/file")
				case strings.HasPrefix(word, "["), i > 0 && strings.HasPrefix(words[i-1], "[") && !strings.HasSuffix(words[i-1], "]"):
				case word == "COMMAND":
					v.args = append(v.args, "true")
				case word == "ID":
					v.args = append(v.args, "01a1968d-3900-7000-8000-000000000001")
				case strings.HasPrefix(word, "NAME"):
					v.args = append(v.args, "tool")
				case word == "PERCENT":
					v.args = append(v.args, "20%")
				case !c.HasSubCommands():
					v.args = append(v.args, strings.Split(word, "|")[0])
				}
			}
		done:
			verbs = append(verbs, v)
			if len(v.files) > 0 {
				named = append(named, v)
			}
			c.Flags().VisitAll(func(f *pflag.Flag) {
				if what, _ := pflag.UnquoteUsage(f); what == "FILE" || what == "DIR" {
					w := oddVerb{args: append(slices.Clone(v.args), "--"+f.Name, "/nowhere/file")}
					if k := slices.Index(w.args, "--"); k >= 0 {
						w.args = slices.Concat(name, w.args[len(w.args)-2:], w.args[k:len(w.args)-2])
						w.files = []int{len(name) + 1}
					} else {
						w.files = []int{len(w.args) - 1}
					}
					named = append(named, w)
				}
			})
		}
		for _, sub := range c.Commands() {
			walk(sub)
		}
	}
	walk(newRootCmd(&app{}))
	// What takes the state away goes last.
	slices.SortStableFunc(verbs, func(a, b oddVerb) int {
		last := func(v oddVerb) int {
			if slices.Contains([]string{"uninstall", "rm", "prune"}, strings.Join(v.args[:min(1, len(v.args))], "")) {
				return 1
			}
			return 0
		}
		return last(a) - last(b)
	})
	if len(verbs) < 40 || len(named) < 10 {
		t.Fatal(len(verbs), len(named))
	}
	return verbs, named
}

// A fifo, a device, a directory or a file of 300 GB in the place of any file of an
// installation, or named where a verb wants a file: every verb comes to its end, in
// bounded memory, and the helper runs. Of all pairs of a file and a verb each run takes a
// part, all of them with PI_TRACK_STRESS=1.
func TestOddFilesAndEveryVerb(t *testing.T) {
	h := newOddHome(t)
	verbs, named := oddVerbs(t)
	program := filepath.Join(h.bin, "pi-track")
	check := func(what string, args ...string) {
		t.Helper()
		const most = 256 << 20
		if r := h.run(t, program, args...); r.peak > most {
			t.Errorf("%s: %s: %d MB", what, strings.Join(args, " "), r.peak>>20)
		} else if strings.Contains(r.out, "panic:") || strings.Contains(r.out, "goroutine ") {
			t.Errorf("%s: %s: %s", what, strings.Join(args, " "), r.out)
		}
	}
	every := 3
	if testing.Short() {
		every = 9
	}
	if os.Getenv("PI_TRACK_STRESS") != "" {
		every = 1
	}
	for i, place := range h.places(t) {
		for k, odd := range oddFiles {
			if odd.name == "sparse" && strings.HasSuffix(place, ".jsonl") {
				continue // a log may be as long as that
			}
			if name := filepath.Base(place); odd.name == "device" && (name == ".profile" || name == ".bashrc") {
				continue // the shells that doctor and setup ask read it, and what they take counts here
			}
			if testing.Short() && (i+k)%len(oddFiles) != 0 {
				continue
			}
			rel, _ := filepath.Rel(h.dir, place)
			what := fmt.Sprintf("%s is a %s", rel, odd.name)
			h.restore(t, place, odd.make)
			if strings.Contains(place, "/bin/") {
				continue // the shim's program itself: the kernel refuses it
			}
			if r := h.run(t, "/bin/sh", "-c", "tool"); r.err != nil || !strings.Contains(r.out, "ran") {
				t.Errorf("%s: the helper does not run: %v %s", what, r.err, r.out)
			}
			for j, v := range verbs {
				if (i+j+k)%len(oddFiles) != 0 || (i+j)/len(oddFiles)%every != 0 {
					continue
				}
				check(what, v.args...)
			}
		}
	}
	for i, v := range named {
		for k, odd := range oddFiles {
			if testing.Short() && (i+k)%len(oddFiles) != 0 && odd.name != "fifo" {
				continue
			}
			h.restore(t, "", nil)
			path := filepath.Join(filepath.Dir(h.dir), "odd-"+odd.name)
			os.RemoveAll(path)
			if err := odd.make(path); err != nil {
				t.Fatal(err)
			}
			args := slices.Clone(v.args)
			for _, at := range v.files {
				args[at] = path
			}
			if odd.name == "sparse" && strings.Contains(strings.Join(args, " "), "--log") {
				continue
			}
			check("named", args...)
			if st, err := os.Lstat(path); odd.name == "fifo" && (err != nil || st.Mode().Type() != fs.ModeNamedPipe) {
				t.Errorf("%s: the fifo is gone", strings.Join(args, " "))
			}
		}
	}
}
