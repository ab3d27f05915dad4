package launch

import (
	"strconv"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"

	"pi-track/internal/event"
	"pi-track/internal/exec"
)

// statusOf tells success, failure and cancellation apart: a run is cancelled
// when the program died of a signal that asks it to end, or exited with the
// status that stands for such a signal after it had been passed on. For the
// status of an interrupt no signal need have been seen: a program that reads
// the terminal's keys itself exits so when the person leaves it.
func statusOf(r exec.Result) event.Status {
	switch {
	case r.Err != nil:
		return event.Failed
	case r.Signal != 0:
		return cancelledBy(r.Signal)
	case r.Code > 128 && r.Code < 128+64 && r.Passed&(1<<(r.Code-129)) != 0:
		return event.Cancelled
	}
	return event.OfExit(r.Code)
}

func cancelledBy(s syscall.Signal) event.Status {
	switch s {
	case syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGQUIT:
		return event.Cancelled
	}
	return event.Failed
}

// signalName is the name of a signal without SIG; a real-time signal is named by
// its number.
func signalName(s syscall.Signal) string {
	if name := unix.SignalName(s); name != "" {
		return strings.TrimPrefix(name, "SIG")
	}
	return strconv.Itoa(int(s))
}
