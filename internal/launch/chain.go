package launch

import (
	"os"
	"strconv"
	"strings"

	"pi-track/internal/lookup"
)

// A version manager's shim may run a helper by searching PATH again, and finds
// ours a second time. The chain guard tells such a call, which belongs to the
// run that is already recorded, from a helper that really calls itself.
//
// PI_TRACK_CHAIN is "pid|name|depth|dev:ino,dev:ino…": the supervisor, the
// helper it supervises, how many supervised runs of that name are stacked, and
// the files that were tried. A process whose parent is that supervisor is the
// supervised program itself, executing another file: it is passed on to the
// first candidate that was not tried, without an event.
const chainVariable = "PI_TRACK_CHAIN"

// maxDepth is how many runs of one name may be stacked before further ones are
// handed through unrecorded.
const maxDepth = 30

// maxTried bounds the length of the variable.
const maxTried = 16

type chain struct {
	pid   int
	name  string
	depth int
	files []lookup.ID
}

// readChain parses the variable. reexec says that this process is the
// supervised program of the same name. A chain of another name starts anew.
func readChain(env []string, name string) (c chain, reexec bool) {
	fields := strings.Split(getenv(env, chainVariable), "|")
	if len(fields) != 4 || fields[1] != name {
		return chain{name: name}, false
	}
	pid, err1 := strconv.Atoi(fields[0])
	depth, err2 := strconv.Atoi(fields[2])
	if err1 != nil || err2 != nil {
		return chain{name: name}, false
	}
	c = chain{pid: pid, name: name, depth: depth}
	for _, f := range strings.Split(fields[3], ",") {
		dev, ino, _ := strings.Cut(f, ":")
		d, err1 := strconv.ParseUint(dev, 16, 64)
		i, err2 := strconv.ParseUint(ino, 16, 64)
		if err1 == nil && err2 == nil {
			c.files = append(c.files, lookup.ID{Dev: d, Ino: i})
		}
	}
	if !isSupervisor(c.pid) {
		return chain{name: name, depth: depth}, false
	}
	return c, true
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

// tried returns the test for files that the chain has been through.
func (c chain) tried(reexec bool) func(lookup.ID) bool {
	if !reexec {
		return nil
	}
	return func(id lookup.ID) bool {
		for _, f := range c.files {
			if f == id {
				return true
			}
		}
		return false
	}
}

// add returns the chain with one more file tried.
func (c chain) add(id lookup.ID) chain {
	files := append(append([]lookup.ID{}, c.files...), id)
	c.files = files[max(0, len(files)-maxTried):]
	return c
}

// supervised returns the chain for the program that this process supervises.
func (c chain) supervised(pid int, id lookup.ID) chain {
	return chain{pid: pid, name: c.name, depth: c.depth + 1, files: []lookup.ID{id}}
}

func (c chain) String() string {
	b := strconv.AppendInt(nil, int64(c.pid), 10)
	b = append(b, '|')
	b = append(b, c.name...)
	b = append(b, '|')
	b = strconv.AppendInt(b, int64(c.depth), 10)
	for i, id := range c.files {
		b = append(b, "|,"[min(i, 1)])
		b = strconv.AppendUint(b, id.Dev, 16)
		b = append(b, ':')
		b = strconv.AppendUint(b, id.Ino, 16)
	}
	return string(b)
}
