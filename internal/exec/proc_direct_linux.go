//go:build linux && (amd64 || arm64) && !portable

package exec

import (
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// Under limits so narrow that no Go runtime starts, which would print what it
// misses and exit with 2, the entry point of shims calls executeDirectly instead,
// and that finds and executes the program. There is no runtime then: the
// functions here neither allocate nor grow the stack, and work in the buffers
// below. They know PATH and links, not the manifest: no pin and no alias is
// followed, and nothing is recorded.

// What the runtime and a supervisor need, in bytes: 1231 and 39 MB, measured with
// Go 1.26, and a little more.
const (
	neededAS   = 1260 << 20
	neededData = 48 << 20
)

const pathMax = 4096

var (
	//lint:ignore U1000 the g that functions before the runtime may look at
	noG [64]uint64
	//lint:ignore U1000 the thread's memory, which points to it
	noThread [2]uintptr

	directSelf  syscall.Stat_t
	directStat  syscall.Stat_t
	directLimit [2]uint64
	directName  [pathMax]byte // the helper's name
	directPath  [pathMax]byte // a candidate
	directLink  [pathMax]byte // a link that is followed
	directText  [pathMax]byte // what stands in it
)

var _ = executeDirectly // the entry point calls it

// directCall is what the kernel has put on the stack.
type directCall struct {
	argc         uintptr
	argv, envp   unsafe.Pointer
	path, called unsafe.Pointer // the value of PATH, the path that was executed
}

// executeDirectly executes the program behind the shim, unless the limits allow a
// runtime to start. stack is what the kernel has given this process: argc, argv,
// NULL, envp, NULL, the auxiliary vector.
//
//go:nosplit
//go:norace
func executeDirectly(stack unsafe.Pointer) {
	if limitOf(unix.RLIMIT_AS) >= neededAS && limitOf(unix.RLIMIT_DATA) >= neededData {
		return
	}
	setDirect(unix.RLIMIT_AS, &startAS)
	setDirect(unix.RLIMIT_DATA, &startData)
	var c directCall
	c.read(stack)
	own := c.name()
	directStatOf(cString("/proc/self/exe\x00"), &directSelf)
	status := 127
	for more := true; more; {
		more = c.candidate()
		if !isCandidate() {
			continue
		}
		status = 126
		if e := rawCall(unix.SYS_FACCESSAT, atFDCWD, uintptr(unsafe.Pointer(&directPath)), 1, 0); e != 0 {
			continue
		}
		if !own {
			*(*unsafe.Pointer)(c.argv) = unsafe.Pointer(&directPath)
		}
		e := rawCall(unix.SYS_EXECVE, uintptr(unsafe.Pointer(&directPath)), uintptr(c.argv), uintptr(c.envp), 0)
		if e == syscall.ENOEXEC && !isELF() { // a script without "#!": the word before argv[0] is argc
			*(*unsafe.Pointer)(c.argv) = unsafe.Pointer(&directPath)
			*(*unsafe.Pointer)(stack) = cString("/bin/sh\x00")
			rawCall(unix.SYS_EXECVE, uintptr(cString("/bin/sh\x00")), uintptr(stack), uintptr(c.envp), 0)
		}
		break
	}
	say(cString("pi-track: error: \x00"))
	say(unsafe.Pointer(&directName))
	if status == 127 {
		say(cString(": command not found\n\x00"))
	} else {
		say(cString(": cannot be executed\n\x00"))
	}
	rawCall(unix.SYS_EXIT_GROUP, uintptr(status), 0, 0, 0)
}

//go:nosplit
//go:norace
func (c *directCall) read(stack unsafe.Pointer) {
	const word = unsafe.Sizeof(uintptr(0))
	c.argc = *(*uintptr)(stack)
	c.argv = unsafe.Add(stack, word)
	c.envp = unsafe.Add(stack, (c.argc+2)*word)
	at := c.envp
	for ; *(*unsafe.Pointer)(at) != nil; at = unsafe.Add(at, word) {
		if text := *(*unsafe.Pointer)(at); c.path == nil && startsWith(text, cString("PATH=\x00")) {
			c.path = unsafe.Add(text, len("PATH="))
		}
	}
	if c.path == nil {
		c.path = cString("/bin:/usr/bin\x00") // as execvp(3) does
	}
	const execFn = 31
	for at = unsafe.Add(at, word); *(*uintptr)(at) != 0; at = unsafe.Add(at, 2*word) {
		if *(*uintptr)(at) == execFn {
			c.called = *(*unsafe.Pointer)(unsafe.Add(at, word))
		}
	}
}

// name sets directName as package launch does, and tells whether argv[0] is of
// the caller's choice.
//
//go:nosplit
//go:norace
func (c *directCall) name() (own bool) {
	arg := *(*unsafe.Pointer)(c.argv)
	if c.argc == 0 {
		arg = cString("\x00")
	}
	links := follow(c.called)
	copyTo(&directName, 0, baseOf(unsafe.Pointer(&directLink)))
	own = links > 0 || c.argc == 0 || !same(baseOf(arg), unsafe.Pointer(&directName))
	if isOurName(unsafe.Pointer(&directName)) {
		follow(arg)
		copyTo(&directName, 0, baseOf(unsafe.Pointer(&directLink)))
		own = false
	}
	return own
}

// candidate puts the next one of PATH into directPath, "" if it is too long, and
// tells whether there are more.
//
//go:nosplit
//go:norace
func (c *directCall) candidate() (more bool) {
	n := 0
	for ; byteAt(c.path, n) != 0 && byteAt(c.path, n) != ':'; n++ {
		if n < pathMax-2 {
			directPath[n] = byteAt(c.path, n)
		}
	}
	more = byteAt(c.path, n) == ':'
	c.path = unsafe.Add(c.path, n+1)
	if n >= pathMax-2 {
		directPath[0] = 0
		return more
	}
	if n > 0 {
		directPath[n] = '/'
		n++
	}
	if !copyTo(&directPath, n, unsafe.Pointer(&directName)) {
		directPath[0] = 0
	}
	return more
}

// isCandidate tells whether directPath is a file that is none of our programs.
//
//go:nosplit
//go:norace
func isCandidate() bool {
	if !directStatOf(unsafe.Pointer(&directPath), &directStat) || directStat.Mode&syscall.S_IFMT != syscall.S_IFREG ||
		directStat.Dev == directSelf.Dev && directStat.Ino == directSelf.Ino {
		return false
	}
	follow(unsafe.Pointer(&directPath))
	return !isOurName(baseOf(unsafe.Pointer(&directText))) && !isCopy()
}

// isCopy tells whether directPath begins as this program does, which its Go build
// id makes its own: two copies would execute each other for ever.
//
//go:nosplit
//go:norace
func isCopy() bool {
	head(unsafe.Pointer(&directPath), &directText)
	head(cString("/proc/self/exe\x00"), &directLink)
	for i := range directText {
		if directText[i] != directLink[i] {
			return false
		}
	}
	return true
}

// head reads the beginning of a file.
//
//go:nosplit
//go:norace
func head(path unsafe.Pointer, to *[pathMax]byte) {
	to[0] = 0
	fd, _, e := syscall.RawSyscall6(unix.SYS_OPENAT, atFDCWD, uintptr(path), syscall.O_RDONLY|syscall.O_CLOEXEC|syscall.O_NONBLOCK, 0, 0, 0)
	if e == 0 {
		rawCall(unix.SYS_READ, fd, uintptr(unsafe.Pointer(to)), pathMax, 0)
		rawCall(unix.SYS_CLOSE, fd, 0, 0, 0)
	}
}

// follow follows the links at path to the last one, or to the one that leads to a
// program of ours, in directLink; directText is then what stands in it, or "".
//
//go:nosplit
//go:norace
func follow(path unsafe.Pointer) (links int) {
	directText[0] = 0
	if path == nil || !copyTo(&directLink, 0, path) {
		directLink[0] = 0
		return 0
	}
	for ; links < 40; links++ {
		n, _, e := syscall.RawSyscall6(unix.SYS_READLINKAT, atFDCWD, uintptr(unsafe.Pointer(&directLink)), uintptr(unsafe.Pointer(&directText)), pathMax-1, 0, 0)
		if e != 0 || n >= pathMax-1 {
			directText[0] = 0
			return links
		}
		directText[n] = 0
		if isOurName(baseOf(unsafe.Pointer(&directText))) {
			return links
		}
		from := 0
		if directText[0] != '/' {
			from = int(uintptr(baseOf(unsafe.Pointer(&directLink))) - uintptr(unsafe.Pointer(&directLink)))
		}
		if !copyTo(&directLink, from, unsafe.Pointer(&directText)) {
			return links
		}
	}
	return links
}

//go:nosplit
//go:norace
func isOurName(name unsafe.Pointer) bool {
	return same(name, cString("pi-track-shim\x00")) || same(name, cString("pi-track\x00")) || same(name, cString("tool-usage-report\x00"))
}

// isELF tells whether directPath begins as a program does.
//
//go:nosplit
//go:norace
func isELF() bool {
	head(unsafe.Pointer(&directPath), &directText)
	return directText[0] == 0x7f
}

// atFDCWD is AT_FDCWD as a system call takes it.
const atFDCWD = ^uintptr(99)

//go:nosplit
//go:norace
func rawCall(nr, a, b, c, d uintptr) syscall.Errno {
	_, _, e := syscall.RawSyscall6(nr, a, b, c, d, 0, 0)
	return e
}

//go:nosplit
//go:norace
func directStatOf(path unsafe.Pointer, st *syscall.Stat_t) bool {
	return rawCall(sysFstatat, atFDCWD, uintptr(path), uintptr(unsafe.Pointer(st)), 0) == 0
}

//go:nosplit
//go:norace
func limitOf(which uintptr) uint64 {
	directLimit[0] = 0
	rawCall(unix.SYS_PRLIMIT64, 0, which, 0, uintptr(unsafe.Pointer(&directLimit)))
	return directLimit[0]
}

//go:nosplit
//go:norace
func setDirect(which uintptr, limit *[2]uint64) {
	rawCall(unix.SYS_PRLIMIT64, 0, which, uintptr(unsafe.Pointer(limit)), 0)
}

//go:nosplit
//go:norace
func say(text unsafe.Pointer) {
	n := 0
	for byteAt(text, n) != 0 {
		n++
	}
	rawCall(unix.SYS_WRITE, 2, uintptr(text), uintptr(n), 0)
}
