package log

import (
	"os"
	"strconv"
	"strings"
	"syscall"
)

// Home is the directory in which everything is kept: PI_TRACK_HOME, else
// runtime/tool-usage in the user's home directory. It is absolute, or "" when
// no home directory is known.
func Home() string {
	if home := os.Getenv("PI_TRACK_HOME"); home != "" {
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

// Path is the file of the log: chosen, the value of PI_TRACK_LOG, else
// configured, the path that the manifest names, else events.jsonl in home. It
// is absolute: a relative chosen path counts from the working directory, a
// relative configured path from home.
func Path(home, chosen, configured string) string {
	if chosen != "" {
		return absolute(chosen)
	}
	switch {
	case configured == "":
		return home + "/events.jsonl"
	case configured[0] != '/':
		return home + "/" + configured
	}
	return configured
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
