//go:build linux && (amd64 || arm64) && !portable

package exec

import (
	"runtime"
	"syscall"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

const (
	sigDfl = 0
	sigIgn = 1

	saSiginfo  = 0x4
	saRestorer = 0x04000000
	saOnStack  = 0x08000000
	saRestart  = 0x10000000

	// Values of siginfo.code.
	siUser   = 0    // kill
	siQueue  = -1   // sigqueue
	siTkill  = -6   // tgkill
	siKernel = 0x80 // the terminal, a timer

	maxSignal = 64
)

// kernelAction is the kernel's struct sigaction.
type kernelAction struct {
	handler, flags, restorer uintptr
	mask                     uint64
}

// siginfo is the kernel's siginfo_t. mark lies in its unused end; the kernel
// zeroes it, the witness sets it (sig_witness_linux.go).
type siginfo struct {
	signo, errno, code, _ int32
	pid                   int32
	uid                   uint32
	value                 uint64
	_                     [88]byte
	mark                  uint64
}

var (
	signalPipe     int32                       = -1 // the handler writes siginfos here
	signalSource   int                              // where they are read; stays open: the handler must find a reader
	runtimeActions [maxSignal + 1]kernelAction      // what was installed before
)

func bit(sig int) uint64 { return 1 << (sig - 1) }

func setAction(sig int, a *kernelAction) {
	syscall.RawSyscall6(unix.SYS_RT_SIGACTION, uintptr(sig), uintptr(unsafe.Pointer(a)), 0, 8, 0, 0)
}

func getAction(sig int) (a kernelAction) {
	syscall.RawSyscall6(unix.SYS_RT_SIGACTION, uintptr(sig), 0, uintptr(unsafe.Pointer(&a)), 8, 0, 0)
	return a
}

// setThreadMask sets the blocked signals of this thread and returns the old.
func setThreadMask(mask uint64) (old uint64) {
	const setmask = 2
	syscall.RawSyscall6(unix.SYS_RT_SIGPROCMASK, setmask, uintptr(unsafe.Pointer(&mask)),
		uintptr(unsafe.Pointer(&old)), 8, 0, 0)
	return old
}

func threadMask() (mask uint64) {
	syscall.RawSyscall6(unix.SYS_RT_SIGPROCMASK, 0, 0, uintptr(unsafe.Pointer(&mask)), 8, 0, 0)
	return mask
}

// handleable says whether a handler may be set: not for KILL and STOP. The C
// library keeps 32 and 33 for its threads, but to us they are the program's.
func handleable(sig int) bool {
	return sig != int(unix.SIGKILL) && sig != int(unix.SIGSTOP)
}

// catchSignals lets every signal write its siginfo to a pipe and returns the
// end to read from.
func catchSignals() (fd int, err error) {
	var p [2]int
	if err := syscall.Pipe2(p[:], syscall.O_CLOEXEC|syscall.O_NONBLOCK); err != nil {
		return -1, err
	}
	if signalPipe >= 0 { // of an earlier run
		syscall.Dup3(p[1], int(signalPipe), syscall.O_CLOEXEC)
		syscall.Close(p[1])
		syscall.Close(signalSource)
	} else {
		signalPipe = int32(p[1])
	}
	signalSource = p[0]
	for sig := 1; sig <= maxSignal; sig++ {
		if handleable(sig) {
			catch(sig)
		}
	}
	deafen()
	return p[0], nil
}

// receive makes this thread the one that takes the signals which others have
// blocked, by the caller's wish or the entry point's (proc_start_linux.go): what came
// before a system call returns is in the pipe then, in order.
func receive() {
	asFound()
	setThreadMask(0)
}

// stay makes this thread the only one of this goroutine, and the only one that
// takes signals. The first time, that costs as much as a process, and a new
// thread may take a signal before it is deaf. So the supervisor does not before
// it has to wait for longer than brief: until then it makes no call that the
// runtime lets another thread go on beside.
func (s *supervisor) stay() {
	if !s.stays {
		s.stays = true
		runtime.LockOSThread()
		receive()
		deafen()
		s.lookAgain(time.Now())
	}
}

const brief = 10 * time.Millisecond

// deafen makes the other threads block all signals for good, which the runtime
// does not let them: one that takes a signal may be slow to write it, and it
// would come late or, at the end, not at all. A thread takes what is sent to it
// alone before all else.
func deafen() {
	deafened = int32(syscall.Getpid())
	self := syscall.Gettid()
	var names [256]byte
	for _, thread := range numbersIn("/proc/self/task", names[:]) {
		if thread != self {
			syscall.RawSyscall(unix.SYS_TGKILL, uintptr(deafened), uintptr(thread), deafSignal)
		}
	}
}

// deafSignal is one that the runtime unblocks in every thread.
const deafSignal = 33

var deafened int32 // this process, once it has sent such signals

//lint:ignore U1000 used by the handler: all but the faults (ILL TRAP BUS FPE SEGV)
var deafMask uint64 = ^uint64(0x4d8)

var handlerAction kernelAction // what catch installs

// catch installs the handler for one signal.
func catch(sig int) {
	if handlerAction.handler == 0 {
		handlerAction = kernelAction{flags: saSiginfo | saRestorer | saOnStack | saRestart, mask: ^uint64(0)}
		handlerAction.handler, handlerAction.restorer = handlerAddresses()
	}
	old := &runtimeActions[sig]
	if old.handler != 0 { // kept from the first time: that was the runtime's
		old = nil
	}
	syscall.RawSyscall6(unix.SYS_RT_SIGACTION, uintptr(sig), uintptr(unsafe.Pointer(&handlerAction)),
		uintptr(unsafe.Pointer(old)), 8, 0, 0)
}

// queue sends info to a process; its code must be one that the kernel lets a
// process choose (negative, not siTkill), unless pid is this process.
func queue(pid int, info *siginfo) error {
	_, _, e := syscall.RawSyscall(unix.SYS_RT_SIGQUEUEINFO, uintptr(pid), uintptr(info.signo), uintptr(unsafe.Pointer(info)))
	if e != 0 {
		return e
	}
	return nil
}

// These are implemented in sig_handler_linux_*.s.

//lint:ignore U1000 its address is what handlerAddresses returns
func handler()

//lint:ignore U1000 its address is what handlerAddresses returns
func restorer()

func handlerAddresses() (handler, restorer uintptr)
