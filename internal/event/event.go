package event

import "time"

// Version is the schema version that this package writes. A reader takes
// lines up to its own version, counts newer ones and skips them.
const Version = 1

// MaxLine is the longest line in bytes, its newline included. The error text
// is cut until the line fits.
const MaxLine = 4096

// MaxInteger is the largest integer of a line: JavaScript's largest safe one.
const MaxInteger = 1<<53 - 1

// Kind says what sort of helper ran.
type Kind string

// The kinds of helpers.
const (
	ExtensionTool    Kind = "extension_tool"
	ExtensionCommand Kind = "extension_command"
	Script           Kind = "script"
	Job              Kind = "job"
	Loop             Kind = "loop"
	Skill            Kind = "skill"  // a skill of Pi was used; its status says nothing of the skill
	Prompt           Kind = "prompt" // a prompt template of Pi, likewise
)

// Status says what became of a run.
type Status string

// The states of a run. Every state but Started ends it.
const (
	Started   Status = "started"
	Succeeded Status = "succeeded"
	Failed    Status = "failed"
	Cancelled Status = "cancelled"
)

// OfExit is what an exit status alone says of a run: 0 is success, 130 (128 and
// the number of SIGINT) that a person interrupted it, whoever caught the signal
// and whether there was one, and any other failure.
func OfExit(status int) Status {
	switch status {
	case 0:
		return Succeeded
	case 130:
		return Cancelled
	}
	return Failed
}

// Event is one line. Empty fields are left out of the line.
type Event struct {
	TS     time.Time // start line: when the run started; end line: when the line was written
	V      int       // schema version; 0 is written as Version
	ID     string    // UUIDv7 of the run
	Kind   Kind
	Name   string // the helper's name as the user calls it
	Status Status

	DurationMS int64  // end lines only; from the monotonic clock
	ExitCode   *int   // 0–255; nil without a process and after death by a signal
	Signal     string // TERM, KILL, … when it died of one
	Error      string // error_summary: ≤ 200 characters, redacted, one line

	CWD       string // working directory at start
	Scope     string // global or project
	Repo      string // root of the git work tree that holds CWD
	SessionID string
	TaskID    string
	ParentID  string // the run that started this one
	RootID    string // the outermost run
	Host      string // random id of the installation
	PID       int    // of the program
	Src       string // shim, run, extension, emit, import or reaped
	Usage     *Usage
	Rusage    *Rusage
	CallID    string // extension tools: Pi's tool call id
	Ext       string // extension tools and commands: the extension's name
	Rev       string // which file ran, see package launch: another one is another revision
	Agent     string // the agent that ran it, with its version: pi 1.6.0
	Model     string // the model that the agent used
	Trial     Trial
	Writer    string // start lines without a black box: which process wrote it, see package log
	Inferred  string // end lines of extension tools: the rule by which the status was inferred
	Stderr    string // end lines that could not have an error text: terminal, stderr was one and was not kept

	Extra []Member // keys this version does not know, kept as they were
}

// Trial is a run's part in an experiment.
type Trial struct {
	Experiment string // its id
	Arm        string // on, off, a or b
}

// Usage is what a run spent on models. What is not known is zero.
type Usage struct {
	Tokens     int64 // total
	Input      int64
	Output     int64
	CacheRead  int64
	CacheWrite int64
	Cost       float64 // USD
	Model      string
}

// Rusage is what the program and the children it waited for consumed.
type Rusage struct {
	UserMS   int64
	SysMS    int64
	MaxRSSKB int64
}

// Member is one key of a JSON object with its raw value.
type Member struct {
	Key string
	Raw []byte
}
