package launch

import (
	"os"
	"slices"
	"strconv"
	"strings"

	"pi-track/internal/lookup"
)

// A shim may be executed again on the way to the real helper: by a version
// manager that searches PATH for the name, or by a copy of a shim, which nothing
// tells from a helper. The chain remembers what was passed through, so that
// every step leads to a file that was not there before.
//
// PI_TRACK_CHAIN is "pid|name|depth|tried|ours". tried are the files that were
// executed for this name, ours the programs of pi-track that were. Without '='
// before it, pid is a supervisor: a process whose parent it is, is the
// supervised program itself, executing another file. It is passed on to the first
// candidate that was not tried, without an event. Any other process is a helper
// that really calls itself, and a run of its own. With '=', pid is the process
// itself, which a shim has handed on without a record.
const chainVariable = "PI_TRACK_CHAIN"

// maxDepth is how many runs of one name may be stacked before further ones are
// handed through unrecorded.
const maxDepth = 30

// maxPassed is how many files a chain may go through. More can only be one
// file whose identity changes, on an odd file system.
const maxPassed = 1000

type chain struct {
	pid    int
	name   string
	depth  int // supervised runs of that name that are stacked
	tried  []lookup.ID
	ours   []lookup.ID
	reexec bool // this process is the supervised program
}

// readChain parses the variable. A chain of another name or another process
// starts anew.
func readChain(env []string, name string) chain {
	anew := chain{name: name}
	f := strings.Split(getenv(env, chainVariable), "|")
	if len(f) != 5 || f[1] != name {
		return anew
	}
	who, handed := strings.CutPrefix(f[0], "=")
	pid, err1 := strconv.Atoi(who)
	depth, err2 := strconv.Atoi(f[2])
	if err1 != nil || err2 != nil {
		return anew
	}
	anew.depth = depth
	if handed && pid != os.Getpid() || !handed && !isSupervisor(pid) {
		return anew
	}
	return chain{pid: pid, name: name, depth: depth, tried: readIDs(f[3]), ours: readIDs(f[4]), reexec: !handed}
}

// isSupervisor tells whether our parent is the supervisor with this pid, or a
// process of its making: on a pty another process of the shim program stands
// between supervisor and program.
func isSupervisor(pid int) bool {
	parent := os.Getppid()
	if parent == pid {
		return true
	}
	self, ok1 := lookup.Self()
	above, ok2 := lookup.Stat("/proc/" + strconv.Itoa(parent) + "/exe")
	return ok1 && ok2 && self == above
}

// wasTried tells whether the chain has been through a file.
func (c chain) wasTried(id lookup.ID) bool { return slices.Contains(c.tried, id) }

// endless tells whether the chain is longer than any can be.
func (c chain) endless() bool { return len(c.tried)+len(c.ours) > maxPassed }

// handed returns the chain for the file next that this process, which runs self,
// is about to execute in its own place.
func (c chain) handed(self, next lookup.ID) chain {
	c.tried, c.ours = with(c.tried, next), with(c.ours, self)
	if !c.reexec {
		c.pid = os.Getpid()
	}
	return c
}

// supervised returns the chain for the program that this process, which runs
// self, supervises.
func (c chain) supervised(self, program lookup.ID) chain {
	return chain{
		pid: os.Getpid(), name: c.name, depth: c.depth + 1, reexec: true,
		tried: []lookup.ID{program}, ours: with(c.ours, self),
	}
}

// with returns ids with one more, if it is new.
func with(ids []lookup.ID, id lookup.ID) []lookup.ID {
	if id == (lookup.ID{}) || slices.Contains(ids, id) {
		return ids
	}
	return append(slices.Clip(ids), id)
}

func (c chain) String() string {
	var b []byte
	if !c.reexec {
		b = append(b, '=')
	}
	b = strconv.AppendInt(b, int64(c.pid), 10)
	b = append(b, '|')
	b = append(b, c.name...)
	b = append(b, '|')
	b = strconv.AppendInt(b, int64(c.depth), 10)
	b = append(b, '|')
	b = appendIDs(b, c.tried)
	b = append(b, '|')
	return string(appendIDs(b, c.ours))
}

func appendIDs(b []byte, ids []lookup.ID) []byte {
	for i, id := range ids {
		if i > 0 {
			b = append(b, ',')
		}
		b = strconv.AppendUint(b, id.Dev, 16)
		b = append(b, ':')
		b = strconv.AppendUint(b, id.Ino, 16)
	}
	return b
}

// readIDs reads what appendIDs wrote, and passes over what is none.
func readIDs(text string) []lookup.ID {
	var ids []lookup.ID
	for _, f := range strings.Split(text, ",") {
		dev, ino, _ := strings.Cut(f, ":")
		d, err1 := strconv.ParseUint(dev, 16, 64)
		i, err2 := strconv.ParseUint(ino, 16, 64)
		if err1 == nil && err2 == nil {
			ids = append(ids, lookup.ID{Dev: d, Ino: i})
		}
	}
	return ids
}
