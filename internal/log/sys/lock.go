package sys

import (
	"syscall"
	"time"
)

// LockWait bounds the time that an append waits for the lock. After it the line is
// appended without: whoever holds the lock that long is stopped, and must not hold
// up a helper.
const LockWait = 4 * time.Millisecond

// LockTimer hands out locks until it has waited for [LockWait], or for Within,
// in total.
type LockTimer struct {
	Within   time.Duration
	deadline time.Time
}

// Lock takes the exclusive lock on fd. It is false when that took too long or
// the file system has no locks.
func (t *LockTimer) Lock(fd int) bool {
	pause := 50 * time.Microsecond
	for {
		err := Flock(fd, syscall.LOCK_EX|syscall.LOCK_NB)
		if err == nil {
			return true
		}
		if err != syscall.EWOULDBLOCK {
			return false
		}
		now := time.Now()
		if t.deadline.IsZero() {
			if t.Within == 0 {
				t.Within = LockWait
			}
			t.deadline = now.Add(t.Within)
		}
		if !now.Before(t.deadline) {
			return false
		}
		sleep(pause)
		pause = min(pause*2, time.Millisecond)
	}
}
