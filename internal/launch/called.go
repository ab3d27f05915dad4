package launch

import (
	"runtime"
	"unsafe"

	"golang.org/x/sys/unix"
)

// called is the path that was given to execve for this process, "" if that is
// not known. Linux tells it in the auxiliary vector (getauxval(3), AT_EXECFN).
func called() string {
	const execFn = 31
	if runtime.GOOS != "linux" {
		return ""
	}
	vector, _ := unix.Auxv()
	for _, entry := range vector {
		if entry[0] == execFn {
			text := *(**byte)(unsafe.Pointer(&entry[1])) // no Go memory: vet's rule on uintptr does not apply
			return unix.BytePtrToString(text)
		}
	}
	return ""
}
