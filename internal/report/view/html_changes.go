package view

import (
	"time"

	"pi-track/internal/report/section"
	"pi-track/internal/report/sum"
	"pi-track/internal/stats"
)

// changeMark is the mark of a change on the chart of days: a line where a helper
// began to fail more or less, a band as long as an outage.
type changeMark struct {
	X, W       float64 // of the band; W is 0 for a line
	Class, Tip string
}

// changeMarks are the changes of the helpers shown, on the days of the chart.
// A change before its first day has none.
func (w *writer) changeMarks(c *daysChart, days []sum.Day) {
	slot := (c.Right - c.Left) / float64(max(len(days), 7))
	at := func(t time.Time) (float64, bool) {
		t = t.In(w.clock.loc)
		for i := range days {
			if days[i].Date == t.Format(time.DateOnly) {
				part := float64(t.Hour()*60+t.Minute()) / (24 * 60)
				return round1(c.Left + slot*(float64(i)+part)), true
			}
		}
		return 0, false
	}
	add := func(name string, changes []section.HelperChange) {
		for i := range changes {
			x := &changes[i]
			from, ok := at(x.From)
			if !ok {
				continue
			}
			line := w.changeLine(x)
			m := changeMark{X: from, Class: styleClass(line.style), Tip: name + " " + line.text}
			if x.To != nil && x.Class == stats.Outage {
				if to, ok := at(*x.To); ok {
					m.W = max(2, round1(to-from))
				}
			}
			c.Marks = append(c.Marks, m)
		}
	}
	switch {
	case w.r.Helpers != nil:
		for i := range w.r.Helpers.Rows {
			x := &w.r.Helpers.Rows[i]
			add(x.Label(x.Name), x.Changes)
		}
	case w.r.Flaky != nil:
		for i := range w.r.Flaky.Rows {
			x := &w.r.Flaky.Rows[i]
			add(x.Label(x.Helper), x.Changes)
		}
	}
}
