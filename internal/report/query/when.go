package query

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// layouts and dayLayouts are the absolute times that ParseTime takes, without a
// zone: they are in the zone of the report.
var (
	shownLayouts = []string{"Jan 2 15:04", "Jan _2 15:04", "Jan 2"}
	layouts      = []string{"2006-01-02T15:04:05", "2006-01-02T15:04", "2006-01-02 15:04:05", "2006-01-02 15:04"}
	dayLayouts   = []string{time.DateOnly, "2006-01"}
)

// midnight is when a day begins; d may lie outside its month. Where clocks are
// put forward at midnight, [time.Date] may answer with an hour of the day before.
func midnight(y int, m time.Month, d int, loc *time.Location) time.Time {
	t := time.Date(y, m, d, 0, 0, 0, 0, loc)
	if DayNumber(t) >= DayNumber(time.Date(y, m, d, 0, 0, 0, 0, time.UTC)) {
		return t
	}
	hour, minute, second := t.Clock()
	end := t.Add(24*time.Hour - time.Duration(hour*3600+minute*60+second)*time.Second)
	if _, change := t.ZoneBounds(); !change.IsZero() && change.Before(end) {
		return change
	}
	return end
}

// ParseTime reads a moment as people write it, seen from now in loc:
//
//	45m 36h 7d 2w 3mo 1y     that long ago (a day is a calendar day)
//	now today yesterday      the last two at midnight
//	2026-11-01  2026-11      their beginning
//	2026-11-01 14:30[:05]    or with a T
//	2026-11-01T14:30:05Z     RFC 3339, any offset
//	Nov 24 [12:58]           as the report prints it: the latest one
func ParseTime(s string, now time.Time, loc *time.Location) (time.Time, error) {
	now = now.In(loc)
	switch strings.ToLower(s) {
	case "now":
		return now, nil
	case "today":
		return midnight(now.Year(), now.Month(), now.Day(), loc), nil
	case "yesterday":
		return midnight(now.Year(), now.Month(), now.Day()-1, loc), nil
	}
	if t, ok := ago(s, now); ok {
		return t, nil
	}
	if t, err := time.Parse(time.RFC3339Nano, s); err == nil {
		return t, nil
	}
	for _, layout := range dayLayouts {
		if t, err := time.Parse(layout, s); err == nil {
			return midnight(t.Year(), t.Month(), t.Day(), loc), nil
		}
	}
	for _, layout := range shownLayouts {
		if t, err := time.ParseInLocation(layout, s, loc); err == nil {
			if t = t.AddDate(now.Year(), 0, 0); t.After(now) {
				t = t.AddDate(-1, 0, 0)
			}
			return t, nil
		}
	}
	for _, layout := range layouts {
		if t, err := time.ParseInLocation(layout, s, loc); err == nil {
			return t, nil
		}
	}
	if n, err := strconv.Atoi(s); err == nil && n > 0 && n < 1000 {
		return time.Time{}, fmt.Errorf("%q has no unit: write %dd for days, %dh for hours", s, n, n)
	}
	return time.Time{}, fmt.Errorf("%q is not a time", s)
}

// ago reads a number with a unit as a time before now.
func ago(s string, now time.Time) (time.Time, bool) {
	m := regexp.MustCompile(`^(\d{1,6})(s|m|min|h|d|w|mo|y)$`).FindStringSubmatch(s)
	if m == nil {
		return time.Time{}, false
	}
	n, err := strconv.Atoi(m[1])
	if err != nil {
		return time.Time{}, false
	}
	switch m[2] {
	case "s":
		return now.Add(-time.Duration(n) * time.Second), true
	case "m", "min":
		return now.Add(-time.Duration(n) * time.Minute), true
	case "h":
		return now.Add(-time.Duration(n) * time.Hour), true
	case "d":
		return now.AddDate(0, 0, -n), true
	case "w":
		return now.AddDate(0, 0, -7*n), true
	case "mo":
		return now.AddDate(0, -n, 0), true
	}
	return now.AddDate(-n, 0, 0), true
}
