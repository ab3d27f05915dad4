// Package piext puts the Pi extension into Pi's agent directory and takes it
// away again. An extension that fails to load stops Pi, so the files appear
// all at once by a rename and go entry first; and nothing that the user wrote
// or changed is ever overwritten or removed.
package piext

import (
	"os"
	"path/filepath"
	"strings"

	"pi-track/extensions"
)

// What an Action did, or would do.
const (
	Added     = "added"
	Updated   = "updated"
	Unchanged = "unchanged"
	Removed   = "removed"
	Kept      = "kept" // the user's: changed after the installation, or never ours
)

// Action is one thing that Install or Uninstall did to a path.
type Action struct {
	Path string
	What string // one of the constants above
	Why  string // a reason for the user, where What alone does not tell
}

// Options say where things are. All paths are absolute.
type Options struct {
	AgentDir string // Pi's agent directory, see AgentDir
	Home     string // pi-track's home
	Log      string // the log, as the extension is to use it
	Bin      string // the command line program
	DryRun   bool   // change nothing, return what would be done
}

// AgentDir is Pi's agent directory by Pi's own rule: PI_CODING_AGENT_DIR
// (a leading ~ is expanded), else .pi/agent in the user's home directory.
// It is "" when no home directory is known.
func AgentDir() string {
	home, err := os.UserHomeDir()
	dir := os.Getenv("PI_CODING_AGENT_DIR")
	switch {
	case dir == "" && err != nil:
		return ""
	case dir == "":
		return filepath.Join(home, ".pi", "agent")
	case dir == "~" || strings.HasPrefix(dir, "~/"):
		return filepath.Join(home, dir[1:])
	}
	abs, err := filepath.Abs(dir)
	if err != nil {
		return dir
	}
	return abs
}

// Dir is the extension's directory inside an agent directory.
func Dir(agentDir string) string {
	return filepath.Join(agentDir, "extensions", "pi-track")
}

// HasPi says whether this machine has Pi as far as can be seen: its agent
// directory, or a program called pi on PATH.
func HasPi(agentDir string) bool {
	if st, err := os.Stat(agentDir); err == nil && st.IsDir() {
		return true
	}
	for _, dir := range filepath.SplitList(os.Getenv("PATH")) {
		st, err := os.Stat(filepath.Join(dir, "pi"))
		if err == nil && st.Mode().IsRegular() && st.Mode()&0o111 != 0 {
			return true
		}
	}
	return false
}

// State is what Check found.
type State struct {
	Dir     string   // the extension's directory
	Present bool     // Pi would load it
	Current bool     // its files are those of this program
	Ours    bool     // it was made by Install
	Changed []string // files that the user changed, absolute paths
}

// Check looks at the installed extension and changes nothing.
func Check(agentDir string) (State, error) {
	s := State{Dir: Dir(agentDir)}
	found, err := look(s.Dir)
	if err != nil {
		return s, err
	}
	s.Present = found.sums[extensions.Entry] != "" || found.sums[extensions.Loader] != ""
	s.Ours = found.receipt != nil
	s.Changed = found.changed()
	s.Current = s.Present
	for name, data := range extensions.Files() {
		if found.sums[name] != sum(data) {
			s.Current = false
		}
	}
	return s, nil
}
