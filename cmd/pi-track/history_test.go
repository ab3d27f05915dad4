//go:build linux || darwin || freebsd || openbsd

package main

import (
	"testing"
	"time"

	"pi-track/internal/report/query"
)

func TestGlobMatch(t *testing.T) {
	for _, c := range []struct {
		glob, s string
		want    bool
	}{
		{"pi-*", "pi-loop", true}, {"pi-*", "my-pi-loop", false}, {"*", "", true}, {"/r/*", "/r/a/b", true},
		{"*/web", "/home/me/web", true}, {"s-?", "s-1", true}, {"s-[ab]", "s-c", false}, {"", "x", false}, {`\*`, "*", true},
	} {
		if got := globMatch(query.Match, []string{c.glob}, c.s); got != c.want {
			t.Errorf("%q matches %q: %v", c.glob, c.s, got)
		}
	}
}

func TestParseSizeAndAge(t *testing.T) {
	for s, want := range map[string]int64{
		"1B": 1, "12b": 12, "5KB": 5000, "5kb": 5000, "2K": 2000, "1KiB": 1024, "100MB": 100e6, "1MiB": 1 << 20, "3GB": 3e9, "1GiB": 1 << 30,
		"": 0, "KB": 0, "-1": 0, "0": 0, "1.5MB": 0, "1TB": 0, "1BK": 0, "99999999999": 0, "99999999999B": 0, "1": 0, "10": 0,
	} {
		got, err := parseSize(s)
		if got != want || (err == nil) != (want > 0) {
			t.Errorf("size %q: %d, %v", s, got, err)
		}
	}
	const day = 24 * time.Hour
	for s, want := range map[string]time.Duration{
		"1d": day, "365d": 365 * day, "2w": 14 * day, "3m": 90 * day, "2y": 730 * day,
		"": 0, "d": 0, "0d": 0, "-1d": 0, "1h": 0, "5": 0, "1dd": 0, "2000000000y": 0,
	} {
		got, err := parseAge("keep", s)
		if got != want || (err == nil) != (want > 0) {
			t.Errorf("age %q: %v, %v", s, got, err)
		}
	}
}

func TestShortDuration(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0: "0ms", 999 * time.Millisecond: "999ms", time.Second: "1.0s", 59999 * time.Millisecond: "59.9s",
		time.Minute: "1m00s", 3599 * time.Second: "59m59s", time.Hour: "1h00m", 23*time.Hour + 59*time.Minute: "23h59m", 53 * time.Hour: "2d05h",
	} {
		if got := shortDuration(d); got != want {
			t.Errorf("%v: %s, want %s", d, got, want)
		}
	}
}
