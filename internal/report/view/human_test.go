package view

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"pi-track/internal/report/section"
	"pi-track/internal/report/sum"
	"pi-track/internal/stats"
)

// Figures as people read them, on both sides of each change of unit.
func TestFigures(t *testing.T) {
	check := func(what string, in any, got, want string) {
		t.Helper()
		if got != want {
			t.Errorf("%s of %v: %q, not %q", what, in, got, want)
		}
	}
	for n, want := range map[int64]string{0: "0", 999: "999", 1000: "1,000", 999999: "999,999", 1e6: "1.00M", 1234567: "1.23M", 1e9: "1.00G", 999999999: "1000.00M", -1000: "-1,000", -999: "-999"} {
		check("count", n, count(n), want)
	}
	for p, want := range map[float64]string{0: "0 %", .0001: "<1 %", .0049: "<1 %", .0051: "1 %", .5: "50 %", .994: "99 %", .9951: ">99 %", .99999: ">99 %", 1: "100 %"} {
		check("whole", p, whole(p), want)
	}
	check("thousands", 1234567, thousands(1234567), "1,234,567")
	for n, want := range map[int64]string{0: "0 runs", 1: "1 run", 2: "2 runs", 1000: "1,000 runs"} {
		check("plural", n, plural(n, "run"), want)
	}
	for ms, want := range map[float64]string{0: "0ms", 999.4: "999ms", 999.5: "1.00s", 9994: "9.99s", 9995: "10.0s", 59949: "59.9s", 59950: "1m00s", 90000: "1m30s", 3599499: "59m59s", 3599500: "1h00m", 3661000: "1h01m", 172799000: "47h59m", 172800000: "2d00h", 183600000: "2d03h"} {
		check("span", ms, span(ms), want)
	}
	check("span", "none", spanOf(0, 5), nothing)
	check("span", "one", spanOf(1, 5), "5ms")
	for p, want := range map[float64]string{0: "0.0%", 1: "100.0%", .5: "50.0%", .9996: "99.9%", .9994: "99.9%", .0001: "0.1%", .00049: "0.1%", .0014: "0.1%", .0016: "0.2%"} {
		check("percent", p, percent(p), want)
	}
	for _, r := range []struct{ k, n int64 }{{0, 0}, {1, 2}} {
		want := map[int64][3]string{0: {nothing, nothing, nothing}, 2: {"50.0%", "50.0% of 2", "9–91"}}[r.n]
		x := stats.NewRate(r.k, r.n)
		check("rate", r, rate(x), want[0])
		check("rate", r, rateN(x), want[1])
		check("bounds", r, bounds(x), want[2])
	}
	for x, want := range map[float64]string{0: "+0.0", .15: "+15.0", -.0004: "+0.0", -.0006: "-0.1", .00051: "+0.1"} {
		check("points", x, points(x), want)
	}
	check("interval", "none", pointsInterval(nil), nothing)
	check("interval", "one", pointsInterval(&stats.Interval{Value: .15, Low: .008, High: .292}), "+15.0 [+0.8, +29.2]")
	for d, want := range map[section.Delta]string{{}: nothing, {Current: 3}: "new", {Previous: 3}: "-100%", {Current: 3, Previous: 3}: "=", {Current: 4, Previous: 3}: "+33%", {Current: 32, Previous: 3}: "+967%", {Current: 33, Previous: 3}: "×11", {Current: 2, Previous: 3}: "-33%"} {
		check("delta", d, delta(&d), want)
	}
	check("delta", nil, delta(nil), nothing)
	for x, want := range map[float64]string{0: nothing, .0049: "<$0.01", .005: "$0.01", 1: "$1.00", 999.99: "$999.99", 1000: "$1,000", 1234.5: "$1,235"} {
		check("money", x, money(x), want)
	}
	for n, want := range map[int64]string{0: "0B", 1023: "1023B", 1024: "1.0KiB", 1536: "1.5KiB", 1 << 20: "1.0MiB", 1 << 30: "1.0GiB", 1 << 40: "1.0TiB", 1 << 50: "1024.0TiB"} {
		check("bytes", n, bytes(n), want)
	}
	check("kilobytes", 3, kilobytes(3), "3.0KiB")
}

func TestBarsAndSparks(t *testing.T) {
	for f, want := range map[float64]string{0: "", 1: "████████", .5: "████", .0001: "▏", 1.0 / 64: "▏", 3.0 / 64: "▍", 7.0 / 64: "▉", 9.0 / 64: "█▏"} {
		if got := bar(f); got != want {
			t.Errorf("%v: %q, not %q", f, got, want)
		}
	}
	for runs, want := range map[string]string{"": "", "0 0": "··", "1": "█", "0 1 8": "·▁█", "1 2 3 4 5 6 7 8": "▁▂▃▄▅▆▇█", "1 100": "▁█", "87 88 100": "▇██"} {
		var days []sum.Day
		for _, f := range strings.Fields(runs) {
			var d sum.Day
			fmt.Sscan(f, &d.Runs)
			days = append(days, d)
		}
		if got := spark(days); got != want {
			t.Errorf("%s: %q, not %q", runs, got, want)
		}
	}
}

// Times are shown without what they have in common with now.
func TestClock(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Skip(err)
	}
	c := clock{now: time.Date(2026, 11, 30, 23, 30, 0, 0, time.UTC), loc: berlin}
	at := time.Date(2026, 11, 2, 13, 3, 0, 0, time.UTC)
	old := time.Date(2025, 12, 31, 22, 59, 0, 0, time.UTC)
	for got, want := range map[string]string{
		c.moment(at): "Nov 2 14:03", c.moment(old): "2025-12-31 23:59", c.moment(old.Add(time.Minute)): "Jan 1 00:00", c.minute(at): "Nov  2 14:03", c.day(at): "Nov 2", c.day(old): "2025-12-31",
		c.until(at, at.Add(time.Hour)): "15:03", c.until(at, at.Add(10*time.Hour)): "Nov 3 00:03", c.zone(): "Europe/Berlin (UTC+01:00)", clock{c.now, time.UTC}.zone(): "UTC", clock{c.now, time.FixedZone("", 3600)}.zone(): " (UTC+01:00)",
	} {
		if got != want {
			t.Errorf("%q, not %q", got, want)
		}
	}
}

// Repos are called by as much of their paths as tells them apart.
func TestShortNames(t *testing.T) {
	n := shorten([]string{"/a/web", "/b/web", "/c/api", "/x/b/web", "api2"})
	for repo, want := range map[string]string{"/a/web": "a/web", "/c/api": "api", "/x/b/web": "x/b/web", "/b/web": "/b/web", "api2": "api2", "": outside, "/not/among/them": "them"} {
		if got := n.repo(repo); got != want {
			t.Errorf("%s is %q, not %q", repo, got, want)
		}
	}
	for i, want := range []string{"c", "b/c", "a/b/c", "/a/b/c"} {
		if got := tail("/a/b/c", i+1); got != want {
			t.Errorf("%d: %q, not %q", i+1, got, want)
		}
	}
}

// Lines break between words, and go on where they began.
func TestWrap(t *testing.T) {
	for _, v := range []struct {
		in    string
		width int
		want  string
	}{{"a b c", 0, "a b c"}, {"a b c", 5, "a b c"}, {"a b c", 4, "a b|c"}, {"a b c", 3, "a b|c"}, {"a b c", 2, "a|b|c"}, {"long b", 2, "long|b"}, {"  a b c", 5, "  a b|  c"}, {"日本 語", 4, "日本|語"}, {"日本 語", 7, "日本 語"}, {"a  b", 3, "a b"}} {
		if got := strings.Join(wrap(v.in, v.width), "|"); got != v.want {
			t.Errorf("%q to %d: %q, not %q", v.in, v.width, got, v.want)
		}
	}
}
