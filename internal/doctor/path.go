package doctor

import (
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"pi-track/internal/lookup"
	"pi-track/internal/piext"
	"pi-track/internal/shim"
)

// shellLimit is how long a login shell may take to start.
const shellLimit = 10 * time.Second

// pathMark precedes PATH in a shell's answer: rc files may print too.
const pathMark = "pi-track-path="

// checkPath looks for the shim directory on PATH: here, in a login bash and
// zsh, and whether something before it hides a shim.
func (fs *findings) checkPath(c Config, names []string) {
	shims := c.Layout.ShimDir()
	hint := "add the line that 'pi-track env' prints to your shell's rc file, or run 'pi-track install --rc'"
	here := filepath.SplitList(c.getenv("PATH"))
	switch at := dirIndex(here, shims); {
	case at < 0 && len(startupFiles(c)) > 0:
		fs.warn("path", "open a new shell: "+startupFiles(c)[0]+" puts it there", "PATH of this shell lacks %s", shims)
	case at < 0:
		fs.warn("path", hint, "PATH of this shell lacks %s", shims)
	case len(shadowed(here[:at], names)) > 0:
		fs.warn("path", hint+"; the shim directory must come first", "before the shims on PATH of this shell: %s",
			strings.Join(shadowed(here[:at], names), ", "))
	default:
		fs.ok("path", "PATH of this shell has the shim directory")
	}
	for _, shell := range []string{"bash", "zsh"} {
		fs.checkShell(c, shell, "-lic", shims, names, "run 'pi-track install --rc --shell "+shell+"', or add the line that 'pi-track env' prints")
	}
	// What starts commands so, as agents do, gets no startup file for interactive shells.
	for _, shell := range []string{"bash", "sh", "zsh"} {
		serves := "run 'pi-track install --rc', which serves it too"
		if shell == "zsh" {
			serves = "run 'pi-track install --rc --shell zsh', which serves it too"
		}
		fs.checkShell(c, shell, "-lc", shims, names, serves)
	}
	// Pi puts its own directory in front of PATH for the commands it runs; the
	// extension puts the shims before it.
	agent := piext.AgentDir()
	if st, err := os.Stat(piext.Dir(agent)); err == nil && st.IsDir() || piext.Package(agent) != "" {
		return
	}
	if hiding := shadowed([]string{filepath.Join(agent, "bin")}, names); len(hiding) > 0 {
		fs.warn("path", "inside Pi these win over the shims: install its extension by 'pi-track install'",
			"in Pi's own bin directory: %s", strings.Join(hiding, ", "))
	}
}

// startupFiles are those into which install wrote.
func startupFiles(c Config) []string {
	receipt, err := shim.ReadReceipt(c.Layout)
	if err != nil {
		return nil // another check says so
	}
	var files []string
	for _, f := range receipt.RC {
		files = append(files, f.Path)
	}
	return files
}

// checkShell asks a login shell for its PATH. Shims may be wanted in some
// shells only, or inside Pi only, where its extension sets PATH: a login shell
// without them is no fault. One that hides them is, if it is the user's own.
func (fs *findings) checkShell(c Config, shell, flags, shims string, names []string, hint string) {
	file := program(c, shell)
	if file == "" {
		return
	}
	list, err := shellPath(c, file, flags)
	at := dirIndex(list, shims)
	what := "a login " + shell
	if flags == "-lc" {
		what = "'" + shell + " -lc'"
	}
	switch {
	case err != nil:
		fs.note("path", "run '"+shell+" "+flags+" true' and read what it prints", "cannot ask %s: %v", what, err)
	case at < 0:
		if shell == "bash" && flags == "-lic" {
			hint += "; a login bash reads ~/.bash_profile or ~/.profile, which may have to read ~/.bashrc"
		}
		fs.note("path", hint, "PATH of %s lacks the shim directory", what)
	case len(shadowed(list[:at], names)) > 0:
		level := Note
		if filepath.Base(c.getenv("SHELL")) == shell {
			level = Warning
		}
		fs.add("path", level, hint+behindHint(runtime.GOOS), "before the shims on PATH of %s: %s", what,
			strings.Join(shadowed(list[:at], names), ", "))
	default:
		fs.ok("path", "PATH of %s has the shim directory", what)
	}
}

// behindHint is what to do where a login shell has the shims behind others.
func behindHint(goos string) string {
	hint := "; the shim directory must come first"
	if goos == "darwin" {
		hint += "; path_helper in /etc/zprofile and /etc/profile moves it back in login shells, so that the line must be in ~/.zprofile or ~/.bash_profile too, at the end"
	}
	return hint
}

// shellPath is PATH as a login shell with these flags sees it that starts from a
// bare environment, the way a new terminal does.
func shellPath(c Config, shell, flags string) ([]string, error) {
	env := []string{"PATH=/usr/local/bin:/usr/bin:/bin", "TERM=dumb", "SHELL=" + shell}
	for _, name := range []string{"HOME", "USER", "LOGNAME", "LANG", "ZDOTDIR", "XDG_CONFIG_HOME"} {
		if v := c.getenv(name); v != "" {
			env = append(env, name+"="+v)
		}
	}
	text, err := output(shellLimit, env, shell, flags, `printf '\n%s%s\n' '`+pathMark+`' "$PATH"`)
	at := strings.LastIndex(text, pathMark)
	if at < 0 {
		return nil, err
	}
	line, _, _ := strings.Cut(text[at+len(pathMark):], "\n")
	return filepath.SplitList(line), nil
}

// dirIndex is the first entry of list that is the directory dir, -1 if none
// is. Directories are compared, not their names: a trailing slash or a link
// makes no difference.
func dirIndex(list []string, dir string) int {
	want, err := os.Stat(dir)
	if err != nil {
		return -1
	}
	return slices.IndexFunc(list, func(entry string) bool {
		got, err := os.Stat(entry)
		return err == nil && os.SameFile(got, want)
	})
}

// shadowed lists the programs in dirs that have one of the names and are not
// ours: they run instead of the shims.
func shadowed(dirs, names []string) []string {
	var hiding []string
	if len(dirs) == 0 {
		return nil // an empty list would mean the working directory
	}
	list := strings.Join(dirs, string(filepath.ListSeparator))
	for _, name := range names {
		if c, ok := lookup.Find(name, list, nil, nil); ok && c.Executable {
			hiding = append(hiding, c.Path)
		}
	}
	return hiding
}

// program is the first program called name on PATH that is not ours, "" without
// one.
func program(c Config, name string) string {
	found, ok := lookup.Find(name, c.getenv("PATH"), nil, nil)
	if !ok || !found.Executable {
		return ""
	}
	return found.Path
}
