//go:build linux || darwin || freebsd || openbsd

package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	pitrack "pi-track"
	"pi-track/internal/home"
	"pi-track/internal/lookup"
	"pi-track/internal/safefile"
	"pi-track/internal/shim"
)

// layout is the installation that PI_TRACK_HOME or the user's home names.
func layout() (shim.Layout, error) {
	dir := home.Dir()
	if !filepath.IsAbs(dir) {
		return shim.Layout{}, usageErrorf("set PI_TRACK_HOME to an absolute path, or set HOME", "no state directory: %q is not an absolute path", dir)
	}
	if strings.ContainsAny(dir, ":\n\x00") {
		return shim.Layout{}, usageErrorf("a directory on PATH cannot contain : or a newline", "%q cannot hold the shim directory", dir)
	}
	return shim.Layout{Home: filepath.Clean(dir)}, nil
}

// configFile is where the configuration lies when no --config is given.
func configFile() (string, error) {
	dir := os.Getenv("XDG_CONFIG_HOME")
	if !filepath.IsAbs(dir) {
		home, err := os.UserHomeDir()
		if err != nil {
			return "", usageErrorf("set HOME, or name the file with --config", "no configuration: %w", err)
		}
		dir = filepath.Join(home, ".config")
	}
	return filepath.Join(dir, "pi-track", "shims.toml"), nil
}

// readConfig reads the configuration named by flag, else the user's own, else
// the embedded one; fresh says that it is the embedded one and stands nowhere
// yet.
func readConfig(flag string) (cfg *shim.Config, fresh bool, err error) {
	file := flag
	if file == "" {
		if file, err = configFile(); err != nil {
			return nil, false, err
		}
	}
	if file, err = filepath.Abs(file); err != nil {
		return nil, false, err
	}
	data, err := readConfigFile(file, flag != "")
	if flag == "" && errors.Is(err, fs.ErrNotExist) {
		data, err, fresh = pitrack.DefaultConfig, nil, true
	}
	if err != nil {
		return nil, false, usageErrorf("name a shims.toml that can be read", "%w", err)
	}
	home, _ := os.UserHomeDir()
	cfg, err = shim.ParseConfig(file, data, home)
	return cfg, fresh, err
}

// readConfigFile reads a configuration. One that the user named may come out of
// a pipe, which somebody has to write to: one that nobody writes to would be
// waited for, for ever.
func readConfigFile(file string, named bool) ([]byte, error) {
	st, err := os.Stat(file)
	if !named || err != nil || st.Mode().Type() != fs.ModeNamedPipe {
		return safefile.Read(file, safefile.Limit)
	}
	f, err := os.OpenFile(file, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, safefile.Limit+1))
	switch {
	case err != nil:
		return nil, err
	case len(data) == 0:
		return nil, fmt.Errorf("%s: a pipe that nobody writes to", file)
	case len(data) > safefile.Limit:
		return nil, fmt.Errorf("%s: %w", file, safefile.ErrTooLarge)
	}
	return data, nil
}

// shellName is the user's shell, or what flag names.
func shellName(flag string) (string, error) {
	name := flag
	if name == "" {
		name = filepath.Base(os.Getenv("SHELL"))
		if os.Getenv("SHELL") == "" {
			name = "bash"
		}
	}
	for _, s := range shim.Shells {
		if s == name {
			return name, nil
		}
	}
	hint := nearestOr(name, shim.Shells, "say which one with --shell: "+strings.Join(shim.Shells, ", "))
	return "", usageErrorf(hint, "pi-track writes no code for the shell %q", name)
}

// firstOnPath is the first executable file called name on PATH that is not a
// shim, "" for none.
func firstOnPath(name string) string {
	c, ok := lookup.Find(name, os.Getenv("PATH"), nil, nil)
	if !ok || !c.Executable {
		return ""
	}
	return c.Path
}
