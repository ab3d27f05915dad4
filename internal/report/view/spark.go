package view

import (
	"math"
	"strings"

	"pi-track/internal/report/sum"
)

var levels = []rune("▁▂▃▄▅▆▇█")

// spark draws the runs of each day as one character, a day without a run as
// a dot.
func spark(days []sum.Day) string {
	top := int64(1)
	for _, d := range days {
		top = max(top, d.Runs)
	}
	var b strings.Builder
	for _, d := range days {
		if d.Runs == 0 {
			b.WriteRune('·')
			continue
		}
		b.WriteRune(levels[(d.Runs*int64(len(levels))-1)/top])
	}
	return b.String()
}

// barWidth is the length of a full bar.
const barWidth = 8

// bar draws a fraction in eighths of a character; what is not zero is seen.
func bar(fraction float64) string {
	eighths := int(math.Round(fraction * barWidth * 8))
	if fraction > 0 {
		eighths = max(eighths, 1)
	}
	full, rest := eighths/8, eighths%8
	s := strings.Repeat("█", full)
	if rest > 0 {
		s += string(rune('█' + 8 - rest)) // ▉ … ▏
	}
	return s
}
