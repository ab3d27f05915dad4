package exec

import (
	"syscall"
	"time"
)

// Capture says how much may be interposed to keep the tail of stderr.
type Capture uint8

// The capture modes.
const (
	CaptureAuto Capture = iota // relay pipes and sockets, leave a terminal alone
	CapturePTY                 // like auto, and a pty in front of a terminal
	CaptureOff                 // hand every descriptor through
)

// TailSize is how many bytes of stderr are kept.
const TailSize = 4096

// Spec is one program to run.
type Spec struct {
	Path    string   // the file to execute
	Argv    []string // argument vector, argv[0] included
	Env     []string // complete environment, byte for byte (see InheritedEnv)
	Capture Capture

	// Ring is the memory that keeps the last bytes of stderr while the
	// program runs; nil lets Supervise use memory of its own.
	Ring *Ring

	// Started is called once, right after the program has been started. The
	// program is already running: the call delays nothing but the relay.
	Started func(pid int)

	// Replacing is called when no supervision is possible (no descriptor for
	// the signals, no process left) and the program is about to be executed in
	// place of this one: what was prepared for a record should be withdrawn.
	Replacing func()

	// Tick is called about once a second while the program runs.
	Tick func()
}

// Ring is a byte ring in memory that another process may read after this one
// has died: byte i of the stream lies at Bytes[i % len(Bytes)], and *Total is
// the number of bytes written so far (stored after the bytes).
type Ring struct {
	Bytes []byte
	Total *uint64

	// Map, if set, gives Bytes and Total when there is something to be stored
	// for the first time: most programs write nothing to stderr.
	Map func() (bytes []byte, total *uint64)

	// Store, if set beside Map, stores b where Bytes will show it, from offset
	// at of the stream on, and then at+len(b) as the total; both lie within the
	// first TailSize bytes. It serves programs that write little. Whatever it
	// cannot store, Map is to take.
	Store func(at uint64, b []byte) error

	early  []byte // what Store has stored
	stores int    // how often it was called
}

// Result is what became of a program.
type Result struct {
	Err       error          // the program could not be started; Code is then 126 or 127
	PID       int            // of the program; 0 when it was not started
	Code      int            // exit status 0–255; meaningless when Signal is set
	Signal    syscall.Signal // the signal the program died of, 0 if it exited
	Passed    uint64         // signals that reached the program through us or with us, bit n-1 for signal n
	Start     time.Time
	Duration  time.Duration // from the monotonic clock
	UserTime  time.Duration
	SysTime   time.Duration
	MaxRSSKB  int64
	StderrEnd []byte // the last TailSize bytes of stderr, in order
	Terminal  bool   // stderr was a terminal, and nothing of it was kept
}
