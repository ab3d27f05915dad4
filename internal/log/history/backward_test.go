package history

import (
	"bytes"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"pi-track/internal/event"
	"pi-track/internal/event/decode"
)

// Lines of any length come out backward as they stand in the file, whatever
// side of a block's border they lie on.
func TestBackward(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 50 {
		var file bytes.Buffer
		var want []string
		for range random.IntN(40) {
			length := random.IntN(200)
			if random.IntN(5) == 0 {
				length = blockSize - 2 + random.IntN(5)
			}
			line := strings.Repeat(string(rune('a'+random.IntN(26))), length)
			file.WriteString(line + "\n")
			if line != "" {
				want = append(want, line)
			}
		}
		var got []string
		err := backward(bytes.NewReader(file.Bytes()), int64(file.Len()), func(line []byte) bool {
			got = append(got, string(line))
			return true
		})
		slices.Reverse(got)
		if err != nil || !slices.Equal(got, want) {
			t.Fatalf("%d lines instead of %d, %v", len(got), len(want), err)
		}
	}
}

// The first line of a file is whole wherever the blocks begin that are read from its
// end on.
func TestBackwardToTheFirstByte(t *testing.T) {
	for _, size := range []int{1, 2, blockSize - 1, blockSize, blockSize + 1, blockSize + 2, 2*blockSize + 1} {
		file := "ab" + strings.Repeat("\n", size)
		file = file[:size]
		var got []string
		if err := backward(strings.NewReader(file), int64(len(file)), func(line []byte) bool {
			got = append(got, string(line))
			return true
		}); err != nil || len(got) != 1 || got[0] != "ab"[:min(size, 2)] {
			t.Errorf("%d bytes: %q, %v", size, got, err)
		}
	}
}

func TestBackwardIsBounded(t *testing.T) {
	file := "first\n" + strings.Repeat("x", 5*blockSize) + "\nlast\n"
	var got []string
	if err := backward(strings.NewReader(file), int64(len(file)), func(line []byte) bool {
		got = append(got, string(line))
		return true
	}); err != nil {
		t.Fatal(err)
	}
	if len(got) != 3 || got[0] != "last" || got[2] != "first" || len(got[1]) > 2*blockSize {
		t.Errorf("%d lines, the long one with %d bytes", len(got), len(got[1]))
	}
	n := 0
	if err := backward(strings.NewReader(file), int64(len(file)), func([]byte) bool { n++; return false }); err != nil || n != 1 {
		t.Errorf("%d lines after the first no, %v", n, err)
	}
}

// A line that is too long is no event, wherever it is cut.
func TestAnEventInsideALongLineDoesNotCount(t *testing.T) {
	e := event.Event{TS: time.Now(), ID: "x", Kind: event.Script, Name: "forged", Status: event.Started}
	line := strings.TrimSuffix(string(e.Append(nil)), "\n")
	file := strings.Repeat(" ", 3*blockSize) + line + "\n"
	var l decode.Line
	n := 0
	err := backward(strings.NewReader(file), int64(len(file)), func(line []byte) bool {
		n++
		if Decode(line, &l) == nil {
			t.Error("the end of the line counts as an event")
		}
		return true
	})
	if err != nil || n != 1 {
		t.Errorf("%d lines, %v", n, err)
	}
	if err := Decode([]byte(line), &l); err != nil {
		t.Errorf("the event by itself: %v", err)
	}
}
