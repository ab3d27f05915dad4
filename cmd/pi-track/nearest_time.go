//go:build linux || darwin || freebsd || openbsd

package main

import (
	"regexp"
	"strings"
	"time"
	"unicode"

	"pi-track/internal/suggest"
)

// timeForms shows times that flags take.
const timeForms = "for instance 7d, 36h, yesterday, 2026-11-01 or '2026-11-01 14:30'"

// spokenAge is a time ago as people write it: last week, 3 days ago, -7d.
var spokenAge = regexp.MustCompile(`^(?:-|last |past )?(\d{0,4}) ?(s|min|h|d|w|mo|y)(?:ec|econd|ute|our|r|ay|eek|k|nth|ear|s)*(?: ago)?$`)

// timeHint is the hint for a text that is not a time.
func timeHint(text string) string {
	lower := strings.ToLower(strings.TrimSpace(text))
	if near := suggest.Nearest(lower, []string{"now", "today", "yesterday"}); near != "" {
		return "did you mean " + near + "?"
	}
	if m := spokenAge.FindStringSubmatch(lower); m != nil {
		n := m[1]
		if n == "" {
			n = "1"
		}
		return "did you mean " + n + m[2] + "?"
	}
	if regexp.MustCompile(`^\d{4}-\d{2}-\d{2}`).MatchString(text) {
		if _, err := time.Parse(time.DateOnly, text[:len(time.DateOnly)]); err != nil {
			return "there is no " + text[:len(time.DateOnly)] + " in the calendar; " + timeForms
		}
	}
	return timeForms
}

// areas are the first parts of the names of time zones.
var areas = []string{"Europe", "America", "Asia", "Africa", "Australia", "Pacific", "Atlantic", "Indian", "Etc"}

// zoneHint is the hint for a name that is no time zone.
func zoneHint(name string) string {
	if near := suggest.Nearest(name, []string{"UTC", "Local"}); near != "" {
		return "did you mean " + near + "?"
	}
	begin := true
	zone := strings.Map(func(r rune) rune { // new york: New_York
		if r == ' ' {
			r = '_'
		}
		first := begin
		begin = r == '_' || r == '/' || r == '-'
		if first {
			return unicode.ToUpper(r)
		}
		return unicode.ToLower(r)
	}, name)
	for _, area := range append([]string{""}, areas...) {
		full := strings.TrimPrefix(area+"/"+zone, "/")
		if _, err := time.LoadLocation(full); err == nil && name != "" {
			return "did you mean " + full + "?"
		}
	}
	return "a name such as UTC, Local or Europe/Berlin"
}
