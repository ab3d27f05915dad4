package stats

// The arrows of a trend.
const (
	ArrowUp   = "up"
	ArrowDown = "down"
	ArrowNone = ""
)

// Trend is the change of a success rate from the previous k0 of n0 to k1 of
// n1, with Newcombe's interval, and the p-value of Fisher's exact test. It is
// false when one of them has n = 0.
func Trend(k1, n1, k0, n0 int64) (Interval, float64, bool) {
	diff, ok := Newcombe(k1, n1, k0, n0)
	if !ok {
		return Interval{}, 1, false
	}
	return diff, Fisher(k1, n1-k1, k0, n0-k0), true
}

// Arrow is that of a change whose p-value is at most limit, which
// BenjaminiHochberg finds for several helpers, and whose interval excludes zero.
func Arrow(diff Interval, p, limit float64) string {
	switch {
	case p > limit:
		return ArrowNone
	case diff.Low > 0:
		return ArrowUp
	case diff.High < 0:
		return ArrowDown
	}
	return ArrowNone
}
