// Package launch is what happens when a shim is called: it finds the real
// program, has it supervised and records the run. It refuses to get in the
// way: whatever goes wrong here, the program runs as if the shim were not
// there.
package launch

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"pi-track/internal/exec"
	"pi-track/internal/lookup"
	"pi-track/internal/manifest"
)

// Helper does the work of a process that the supervisor started for itself, and
// tells whether args are of that sort. Every program that supervises calls it
// first.
func Helper(args []string) bool { return exec.Helper(args) }

// Main is the shim program. It ends the process as the helper ended.
func Main() {
	if Helper(os.Args) {
		return
	}
	c := newCall(os.Args, exec.InheritedEnv())
	if c.versionAsked() {
		printVersion()
	}
	c.find()
	if c.program == "" {
		c.notFound()
	}
	if c.plain() {
		c.replace()
	}
	c.supervise()
}

// IsShim tells whether this process was started as a shim: its program is
// called pi-track-shim, or the manifest beside it knows the name it was called
// by. It lets one binary serve as both programs.
func IsShim(args []string) bool {
	exe, err := os.Executable()
	if err != nil || len(args) == 0 {
		return false
	}
	if filepath.Base(exe) == lookup.ShimProgram {
		return true
	}
	path := called()
	if path == "" {
		path = args[0]
	}
	base := filepath.Base(path)
	if base == lookup.MainProgram || base == lookup.ReportProgram {
		return false
	}
	m, err := readManifest(filepath.Dir(filepath.Dir(exe)))
	if err != nil {
		return false
	}
	_, ok := m.Find(base)
	return ok
}

// call is one call of a helper.
type call struct {
	args []string  // as the caller gave them
	env  []string  // as the caller gave it
	self lookup.ID // the running program
	home string    // $PI_TRACK_HOME of the installation the shim belongs to
	src  string    // what the events name as their source

	manifest *manifest.Manifest // nil when missing or broken
	shim     *manifest.Shim     // nil when the manifest does not know the name; never nil for a call that is recorded
	name     string             // the helper's name
	own      bool               // argv[0] is of the caller's choice, not the helper's name
	task     string             // task id given on the command line of `pi-track run`

	chain    chain  // what a supervisor above has tried already
	reexec   bool   // the supervised program is calling its own name again
	program  string // file to execute; "" when there is none
	identity lookup.ID
	argv     []string
}

// newCall finds out which helper was called. The state is found from the shim
// program's own place, never from HOME, which sudo and cron change.
func newCall(args, env []string) *call {
	c := &call{args: args, env: env, src: "shim"}
	if len(args) == 0 {
		c.args = []string{""}
	}
	if exe, err := os.Executable(); err == nil {
		c.self, _ = lookup.Stat(exe)
		c.home = filepath.Dir(filepath.Dir(exe))
		c.manifest, err = readManifest(c.home)
		if os.IsNotExist(err) {
			c.adopt()
		}
	}
	c.setName(called())
	if c.manifest != nil {
		c.shim, _ = c.manifest.Find(c.name)
	}
	c.chain, c.reexec = readChain(env, c.name)
	return c
}

// adopt finds the state of a shim program that was copied somewhere else: that
// of the first real shim of the same name on PATH.
func (c *call) adopt() {
	lookup.Walk(filepath.Base(c.args[0]), getenv(c.env, "PATH"), nil, func(found lookup.Candidate) bool {
		if !found.Ours {
			return true
		}
		program, err := filepath.EvalSymlinks(found.Path)
		if err != nil {
			return true
		}
		home := filepath.Dir(filepath.Dir(program))
		m, err := readManifest(home)
		if err != nil {
			return true
		}
		c.home, c.manifest = home, m
		return false
	})
}

// setName finds the helper's name: by the path that was executed, since argv[0]
// is whatever a caller likes (exec -a), and if that does not tell it, because
// the shim program itself was executed, by argv[0].
func (c *call) setName(path string) {
	name, known := c.nameOf(path)
	if known {
		c.name, c.own = name, filepath.Base(c.args[0]) != filepath.Base(path)
		return
	}
	c.name, _ = c.nameOf(c.args[0])
}

// nameOf is the base of a path and whether the manifest knows it. If it does
// not and the path is a link, the link is followed one step at a time until a
// known name appears.
func (c *call) nameOf(path string) (string, bool) {
	first := filepath.Base(path)
	if c.manifest == nil {
		return first, false
	}
	for range 40 {
		name := filepath.Base(path)
		if _, ok := c.manifest.Find(name); ok {
			return name, true
		}
		text, err := os.Readlink(path)
		if err != nil {
			break
		}
		if !filepath.IsAbs(text) {
			text = filepath.Join(filepath.Dir(path), text)
		}
		path = text
	}
	return first, false
}

// find sets the program to execute and its argument vector.
func (c *call) find() {
	path := c.name
	rest := c.args[1:]
	if c.shim != nil {
		if c.shim.Real != "" {
			if id, ok := lookup.Stat(c.shim.Real); ok {
				c.set(c.shim.Real, id, rest)
				return
			}
		}
		if len(c.shim.Command) > 0 {
			path, c.own = c.shim.Command[0], false
			rest = append(append([]string{}, c.shim.Command[1:]...), rest...)
		}
	}
	if strings.Contains(path, "/") {
		if id, ok := lookup.Stat(path); ok {
			c.set(path, id, rest)
		}
		return
	}
	search := getenv(c.env, "PATH")
	ours := []lookup.ID{c.self}
	found, ok := lookup.Find(path, search, ours, c.chain.tried(c.reexec))
	if !ok && c.reexec {
		// Everything has been tried: the program calls itself on purpose.
		found, ok = lookup.Find(path, search, ours, nil)
	}
	if ok {
		c.set(found.Path, found.ID, rest)
	}
}

// set fixes the program. Its argv[0] is the path it was found at, not resolved
// further: virtual environments, busybox and version managers look at it. One
// that the caller chose stays.
func (c *call) set(path string, id lookup.ID, args []string) {
	c.program, c.identity = path, id
	c.argv = append([]string{path}, args...)
	if c.own {
		c.argv[0] = c.args[0]
	}
}

// plain tells whether the call is to be handed through without a record.
func (c *call) plain() bool {
	return c.shim == nil || c.shim.Disabled || c.reexec || c.chain.depth >= maxDepth ||
		getenv(c.env, "PI_TRACK_DISABLE") == "1"
}

// replace becomes the program. It returns only to end the process.
func (c *call) replace() {
	env := c.configuredEnv(c.env)
	if c.reexec {
		env = setenv(env, chainVariable, c.chain.add(c.identity).String())
	}
	err := exec.Replace(c.program, c.argv, env)
	code := 126
	if os.IsNotExist(err) {
		code = 127
	}
	c.complain(code, err)
}

// readManifest reads the manifest of the installation at home.
func readManifest(home string) (*manifest.Manifest, error) {
	data, err := readFile(filepath.Join(home, manifest.File))
	if err != nil {
		return nil, err
	}
	return manifest.Decode(data)
}

// readFile reads a file with plain system calls: package os would start the
// runtime's poller, which costs each call more than all the rest of this.
func readFile(name string) ([]byte, error) {
	fd, err := syscall.Open(name, syscall.O_RDONLY|syscall.O_CLOEXEC, 0)
	if err != nil {
		return nil, &os.PathError{Op: "open", Path: name, Err: err}
	}
	defer syscall.Close(fd)
	var st syscall.Stat_t
	if err := syscall.Fstat(fd, &st); err != nil {
		return nil, &os.PathError{Op: "stat", Path: name, Err: err}
	}
	data := make([]byte, st.Size)
	for n := 0; n < len(data); {
		m, err := syscall.Read(fd, data[n:])
		switch {
		case err == syscall.EINTR:
		case err != nil:
			return nil, &os.PathError{Op: "read", Path: name, Err: err}
		case m == 0:
			return data[:n], nil
		default:
			n += m
		}
	}
	return data, nil
}
