// Package stack is imported for its effect: the stack of the main goroutine grows to
// 32 KiB in one step, before other packages are initialised. Left alone it starts at
// 2 KiB and doubles four times. Each time it is copied, and the pool of stacks of that
// size touches new pages. That takes three per cent of a shim's time.
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
