// Package exec runs a program under supervision and returns what became of it:
// exit status or signal, times, and the last bytes of its stderr. It knows neither
// events nor the log. Its aim is that nobody can tell: not the program, not its
// caller, not the terminal. docs/supervision.md has the theory, a figure, and the
// list of what does not hold; test/conformance compares program and bare program.
//
// This process stays the program's parent, in the process group and session that
// the caller gave both. It waits in one loop for signals, for bytes to relay and for
// the program. The file names sort by subject:
//
//   - proc_ starts and ends the program. The entry point records what the Go runtime
//     would change (proc_start_linux_*.s); the new process runs no Go between clone
//     and execve, but the system calls of a script (proc_spawn_linux.go).
//   - sig_ passes signals on. The witness, a member of the caller's group, tells
//     signals to the group from those to this process.
//   - job_ stops and continues with the program, behind a gate, and follows it into
//     a group of its own.
//   - relay_ keeps the tail of stderr, splices what is quick, and leaves the rest to
//     a process that drains it ([Drain]).
//   - tty_ runs the program on a pty ([CapturePTY]).
//
// On macOS, the BSDs, Linux on other processors, and with -tags portable, all this is
// plain Go (*_portable.go); what these systems call differently stands in sys_*.go.
// In the witness's place stands a program, the guard.
//
// No such file is 127, everything else that keeps a program from starting is 126, in
// the shell's words; a script without "#!" is given to /bin/sh as execvp does, a
// program for another processor is not. Where not even signals can be watched (no
// descriptor is left, fork fails), the program is executed in this process instead,
// after Spec.Replacing. Whatever cannot be set up is not interposed.
package exec
