// Package stack, which is imported for its effect, lets the stack of the main
// goroutine grow in one step to 32 KiB, before other packages are initialised.
// Growing from 2 KiB on by doubling copies it four times, and touches pages for
// a pool of stacks of each size: three per cent of the time that a shim takes.
package stack

// inUse is the size that is made room for, in bytes.
const inUse = 20 << 10

var never bool

func init() { grow() }

// grow needs a frame that takes the result of room, and does nothing with it.
//
//go:noinline
func grow() {
	if never {
		room()
	}
}

//go:noinline
func room() (frame [inUse]byte) { return frame }
