//go:build !amd64

package decode

func mark(m Marks, b []byte) { markGo(m, b) }
