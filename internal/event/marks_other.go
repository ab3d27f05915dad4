//go:build !amd64

package event

func mark(m Marks, b []byte) { markGo(m, b) }
