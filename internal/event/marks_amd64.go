package event

// mark finds the marks of 64 bytes of b for each word of m, with SSE2, which
// every amd64 has.
//
//go:noescape
func markSSE2(m *uint64, b *byte, words int)

func mark(m Marks, b []byte) {
	if len(m) > 0 {
		_ = b[len(m)*64-1]
		markSSE2(&m[0], &b[0], len(m))
	}
}
