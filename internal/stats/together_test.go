package stats

import (
	"fmt"
	"strings"
	"testing"
)

// TestTogether: of the same trouble, what the latest runs say goes before what a sample
// of all runs does; p-values are those of two looks.
func TestTogether(t *testing.T) {
	one := func(class Class, p float64, from, to int64) Change {
		return Change{Class: class, P: p, From: from * day, To: to * day}
	}
	const p = 1e-4
	for name, x := range map[string]struct {
		latest, sampled []Change
		want            string
	}{
		"none":                        {nil, nil, ""},
		"latest alone":                {[]Change{one(WorseSince, p, 9, 0)}, nil, "worse since 9"},
		"earlier alone":               {nil, []Change{one(BrokenSince, p, 2, 0)}, "broken since 2 sampled"},
		"one that lasts":              {[]Change{one(BrokenSince, p, 9, 0)}, []Change{one(WorseSince, p, 2, 0)}, "broken since 9"},
		"the outage again":            {[]Change{one(Outage, p, 8, 9)}, []Change{one(Outage, p/9, 7, 9)}, "outage 8"},
		"an earlier outage":           {[]Change{one(Outage, p, 8, 9)}, []Change{one(Outage, p/9, 2, 3)}, "outage 2 sampled, outage 8"},
		"an outage of which the rest": {[]Change{one(BetterSince, p, 8, 0)}, []Change{one(Outage, p/9, 6, 8)}, "outage 6 sampled"},
		"better, after an outage":     {[]Change{one(BetterSince, p, 8, 0)}, []Change{one(Outage, p*2, 2, 3)}, "better since 8, outage 2 sampled"},
		"better earlier":              {[]Change{one(WorseSince, p, 8, 0)}, []Change{one(BetterSince, p*2, 2, 0)}, "worse since 8, better since 2 sampled"},
		"not sure of two looks":       {[]Change{one(WorseSince, .006, 9, 0)}, nil, ""},
		"three at most":               {[]Change{one(Outage, p, 8, 9), one(Outage, p*2, 6, 7)}, []Change{one(Outage, p/9, 2, 3), one(BetterSince, p*3, 1, 0)}, "outage 2 sampled, outage 8, outage 6"},
	} {
		var got []string
		for _, c := range Together(x.latest, x.sampled) {
			text := fmt.Sprint(c.Class, " ", c.From/day)
			if c.Sampled {
				text += " sampled"
			}
			if c.P < 2*p/9.5 || c.P >= maxP {
				t.Errorf("%s: p %v", name, c.P)
			}
			got = append(got, text)
		}
		if strings.Join(got, ", ") != x.want {
			t.Errorf("%s: %q, want %q", name, got, x.want)
		}
	}
}
