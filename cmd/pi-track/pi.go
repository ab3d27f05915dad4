package main

import "pi-track/internal/shim"

// installPi puts the extension into Pi's agent directory.
func (a *app) installPi(l shim.Layout, cfg *shim.Config, f installFlags) error {
	return nil
}

// uninstallPi takes the extension away again and returns how many lines it
// printed.
func (a *app) uninstallPi(l shim.Layout) (int, error) {
	return 0, nil
}
