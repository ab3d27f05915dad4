// Package exec runs a program under supervision and returns what became of it: exit
// status or signal, times, and the last bytes of its stderr. It knows neither events nor
// the log. Neither the program, nor its caller, nor the terminal should be able to tell
// that it is there. docs/supervision.md has the theory, a figure, and the list of what does
// not hold. test/conformance compares a supervised program with a bare one.
//
// This process stays the program's parent, and both stay in the process group and session
// that the caller gave them. It waits in one loop for signals, for bytes to relay and for
// the program. The file names sort by subject:
//
//   - proc_ starts and ends the program. The entry point records what the Go runtime
//     would change (proc_start_linux_*.s). Between clone and execve the new process runs
//     no Go, only the system calls of a script (package script).
//   - sig_ passes signals on. The witness, a member of the caller's group, tells signals
//     to the group from signals to this process.
//   - job_ stops and continues with the program, behind a gate, and follows it into a
//     group of its own.
//   - relay_ keeps the tail of stderr and splices fast streams. What descendants still
//     write after the end it leaves to a process that drains it ([Drain]).
//   - tty_ runs the program on a pty ([CapturePTY]).
//
// On macOS, the BSDs, Linux on other processors, and with -tags portable, all this is
// plain Go (*_portable.go). System calls that differ between these systems are in
// sys_*.go. There a program, the guard, takes the place of the witness.
//
// If the program does not exist, the exit status is 127. If anything else keeps it from
// starting, the status is 126, with the shell's message. As execvp does, exec gives a
// script without "#!" to /bin/sh, but not a program for another processor. If not even
// signals can be watched (no descriptor is left, fork fails), the program is executed in
// this process instead, after Spec.Replacing. Any other part that cannot be set up is left
// out, and the program runs without it.
package exec
