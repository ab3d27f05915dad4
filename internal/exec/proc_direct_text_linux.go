//go:build linux && (amd64 || arm64) && !portable

package exec

import "unsafe"

// The texts of a program that runs before the runtime end in a NUL.

//go:nosplit
//go:norace
func cString(s string) unsafe.Pointer { return unsafe.Pointer(unsafe.StringData(s)) }

//go:nosplit
//go:norace
func byteAt(text unsafe.Pointer, i int) byte { return *(*byte)(unsafe.Add(text, i)) }

//go:nosplit
//go:norace
func startsWith(text, prefix unsafe.Pointer) bool {
	for i := 0; byteAt(prefix, i) != 0; i++ {
		if byteAt(text, i) != byteAt(prefix, i) {
			return false
		}
	}
	return true
}

//go:nosplit
//go:norace
func same(a, b unsafe.Pointer) bool {
	i := 0
	for ; byteAt(b, i) != 0; i++ {
		if byteAt(a, i) != byteAt(b, i) {
			return false
		}
	}
	return byteAt(a, i) == 0
}

//go:nosplit
//go:norace
func baseOf(path unsafe.Pointer) unsafe.Pointer {
	base := path
	for i := 0; byteAt(path, i) != 0; i++ {
		if byteAt(path, i) == '/' {
			base = unsafe.Add(path, i+1)
		}
	}
	return base
}

// copyTo is false when the text is too long.
//
//go:nosplit
//go:norace
func copyTo(to *[pathMax]byte, at int, text unsafe.Pointer) bool {
	for i := 0; ; i++ {
		if at+i >= pathMax-1 {
			to[0] = 0
			return false
		}
		to[at+i] = byteAt(text, i)
		if byteAt(text, i) == 0 {
			return true
		}
	}
}
