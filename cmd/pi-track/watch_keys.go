//go:build linux || darwin || freebsd || openbsd

package main

import (
	"os"
	"os/signal"
	"sync"
	"syscall"
	"time"

	"golang.org/x/term"
)

// keys are the keys pressed at a terminal, one at a time, as long as it is raw.
type keys struct {
	pressed chan byte
	fd      int
	saved   *term.State
	once    sync.Once
}

// The keys that have a meaning.
const (
	ctrlC    = 3
	ctrlD    = 4
	ctrlZ    = 26
	ctrlBack = 28 // quit
)

// readKeys makes the terminal of a stream raw; nil when it is none, or cannot
// be. A signal that ends the program gives it back before.
func readKeys(stdin any) *keys {
	fd, ok := isTerminal(stdin)
	if !ok {
		return nil
	}
	saved, err := term.MakeRaw(fd)
	if err != nil {
		return nil
	}
	k := &keys{pressed: make(chan byte), fd: fd, saved: saved}
	go func() {
		b := make([]byte, 1)
		for {
			if n, err := syscall.Read(fd, b); err != nil && err != syscall.EINTR || n == 0 && err == nil {
				return // the terminal is gone
			} else if n == 1 {
				k.pressed <- b[0]
			}
		}
	}()
	ending := make(chan os.Signal, 1)
	signal.Notify(ending, syscall.SIGTERM, syscall.SIGINT, syscall.SIGQUIT)
	go func() {
		s := (<-ending).(syscall.Signal)
		k.restore()
		raise(s)
	}()
	return k
}

// restore gives the terminal back as it was.
func (k *keys) restore() {
	if k != nil {
		k.once.Do(func() { _ = term.Restore(k.fd, k.saved) })
	}
}

// wait lets the time pass; false when a key ended the watching.
func (k *keys) wait(d time.Duration) bool {
	var pressed chan byte
	if k != nil {
		pressed = k.pressed
	}
	for after := time.After(d); ; {
		select {
		case key := <-pressed:
			if !k.take(key) {
				return false
			}
		case <-after:
			return true
		}
	}
}

// take does what a key means; false ends the watching.
func (k *keys) take(key byte) bool {
	switch key {
	case 'q', 'Q', ctrlD:
		return false
	case ctrlC, ctrlBack:
		k.restore()
		raise(map[byte]syscall.Signal{ctrlC: syscall.SIGINT, ctrlBack: syscall.SIGQUIT}[key])
	case ctrlZ:
		_ = term.Restore(k.fd, k.saved)
		_ = syscall.Kill(0, syscall.SIGTSTP) // as the terminal does: the whole job
		_, _ = term.MakeRaw(k.fd)
	}
	return true
}

// raise does to this process what the signal does by default.
func raise(s syscall.Signal) {
	signal.Reset(s)
	_ = syscall.Kill(os.Getpid(), s)
}
