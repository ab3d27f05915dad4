//go:build linux || darwin || freebsd || openbsd

package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/spf13/cobra"

	pitrack "pi-track"
	"pi-track/internal/home"
	"pi-track/internal/lookup"
	"pi-track/internal/manifest"
	"pi-track/internal/report/query"
	"pi-track/internal/shim"
)

type addFlags struct {
	kind, real string
	force      bool
	install    installFlags
}

func newAddCmd(a *app) *cobra.Command {
	var f addFlags
	cmd := &cobra.Command{
		Use:   "add NAME...",
		Short: "add helpers to shims.toml and install their shims",
		Long: `Appends a [[shim]] for each NAME to shims.toml and runs install. A name must be
a program that can be found on PATH or in Pi's own bin directory; --force adds
it anyway.

Exit status: 0; 1 the shims could not be installed; 2 a name is unknown or
already configured, or shims.toml is wrong. After 2 nothing was changed.`,
		Example: `  pi-track add deploy
  pi-track add poll-mail --kind loop
  pi-track add deploy --real ~/tools/deploy-v2`,
		Args: rangeArgs(1, -1, "NAME"),
		RunE: func(_ *cobra.Command, args []string) error {
			return a.whole(func(a *app) error { return a.add(f, args) })
		},
	}
	p := cmd.Flags()
	p.StringVar(&f.kind, "kind", "script", "the `KIND` of helper: script, job or loop")
	p.StringVar(&f.real, "real", "", "always run this `PROGRAM`, whatever PATH says")
	p.BoolVar(&f.force, "force", false, "add a name that is not on PATH, or sh, bash, env or sudo")
	p.StringVar(&f.install.config, "config", "", "change `FILE` instead of the user's shims.toml")
	p.BoolVar(&f.install.noPi, "no-pi", false, "leave Pi's agent directory alone")
	return cmd
}

func newRmCmd(a *app) *cobra.Command {
	var f installFlags
	cmd := &cobra.Command{
		Use:   "rm NAME...",
		Short: "remove helpers from shims.toml, and their shims",
		Long: `Removes the [[shim]] of each NAME from shims.toml and runs install. The helpers
themselves stay, and so does what was recorded of them.

Exit status: 0; 1 the shims could not be removed; 2 a name is not configured, or
shims.toml is wrong. After 2 nothing was changed.`,
		Example: `  pi-track rm deploy`,
		Args:    rangeArgs(1, -1, "NAME"),
		RunE: func(_ *cobra.Command, args []string) error {
			return a.whole(func(a *app) error { return a.rm(f, args) })
		},
	}
	cmd.Flags().StringVar(&f.config, "config", "", "change `FILE` instead of the user's shims.toml")
	cmd.Flags().BoolVar(&f.noPi, "no-pi", false, "leave Pi's agent directory alone")
	return cmd
}

func (a *app) add(f addFlags, names []string) error {
	cfg, fresh, err := readConfig(f.install.config)
	if err != nil {
		return err
	}
	real := f.real
	if real != "" {
		if len(names) > 1 {
			return usageErrorf("add one helper at a time", "--real takes one name only")
		}
		if real, err = filepath.Abs(real); err != nil {
			return err
		}
		st, err := os.Stat(real)
		if err != nil && !f.force {
			return usageErrorf("correct the path, or give --force", "--real: %w", err)
		}
		if err == nil && !isProgram(st) {
			return usageErrorf("name a program, or make it executable: chmod +x", "--real %s is not a program", f.real)
		}
	}
	if _, err := oneOf("kind", f.kind, query.Kinds[:3]); err != nil {
		return err
	}
	var additions []shim.Addition
	for i, name := range names {
		if bad := shim.BadName(name); bad != "" {
			return usageErrorf(nearestProgram(name, "name a program as one calls it"), "the name %q %s", name, bad)
		}
		if slices.Contains(names[:i], name) {
			return usageErrorf("leave one of them out", "%q is named twice", name)
		}
		if slices.ContainsFunc(cfg.Shims, func(s manifest.Shim) bool { return s.Name == name }) {
			return usageErrorf("change its [[shim]] in "+cfg.File, "%q is already configured", name)
		}
		if !f.force && real == "" {
			if err := findable(name); err != nil {
				return err
			}
		}
		additions = append(additions, shim.Addition{Name: name, Kind: f.kind, Real: real, Force: f.force})
	}
	return a.changeConfig(f.install, cfg, fresh, func(data []byte) ([]byte, error) { return shim.AppendShims(data, additions), nil })
}

// findable is the error for a name behind which there is no helper.
func findable(name string) error {
	if c, ok := lookup.Find(name, helperPath(), nil, nil); ok && c.Executable {
		return nil
	}
	return usageErrorf(nearestProgram(name, "give --force to add it before it exists"), "%q is not on PATH", name)
}

// nearestProgram is the hint for a name that no program has, of a helper if one is near; otherwise is the hint if
// none is near.
func nearestProgram(name, otherwise string) string {
	var names []string
	if m := home.Find().Manifest; m != nil {
		for _, s := range m.Shims {
			names = append(names, s.Name)
		}
	}
	if near := nearestOr(filepath.Base(name), names, ""); near != "" {
		return near
	}
	for _, dir := range filepath.SplitList(helperPath()) {
		entries, _ := os.ReadDir(dir)
		for _, e := range entries {
			names = append(names, e.Name())
		}
	}
	return nearestOr(filepath.Base(name), names, otherwise)
}

// isProgram says whether a file can be executed.
func isProgram(st fs.FileInfo) bool { return !st.IsDir() && st.Mode()&0o111 != 0 }

func (a *app) rm(f installFlags, names []string) error {
	cfg, fresh, err := readConfig(f.config)
	if err != nil {
		return err
	}
	var known []string
	for _, s := range cfg.Shims {
		known = append(known, s.Name)
	}
	for _, name := range names {
		if !slices.Contains(known, name) {
			return usageErrorf(nearestOr(name, known, "'pi-track list' shows the names"), "%q is not configured", name)
		}
	}
	dir, _ := os.UserHomeDir()
	return a.changeConfig(f, cfg, fresh, func(data []byte) ([]byte, error) { return shim.RemoveShims(cfg.File, data, dir, names) })
}

// changeConfig changes the text of the configuration cfg, which is the default one
// where it is fresh, and installs it. The new text is checked, and the plan made, before anything is written.
func (a *app) changeConfig(f installFlags, cfg *shim.Config, fresh bool, change func([]byte) ([]byte, error)) error {
	l, err := layout()
	if err != nil {
		return err
	}
	data := pitrack.DefaultConfig
	if !fresh {
		if data, err = readConfigFile(cfg.File, false); err != nil {
			return usageErrorf("name a shims.toml that can be read", "%w", err)
		}
	}
	before := data
	if data, err = change(data); err != nil {
		return err
	}
	dir, _ := os.UserHomeDir()
	after, err := shim.ParseConfig(cfg.File, data, dir)
	if err != nil {
		return err
	}
	if _, err := shim.MakePlan(l, after, helperPath()); err != nil {
		return foreign(err)
	}
	if !fresh {
		if err := shim.ChangeConfig(cfg.File, data); err != nil {
			return withHint(exitFailed, err, "check who owns it, and what that user may do there")
		}
		err := a.install(f)
		if err != nil && !isInstalled(l, after) { // it says what holds: the helpers are as before
			if undone := shim.ChangeConfig(cfg.File, before); undone != nil {
				printProblem(a.stderr, "warning", undone, "run 'pi-track install' when it can be written")
			}
		}
		return err
	}
	return a.installConfig(f, l, after, data)
}

// isInstalled says that the helpers of a configuration are those of the installation.
func isInstalled(l shim.Layout, cfg *shim.Config) bool {
	m, err := shim.ReadManifest(l)
	return err == nil && slices.EqualFunc(m.Shims, cfg.Shims, func(a, b manifest.Shim) bool { return a.Name == b.Name })
}
