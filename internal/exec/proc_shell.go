package exec

import (
	"bytes"
	"syscall"
)

// shell runs a script without an interpreter line, as execvp(3) does.
const shell = "/bin/sh"

// scriptArgv is the argument vector of the shell that runs the script at path.
func scriptArgv(path string, argv []string) []string {
	return append([]string{shell, path}, argv[min(1, len(argv)):]...)
}

// isScript says whether a file that the kernel cannot execute is for the shell.
// A program for another processor is not: like the shells, it is told by its
// magic number or a NUL byte in the first line.
func isScript(path string) bool {
	fd, err := syscall.Open(path, syscall.O_RDONLY|syscall.O_CLOEXEC, 0)
	if err != nil {
		return false
	}
	defer syscall.Close(fd)
	var head [128]byte
	n, _ := syscall.Read(fd, head[:])
	line, _, _ := bytes.Cut(head[:max(n, 0)], []byte("\n"))
	return !bytes.HasPrefix(line, []byte("\x7fELF")) && bytes.IndexByte(line, 0) < 0
}
