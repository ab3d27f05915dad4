package launch

import (
	"cmp"
	"path/filepath"

	"pi-track/internal/exec"
	"pi-track/internal/home"
	"pi-track/internal/lookup"
	"pi-track/internal/manifest"
)

// Options are what `pi-track run` adds to a plain call.
type Options struct {
	Home    string // $PI_TRACK_HOME
	Name    string // the helper's name; "" for the base of the command
	Kind    string // script, job or loop; "" for what the configuration says
	Task    string // task id, also of what runs below; "" for what the environment says
	Session string // Pi's session, likewise
}

// Run supervises the command in argv as a shim would and ends the process as
// the command ended. The command is looked up on PATH behind the shims.
func Run(o Options, argv []string) {
	env := o.environment(exec.InheritedEnv())
	c := &call{args: argv, env: env, home: o.Home, src: "run", task: o.Task, session: o.Session}
	c.manifest, _ = readManifest(o.Home)
	c.name = filepath.Base(argv[0])
	if o.Name != "" {
		c.name = o.Name
	}
	c.chain = readChain(env, c.name)
	c.findCommand(argv)
	if c.program == "" {
		c.name = argv[0] // what was looked for, not what the run would be called
		c.notFound()
	}
	s := manifest.DefaultShim()
	if c.manifest != nil {
		if found, ok := c.manifest.Find(c.name); ok {
			s = *found
		}
	}
	s.Kind = cmp.Or(o.Kind, s.Kind)
	c.shim = &s
	if home.Disabled(getenv(env, home.EnvDisable)) {
		c.replace()
	}
	c.supervise()
}

// environment is env with the task and the session for the run and for what
// it starts.
func (o Options) environment(env []string) []string {
	if o.Task != "" {
		env = setenv(env, "PI_TASK_ID", o.Task)
	}
	if o.Session != "" {
		env = setenv(setenv(env, "PI_SESSION_ID", o.Session), ownSession, o.Session)
	}
	return env
}

// findCommand sets the program for a command line as a shell would, passing
// over our own shims: the run is recorded once, here. argv[0] stays as it is.
func (c *call) findCommand(argv []string) {
	if found, ok := lookup.Resolve(lookup.Query{Name: argv[0], Path: searchPath(c.env), Typed: true}); ok {
		c.program, c.identity = found.Path, found.ID
	}
	c.argv = argv
}
