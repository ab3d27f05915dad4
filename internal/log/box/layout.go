package box

import (
	"strconv"
	"strings"

	"pi-track/internal/event"
)

// RingSize is the size of a box's ring of stderr in bytes.
const RingSize = 4096

// The layout of a box, 16 KiB in four parts of 4 KiB: the head, the ring, the
// start line, the end line. The lines end in a newline, the rest is zero. Numbers
// have the byte order of the machine.
const (
	Magic = "pi-trk-1"

	AtState    = 8            // uint32: StartLogged
	AtPathSum  = 12           // uint32: [PathSum] of the log's path, 0 in boxes of older versions
	AtTotal    = 16           // uint64: bytes of stderr so far, stored by the supervisor
	AtBeat     = 24           // uint64: milliseconds from the start to the last heartbeat
	AtBoot     = 32           // the boot's id, up to 64 bytes, zero-terminated, stored with the first heartbeat
	AtPath     = 96           // the log's path, zero-terminated, up to AtFile
	AtFile     = 3072         // the file that is stderr: device, inode, where the program began, each a uint64
	AtFilePath = AtFile + 3*8 // its path, zero-terminated
	AtRing     = 4096
	AtStart    = AtRing + RingSize
	AtEnd      = AtStart + event.MaxLine
	Size       = AtEnd + event.MaxLine
	mapSize    = AtStart // head and ring
)

// StartLogged says that the start line is in the log.
const StartLogged = 1

// SpareSlots is how many boxes of ended runs are kept for runs to come: making
// and removing a file costs several times as much as giving one another name.
// A process uses the slot of its pid.
const SpareSlots = 4

// Blank is what a spare box holds: nothing of the run before.
var Blank [Size]byte

// PathSum is the FNV-1a hash of a log's path: a damaged one must not have another file
// written. It is not 0.
func PathSum(path string) uint32 {
	sum := uint32(2166136261)
	for i := range len(path) {
		sum = (sum ^ uint32(path[i])) * 16777619
	}
	return max(sum, 1)
}

// Path is the file of the box of the run id.
func Path(home, id string) string { return home + "/open/" + id }

// UsagePath is the file into which programs below the run id write what they have
// spent on models.
func UsagePath(home, id string) string { return Path(home, id) + ".usage" }

// SparePath is the file of a spare box.
func SparePath(home string, slot int) string {
	return home + "/open/.spare-" + strconv.Itoa(slot%SpareSlots)
}

// IsSpareName says whether a spare box may have this name.
func IsSpareName(name string) bool {
	n, ok := strings.CutPrefix(name, ".spare-")
	return ok && len(n) == 1 && n[0] >= '0' && n[0] < '0'+SpareSlots
}

// IsRunID says whether name has the form of a run's id, a UUID.
func IsRunID(name string) bool {
	if len(name) != 36 {
		return false
	}
	for i, c := range []byte(name) {
		if dash := i == 8 || i == 13 || i == 18 || i == 23; dash != (c == '-') ||
			!dash && (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return true
}

// UsageOf is the run whose usage file has this name.
func UsageOf(name string) (id string, ok bool) {
	id, ok = strings.CutSuffix(name, ".usage")
	return id, ok && IsRunID(id)
}
