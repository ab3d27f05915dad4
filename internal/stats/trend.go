package stats

// The arrows of a trend.
const (
	ArrowUp   = "up"
	ArrowDown = "down"
	ArrowNone = ""
)

// Trend is the change of a success rate from the previous k0 of n0 to k1 of
// n1, with Newcombe's interval and an arrow where that excludes zero. It is
// false when one of them has n = 0.
func Trend(k1, n1, k0, n0 int64) (Interval, string, bool) {
	diff, ok := Newcombe(k1, n1, k0, n0)
	switch {
	case !ok:
		return Interval{}, ArrowNone, false
	case diff.Low > 0:
		return diff, ArrowUp, true
	case diff.High < 0:
		return diff, ArrowDown, true
	}
	return diff, ArrowNone, true
}
