package query

import "time"

// DayNumber is the number of t's calendar day, counted from 1970-01-01.
func DayNumber(t time.Time) int32 {
	y, m, d := t.Date()
	return int32(time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix() / 86400)
}

// DayDate is midnight UTC of a day number: for its date only.
func DayDate(day int32) time.Time { return time.Unix(int64(day)*86400, 0).UTC() }

// Calendar finds the day of a time; times near each other are cheap.
type Calendar struct {
	Location *time.Location
	Span
	number int32
}

func (c *Calendar) Day(ms int64) int32 {
	if c.Has(ms) {
		return c.number
	}
	t := time.UnixMilli(ms).In(c.Location)
	c.number = DayNumber(t)
	y, m, d := t.Date()
	from, to := midnight(y, m, d, c.Location), midnight(y, m, d+1, c.Location)
	c.Span = Span{from.UnixMilli(), to.UnixMilli()}
	if !c.Has(ms) || from.Day() != d || to.Add(-time.Millisecond).In(c.Location).Day() != d {
		c.Span = Span{ms, ms + 1} // no midnight on that day
	}
	return c.number
}
