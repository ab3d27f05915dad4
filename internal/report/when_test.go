package report

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
