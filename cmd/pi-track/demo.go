//go:build linux || darwin || freebsd || openbsd

package main

import (
	"embed"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	pitrack "pi-track"
)

//go:embed demo/scenario.sh
var demoFiles embed.FS

func newDemoCmd(a *app) *cobra.Command {
	var keep bool
	cmd := &cobra.Command{
		Use:   "demo",
		Short: "show everything once, in a throwaway home",
		Long: `Installs shims for the example helpers in a throwaway home, runs the helpers
through PATH in a real shell, and prints the report. It touches nothing of yours.

Exit status: 0; 1 something did not work (bash is needed).`,
		Example: `  pi-track demo
  pi-track demo --keep`,
		Args: noArgs,
		RunE: func(*cobra.Command, []string) error { return a.demo(keep) },
	}
	cmd.Flags().BoolVar(&keep, "keep", false, "leave the throwaway home in place")
	return cmd
}

func (a *app) demo(keep bool) (err error) {
	dir, err := os.MkdirTemp("", "pi-track-demo-")
	if err != nil {
		return err
	}
	if dir, err = filepath.EvalSymlinks(dir); err != nil {
		return err
	}
	if !keep {
		defer os.RemoveAll(dir)
	}
	d, err := newDemo(a, dir)
	if err != nil {
		return err
	}
	fmt.Fprintf(a.stdout, "A throwaway home in %s\n\n$ pi-track install\n", dir)
	if err := d.start(d.self, "install", "--no-pi"); err != nil {
		return err
	}
	fmt.Fprintf(a.stdout, "\nNow the helpers, through PATH lookup in bash:\n")
	if err := d.start("bash", filepath.Join(dir, "scenario.sh")); err != nil {
		return err
	}
	fmt.Fprintf(a.stdout, "\n$ pi-track report --min-n 5\n")
	if err := d.start(d.self, "report", "--min-n", "5"); err != nil {
		return err
	}
	if err := writeMonth(filepath.Join(dir, "month.jsonl"), time.Now()); err != nil {
		return err
	}
	fmt.Fprintf(a.stdout, "\nAnd a made-up month, in which something is wrong:\n\n$ pi-track report --log month.jsonl\n")
	if err := d.start(d.self, "report", "--log", "month.jsonl"); err != nil {
		return err
	}
	d.farewell(keep)
	return nil
}

// demo is a throwaway home with the example helpers in it.
type demo struct {
	a         *app
	dir, self string
	env       []string
}

func newDemo(a *app, dir string) (*demo, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	d := &demo{a: a, dir: dir, self: self}
	helpers := filepath.Join(dir, "helpers")
	if err := os.Mkdir(helpers, 0o755); err != nil {
		return nil, err
	}
	err = fs.WalkDir(pitrack.ExampleHelpers, "examples/helpers", func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		data, err := pitrack.ExampleHelpers.ReadFile(path)
		if err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(helpers, e.Name()), data, 0o755)
	})
	if err != nil {
		return nil, err
	}
	script, err := demoFiles.ReadFile("demo/scenario.sh")
	if err != nil {
		return nil, err
	}
	if err := os.WriteFile(filepath.Join(dir, "scenario.sh"), script, 0o644); err != nil {
		return nil, err
	}
	d.env = demoEnv(dir, helpers)
	return d, nil
}

// demoEnv is the environment of the demo: the user's, but with every variable
// that could lead out of the throwaway home replaced.
func demoEnv(dir, helpers string) []string {
	var env []string
	for _, kv := range os.Environ() {
		key, _, _ := strings.Cut(kv, "=")
		if key != "HOME" && key != "PATH" && key != "SHELL" && key != "BASH_ENV" &&
			!strings.HasPrefix(key, "PI_") && !strings.HasPrefix(key, "XDG_") {
			env = append(env, kv)
		}
	}
	home := filepath.Join(dir, "runtime", "tool-usage")
	state := filepath.Join(dir, "state")
	return append(env,
		"HOME="+dir, "SHELL=/bin/bash", "DEMO_DIR="+dir, "PI_TRACK_HOME="+home,
		"PI_JOBS_DIR="+filepath.Join(state, "jobs"), "PI_LOOPS_DIR="+filepath.Join(state, "loops"),
		"PI_SESSION_STORE="+filepath.Join(state, "sessions"),
		"PATH="+filepath.Join(home, "shims")+":"+helpers+":"+os.Getenv("PATH"))
}

// start runs a program in the throwaway home and waits for it.
func (d *demo) start(name string, args ...string) error {
	path := name
	if !strings.Contains(name, "/") {
		path = firstOnPath(name)
	}
	if path == "" {
		return withHint(exitFailed, fmt.Errorf("%s: not found", name), "the demo runs the helpers in bash; install it")
	}
	p, err := os.StartProcess(path, append([]string{name}, args...), &os.ProcAttr{
		Dir: d.dir, Env: d.env, Files: []*os.File{nil, os.Stdout, os.Stderr},
	})
	if err != nil {
		return err
	}
	state, err := p.Wait()
	if err != nil {
		return err
	}
	if !state.Success() {
		return fmt.Errorf("demo: %s %s: %s", filepath.Base(name), strings.Join(args, " "), state)
	}
	return nil
}

func (d *demo) farewell(keep bool) {
	log := filepath.Join(d.dir, "runtime", "tool-usage", "events.jsonl")
	where := "was " + log + " and is gone now (--keep leaves it in place)"
	if keep {
		where = "is " + log
	}
	fmt.Fprintf(d.a.stdout, `
The log %s.

Next, with your own helpers: pi-track setup
`, where)
}
