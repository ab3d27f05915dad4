// Package launch does what happens when a shim is called: it finds the real program,
// has it supervised and records the run. It never gets in the way. Whatever goes wrong
// here, the program runs as if there were no shim.
//
// # argv[0]
//
// The program's argv[0] is the path at which it was found, not what the caller wrote. So
// GNU programs begin their messages with "/usr/bin/ls:", and $(MAKE) bypasses the shim.
//
// Programs that locate themselves need this. Given the caller's "python3", such a program
// searches PATH and finds the shim: a virtual environment is not found, sys.executable is
// the shim, and gcc does not find its cc1. This holds in /usr/bin, too. Files do not tell
// which programs locate themselves, and a list would fail for the first program that is
// missing from it. A path in a message breaks nothing; a wrong argv[0] does.
//
// What the caller chose stays, be it by exec -a or by a link of its own to the shim: the
// bare program would find that, too.
package launch

import (
	"os"
	"path/filepath"

	"pi-track/internal/event"
	"pi-track/internal/exec"
	"pi-track/internal/home"
	"pi-track/internal/lookup"
	"pi-track/internal/manifest"
	"pi-track/internal/safefile"
)

// Internal does the work of a process that a supervisor started for itself, and
// tells whether args are of that sort. Every program that supervises calls it
// first.
func Internal(args []string) bool { return exec.Drain(args) || scribeFor(args) || searchFor(args) }

// Main is the shim program. It ends the process as the helper ended.
func Main() {
	if Internal(os.Args) {
		return
	}
	c := newCall(os.Args, exec.InheritedEnv())
	if c.versionAsked() {
		printVersion()
	}
	c.draw()
	c.find()
	if c.program == "" {
		c.notFound()
	}
	if c.plain() {
		c.replace()
	}
	if c.trial.Arm == "off" {
		c.switchedOff()
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
	c := call{args: args}
	c.setName(called())
	if isOurName(c.name) {
		return false
	}
	m, err := readManifest(filepath.Dir(filepath.Dir(exe)))
	if err != nil {
		return false
	}
	_, ok := m.Find(c.name)
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
	session  string             // Pi's session, likewise
	trial    event.Trial        // the helper's experiment and the call's arm in it

	chain    chain  // what this process, or a supervisor above, has been through
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
	c.setName(called())
	if exe, err := os.Executable(); err == nil {
		c.self, _ = lookup.Stat(exe)
		c.home = filepath.Dir(filepath.Dir(exe))
		c.manifest, err = readManifest(c.home)
		if os.IsNotExist(err) {
			c.adopt()
		}
	}
	if c.manifest != nil {
		c.shim, _ = c.manifest.Find(c.name)
	}
	c.chain = readChain(env, c.name)
	return c
}

// adopt finds the state of a shim program that was copied somewhere else: that
// of the first real shim of the same name on PATH.
func (c *call) adopt() {
	lookup.Walk(c.name, searchPath(c.env), nil, func(found lookup.Candidate) bool {
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

// find sets the program to execute and its argument vector.
func (c *call) find() {
	if c.chain.endless() {
		return
	}
	rest := c.args[1:]
	if second := c.second(); len(second) > 0 {
		if found, ok := c.resolve(lookup.Query{Name: second[0]}); ok {
			c.own = false
			c.set(found.Path, found.ID, append(append([]string{}, second[1:]...), rest...))
			return
		}
		c.trial = event.Trial{} // nothing may get in the way of the helper
	}
	q := lookup.Query{Name: c.name}
	if c.shim != nil {
		if q.Pin = c.shim.Real; len(c.shim.Command) > 0 {
			q.Alias = c.shim.Command[0]
		}
	}
	found, ok := c.resolve(q)
	if found.Aliased {
		c.own = false
		rest = append(append([]string{}, c.shim.Command[1:]...), rest...)
	}
	if ok {
		c.set(found.Path, found.ID, rest)
	}
}

// resolve answers q for this call.
func (c *call) resolve(q lookup.Query) (lookup.Found, bool) {
	q.Path, q.Ours = searchPath(c.env), c.ours()
	if len(c.chain.tried) > 0 {
		q.Tried = c.chain.wasTried
	}
	return lookup.Resolve(q)
}

// ours are the programs of pi-track that this call has been through.
func (c *call) ours() []lookup.ID { return with(c.chain.ours, c.self) }

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
	return c.shim == nil || c.shim.Disabled || c.chain.reexec || c.chain.depth >= maxDepth ||
		home.Disabled(getenv(c.env, home.EnvDisable))
}

// replace becomes the program. It returns only to end the process.
func (c *call) replace() {
	env := setenv(c.configuredEnv(c.env), chainVariable, c.chain.handed(c.self, c.identity).String())
	err := exec.Replace(c.program, c.argv, env)
	code := 126
	if os.IsNotExist(err) {
		code = 127
	}
	c.complain(code, err)
}

// readManifest reads the manifest of the installation at home. One that somebody
// else could have made or changed decides nothing.
func readManifest(home string) (*manifest.Manifest, error) {
	data, err := safefile.ReadTrusted(home+"/"+manifest.File, safefile.Limit)
	if err != nil {
		return nil, err
	}
	return manifest.Decode(data)
}
