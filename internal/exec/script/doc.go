// Package script makes a new process run a list of system calls, without any Go.
//
// A process that shares this one's memory cannot run Go code: the runtime knows
// nothing of it. So its program is a list of steps, each a system call with what its
// result has to be, and steps that jump. A few instructions of assembly read the list
// (clone_linux_*.s) with all signals blocked. They use neither the stack nor anything
// of the runtime.
//
// The steps and what they point to must not move or be collected while the process
// runs: a script is a variable of a package, and [Script.Keep] holds the rest.
//
// It exists on Linux on amd64 and arm64.
package script
