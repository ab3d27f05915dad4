package view

import (
	"fmt"
	"math"
	"path"
	"strconv"
	"strings"
	"time"

	"pi-track/internal/report/section"
	"pi-track/internal/stats"
)

// nothing stands where there is no figure.
const nothing = "–"

// count is a number in at most seven characters: 9,812, 125,000, 1.23M.
func count(n int64) string {
	switch {
	case n >= 1e9:
		return fmt.Sprintf("%.2fG", float64(n)/1e9)
	case n >= 1e6:
		return fmt.Sprintf("%.2fM", float64(n)/1e6)
	}
	return thousands(n)
}

// thousands is a number with a comma between every three digits.
func thousands(n int64) string {
	s := strconv.FormatInt(n, 10)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// plural is "1 run" or "3 runs".
func plural(n int64, one string) string {
	if n == 1 {
		return "1 " + one
	}
	return count(n) + " " + one + "s"
}

// span is a duration in milliseconds in at most six characters: 850ms, 1.24s,
// 3m20s, 2h05m, 3d04h.
func span(ms float64) string {
	s := ms / 1000
	switch {
	case ms < 999.5:
		return strconv.FormatFloat(ms, 'f', 0, 64) + "ms"
	case s < 9.995:
		return strconv.FormatFloat(s, 'f', 2, 64) + "s"
	case s < 59.95:
		return strconv.FormatFloat(s, 'f', 1, 64) + "s"
	}
	total := int64(math.Round(s))
	switch {
	case total < 3600:
		return fmt.Sprintf("%dm%02ds", total/60, total%60)
	case total < 48*3600:
		return fmt.Sprintf("%dh%02dm", total/3600, total%3600/60)
	}
	return fmt.Sprintf("%dd%02dh", total/86400, total%86400/3600)
}

// spanOf is span, or nothing when no run stands behind it.
func spanOf(n int64, ms float64) string {
	if n == 0 {
		return nothing
	}
	return span(ms)
}

// percent is a fraction with one decimal; 100.0 and 0.0 are what they say:
// 99.96 % is 99.9, not 100.
func percent(p float64) string {
	x := math.Round(p*1000) / 10
	if x >= 100 && p < 1 {
		x = 99.9
	}
	if x <= 0 && p > 0 {
		x = 0.1
	}
	return strconv.FormatFloat(x, 'f', 1, 64) + "%"
}

// rate is the percentage of a rate, or nothing when its n is 0.
func rate(r stats.Rate) string {
	if r.Value == nil {
		return nothing
	}
	return percent(*r.Value)
}

// rateN is a rate with its n: "92.3% of 120".
func rateN(r stats.Rate) string {
	if r.Value == nil {
		return nothing
	}
	return percent(*r.Value) + " of " + count(r.N)
}

// bounds is the interval of a rate in whole percent: 87–95.
func bounds(r stats.Rate) string {
	if r.Value == nil {
		return nothing
	}
	return fmt.Sprintf("%.0f–%.0f", math.Floor(r.Low*100), math.Ceil(r.High*100))
}

// points is a difference of rates in percentage points: +15.0.
func points(x float64) string {
	return fmt.Sprintf("%+.1f", math.Round(x*1000)/10+0)
}

// pointsInterval is the interval of a difference: "+15.0 [+0.8, +29.2]".
func pointsInterval(i *stats.Interval) string {
	if i == nil {
		return nothing
	}
	return points(i.Value) + " [" + points(i.Low) + ", " + points(i.High) + "]"
}

// delta is the change of the number of runs against the period before.
func delta(d *section.Delta) string {
	switch {
	case d == nil || d.Current == 0 && d.Previous == 0:
		return nothing
	case d.Previous == 0:
		return "new"
	case d.Current == d.Previous:
		return "="
	}
	p := 100 * float64(d.Current-d.Previous) / float64(d.Previous)
	if p >= 1000 {
		return fmt.Sprintf("×%.0f", float64(d.Current)/float64(d.Previous))
	}
	return fmt.Sprintf("%+.0f%%", p)
}

// money is an amount in US dollars.
func money(x float64) string {
	switch {
	case x == 0:
		return nothing
	case x < 0.005:
		return "<$0.01"
	case x < 1000:
		return fmt.Sprintf("$%.2f", x)
	}
	return "$" + thousands(int64(math.Round(x)))
}

// kilobytes is a size in KiB with a binary unit.
func kilobytes(kb int64) string { return bytes(kb * 1024) }

// bytes is a size with a binary unit: 412B, 3.1MiB.
func bytes(n int64) string {
	x, unit := float64(n), 0
	for x >= 1024 && unit < 4 {
		x /= 1024
		unit++
	}
	if unit == 0 {
		return strconv.FormatInt(n, 10) + "B"
	}
	return strconv.FormatFloat(x, 'f', 1, 64) + []string{"", "KiB", "MiB", "GiB", "TiB"}[unit]
}

// clock prints times in the query's zone, without what is the same as now.
type clock struct {
	now time.Time
	loc *time.Location
}

// moment is "Nov 2 14:03", with the year when it is another one than now's.
func (c clock) moment(t time.Time) string { return c.format(t, "Jan 2 15:04", "2006-01-02 15:04") }

// until is moment behind another: of the same day the time alone.
func (c clock) until(from, to time.Time) string {
	if day := time.DateOnly; from.In(c.loc).Format(day) == to.In(c.loc).Format(day) {
		return to.In(c.loc).Format("15:04")
	}
	return c.moment(to)
}

// minute is moment for a column: the day is two characters wide.
func (c clock) minute(t time.Time) string { return c.format(t, "Jan _2 15:04", "2006-01-02 15:04") }

// day is "Nov 2", with the year when it is another one than now's.
func (c clock) day(t time.Time) string { return c.format(t, "Jan 2", time.DateOnly) }

func (c clock) format(t time.Time, thisYear, otherYear string) string {
	t = t.In(c.loc)
	if t.Year() != c.now.In(c.loc).Year() {
		return t.Format(otherYear)
	}
	return t.Format(thisYear)
}

// zone names the time zone with its offset at now.
func (c clock) zone() string {
	name, offset := c.now.In(c.loc).Zone()
	if offset == 0 {
		return name
	}
	at := c.now.In(c.loc).Format("UTC-07:00")
	if c.loc.String() != "Local" {
		return c.loc.String() + " (" + at + ")"
	}
	return at
}

// names shortens the paths of repos to their last elements, as many as it
// takes to tell them apart.
type names map[string]string

// outside stands for no repo.
const outside = "(no repo)"

func (n names) repo(repo string) string {
	if repo == "" {
		return outside
	}
	if short, ok := n[repo]; ok {
		return short
	}
	return path.Base(repo)
}

// shorten makes names for all repos.
func shorten(repos []string) names {
	n := names{}
	for depth := 1; depth <= 8; depth++ {
		taken := map[string]int{}
		for _, r := range repos {
			if n[r] == "" {
				taken[tail(r, depth)]++
			}
		}
		for _, r := range repos {
			if t := tail(r, depth); n[r] == "" && (taken[t] == 1 || t == r) {
				n[r] = t
			}
		}
	}
	return n
}

// tail is the last depth elements of a path.
func tail(p string, depth int) string {
	at := len(p)
	for range depth {
		i := strings.LastIndexByte(p[:at], '/')
		if i < 0 {
			return p
		}
		at = i
	}
	return p[at+1:]
}
