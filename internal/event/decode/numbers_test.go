package decode

import (
	"strings"
	"testing"
)

// TestFastAgreesOnNumbersAndTimes tries every byte at every place of a ts, and
// integers of every length with and without a byte next to the digits.
func TestFastAgreesOnNumbersAndTimes(t *testing.T) {
	var lines []string
	for at := strings.Index(goodLine, "20"); goodLine[at] != '"'; at++ {
		for c := range 256 {
			lines = append(lines, goodLine[:at]+string([]byte{byte(c)})+goodLine[at+1:])
		}
	}
	for _, digits := range []string{"9007199254740991", "9007199254740992", "1000000000000000", "0000000000000000"} {
		for n := range len(digits) + 1 {
			for _, end := range []string{"", "/", ":", "0", "9", "\xb0", "\x10", " "} {
				lines = append(lines, strings.Replace(goodLine, `"pid":4242`, `"pid":`+digits[:n]+end, 1))
			}
		}
	}
	taken := 0
	for _, line := range lines {
		want, wantErr := oracle([]byte(line))
		fastAgrees(t, []byte(line), want, wantErr)
		var l Line
		buf := append([]byte(line+"\n"), padding[:]...)
		if l.Fast(buf, Mark(nil, buf), 0) > 0 {
			taken++
		} else if wantErr == nil && !strings.Contains(line, " ,") {
			t.Errorf("the fast path refuses\n%s", line)
		}
	}
	if taken < 100 {
		t.Errorf("the fast path takes only %d lines", taken)
	}
}

// Objects that differ from the layout in one byte are read alike by both
// decoders.
func TestFastAgreesOnUsage(t *testing.T) {
	usage := goodLine[strings.Index(goodLine, `"usage"`):strings.Index(goodLine, `,"call_id"`)]
	for i := range usage {
		for _, c := range []string{"", "0", "x", `"`, ",", "}", "{", ":", "-", ".", " "} {
			line := strings.Replace(goodLine, usage, usage[:i]+c+usage[i+1:], 1)
			want, err := oracle([]byte(line))
			fastAgrees(t, []byte(line), want, err)
		}
	}
}
