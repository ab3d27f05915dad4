package launch

import (
	"errors"
	"syscall"
	"testing"

	"pi-track/internal/event"
	"pi-track/internal/exec"
)

func TestStatusOf(t *testing.T) {
	passed := func(s ...syscall.Signal) (set uint64) {
		for _, sig := range s {
			set |= 1 << (sig - 1)
		}
		return set
	}
	for _, c := range []struct {
		r    exec.Result
		want event.Status
	}{
		{exec.Result{}, event.Succeeded},
		{exec.Result{Code: 1}, event.Failed},
		{exec.Result{Code: 128}, event.Failed},
		{exec.Result{Code: 130}, event.Cancelled}, // whoever caught the interrupt
		{exec.Result{Code: 143}, event.Failed},    // nobody asked it to end
		{exec.Result{Code: 129}, event.Failed},
		{exec.Result{Code: 137}, event.Failed},
		{exec.Result{Code: 255}, event.Failed},
		{exec.Result{Code: 143, Passed: passed(syscall.SIGTERM)}, event.Cancelled},
		{exec.Result{Code: 129, Passed: passed(syscall.SIGHUP)}, event.Cancelled},
		{exec.Result{Code: 143, Passed: passed(syscall.SIGHUP)}, event.Failed},
		{exec.Result{Code: 142, Passed: passed(syscall.SIGTERM)}, event.Failed},
		{exec.Result{Code: 0, Passed: passed(syscall.SIGTERM)}, event.Succeeded},
		{exec.Result{Signal: syscall.SIGTERM}, event.Cancelled},
		{exec.Result{Signal: syscall.SIGINT}, event.Cancelled},
		{exec.Result{Signal: syscall.SIGHUP}, event.Cancelled},
		{exec.Result{Signal: syscall.SIGQUIT}, event.Cancelled},
		{exec.Result{Signal: syscall.SIGKILL}, event.Failed},
		{exec.Result{Signal: syscall.SIGSEGV}, event.Failed},
		{exec.Result{Err: errors.New("no such file"), Code: 130}, event.Failed},
	} {
		if got := statusOf(c.r); got != c.want {
			t.Errorf("%+v: %s, not %s", c.r, got, c.want)
		}
	}
}
