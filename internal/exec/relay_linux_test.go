//go:build linux && (amd64 || arm64) && !portable

package exec

import (
	"bytes"
	"math/rand/v2"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

// TestSpliceKeepsTheTail has a relay move what it finds at once, into a pipe
// with room for all of it and into a smaller one.
func TestSpliceKeepsTheTail(t *testing.T) {
	all := make([]byte, 512<<10)
	rand.NewChaCha8([32]byte{}).Read(all)
	for _, room := range []int{1 << 20, 128 << 10} {
		var in, out [2]int
		for _, p := range []*[2]int{&in, &out} {
			if err := syscall.Pipe2(p[:], syscall.O_CLOEXEC|syscall.O_NONBLOCK); err != nil {
				t.Fatal(err)
			}
			defer syscall.Close(p[0])
			defer syscall.Close(p[1])
		}
		unix.FcntlInt(uintptr(in[1]), unix.F_SETPIPE_SZ, largePipe)
		unix.FcntlInt(uintptr(out[1]), unix.F_SETPIPE_SZ, room)
		if n, err := syscall.Write(in[1], all); n < len(all) {
			t.Fatal(n, err)
		}
		r := relay{in: in[0], out: out[1], ring: newRing(), buf: make([]byte, largeBuffer), behind: true}
		if r.splices = r.own(); !r.splices || !r.fill() || !r.behind {
			t.Fatal("nothing was spliced")
		}
		taken := int(*r.ring.Total)
		if taken < min(room, len(all)) || taken > room+TailSize || !bytes.Equal(r.ring.tail(), all[taken-TailSize:taken]) {
			t.Errorf("room for %d: %d bytes were taken, or the tail is not their end", room, taken)
		}
		got := make([]byte, 2*len(all))
		n, err := syscall.Read(out[0], got)
		if err != nil || !bytes.Equal(append(got[:n], r.pending...), all[:taken]) {
			t.Errorf("room for %d: %d bytes came: %v", room, n, err)
		}
	}
}
