//go:build linux

package main

import (
	"embed"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

//go:embed probe/*.c probe/*.h
var probeSource embed.FS

// buildProbe compiles the probe, statically where the C library allows it: it
// then starts even under the narrowest limits.
func buildProbe(path string) error {
	gcc := findTool("gcc")
	if gcc == "" {
		return fmt.Errorf("gcc is not installed: the probe is a C program")
	}
	source := filepath.Join(filepath.Dir(path), "..", "source")
	for _, dir := range []string{source, filepath.Dir(path)} {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			return err
		}
	}
	entries, err := probeSource.ReadDir("probe")
	if err != nil {
		return err
	}
	args := []string{"-std=gnu11", "-O1", "-static", "-o", path}
	for _, e := range entries {
		text, err := probeSource.ReadFile("probe/" + e.Name())
		if err != nil {
			return err
		}
		name := filepath.Join(source, e.Name())
		if err := os.WriteFile(name, text, 0o644); err != nil {
			return err
		}
		if strings.HasSuffix(name, ".c") {
			args = append(args, name)
		}
	}
	if out, err := exec.Command(gcc, args...).CombinedOutput(); err != nil {
		return fmt.Errorf("gcc: %v\n%s", err, out)
	}
	return nil
}

// columns makes the columns: bare, and those asked for.
func (s *Suite) columns(names string, wrappers []string) ([]*Column, error) {
	cols := []*Column{{Name: "bare"}}
	wanted := map[string]bool{}
	for _, name := range strings.Split(names, ",") {
		wanted[strings.TrimSpace(name)] = true
	}
	all := names == "" && len(wrappers) == 0
	for _, col := range shims() {
		if all && col.Arch == "" || wanted[col.Name] {
			if err := s.install(col); err != nil {
				return nil, err
			}
			cols = append(cols, col)
		}
		delete(wanted, col.Name)
	}
	for _, peer := range peers {
		name, _, _ := strings.Cut(peer, "=")
		if all && findTool(name) == "" || !all && !wanted[name] {
			continue
		}
		delete(wanted, name)
		wrappers = append(wrappers, peer)
	}
	for _, text := range wrappers {
		col, err := parseWrapper(text)
		if err != nil {
			return nil, err
		}
		cols = append(cols, col)
	}
	delete(wanted, "")
	delete(wanted, "bare")
	for name := range wanted {
		return nil, fmt.Errorf("no column is called %q", name)
	}
	for _, col := range cols {
		col.Path = filepath.Dir(s.probe) + ":/usr/bin:/bin:/usr/local/bin"
		if col.Home != "" {
			col.Path = filepath.Join(col.Home, "shims") + ":" + col.Path
		}
	}
	return cols, nil
}

// env is the usual environment of a program under test.
func (t *T) env() []string {
	return []string{"PATH=" + t.col.Path, "HOME=" + t.dir, "LANG=C.UTF-8", "TERM=dumb", "INPUTRC=/dev/null"}
}
