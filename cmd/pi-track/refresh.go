//go:build linux || darwin || freebsd || openbsd

package main

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/spf13/cobra"

	"pi-track/internal/home"
	"pi-track/internal/piext"
	"pi-track/internal/shim"
	"pi-track/internal/version"
)

// refresh brings the installed programs up to this one and says so when that
// changed anything.
func (a *app) refresh() error {
	l, unlock, err := lockedLayout()
	if err != nil {
		return err
	}
	defer unlock()
	programs, err := shim.FindPrograms(l)
	if err != nil {
		return err
	}
	plan, err := shim.Refresh(l, helperPath(), programs)
	if err != nil {
		return foreign(err)
	}
	if plan == nil {
		return nil
	}
	if plan.Changes() {
		fmt.Fprintf(a.stdout, "updated the shims in %s to pi-track %s\n", l.ShimDir(), version.Number)
	}
	rec, err := shim.ReadReceipt(l)
	if err != nil || rec.AgentDir == "" {
		return err
	}
	_, err = piext.Install(piext.Options{
		AgentDir: rec.AgentDir, Home: l.Home, Log: cmp.Or(plan.Manifest.Log, filepath.Join(l.Home, "events.jsonl")), Bin: l.MainProgram(),
	})
	return err
}

// lockedLayout is the installation, which nobody else changes until unlock.
func lockedLayout() (l shim.Layout, unlock func(), err error) {
	if l, err = layout(); err != nil {
		return l, nil, err
	}
	if unlock, err = shim.Lock(l); err != nil {
		return l, nil, notInstalled(l, err)
	}
	return l, unlock, nil
}

// refreshNot are the verbs that bring the installation up to date themselves,
// or must not touch it.
var refreshNot = []string{"install", "setup", "add", "rm", "uninstall", "demo", "completion", "__complete", "__completeNoDesc", "help", "version", "man", "extension", "environment"}

// refreshByHand refreshes an installation of an earlier version when somebody
// runs a verb in a terminal. A failure is not that verb's: doctor tells.
func (a *app) refreshByHand(cmd *cobra.Command) {
	verb := cmd
	for verb.HasParent() && verb.Parent().HasParent() {
		verb = verb.Parent()
	}
	if _, terminal := isTerminal(a.stderr); !terminal || !verb.HasParent() || slices.Contains(refreshNot, verb.Name()) || os.Getenv("PI_TRACK_NO_REFRESH") != "" {
		return
	}
	rec, err := shim.ReadReceipt(shim.Layout{Home: home.Dir()})
	if err != nil || rec.NoRefresh || !rec.Outdated(version.Number) {
		return
	}
	aside := *a
	aside.stdout = a.stderr
	_ = aside.refresh()
}
