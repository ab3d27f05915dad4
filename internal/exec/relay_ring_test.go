package exec

import (
	"bytes"
	"errors"
	"testing"
)

func TestRingKeepsTheEnd(t *testing.T) {
	for _, chunk := range []int{1, 7, TailSize - 1, TailSize, TailSize + 1, 3*TailSize + 5} {
		r := newRing()
		var all []byte
		for i := range 5 {
			b := bytes.Repeat([]byte{byte('a' + i)}, chunk)
			b[0] = byte('0' + i)
			r.write(b)
			all = append(all, b...)
		}
		want := all[max(0, len(all)-TailSize):]
		if got := r.tail(); !bytes.Equal(got, want) || *r.Total != uint64(len(all)) {
			t.Errorf("chunks of %d: %d bytes, total %d", chunk, len(got), *r.Total)
		}
	}
}

func TestRingPutStartsAnywhere(t *testing.T) {
	r := newRing()
	r.put(TailSize-2, []byte("abcd"))
	if got := r.tail(); !bytes.HasSuffix(got, []byte("abcd")) || *r.Total != TailSize+2 {
		t.Errorf("tail ends with %q, total %d", got[max(0, len(got)-8):], *r.Total)
	}
}

// TestRingStores: whoever looks at the shared memory sees the end of the stream
// after every write, however long the stream is, whenever storing without a
// mapping fails, and so does tail, also when the mapping is other memory.
func TestRingStores(t *testing.T) {
	for _, chunk := range []int{1, 100, 1365, 2048, TailSize, TailSize + 1, 3 * TailSize} {
		for fail := range maxStores + 2 {
			for _, shared := range []bool{true, false} {
				memory, total, calls := make([]byte, TailSize), uint64(0), 0
				r := &Ring{
					Map: func() ([]byte, *uint64) {
						if shared {
							return memory, &total
						}
						return make([]byte, TailSize), new(uint64)
					},
					Store: func(at uint64, b []byte) error {
						calls++
						copy(memory[at:], b)
						if calls == fail {
							return errors.New("the count was not stored")
						}
						total = at + uint64(len(b))
						return nil
					},
				}
				var all []byte
				for i := range 2 * maxStores {
					b := bytes.Repeat([]byte{byte('a' + i)}, chunk)
					b[0] = byte('0' + i)
					all = append(all, b...)
					r.write(b)
					end := all[max(0, len(all)-TailSize):]
					if got := r.tail(); !bytes.Equal(got, end) {
						t.Fatalf("chunks of %d, failure %d, shared %v: tail of %d bytes after %d", chunk, fail, shared, len(got), len(all))
					}
					if !shared {
						continue
					}
					seen := (&Ring{Bytes: memory, Total: &total}).tail()
					if !bytes.Equal(seen, end) || total != uint64(len(all)) {
						t.Fatalf("chunks of %d, failure %d: others see %d of %d bytes", chunk, fail, total, len(all))
					}
				}
				if calls > maxStores {
					t.Errorf("stored %d times", calls)
				}
			}
		}
	}
}

// TestRingStoresAgain: a file that is read back while it grows and is truncated.
func TestRingStoresAgain(t *testing.T) {
	memory, total := make([]byte, TailSize), uint64(0)
	r := &Ring{
		Map: func() ([]byte, *uint64) { return memory, &total },
		Store: func(at uint64, b []byte) error {
			total = at + uint64(copy(memory[at:], b))
			return nil
		},
	}
	for _, text := range []string{"one", "one two", "1", "", "one two three", "one two three four"} {
		r.put(0, []byte(text))
		if string(r.tail()) != text || string(memory[:total]) != text {
			t.Errorf("%q: tail %q, stored %q", text, r.tail(), memory[:total])
		}
	}
}
