// Package exec runs a program under supervision and returns what became of
// it: exit status or signal, times, and the last bytes of its stderr. It knows
// neither events nor the log. Its aim is that nobody can tell: not the
// program, not its caller, not the terminal.
//
// # Theory of operation
//
// This process stays the program's parent, in the process group and session
// that the caller gave both. It waits in one loop for signals, for bytes to
// relay and for the program.
//
// What is inherited. The Go runtime changes a process before main: it installs
// signal handlers, unblocks signals, opens closed standard descriptors, raises
// RLIMIT_NOFILE. An assembly entry point runs before the runtime and records
// ignored, blocked and pending signals, closed descriptors, limits and where the
// environment lies. Package main puts it in the place of the runtime's own
// (rt0_linux_*.s), up to the Go version that this was tested with. Built with a
// later one ([FullStart] is false) everything works, but ignored signals other than HUP and
// INT, closed descriptors, pending signals and the soft RLIMIT_NOFILE are not
// given back. Between clone and execve the new process runs no Go: it shares
// this memory as after vfork, and a small assembly interpreter makes the system
// calls of a prepared list (spawn_linux.go) that restore all of it.
//
// The entry point of shims does the same, and makes the runtime start quietly and fast: it
// is shown GOMAXPROCS=1 and a GODEBUG of ours instead of the caller's, which
// may ask a Go program to print, and no descriptor until package syscall's init,
// so it does not look for a processor limit in /proc. A timer slack of 50 ms keeps
// its monitor thread from waking every 20 µs, and its threads stay on one
// processor (not under seccomp, which may forbid that): waking another takes
// longer than their work. All that takes a fifth off a call. The program gets
// the caller's variables, limits, timer slack and processors.
//
// Who gets which signal. An assembly handler, installed before the program is
// started, writes each siginfo to a pipe, on this thread alone: the others are
// made deaf. What the program got as well is not sent again: a signal to the
// group by kill or by the terminal. The receiver cannot tell such a signal from
// one to itself, but another member of the group can: the witness, a process of a
// few system calls without memory of its own, gets signals to the group only; while
// it sleeps it has not got one. All
// else is passed on with value and sender (as sigqueue, the only code that the
// kernel lets a process choose). A signal to the program's parent, from the program
// or from what it has started, goes to ours, also the last one before its end. When
// the program leaves the group, this process follows it into one of its own
// (follow_linux.go). While the program is stopped,
// this process stops by the same signal, and behind a gate: the handler for the
// next stop signal stands before the caller can see this stop (gate_linux.go).
// The caller's SIGCONT is passed on like any other; stop signals and SIGCONT
// take each other back here as they do in the kernel. Who continues or kills a
// stopped program by its own pid continues this process too, within a tenth of a
// second (waker_linux.go). The kernel kills the program when this process is
// killed.
//
// What is captured. A pipe or stream socket as stderr is relayed through
// another of its kind; if stdout is the same one, both go through it, in order.
// When the program is 256 KiB ahead of its reader, both pipes become 1 MiB wide
// (the caller's not if its size has been changed), and pages are spliced through.
// A regular file is read back from where it stood. Of what goes to /dev/null the
// tail is kept too, through a pipe, unless stdout goes there as well. stdout is
// relayed only if it is a socket that our parent has made: a parent that signals
// the program and then stops reading means the signal to come first, and here the
// program would see the closed socket before it (stdout_linux.go). All copies that this
// process has of the program's descriptors are given up, so a peer notices when
// the program closes its own. Whatever cannot be set up is not interposed.
//
// At the end, what the program wrote has been delivered before this process
// ends. If a descendant still holds the pipe, or the reader has not read a full
// one for a tenth of a second, a detached process relays on (Helper).
// Result.Exit then exits with the same status, or dies of the same signal
// without a second core file.
//
// On a terminal. With CapturePTY, and 0, 1 and 2 the terminal, and this
// process in the foreground, the program runs on a pty in a session of its
// own. The session's leader is a monitor, again a list of system calls: a
// leader's group cannot be stopped. The caller's group and the program's stand for
// one, each with a witness: what one of them gets as a whole the other gets as
// well, so Ctrl-C ends the script around a job too, and a program that reads its
// keys raw gets them alone. Keys go to the pty while the job is in the
// foreground; output is processed by pty and terminal alike, and the CR that
// would be doubled is taken out. Stops, fg and bg are those of the outer shell.
// At the end, settings that the program made are kept, unless it died of a
// signal; unread keys are given back.
//
// # Properties
//
// 74 properties, compared with the bare program by test/conformance, Linux.
// Without a pty 69 hold:
//
//	A1 A2 A4 A5                    ending
//	B1–B8 B6b B10–B22              signals
//	C1–C12                         terminal (nothing is interposed)
//	D1–D20 D2b                     streams
//	E1 E1b E1c E1d E1e E1f E3 E5   process
//
// These do not:
//
//	A3  The program's core is the only one, so the caller sees no core flag:
//	    it means that this process dumped one as well.
//	B9  SIGSTOP cannot be caught: sent to the wrapper alone it stops the wrapper.
//	D15b  Where stderr alone is /dev/null, the program's is a pipe: what it says
//	    is the commonest thing to throw away and to ask for afterwards. When this
//	    process is killed, a descendant that writes on finds no reader.
//	E2  The program's pid and parent are others, and a witness is in the group.
//	E4  Two more processes and the threads and memory of a Go runtime.
//
// With a pty 17 of the 19 that concern it hold: B5 B6 B8 B10 B11 B19 B20 C2–C5
// C7–C12.
//
//	C1  The terminal is another device.
//	C6  After a death by a signal the terminal has its modes from before, where
//	    a bare program would have left it raw. This is intended.
//
// In pty mode also: descendants that outlive the program lose their terminal;
// stdout and stderr are one stream in the tail; keys typed ahead are lost where
// the kernel forbids TIOCSTI (dev.tty.legacy_tiocsti=0); SIGKILL to the outer
// group leaves it to the hangup of the pty to end the program's own children, and
// SIGKILL or SIGSTOP to the program's group does not reach the caller's; a signal
// that goes from one group to the other has this process as its sender.
//
// Stops that nobody waits for. To stop, a process needs a signal of its own with
// the default action, and the kernel discards a pending SIGCONT when it makes
// one. So a SIGCONT to this process alone is lost that comes, before the caller
// has been told of the stop, in the tenth of a microsecond between two system
// calls; and a stop signal to this process alone that follows such an early
// SIGCONT within the some ten microseconds before the handler stands again
// stops this process only, or first. A caller that waits for each change meets
// neither.
//
// Smaller limits. A signal to the group is lost that comes in the tenth of a
// microsecond between two system calls before the program's process is made. B2
// (order of queued signals), E1 and the order of stops and continues need the
// entry point. A QUIT or
// ABRT in the first two milliseconds meets the runtime, which prints its stacks
// and exits with 2. argv[0] is the path that the program was found at. An
// interval timer that runs across the exec stays with this process. Without
// /proc there is no gate. A setuid program clears its parent-death signal, and
// every other one finds SIGKILL as its own (PR_GET_PDEATHSIG). Of what belongs
// to a process and not to its descriptors, POSIX locks that the caller held
// when it executed this one are released, and a scheduling policy with
// SCHED_RESET_ON_FORK is reset. A program that leads the caller's group and
// makes one of its own is sent what the old one gets, and lent the terminal
// when the terminal stops it (timeout lets only its children be stopped), but
// SIGKILL to the old one spares the program's children in the new, and SIGSTOP
// the program. Until this process has followed a program that left the group, who
// signals the new group by this process's number meets nobody, SIGKILL to the old
// one ends the program, and what our parent sends to the old group reaches the
// program as well: it may have been for the pid and for the group, and the kernel
// made one signal of the two. A signal that the caller
// sends right before it closes a pipe of the program's may come after the end of
// input or SIGPIPE: some twenty system calls lie between the two, and on a busy
// machine one stdin in twenty-five, and one stdout in four to which a program
// writes without a pause, was faster. To relay these would be to read what is
// another's, and to copy what all programs write. SIGKILL and SIGSTOP from the program to its parent
// meet this process. What a process that the program started sends to the program's
// parent is taken for a signal to the program if the sender, or one between the
// two, is gone when this process looks. Nobody wakes this process when the caller has stopped it by
// SIGSTOP, and the program then goes on or dies by its own pid. A stream socket
// that stdin shares, a datagram socket, a pipe opened for reading or for
// packets or without a reader, and stdout and stderr with different flags are
// left alone. While a program is stopped whose first thread has ended, this
// process goes on and stops again ten times a second (no pty). After a quick
// stream the caller's pipe stays wider than it was (F_GETPIPE_SZ).
//
// # Bad weather
//
// No such file is 127, everything else that keeps a program from starting is
// 126, in the shell's words; a script without "#!" is given to /bin/sh as
// execvp does, a program for another processor is not. Where not even signals
// can be watched (no descriptor is left, fork fails) the program is executed in
// this process instead, after Spec.Replacing. When the group is killed, or this
// process at any moment, the parent-death signal leaves no process behind. The
// program then lives some milliseconds longer than this process, and holds its
// locks and ports: the kernel sends the signal in this process's exit and lets the
// caller reap it at once, and no sleep in the kernel that a program can choose
// outlasts SIGKILL (the wait for a vfork child does not). What could delay the
// reaping is a thread that a survivor traces with ptrace. That is one more process
// outside the caller's group; sandboxes forbid ptrace, a debugger takes it away, and
// SIGKILL to the group would still not be served.
//
// Where limits keep a Go program from starting, the entry point of shims executes
// the program itself, without Go and without a record (executeDirectly): a hard
// RLIMIT_AS below about 1.3 GB, a hard RLIMIT_DATA below 48 MB. Soft ones are
// lifted and put back for the program. A pin or an alias of the configuration is
// not known then, PATH decides. With RLIMIT_NPROC exhausted the shim fails before
// main with exit status 2 and the runtime's message ("failed to create new OS
// thread").
//
// # Elsewhere
//
// On other systems than Linux on amd64 and arm64 (macOS) the program is
// started and waited for with package syscall, and signals other than the
// terminal's are passed on without their sender. stderr is not interposed and
// no tail is kept, stops are not propagated, there is no pty.
package exec
