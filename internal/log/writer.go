package log

import (
	"strconv"
	"strings"
	"syscall"

	"pi-track/internal/log/sys"
)

// process is what identifies a process for good: its id, when it started, the
// process ids' namespace, the boot and the machine. As a text it is the value
// of the key writer, PID:START:NAMESPACE:BOOT:MACHINE.
type process struct {
	pid       int
	start     string // in the system's unit, decimal
	namespace string // decimal; "" where there is only one
	boot      string
	machine   string // hexadecimal; "" when it is not known
}

// Writer names this process for a start line whose run has no black box: whoever
// finds the run open later can prove by [Fate] that nobody will end it. It is ""
// where the system does not tell.
func Writer() string {
	p := process{pid: syscall.Getpid(), namespace: pidNamespace(), boot: sys.BootID(), machine: machineID()}
	if p.start, _ = startTime(p.pid); p.start == "" || p.boot == "" {
		return ""
	}
	return strings.Join([]string{strconv.Itoa(p.pid), p.start, p.namespace, p.boot, p.machine}, ":")
}

func parseWriter(text string) (p process, ok bool) {
	f := strings.Split(text, ":")
	if len(f) != 5 {
		return p, false
	}
	pid, err := strconv.Atoi(f[0])
	return process{pid, f[1], f[2], f[3], f[4]}, err == nil && pid > 0 && f[1] != "" && f[3] != ""
}

// WriterFate says what has become of the process that wrote a start line.
type WriterFate uint8

// What can be said about a process.
const (
	WriterUnknown   WriterFate = iota // neither can be proved
	WriterAlive                       // it runs
	WriterDead                        // it has ended
	WriterRestarted                   // it has ended with the machine
)

// Fate says what has become of the process that a line names in writer.
func Fate(writer string) WriterFate {
	p, ok := parseWriter(writer)
	if !ok {
		return WriterUnknown
	}
	return p.fate(process{namespace: pidNamespace(), boot: sys.BootID(), machine: machineID()})
}

// fate is [Fate] as seen by a process of the same sort as here. Another boot of the
// same machine is the end of every process; another machine's, and another
// namespace's, cannot be seen from here.
func (p *process) fate(here process) WriterFate {
	switch {
	case here.boot == "":
		return WriterUnknown
	case p.boot != here.boot && p.machine != "" && p.machine == here.machine:
		return WriterRestarted
	case p.boot != here.boot || p.namespace != here.namespace:
		return WriterUnknown
	}
	start, known := startTime(p.pid)
	switch {
	case known && start == p.start:
		return WriterAlive
	case known:
		return WriterDead // its id belongs to another process, or to none
	}
	return WriterUnknown
}

// machineHash shortens a machine's id (FNV-1a, 64 bits), which is nobody's
// business.
func machineHash(id string) string {
	if id = strings.TrimSpace(id); len(id) < 16 {
		return "" // missing, or "uninitialized"
	}
	h := uint64(0xcbf29ce484222325)
	for _, c := range []byte(id) {
		h = (h ^ uint64(c)) * 0x100000001b3
	}
	text := strconv.FormatUint(h, 16)
	return strings.Repeat("0", 16-len(text)) + text
}
