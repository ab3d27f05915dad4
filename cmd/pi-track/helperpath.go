//go:build linux || darwin || freebsd || openbsd

package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"pi-track/internal/discover"
	"pi-track/internal/piext"
	"pi-track/internal/piimport"
)

// helperPath is where helpers are looked up for the configuration: PATH, and
// then the directories that a login shell, Pi, or direnv in a project puts on it.
func helperPath() string {
	path := strings.TrimSuffix(os.Getenv("PATH"), ":")
	return strings.Join(append(filepath.SplitList(path), besidePath()...), ":")
}

// besidePath are the user's own directories, which a login shell of many systems
// puts on PATH once they exist, Pi's own directory for programs, and those of the
// projects in which Pi has been: .pi/bin, and what their .envrc adds to PATH.
var besidePath = sync.OnceValue(func() []string {
	dirs := userBins()
	if dir := piext.AgentDir(); dir != "" {
		dirs = append(dirs, filepath.Join(dir, "bin"))
	}
	return append(dirs, discover.ProjectDirs(discover.Projects(piSessions()))...)
})

// userBins are the user's own directories for programs.
func userBins() []string {
	home, err := os.UserHomeDir()
	if err != nil {
		return nil
	}
	return []string{filepath.Join(home, "bin"), filepath.Join(home, ".local/bin")}
}

// piSessions are Pi's session files.
var piSessions = sync.OnceValue(func() []string {
	home, err := os.UserHomeDir()
	if err != nil {
		return nil
	}
	sessions, _, _, _ := piimport.Find([]string{piimport.SessionDir(home, os.Getenv)}) // none is no error here
	return sessions
})

// onPath tells whether a directory is on the caller's own PATH.
func onPath(dir string) bool {
	return slices.ContainsFunc(filepath.SplitList(os.Getenv("PATH")), func(d string) bool { return filepath.Clean(d) == filepath.Clean(dir) })
}
