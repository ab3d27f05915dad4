package exec

import (
	"bytes"
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
