package decode

import "sync"

// markSSE2 finds the marks of 64 bytes of b for each word of m, with SSE2,
// which every amd64 has; words is not 0.
//
//go:noescape
func markSSE2(m *uint64, b *byte, words int)

// markAVX2 is markSSE2 with AVX2, which takes half the time.
//
//go:noescape
func markAVX2(m *uint64, b *byte, words int)

func cpuid(leaf uint32) (b, c uint32)

func xgetbv() uint32

// hasAVX2 says whether the processor and the kernel have AVX2. It is asked for
// when the first log is read, not in every shim.
var hasAVX2 = sync.OnceValue(func() bool {
	const xsave, avx, states, avx2 = 1 << 27, 1 << 28, 1<<1 | 1<<2, 1 << 5
	if _, c := cpuid(1); c&xsave == 0 || c&avx == 0 || xgetbv()&states != states {
		return false
	}
	b, _ := cpuid(7) // every processor with AVX has it
	return b&avx2 != 0
})

func mark(m Marks, b []byte) {
	if len(m) == 0 {
		return
	}
	_ = b[len(m)*64-1]
	if hasAVX2() {
		markAVX2(&m[0], &b[0], len(m))
	} else {
		markSSE2(&m[0], &b[0], len(m))
	}
}
