// Package home says where everything is kept: the state directory, the log, and what
// the installation's manifest says about them.
package home

import (
	"os"
	"strconv"
	"strings"
	"syscall"

	"pi-track/internal/manifest"
	"pi-track/internal/safefile"
)

// The environment variables that every part of pi-track reads or sets;
// docs/environment.md has all.
const (
	EnvHome    = "PI_TRACK_HOME"    // the state directory
	EnvLog     = "PI_TRACK_LOG"     // the log
	EnvDisable = "PI_TRACK_DISABLE" // switches recording off, see [Disabled]
	EnvParent  = "PI_TRACK_PARENT"  // set: the run around a program
	EnvRoot    = "PI_TRACK_ROOT"    // set: the outermost run
	EnvSession = "PI_TRACK_SESSION" // set: the session that 'run --session' named
	EnvAgent   = "PI_TRACK_AGENT"   // the agent that runs helpers
	EnvModel   = "PI_TRACK_MODEL"   // the model that it uses
)

// Installation is where an installation keeps things.
type Installation struct {
	Home     string             // the state directory, absolute; "" when none is known
	Log      string             // the log that is written
	Manifest *manifest.Manifest // nil when nothing usable is installed
}

// Find looks the installation up that the environment names. Nothing needs to exist.
func Find() Installation {
	p := Installation{Home: Dir()}
	if p.Home == "" {
		return p
	}
	if data, err := safefile.Read(p.Home+"/"+manifest.File, safefile.Limit); err == nil {
		p.Manifest, _ = manifest.Decode(data)
	}
	p.Log = LogOf(p.Home, os.Getenv(EnvLog), p.Manifest)
	return p
}

// Dir is the directory in which everything is kept: PI_TRACK_HOME, else
// runtime/tool-usage in the user's home directory. It is absolute, or "" when
// no home directory is known.
func Dir() string {
	if home := os.Getenv(EnvHome); home != "" {
		return absolute(home)
	}
	home := os.Getenv("HOME")
	if home == "" {
		home = passwdHome()
	}
	if home == "" {
		return ""
	}
	return absolute(home + "/runtime/tool-usage")
}

// Disabled says whether value, that of PI_TRACK_DISABLE, switches recording off:
// it is set, and not to 0, false, no or off.
func Disabled(value string) bool {
	switch strings.ToLower(value) {
	case "", "0", "false", "no", "off":
		return false
	}
	return true
}

// LogOf is the file of the log of the state directory home: chosen, the value of
// PI_TRACK_LOG, else the one that the manifest, which may be nil, names, else
// events.jsonl in home. It is absolute: a relative chosen path counts from the working
// directory, a relative configured path from home.
func LogOf(home, chosen string, m *manifest.Manifest) string {
	if chosen != "" {
		return absolute(chosen)
	}
	switch {
	case m == nil || m.Log == "":
		return home + "/events.jsonl"
	case m.Log[0] != '/':
		return home + "/" + m.Log
	}
	return m.Log
}

// absolute prefixes the working directory; where there is none the path is
// left as it is.
func absolute(path string) string {
	if path[0] == '/' {
		return path
	}
	wd, err := syscall.Getwd() // os.Getwd asks the file system
	if err != nil {
		return path
	}
	return strings.TrimSuffix(wd, "/") + "/" + strings.TrimPrefix(path, "./")
}

// passwdHome looks the home directory up where HOME is not set (cron, some
// service managers).
func passwdHome() string {
	b, err := os.ReadFile("/etc/passwd")
	if err != nil {
		return ""
	}
	uid := strconv.Itoa(os.Getuid())
	for line := range strings.Lines(string(b)) {
		f := strings.Split(strings.TrimSuffix(line, "\n"), ":")
		if len(f) == 7 && f[2] == uid && strings.HasPrefix(f[5], "/") {
			return f[5]
		}
	}
	return ""
}
