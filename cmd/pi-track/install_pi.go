//go:build linux || darwin || freebsd || openbsd

package main

import (
	"cmp"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"

	"pi-track/internal/log/sys"
	"pi-track/internal/piext"
	"pi-track/internal/shim"
)

// installPi puts the extension into Pi's agent directory, or says what it would
// do there, and whether it changed anything. Where Pi has the extension as a
// package, ours would be a second one: it goes.
func (a *app) installPi(l shim.Layout, cfg *shim.Config, f installFlags) (changed bool, err error) {
	if f.noPi {
		return false, nil
	}
	dir := piext.AgentDir()
	if dir == "" || !piext.HasPi(dir) {
		fmt.Fprintf(a.stdout, "\nPi was not found: no extension was installed; run install again later\n")
		return false, nil
	}
	source := piext.Package(dir)
	if !f.dryRun && source == "" {
		if err := shim.SetAgentDir(l, dir, filepath.Dir(piext.Dir(dir))); err != nil {
			return false, err
		}
	}
	actions, err := piext.Install(piext.Options{
		AgentDir: dir, Home: l.Home, Log: cmp.Or(cfg.Log, filepath.Join(l.Home, "events.jsonl")), Bin: l.MainProgram(), DryRun: f.dryRun,
	})
	if err != nil {
		return false, err
	}
	if !f.dryRun {
		adoptTree(piext.Dir(dir))
	}
	fmt.Fprintln(a.stdout)
	a.printPi(actions)
	if source != "" {
		fmt.Fprintf(a.stdout, "Pi has the extension as the package %s\n", source)
	}
	return slices.ContainsFunc(actions, func(act piext.Action) bool { return act.What != piext.Unchanged && act.What != piext.Kept }), nil
}

// adoptTree gives what install put into dir under sudo to the owner of the
// directory around it.
func adoptTree(dir string) {
	_ = filepath.WalkDir(dir, func(path string, _ fs.DirEntry, err error) error {
		if err == nil {
			sys.Adopt(path)
		}
		return nil
	})
}

// uninstallPi takes the extension away again, wherever install put it, and
// returns how many lines it printed.
func (a *app) uninstallPi(l shim.Layout) (int, error) {
	rec, err := shim.ReadReceipt(l)
	if err != nil {
		return 0, err
	}
	var actions []piext.Action
	if rec.AgentDir != "" {
		if actions, err = piext.Uninstall(rec.AgentDir, false); err != nil {
			return 0, err
		}
	}
	a.printPi(actions)
	if source := piext.Package(piext.AgentDir()); source != "" {
		fmt.Fprintf(a.stdout, "Pi still has the extension and goes on recording its tools: pi remove %s\n", source)
	}
	return len(actions), nil
}

func (a *app) printPi(actions []piext.Action) {
	for _, act := range actions {
		why := ""
		if act.Why != "" {
			why = " (" + act.Why + ")"
		}
		fmt.Fprintf(a.stdout, "%s  %s%s\n", act.What, act.Path, why)
	}
}
