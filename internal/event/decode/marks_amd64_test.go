package decode

import (
	"math/rand/v2"
	"slices"
	"testing"
)

func TestMarksOfBothVectorSizes(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	b := make([]byte, 64*40)
	for i := range b {
		b[i] = byte(rng.Uint32())
	}
	for words := 1; words < 40; words++ {
		want, narrow := make(Marks, words), make(Marks, words)
		markGo(want, b)
		markSSE2(&narrow[0], &b[0], words)
		if !slices.Equal(narrow, want) {
			t.Fatalf("%d words with SSE2: %x, want %x", words, narrow, want)
		}
		if !hasAVX2() {
			continue
		}
		wide := make(Marks, words)
		markAVX2(&wide[0], &b[0], words)
		if !slices.Equal(wide, want) {
			t.Fatalf("%d words with AVX2: %x, want %x", words, wide, want)
		}
	}
}

func BenchmarkMark(b *testing.B) {
	text := make([]byte, 128<<10)
	m := make(Marks, len(text)/64)
	b.Run("SSE2", func(b *testing.B) {
		b.SetBytes(int64(len(text)))
		for b.Loop() {
			markSSE2(&m[0], &text[0], len(m))
		}
	})
	b.Run("chosen", func(b *testing.B) {
		b.SetBytes(int64(len(text)))
		for b.Loop() {
			mark(m, text)
		}
	})
}
