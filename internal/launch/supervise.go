package launch

import (
	"cmp"
	"errors"
	"os"
	"runtime"
	"strings"
	"syscall"
	"time"

	"pi-track/internal/event"
	"pi-track/internal/exec"
	"pi-track/internal/home"
	"pi-track/internal/log"
	"pi-track/internal/log/box"
	"pi-track/internal/redact"
)

// supervise runs the program, records the run and ends as the program ended.
func (c *call) supervise() {
	c.record().Exit()
}

// record runs the program between its two events and returns what became of
// it.
func (c *call) record() exec.Result {
	r := c.newRecorder()
	spec := exec.Spec{
		Path:      c.program,
		Argv:      c.argv,
		Env:       c.programEnv(r.event.ID, r.event.RootID),
		Capture:   c.capture(),
		Ring:      r.ring(),
		Started:   r.started,
		Replacing: r.box.Discard, // the program is about to run without a supervisor
		Tick:      r.tick,
	}
	result := exec.Supervise(spec)
	if result.Err != nil {
		r.started(0)
		r.finish(result, startFailure(c.name, result.Err))
		c.complain(result.Code, result.Err)
	}
	r.finish(result, "")
	return result
}

// ownSession is the second name of Pi's session, which Pi's extension sets: the
// first one, PI_SESSION_ID, is taken away by Pi's bash tool where an extension
// uses that without a context.
const ownSession = "PI_TRACK_SESSION"

// programEnv is the caller's environment with our own variables and what the
// configuration adds.
func (c *call) programEnv(id, root string) []string {
	env := setenv(c.env, home.EnvParent, id)
	if root == "" {
		root = id
	}
	env = setenv(env, home.EnvRoot, root)
	env = setenv(env, chainVariable, c.chain.supervised(c.self, c.identity).String())
	return c.configuredEnv(env)
}

// configuredEnv is env with what the configuration adds for the helper,
// recorded or not.
func (c *call) configuredEnv(env []string) []string {
	if c.shim == nil {
		return env
	}
	for _, kv := range c.shim.Env {
		if key, value, ok := strings.Cut(kv, "="); ok {
			env = setenv(env, key, value)
		}
	}
	return env
}

// ptyByDefault tells whether jobs and loops get a terminal of their own unasked.
// The pty of macOS and the BSDs has only been tried on Linux, under -tags portable.
const ptyByDefault = runtime.GOOS == "linux"

// capture maps kind and configuration to what the supervisor may interpose.
func (c *call) capture() exec.Capture {
	switch c.shim.Capture {
	case "off":
		return exec.CaptureOff
	case "pty":
		return exec.CapturePTY
	}
	if ptyByDefault && (c.shim.Kind == string(event.Job) || c.shim.Kind == string(event.Loop)) {
		return exec.CapturePTY
	}
	return exec.CaptureAuto
}

// recorder writes the events of one run.
type recorder struct {
	event event.Event // what the start and the end line have in common
	box   *box.Box    // logs the lines also when its file could not be made
	far   *scribe     // logs them instead where the log may hang; nil otherwise
	later *Search     // for the repository, where looking may hang; nil otherwise
	scope func(repo string) string
	begun time.Time
	logAt bool // the start line has been written
	env   []string
}

func (c *call) newRecorder() *recorder {
	now := time.Now()
	cwd := WorkingDir()
	r := &recorder{begun: now, env: c.env}
	r.event = event.Event{
		TS:       now,
		ID:       event.NewID(now),
		Name:     c.name,
		Status:   event.Started,
		CWD:      cwd,
		ParentID: getenv(c.env, home.EnvParent),
		RootID:   getenv(c.env, home.EnvRoot),
		Src:      c.src,
		Kind:     cmp.Or(event.Kind(c.shim.Kind), event.Script),
		TaskID:   c.taskID(),
		Rev:      c.rev(),
		Agent:    getenv(c.env, home.EnvAgent),
		Model:    getenv(c.env, home.EnvModel),
		Trial:    c.trial,
	}
	r.event.SessionID = c.sessionID()
	r.event.Repo, r.later = FindRepo(c.home, cwd)
	r.scope = func(repo string) string { return scopeOf(c.shim.Scope, c.program, repo, cwd) }
	r.event.Scope = r.scope(r.event.Repo)
	if c.manifest != nil {
		r.event.Host = c.manifest.Host
	}
	path := home.LogOf(c.home, getenv(c.env, home.EnvLog), c.manifest)
	var err error
	if r.box, err = box.New(c.home, r.event.ID, path, r.line(&r.event)); err != nil {
		r.event.Writer = log.Writer() // nothing else would show that this supervisor was killed
	}
	if c.capture() != exec.CaptureOff {
		r.box.Watch(2)
	}
	return r
}

func (r *recorder) ring() *exec.Ring {
	return &exec.Ring{Map: r.box.Ring, Store: r.box.Store}
}

// line makes room for a usual line at once: a slice that grows touches memory of
// each size on its way.
func (r *recorder) line(e *event.Event) []byte {
	clean := log.Clean(*e)
	return clean.Append(make([]byte, 0, 512))
}

// started writes the start line. It runs beside the program.
func (r *recorder) started(pid int) {
	if r.logAt {
		return
	}
	r.logAt = true
	r.event.PID = pid
	r.locate()
	line := r.line(&r.event)
	if r.far = newScribe(r.box); r.far != nil {
		r.far.start(line)
		return
	}
	r.box.Start(line)
}

// locate adds where the run is, once that is known.
func (r *recorder) locate() {
	if r.later == nil {
		return
	}
	if repo, known := r.later.Answer(); known {
		r.event.Repo, r.event.Scope = repo, r.scope(repo)
	}
}

func (r *recorder) tick() { r.box.Beat(time.Since(r.begun)) }

// finish writes the end line. text replaces what the program wrote to stderr
// as the short error text.
func (r *recorder) finish(result exec.Result, text string) {
	r.locate()
	e := r.event
	e.TS = time.Now()
	e.Status = statusOf(result)
	e.DurationMS = result.Duration.Milliseconds()
	if result.Signal != 0 {
		e.Signal = signalName(result.Signal)
	} else {
		code := result.Code
		e.ExitCode = &code
	}
	if e.Status != event.Succeeded {
		e.Error = text
		if text == "" {
			e.Error = redact.Summary(result.StderrEnd, r.env)
		}
		if e.Error == "" && result.Terminal {
			e.Stderr = "terminal"
		}
	}
	if result.PID != 0 {
		e.Rusage = &event.Rusage{
			UserMS:   result.UserTime.Milliseconds(),
			SysMS:    result.SysTime.Milliseconds(),
			MaxRSSKB: result.MaxRSSKB,
		}
	}
	if u := r.box.Usage(); u != (event.Usage{}) {
		e.Usage = &u
	}
	if r.far != nil {
		r.far.finish(r.line(&e))
		return
	}
	r.box.Finish(r.line(&e))
}

// startFailure is the short error text of a program that could not be started.
func startFailure(name string, err error) string {
	return redact.Text(name + ": " + errorText(err))
}

// notFound ends a call for which there is no program.
func (c *call) notFound() {
	if isOurName(c.name) && c.shim == nil {
		os.Stderr.WriteString("pi-track: error: " + c.name + ": command not found\n" +
			"pi-track: hint: this is the program behind all shims: call a helper by its name, or by the path of its shim without resolving the link\n")
		os.Exit(127)
	}
	c.complain(127, errNotFound)
}

var errNotFound = errors.New("command not found")

// complain says why the program could not be started, as a shell would, and
// ends the process.
func (c *call) complain(code int, err error) {
	name := c.program
	if name == "" {
		name = c.name
	}
	os.Stderr.WriteString("pi-track: error: " + name + ": " + errorText(err) + "\n")
	os.Exit(code)
}

// errorText is the message of the error number in err, with a capital letter
// as strerror writes it.
func errorText(err error) string {
	var errno syscall.Errno
	if !errors.As(err, &errno) {
		return err.Error()
	}
	text := []byte(errno.Error())
	if len(text) > 0 && text[0] >= 'a' && text[0] <= 'z' {
		text[0] -= 'a' - 'A'
	}
	return string(text)
}
