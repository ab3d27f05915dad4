//go:build linux

package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"pi-track/internal/testbin"
)

// shimmed are the programs that the checks run through the shim.
var shimmed = []string{"probe", "bash", "sh", "cat", "vim", "less", "stty"}

// install builds pi-track as the Makefile does and makes a home whose shims
// run the programs under test; `pi-track install` does it, as for a user.
func (s *Suite) install(col *Column) error {
	bin := s.bin
	switch {
	case col.Tags+col.Arch != "":
		bin = filepath.Join(s.dir, "bin-"+col.Tags+col.Arch)
		if err := testbin.Other(bin, col.Arch, col.Tags); err != nil {
			return err
		}
	case bin == "":
		built, err := testbin.Dir()
		if err != nil {
			return err
		}
		bin = built
	}
	capture := "auto"
	if col.PTY {
		capture = "pty"
	}
	col.Home = filepath.Join(s.dir, "home-"+col.Name)
	config := col.Home + ".toml"
	var text strings.Builder
	text.WriteString("version = 1\n")
	for _, name := range shimmed {
		fmt.Fprintf(&text, "\n[[shim]]\nname = %q\nkind = \"script\"\ncapture = %q\nforce = true\n", name, capture)
	}
	if err := os.WriteFile(config, []byte(text.String()), 0o644); err != nil {
		return err
	}
	cmd := exec.Command(filepath.Join(bin, "pi-track"), "install", "--no-pi", "--config", config)
	cmd.Env = append(os.Environ(), "PI_TRACK_HOME="+col.Home, "HOME="+s.dir)
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("pi-track install: %v\n%s", err, out)
	}
	return nil
}
