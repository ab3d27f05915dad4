//go:build linux && (amd64 || arm64) && !portable

package exec

import (
	"bytes"
	"encoding/binary"
	"strconv"
	"syscall"
)

// openStat opens the stat file in a directory of /proc and says at which offset
// the state is. It returns -1 without /proc.
func openStat(dir string) (fd, state int) {
	fd, err := syscall.Open(dir+"/stat", syscall.O_RDONLY|syscall.O_CLOEXEC, 0)
	if err != nil {
		return -1, 0
	}
	var stat [64]byte
	n, _ := syscall.Read(fd, stat[:])
	name := bytes.LastIndexByte(stat[:max(n, 0)], ')')
	if name < 0 {
		syscall.Close(fd)
		return -1, 0
	}
	return fd, name + len(") ")
}

// stateOf returns the state of a process, the letter that ps shows, 0 if it is
// not known.
func stateOf(pid int) byte {
	fd, err := syscall.Open("/proc/"+strconv.Itoa(pid)+"/stat", syscall.O_RDONLY|syscall.O_CLOEXEC, 0)
	if err != nil {
		return 0
	}
	defer syscall.Close(fd)
	var stat [64]byte
	n, _ := syscall.Read(fd, stat[:])
	if name := bytes.LastIndexByte(stat[:max(n, 0)], ')'); name >= 0 {
		return stat[name+len(") ")]
	}
	return 0
}

// parentOf returns the parent of a process, 0 if it is not known.
func parentOf(pid int) int {
	fd, state := openStat("/proc/" + strconv.Itoa(pid))
	if fd < 0 {
		return 0
	}
	defer syscall.Close(fd)
	var b [16]byte
	n, _ := syscall.Pread(fd, b[:], int64(state+len("S ")))
	parent, _ := number(b[:max(n, 0)])
	return parent
}

// below says whether the process that sent a signal is the program or has been
// started by it, as far as parents can still be followed. To these this process,
// or the monitor, is the program's parent.
func (s *supervisor) below(info *siginfo) bool {
	if info.code != siUser && info.code != siQueue && info.code != siTkill {
		return false
	}
	program := s.child
	if program == 0 {
		program = terminalGroup
	}
	const most = 64 // generations
	pid := int(info.pid)
	for range most {
		switch {
		case pid == program:
			return program > 0
		case pid <= 1 || pid == s.pid || pid == s.parent:
			return false
		}
		pid = parentOf(pid)
	}
	return false
}

// numbersIn lists the names in a directory that are numbers, nil without it.
func numbersIn(dir string, buf []byte) (list []int) {
	fd, err := syscall.Open(dir, syscall.O_RDONLY|syscall.O_DIRECTORY|syscall.O_CLOEXEC, 0)
	if err != nil {
		return nil
	}
	defer syscall.Close(fd)
	for {
		n, err := syscall.Getdents(fd, buf)
		if err != nil || n <= 0 {
			return list
		}
		for b := buf[:n]; len(b) > 0; {
			size := binary.NativeEndian.Uint16(b[16:]) // d_reclen
			if i, ok := number(b[19:size]); ok {       // d_name
				list = append(list, i)
			}
			b = b[size:]
		}
	}
}

// number reads the decimal number that b starts with.
func number(b []byte) (n int, ok bool) {
	for _, c := range b {
		if c < '0' || c > '9' {
			break
		}
		n, ok = n*10+int(c-'0'), true
	}
	return n, ok
}
