//go:build linux && (amd64 || arm64) && !portable

package exec

import (
	"os"
	"strings"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// What the entry point found before the Go runtime started (proc_start_linux_*.s).
// startStack is 0 in a program that begins in the runtime's entry point.
var (
	startStack        uintptr
	startAdded        uintptr    // variables that shimEntry put before the environment
	startIgnored      uint64     // bit n-1: signal n is ignored
	startBlocked      uint64     // bit n-1: signal n is blocked
	startClosed       uint64     // bit n: descriptor n is closed
	startNoFile       [2]uint64  // soft and hard RLIMIT_NOFILE
	startAS           [2]uint64  // soft and hard RLIMIT_AS
	startData         [2]uint64  // soft and hard RLIMIT_DATA
	startSlack        int64      // timer slack in nanoseconds, if shimEntry has changed it
	startAffinity     [16]uint64 // processors, if shimEntry has changed that
	startAffinitySize uintptr    // of what the kernel keeps of it, in bytes; 0 if it has not
	startPendingCount uint64
	startPending      [16]siginfo // taken out of the queue by the entry point

	//lint:ignore U1000 shown to the runtime by shimEntry
	oneP = "GOMAXPROCS=1\x00"
	//lint:ignore U1000 shown to the runtime by shimEntry
	leanRuntime = "GODEBUG=memprofilerate=0,asyncpreemptoff=1\x00"
	//lint:ignore U1000 shown to the runtime by shimEntry: of a malformed one it would die
	noMemoryLimit = "GOMEMLIMIT=off\x00"
	//lint:ignore U1000 shown to the runtime by shimEntry
	usualCollection = "GOGC=100\x00"

	//lint:ignore U1000 the timer slack that shimEntry sets, in nanoseconds
	quietSlack uint64 = 50e6
	//lint:ignore U1000 the processors that shimEntry sets
	oneProcessor [16]uint64

	//lint:ignore U1000 used by the entry point
	startScratch [4]uint64
	//lint:ignore U1000 used by the entry point: USR1, USR2, CONT, TSTP, TTIN, TTOU, 35 to 64; the runtime needs 34
	oneThread uint64 = 0xffff_fffc_003a_0a00
	//lint:ignore U1000 used by shimEntry: all that the runtime would catch and forget, ALRM, VTALRM, WINCH, IO and PWR too
	untilCaught uint64 = 0xffff_fffc_3a3a_2a00
)

// init gives this process every descriptor that it may have: shimEntry has
// taken all, and package syscall gives back all but one.
func init() {
	if startAdded != 0 {
		setLimit(unix.RLIMIT_NOFILE, &[2]uint64{startNoFile[1], startNoFile[1]})
	}
	asFound()
}

// asFound gives this thread, and the processes that it makes, the timer slack and
// the processors that shimEntry has found. Only the other threads keep what they
// have inherited: a slack so large that the runtime's monitor is quiet, which
// would wake every 20 microseconds during the first milliseconds of a process,
// and one processor. There are no goroutines that need more.
func asFound() {
	if startSlack > 0 {
		syscall.RawSyscall(unix.SYS_PRCTL, unix.PR_SET_TIMERSLACK, uintptr(startSlack), 0)
	}
	if thread := syscall.Gettid(); startAffinitySize > 0 && thread != foundThread {
		foundThread = thread
		anyProcessor()
	}
}

var foundThread int // has the processors already

// anyProcessor does not just set what was found, which is cut to what the
// process's group may use now: a program that has no affinity of its own is to
// follow when that changes.
func anyProcessor() {
	var all, now [len(startAffinity)]uint64
	for i := range all {
		all[i] = ^uint64(0)
	}
	affinity(unix.SYS_SCHED_SETAFFINITY, &all)
	affinity(unix.SYS_SCHED_GETAFFINITY, &now)
	if now != startAffinity {
		affinity(unix.SYS_SCHED_SETAFFINITY, &startAffinity)
	}
}

func affinity(call uintptr, set *[len(startAffinity)]uint64) {
	syscall.RawSyscall(call, 0, startAffinitySize, uintptr(unsafe.Pointer(set)))
}

// observed says whether the entry point has run.
func observed() bool { return startStack != 0 }

// FullStart tells whether this program began in the entry point of this
// package, so that supervision is as the package comment says. It does not when
// it was built with a Go version that the entry point was not tested with.
func FullStart() bool { return observed() }

// original is the state of the process that the program has to start in.
type original struct {
	ignored, blocked, closed uint64
}

// startState returns the state at start, or without the entry point as much
// of it as the runtime has left.
func startState() original {
	if observed() {
		return original{startIgnored, startBlocked, startClosed}
	}
	o := original{blocked: threadMask()}
	for _, sig := range [...]syscall.Signal{syscall.SIGHUP, syscall.SIGINT} {
		if getAction(int(sig)).handler == sigIgn { // the runtime keeps these two
			o.ignored |= bit(int(sig))
		}
	}
	return o
}

// InheritedEnv returns the environment byte for byte as it was handed to this
// process: duplicates, entries without "=" and their order included, which
// os.Environ loses.
func InheritedEnv() []string {
	if observed() {
		return stackEnv(startStack)
	}
	b, err := os.ReadFile("/proc/self/environ")
	if err != nil || len(b) == 0 {
		return os.Environ()
	}
	return strings.Split(strings.TrimSuffix(string(b), "\x00"), "\x00")
}

// stackEnv reads envp where the kernel put it: argc, argv, NULL, envp, NULL.
// The strings are used in place, nobody writes to that memory.
func stackEnv(stack uintptr) []string {
	base := *(*unsafe.Pointer)(unsafe.Pointer(&stack)) // no Go memory: vet's rule on uintptr does not apply
	const word = unsafe.Sizeof(stack)
	argc := *(*int)(base)
	envp := unsafe.Add(base, (uintptr(argc+2)+startAdded)*word)
	n := 0
	for *(*unsafe.Pointer)(unsafe.Add(envp, uintptr(n)*word)) != nil {
		n++
	}
	env := make([]string, n)
	for i := range env {
		env[i] = unix.BytePtrToString(*(**byte)(unsafe.Add(envp, uintptr(i)*word)))
	}
	return env
}

// restoreLimits undoes what the runtime and the entry point did to the limits.
func restoreLimits() {
	if !observed() {
		return
	}
	setLimit(unix.RLIMIT_NOFILE, &startNoFile)
	if startAS[0] != ^uint64(0) {
		setLimit(unix.RLIMIT_AS, &startAS)
	}
	if startData[0] != ^uint64(0) {
		setLimit(unix.RLIMIT_DATA, &startData)
	}
}

func setLimit(which int, limit *[2]uint64) {
	syscall.RawSyscall6(unix.SYS_PRLIMIT64, 0, uintptr(which), uintptr(unsafe.Pointer(limit)), 0, 0, 0)
}
