package doctor

import (
	"os"
	"strings"
	"time"

	"pi-track/internal/piext"
)

// piLimit is how long Pi may take to say its version: it starts node.
const piLimit = 20 * time.Second

// checkPi looks for Pi, asks its version, and looks at the extension.
func (fs *findings) checkPi(c Config) {
	agentDir := piext.AgentDir()
	file := program(c, "pi")
	if file == "" {
		if agentDir == "" || !piext.HasPi(agentDir) {
			fs.note("pi", "without Pi only shims and 'pi-track run' record", "Pi is not on this machine")
			return
		}
		fs.note("pi", "put it on PATH", "there is no 'pi' on PATH, but %s", agentDir)
	} else {
		fs.checkVersion(file)
	}
	fs.checkExtension(agentDir)
}

func (fs *findings) checkVersion(file string) {
	text, err := output(piLimit, os.Environ(), file, "--version")
	if err == nil && strings.TrimSpace(text) == "" {
		text, err = capture(2, piLimit, os.Environ(), file, "--version") // where some versions write it
	}
	version, _, _ := strings.Cut(strings.TrimSpace(text), "\n")
	switch {
	case err != nil:
		fs.warn("pi", "run '"+file+" --version' and read what it prints", "cannot get its version: %v", err)
	case version == "":
		fs.note("pi", "", "%s does not print its version", file)
	default:
		fs.ok("pi", "%s, version %.60s", file, version)
	}
}

func (fs *findings) checkExtension(agentDir string) {
	state, err := piext.Check(agentDir)
	switch {
	case err != nil:
		fs.warn("extension", runInstall, "%v", err)
	case !state.Present && piext.Package(agentDir) != "":
		fs.ok("extension", "Pi has it as the package %s; 'pi update' keeps it current", piext.Package(agentDir))
	case !state.Present:
		fs.warn("extension", runInstall+": what runs inside Pi is not recorded without it", "it is not in %s", state.Dir)
	case len(state.Changed) > 0:
		fs.note("extension", "remove them and "+runInstall+" to go back to ours", "changed by hand: %s", strings.Join(state.Changed, ", "))
	case !state.Current:
		fs.warn("extension", runInstall+", then /reload in Pi", "%s is from another version of pi-track", state.Dir)
	default:
		fs.ok("extension", "%s is present and current", state.Dir)
	}
}
