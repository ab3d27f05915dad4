package report

import (
	"cmp"
	"slices"
)

// days are numbers of runs by day, in the order of the days; days without runs
// are left out.
type days []dayCounts

// dayCounts are the numbers of runs of a day by event.Code.
type dayCounts struct {
	day int32
	n   [5]int64
}

// of is the counts of a day, until the next call. The last days are fast.
func (d *days) of(day int32) *[5]int64 {
	i := len(*d) - 1
	if i >= 0 && (*d)[i].day > day && i > 0 && (*d)[i-1].day == day {
		i--
	}
	if i < 0 || (*d)[i].day != day {
		var found bool
		i, found = slices.BinarySearchFunc(*d, day, func(x dayCounts, day int32) int { return cmp.Compare(x.day, day) })
		if !found {
			*d = slices.Insert(*d, i, dayCounts{day: day})
		}
	}
	return &(*d)[i].n
}

// merge adds all of o.
func (d *days) merge(o days) {
	at := 0
	for _, x := range o {
		for at < len(*d) && (*d)[at].day < x.day {
			at++
		}
		if at == len(*d) || (*d)[at].day != x.day {
			*d = slices.Insert(*d, at, x)
			continue
		}
		for k, n := range x.n {
			(*d)[at].n[k] += n
		}
	}
}

// last are the n days up to last, oldest first.
func (d *days) last(last int32, n int) []Day {
	out := make([]Day, 0, n)
	for day := last - int32(n) + 1; day <= last; day++ {
		x := Day{Date: date(day)}
		i, found := slices.BinarySearchFunc(*d, day, func(x dayCounts, day int32) int { return cmp.Compare(x.day, day) })
		if found {
			x.Counts = counts(&(*d)[i].n)
		}
		out = append(out, x)
	}
	return out
}
