// Command minimal is the least that a wrapper in Go can do: it forks, waits
// and writes two lines to the file named by MINIMAL_LOG.
package main

import (
	"os"
	"syscall"
)

func main() {
	log, err := syscall.Open(os.Getenv("MINIMAL_LOG"), syscall.O_WRONLY|syscall.O_APPEND|syscall.O_CREAT|syscall.O_CLOEXEC, 0o644)
	if err != nil {
		syscall.Exit(125)
	}
	pid, err := syscall.ForkExec(os.Args[1], os.Args[1:], &syscall.ProcAttr{Env: os.Environ(), Files: []uintptr{0, 1, 2}})
	if err != nil {
		syscall.Exit(126)
	}
	syscall.Write(log, []byte(`{"status":"start"}`+"\n"))
	var status syscall.WaitStatus
	for {
		if _, err := syscall.Wait4(pid, &status, 0, nil); err != syscall.EINTR {
			break
		}
	}
	syscall.Write(log, []byte(`{"status":"end"}`+"\n"))
	syscall.Exit(status.ExitStatus())
}
