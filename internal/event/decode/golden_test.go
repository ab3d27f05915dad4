package decode

import (
	"bytes"
	"os"
	"testing"
)

// TestFastTakesWhatRunsRanWith: lines with the latest keys need no slow path.
func TestFastTakesWhatRunsRanWith(t *testing.T) {
	taken := 0
	lines, err := os.ReadFile("../testdata/golden.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	for line := range bytes.Lines(lines) {
		if !bytes.Contains(line, []byte(`"arm"`)) && !bytes.Contains(line, []byte(`"agent"`)) && !bytes.Contains(line, []byte(`"rev"`)) {
			continue
		}
		taken++
		b := append(bytes.Clone(line), padding[:]...)
		var l Line
		if l.Fast(b, Mark(nil, b), 0) != len(line) {
			t.Errorf("refused: %s", line)
		}
	}
	if taken < 4 {
		t.Errorf("only %d lines", taken)
	}
}
