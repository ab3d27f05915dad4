package view

import (
	"strings"
	"testing"
	"time"

	"pi-track/internal/report/section"
	"pi-track/internal/report/sum"
	"pi-track/internal/stats"
)

// checkChanges: each change stands on the chart above the day on which it began,
// an outage as long as it was, and below the chart in words.
func checkChanges(t *testing.T, b *browser) {
	const where = `((name) => {
		const mark = [...document.querySelectorAll("svg .change")].find((g) => g.dataset.tip.startsWith(name + " "));
		if (!mark) return name + ": no mark";
		const path = mark.querySelector("path").getBoundingClientRect(), middle = (path.left + path.right) / 2;
		const day = [...document.querySelectorAll(".latest g:not(.change)")].find((g) => {
			const box = g.querySelector(".hit").getBoundingClientRect();
			return box.left <= middle && middle < box.right;
		});
		const words = [...document.querySelectorAll(".changes li")].some((x) => x.textContent === mark.dataset.tip);
		return mark.dataset.tip + "|" + day.dataset.tip + "|" + words + "|" + (mark.querySelector(".band") !== null);
	})`
	for name, class := range map[string]stats.Class{"run-tests": stats.BrokenSince, "publish": stats.Outage} {
		got := eval[string](t, b, where+`("`+name+`")`)
		parts := strings.Split(got, "|")
		if len(parts) != 4 || !strings.HasPrefix(parts[0], name+" "+string(class)+" ") {
			t.Errorf("%s: %q", name, got)
			continue
		}
		day, err := time.Parse(time.DateOnly, strings.Split(parts[1], ":")[0])
		if err != nil || !strings.Contains(parts[0], day.Format("Jan _2 ")) {
			t.Errorf("the mark %q stands above %q", parts[0], parts[1])
		}
		if parts[2] != "true" {
			t.Errorf("%q is not said below the chart", parts[0])
		}
		if band := parts[3] == "true"; band != (class == stats.Outage) {
			t.Errorf("%s: a band %v", class, band)
		}
	}
	if n := eval[int](t, b, `document.querySelectorAll("svg .change").length`); n != 2 {
		t.Errorf("%d marks of 2 changes", n)
	}
}

// TestChangeMarks: a mark stands within its day at the time of day, in the
// report's time zone; what lies before the first day has none.
func TestChangeMarks(t *testing.T) {
	loc := time.FixedZone("west", -5*60*60)
	change := func(class stats.Class, from, to string) section.HelperChange {
		at := func(s string) time.Time {
			x, err := time.Parse(time.DateTime, s)
			if err != nil {
				t.Fatal(err)
			}
			return x
		}
		c := section.HelperChange{Class: class, From: at(from)}
		if to != "" {
			end := at(to)
			c.To = &end
		}
		return c
	}
	x := section.Flaky{Rows: []section.HelperVerdict{{Helper: "a", Changes: []section.HelperChange{
		change(stats.WorseSince, "2026-11-04 03:00:00", ""),                // 22:00 of the day before
		change(stats.Outage, "2026-11-02 17:00:00", "2026-11-03 17:00:00"), // noon to noon
		change(stats.BrokenSince, "2026-10-30 12:00:00", ""),               // before the chart
		change(stats.BetterSince, "2026-11-10 05:00:00", ""),               // the last midnight
		change(stats.Outage, "2026-11-05 17:00:00", "2026-11-05 17:00:10"), // too short to be seen
	}}}}
	w := &writer{r: &section.Report{Flaky: &x}, clock: clock{now: now, loc: loc}}
	var days []sum.Day
	for d := range 10 {
		days = append(days, sum.Day{Date: time.Date(2026, 11, 1+d, 0, 0, 0, 0, loc).Format(time.DateOnly)})
	}
	c := &daysChart{Left: 0, Right: 1000}
	w.changeMarks(c, days)
	want := []changeMark{{X: 291.7, Class: "bad"}, {X: 150, W: 100, Class: "doubt"}, {X: 900, Class: "good"}, {X: 450, W: 2, Class: "doubt"}}
	if len(c.Marks) != len(want) {
		t.Fatalf("%+v", c.Marks)
	}
	for i, m := range c.Marks {
		if m.Tip == "" {
			t.Errorf("mark %d says nothing", i)
		}
		if m.Tip = ""; m != want[i] {
			t.Errorf("mark %d is %+v, not %+v", i, m, want[i])
		}
	}
}
