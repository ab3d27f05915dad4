package sum

import (
	"cmp"
	"slices"
	"time"

	"pi-track/internal/report/query"
)

// Days are numbers of runs by day, in the order of the days; days without runs
// are left out.
type Days []DayCounts

// DayCounts are the numbers of runs of a day by decode.Code.
type DayCounts struct {
	Day int32
	N   [5]int64
}

// Of is the counts of a day, until the next call. The last days are fast.
func (d *Days) Of(day int32) *[5]int64 {
	i := len(*d) - 1
	if i >= 0 && (*d)[i].Day > day && i > 0 && (*d)[i-1].Day == day {
		i--
	}
	if i < 0 || (*d)[i].Day != day {
		var found bool
		i, found = slices.BinarySearchFunc(*d, day, func(x DayCounts, day int32) int { return cmp.Compare(x.Day, day) })
		if !found {
			*d = slices.Insert(*d, i, DayCounts{Day: day})
		}
	}
	return &(*d)[i].N
}

// Merge adds all of o.
func (d *Days) Merge(o Days) {
	if len(*d) == 0 {
		*d = slices.Clone(o)
		return
	}
	at := 0
	for _, x := range o {
		for at < len(*d) && (*d)[at].Day < x.Day {
			at++
		}
		if at == len(*d) || (*d)[at].Day != x.Day {
			*d = slices.Insert(*d, at, x)
			continue
		}
		for k, n := range x.N {
			(*d)[at].N[k] += n
		}
	}
}

// Last are the n days up to last, oldest first.
func (d *Days) Last(last int32, n int) []Day {
	out := make([]Day, 0, n)
	for day := last - int32(n) + 1; day <= last; day++ {
		x := Day{Date: Date(day)}
		i, found := slices.BinarySearchFunc(*d, day, func(x DayCounts, day int32) int { return cmp.Compare(x.Day, day) })
		if found {
			x.Counts = CountsOf(&(*d)[i].N)
		}
		out = append(out, x)
	}
	return out
}

// Day is one calendar day in the query's time zone.
type Day struct {
	Date string `json:"date"` // 2006-01-02
	Counts
}

// Date is the date of a day number.
func Date(day int32) string { return query.DayDate(day).Format(time.DateOnly) }
