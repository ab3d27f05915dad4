package view

import (
	"fmt"
	"math"
	"slices"
	"time"

	"pi-track/internal/report/section"
	"pi-track/internal/report/sum"
)

// rect is a bar of a drawing.
type rect struct {
	X, Y, W, H float64
	Class      string
}

// mark is a text or a line of an axis.
type mark struct {
	X, Y float64
	Text string
}

// daysChart stacks the runs of each day: succeeded below, then cancelled and
// open, failed on top.
type daysChart struct {
	Width, Height, Left, Right, Bottom float64
	Days                               []dayBar
	YTicks, XTicks                     []mark
	Marks                              []changeMark
	Summary                            string
	Table                              *htmlTable
}

type dayBar struct {
	Hit   rect
	Parts []rect
	Tip   string
}

func newDaysChart(w *writer, days []sum.Day) *daysChart {
	if len(days) == 0 {
		return nil
	}
	c := &daysChart{Width: 960, Height: 220, Left: 48, Right: 952, Bottom: 192}
	top := int64(1)
	busiest := days[0]
	for _, d := range days {
		if d.Runs > busiest.Runs {
			busiest = d
		}
		top = max(top, d.Runs)
	}
	step := niceStep(float64(top), 5)
	scale := (c.Bottom - 12) / (math.Ceil(float64(top)/step) * step)
	for v := 0.0; v <= math.Ceil(float64(top)/step)*step; v += step {
		c.YTicks = append(c.YTicks, mark{Y: round1(c.Bottom - v*scale), Text: count(int64(v))})
	}
	slot := (c.Right - c.Left) / float64(max(len(days), 7))
	width := round1(min(slot*0.8, 36))
	every := max(1, int(math.Ceil(70/slot)))
	for i, d := range days {
		x := c.Left + slot*float64(i)
		c.Days = append(c.Days, dayOf(d, x, slot, width, c.Bottom, scale))
		tick := mark{X: round1(x + slot/2), Y: c.Bottom + 18, Text: w.date(d.Date)}
		if i%every == 0 && tick.X+float64(4*len(tick.Text)) <= c.Width { // else it would be cut off
			c.XTicks = append(c.XTicks, tick)
		}
	}
	c.Summary = fmt.Sprintf("Runs per day from %s to %s; the most, %s, on %s.", days[0].Date, days[len(days)-1].Date, thousands(busiest.Runs), busiest.Date)
	c.Table = daysTable(days)
	w.changeMarks(c, days)
	return c
}

func dayOf(d sum.Day, x, slot, width, bottom, scale float64) dayBar {
	b := dayBar{
		Hit: rect{X: round1(x), Y: 12, W: round1(slot), H: bottom - 12},
		Tip: fmt.Sprintf("%s: %s, %d failed, %d cancelled", d.Date, plural(d.Runs, "run"), d.Failed, d.Cancelled),
	}
	y := bottom
	for _, part := range []struct {
		n     int64
		class string
	}{{d.Succeeded, "ok"}, {d.Cancelled + d.Open + d.Used, "other"}, {d.Failed, "fail"}} {
		h := float64(part.n) * scale
		if part.n > 0 {
			h = max(h, 1)
			b.Parts = append(b.Parts, rect{X: round1(x + (slot-width)/2), Y: round1(y - h), W: width, H: round1(h), Class: part.class})
		}
		y -= h
	}
	return b
}

func daysTable(days []sum.Day) *htmlTable {
	t := &htmlTable{ID: "days", Caption: "Runs per day", Columns: []htmlColumn{
		{Title: "day"}, {Title: "runs", Number: true}, {Title: "succeeded", Number: true}, {Title: "failed", Number: true},
		{Title: "cancelled", Number: true}, {Title: "open", Number: true}, {Title: "uses", Number: true, Help: "of skills and prompts"},
	}}
	for _, d := range days {
		row := []htmlCell{{Text: d.Date, Head: true}}
		for _, n := range []int64{d.Runs, d.Succeeded, d.Failed, d.Cancelled, d.Open, d.Used} {
			row = append(row, num(thousands(n), float64(n)))
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// date is a day of the report as an axis shows it.
func (w *writer) date(s string) string {
	t, err := time.ParseInLocation(time.DateTime, s+" 12:00:00", w.clock.loc) // midnight may not be there
	if err != nil {
		return s
	}
	return w.clock.day(t)
}

// niceStep divides 0…top into about n steps of 1, 2 or 5 times a power of ten.
func niceStep(top float64, n int) float64 {
	raw := top / float64(n)
	power := math.Pow(10, math.Floor(math.Log10(raw)))
	for _, m := range []float64{1, 2, 5, 10} {
		if raw <= m*power {
			return max(1, m*power)
		}
	}
	return max(1, 10*power)
}

func round1(x float64) float64 { return math.Round(x*10) / 10 }

// sparkDay is a bar of a small chart of days.
type sparkDay struct {
	X, Y, H, FailY, FailH float64
	Tip                   string
}

// newSpark draws days 7 wide and 24 high.
func newSpark(w *writer, days []sum.Day) []sparkDay {
	top := int64(1)
	for _, d := range days {
		top = max(top, d.Runs)
	}
	var out []sparkDay
	for i, d := range days {
		h := 24 * float64(d.Runs) / float64(top)
		fail := 24 * float64(d.Failed) / float64(top)
		if d.Runs > 0 {
			h = max(h, 1)
		}
		out = append(out, sparkDay{
			X: float64(7 * i), Y: round1(24 - h), H: round1(h), FailY: round1(24 - h), FailH: round1(fail),
			Tip: fmt.Sprintf("%s: %s, %d failed", w.date(d.Date), plural(d.Runs, "run"), d.Failed),
		})
	}
	return out
}

// durationChart has one row per helper: a histogram over a common logarithmic
// axis, with the median and the 95th percentile.
type durationChart struct {
	Width, Height float64
	Rows          []durationRow
	Ticks         []mark
	Bottom        float64
	Omitted       int
}

type durationRow struct {
	Name, Note, Tip string
	Y, Base         float64
	Bars            []rect
	P50, P95        float64
}

const (
	durationLeft   = 200
	durationRight  = 800
	durationHeight = 34
	durationRows   = 24
)

// newDurationChart draws the helpers with most runs.
func newDurationChart(helpers []section.Helper) *durationChart {
	var rows []*section.Helper
	low, high := math.Inf(1), 0.0
	for i := range helpers {
		if d := &helpers[i].Duration; d.N > 0 && len(d.Histogram) > 0 {
			rows = append(rows, &helpers[i])
		}
	}
	if len(rows) == 0 {
		return nil
	}
	slices.SortStableFunc(rows, func(a, b *section.Helper) int { return int(b.Duration.N - a.Duration.N) })
	c := &durationChart{Width: 960, Omitted: max(0, len(rows)-durationRows)}
	rows = rows[:min(len(rows), durationRows)]
	for _, x := range rows {
		h := x.Duration.Histogram
		low, high = min(low, max(h[0].Low, .5)), max(high, h[len(h)-1].High)
	}
	at := func(ms float64) float64 {
		f := math.Log2(max(ms, low)/low) / max(1, math.Log2(high/low))
		return round1(durationLeft + (durationRight-durationLeft)*min(1, f))
	}
	for i, x := range rows {
		c.Rows = append(c.Rows, durationOf(x, float64(i*durationHeight), at))
	}
	c.Bottom = float64(len(rows) * durationHeight)
	c.Height = c.Bottom + 26
	last := math.Inf(-1)
	for _, ms := range []float64{1, 10, 100, 1000, 10_000, 60_000, 600_000, 3_600_000, 36_000_000, 86_400_000} {
		if x := at(ms); ms >= low && ms <= high && x-last > 46 {
			c.Ticks = append(c.Ticks, mark{X: x, Y: c.Bottom + 18, Text: axisSpan(ms)})
			last = x
		}
	}
	return c
}

func durationOf(x *section.Helper, y float64, at func(float64) float64) durationRow {
	d := &x.Duration
	row := durationRow{
		Name: middle(x.Label(x.Name), 26), Y: y + 22, Base: y + durationHeight - 4, P50: at(d.P50), P95: at(d.P95),
		Note: "p50 " + span(d.P50) + " · p95 " + span(d.P95),
		Tip:  fmt.Sprintf("%s: n %s, p50 %s, p95 %s, p99 %s, max %s", x.Label(x.Name), count(d.N), span(d.P50), span(d.P95), span(d.P99), span(d.Max)),
	}
	top := int64(1)
	for _, b := range d.Histogram {
		top = max(top, b.N)
	}
	for _, b := range d.Histogram {
		if b.N == 0 {
			continue
		}
		h := max(1, round1(float64(durationHeight-8)*float64(b.N)/float64(top)))
		left := at(b.Low)
		row.Bars = append(row.Bars, rect{X: left, Y: row.Base - h, W: max(1, round1(at(b.High)-left-1)), H: h})
	}
	return row
}

// axisSpan is a round duration: 1ms, 10s, 1m, 10h.
func axisSpan(ms float64) string {
	switch {
	case ms < 1000:
		return fmt.Sprintf("%.0fms", ms)
	case ms < 60_000:
		return fmt.Sprintf("%.0fs", ms/1000)
	case ms < 3_600_000:
		return fmt.Sprintf("%.0fm", ms/60_000)
	case ms < 86_400_000:
		return fmt.Sprintf("%.0fh", ms/3_600_000)
	}
	return fmt.Sprintf("%.0fd", ms/86_400_000)
}
