package query

// minMoment and maxMoment bound a run's times: 0 stands for none, and beyond
// the year 9999, in any zone, a time has no RFC 3339 form.
const (
	minMoment = 1
	maxMoment = 253402214400000 // 9999-12-31
)

// Moment is ms within the bounds.
func Moment(ms int64) int64 { return min(max(ms, minMoment), maxMoment) }
