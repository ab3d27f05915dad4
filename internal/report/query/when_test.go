package query

import (
	"testing"
	"time"
)

func TestParseTime(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 11, 22, 13, 30, 0, 0, time.UTC) // 14:30 in Berlin
	for s, want := range map[string]string{
		"now":                       "2026-11-22T13:30:00Z",
		"Nov 20 12:58":              "2026-11-20T11:58:00Z",
		"Nov 24 12:58":              "2025-11-24T11:58:00Z", // the latest one
		"Oct  3":                    "2026-10-02T22:00:00Z",
		"today":                     "2026-11-21T23:00:00Z",
		"Yesterday":                 "2026-11-20T23:00:00Z",
		"90s":                       "2026-11-22T13:28:30Z",
		"45m":                       "2026-11-22T12:45:00Z",
		"36h":                       "2026-11-21T01:30:00Z",
		"7d":                        "2026-11-15T13:30:00Z",
		"2w":                        "2026-11-08T13:30:00Z",
		"30d":                       "2026-10-23T12:30:00Z", // the clocks were changed in between
		"3mo":                       "2026-08-22T12:30:00Z",
		"1y":                        "2025-11-22T13:30:00Z",
		"2026-11-01":                "2026-10-31T23:00:00Z",
		"2026-07":                   "2026-06-30T22:00:00Z",
		"2026-11-01 14:30":          "2026-11-01T13:30:00Z",
		"2026-11-01T14:30:05":       "2026-11-01T13:30:05Z",
		"2026-11-01T14:30:05Z":      "2026-11-01T14:30:05Z",
		"2026-11-01T14:30:05-05:00": "2026-11-01T19:30:05Z",
	} {
		got, err := ParseTime(s, now, berlin)
		if err != nil || got.UTC().Format(time.RFC3339) != want {
			t.Errorf("%q: %v, %v; want %s", s, got.UTC(), err, want)
		}
	}
	for _, s := range []string{"", "7", "d", "7 d", "-7d", "tomorrowish", "2026-13-01", "2026-11-31", "99999999999d"} {
		if got, err := ParseTime(s, now, berlin); err == nil {
			t.Errorf("%q: %v", s, got)
		}
	}
}

// A day begins where the one before ends, also where its midnight is left out
// or comes twice.
func TestMidnight(t *testing.T) {
	for _, tc := range []struct{ zone, day, want string }{
		{"Europe/Berlin", "2026-03-29", "2026-03-28T23:00:00Z"},
		{"America/Havana", "2026-03-08", "2026-03-08T05:00:00Z"}, // 0:00 is 1:00
		{"America/Havana", "2026-11-01", "2026-11-01T04:00:00Z"}, // 1:00 is 0:00
		{"America/Santiago", "2026-09-06", "2026-09-06T04:00:00Z"},
		{"America/Sao_Paulo", "2018-11-04", "2018-11-04T03:00:00Z"},
		{"America/Sao_Paulo", "2018-02-18", "2018-02-18T03:00:00Z"}, // 0:00 is 23:00 of the day before
		{"Africa/Cairo", "2026-04-24", "2026-04-23T22:00:00Z"},
		{"Asia/Kathmandu", "2026-01-01", "2025-12-31T18:15:00Z"},
		{"Pacific/Apia", "2011-12-30", "2011-12-30T10:00:00Z"}, // there was no such day
		{"Pacific/Apia", "2011-12-31", "2011-12-30T10:00:00Z"},
	} {
		loc, err := time.LoadLocation(tc.zone)
		if err != nil {
			t.Fatal(err)
		}
		got, err := ParseTime(tc.day, time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC), loc)
		if err != nil || got.UTC().Format(time.RFC3339) != tc.want {
			t.Errorf("%s %s: %v, %v; want %s", tc.zone, tc.day, got.UTC(), err, tc.want)
		}
	}
}

// A period that ends at midnight is compared by its own last seven days.
func TestComparedUntilMidnight(t *testing.T) {
	q, err := New(Options{Until: time.Date(2026, 11, 15, 0, 0, 0, 0, time.UTC), Now: time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC), Location: time.UTC})
	if err != nil {
		t.Fatal(err)
	}
	c := q.Result().Compared
	for i, want := range []int{8, 15, 1, 8} {
		at := []*time.Time{c.Current.Since, c.Current.Until, c.Previous.Since, c.Previous.Until}[i]
		if !at.Equal(time.Date(2026, 11, want, 0, 0, 0, 0, time.UTC)) {
			t.Errorf("bound %d is %v, want November %d", i, at, want)
		}
	}
}
