package exec

import (
	"syscall"
	"time"
)

// failed is the result of a program that could not be started: 127 if there
// is no such file, 126 if it cannot be executed, as shells have it.
func failed(spec *Spec, err error, start time.Time) Result {
	code := 126
	if err == syscall.ENOENT || err == syscall.ENOTDIR {
		code = 127
	}
	return Result{Err: &StartError{Path: spec.Path, Err: err}, Code: code, Start: start}
}

// StartError says why a program could not be started, in a shell's words.
type StartError struct {
	Path string
	Err  error // a syscall.Errno
}

func (e *StartError) Unwrap() error { return e.Err }

// Error returns "PATH: REASON" with the reason spelled as the C library does.
func (e *StartError) Error() string {
	reason := e.Err.Error()
	switch e.Err {
	case syscall.ELOOP:
		reason = "Too many levels of symbolic links"
	case syscall.ENOEXEC:
		reason = "Exec format error"
	default:
		if c := reason[0]; 'a' <= c && c <= 'z' {
			reason = string(c-'a'+'A') + reason[1:]
		}
	}
	return e.Path + ": " + reason
}
