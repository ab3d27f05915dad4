package query

import (
	"testing"
	"time"
)

// Globs match slashes, too, and a repo by its last element.
func TestGlobs(t *testing.T) {
	for _, v := range []struct {
		match       func(glob, text string) (bool, error)
		glob, text  string
		want, wrong bool
	}{
		{Match, "a*", "a/b", true, false}, {Match, "a?b", "a/b", true, false}, {Match, "*", "", true, false}, {Match, "a", "ab", false, false}, {Match, "[", "a", false, true}, {Match, "a/*", "ab", false, false},
		{MatchRepo, "web", "/srv/web", true, false}, {MatchRepo, "/srv/*", "/srv/web", true, false}, {MatchRepo, "srv", "/srv/web", false, false}, {MatchRepo, ".", "", false, false}, {MatchRepo, "[", "x", false, true}, {MatchRepo, "", "", true, false},
		{MatchKind, "script", "script", true, false}, {MatchKind, "shell*", "job", true, false}, {MatchKind, "tool", "extension_tool", true, false}, {MatchKind, "tool", "extension_command", false, false}, {MatchKind, "new", "new", true, false}, {MatchKind, "[", "x", false, true},
	} {
		if got, err := v.match(v.glob, v.text); got != v.want || (err != nil) != v.wrong {
			t.Errorf("%s of %q: %t, %v", v.glob, v.text, got, err)
		}
	}
	if !OnlyUsed(Skill) || !OnlyUsed(Prompt) || OnlyUsed(Tool) || OnlyUsed(ShellHelper) || OnlyUsed(Command) {
		t.Error("a skill and a prompt are only used")
	}
	for k := range Kinds {
		if SortOfKind([]byte(Kinds[k])) != KindSorts[k] {
			t.Error(Kinds[k])
		}
	}
	for _, k := range Keys {
		if k.OfTime() != (k == ByDay || k == ByWeek || k == ByMonth) {
			t.Error(k)
		}
	}
	all := Filter{}
	for _, f := range []*[]string{&all.Name, &all.Kind, &all.Ext, &all.Repo, &all.Task, &all.Session, &all.Scope, &all.Host, &all.Status} {
		if all.Any() {
			t.Error("no glob is one")
		}
		*f = []string{"x"}
		if !all.Any() {
			t.Errorf("%+v has none", all)
		}
		if _, err := New(Options{Filter: all}); err != nil {
			t.Error(err)
		}
		*f = []string{"["}
		if _, err := New(Options{Filter: all}); err == nil {
			t.Errorf("%+v is allowed", all)
		}
		*f = nil
	}
}

// What the options leave open has a meaning, and what is not known is refused.
func TestDefaultsOfAPlan(t *testing.T) {
	q, err := New(Options{})
	if err != nil || q.Order != SortRisk || q.MinN != FewRuns || FewRuns != 8 || q.Location != time.Local || time.Since(q.Now) > time.Minute || q.RunFilter != nil || q.Bounded || q.SomeStatus() {
		t.Errorf("%+v %v", q, err)
	}
	q, err = New(Options{MinN: -1, Sort: SortName, Sections: []Section{"a"}, Running: []string{"r"}, Filter: Filter{Status: []string{"failed"}}})
	if err != nil || q.MinN != 0 || q.Order != SortName || !q.Wanted["a"] || q.Wanted["b"] || !q.Running["r"] || q.RunFilter == nil || !q.SomeStatus() {
		t.Errorf("%+v %v", q, err)
	}
	if _, err := New(Options{By: []Key{"wrong"}}); err == nil {
		t.Error("a key that is not known")
	}
	if _, err := New(Options{Sort: "wrong"}); err == nil {
		t.Error("an order that is not known")
	}
	for _, s := range Sorts {
		if _, err := New(Options{Sort: s, By: Keys}); err != nil {
			t.Error(err)
		}
	}
	for _, v := range []struct {
		o    Options
		want Sort
	}{{Options{}, SortRisk}, {Options{By: []Key{ByDay}}, SortLast}, {Options{By: []Key{ByName}}, SortRisk}, {Options{By: []Key{ByDay}, Sort: SortRuns}, SortRuns}} {
		if q, _ := New(v.o); q.shownSort() != v.want {
			t.Errorf("%+v: %s", v.o, q.shownSort())
		}
	}
}

// The compared periods and the bounds of times.
func TestSpansOfAPlan(t *testing.T) {
	at := func(day, hour int) time.Time { return time.Date(2026, 11, day, hour, 0, 0, 0, time.UTC) }
	ms := func(day, hour int) int64 { return at(day, hour).UnixMilli() }
	for _, v := range []struct {
		name              string
		since, until      time.Time
		current, previous Span
	}{
		{"all", time.Time{}, time.Time{}, Span{ms(14, 0), ms(21, 0)}, Span{ms(7, 0), ms(14, 0)}},
		{"since", at(18, 6), time.Time{}, Span{ms(18, 6), ms(20, 12)}, Span{ms(16, 0), ms(18, 6)}},
		{"both", at(10, 0), at(12, 0), Span{ms(10, 0), ms(12, 0)}, Span{ms(8, 0), ms(10, 0)}},
		{"until", time.Time{}, at(12, 1), Span{ms(6, 0), ms(13, 0)}, Span{ms(-1, 0), ms(6, 0)}},
		{"in the future", at(25, 0), time.Time{}, Span{ms(25, 0), ms(25, 0)}, Span{ms(25, 0), ms(25, 0)}},
	} {
		q, err := New(Options{Since: v.since, Until: v.until, Now: at(20, 12), Location: time.UTC})
		if err != nil || q.Current != v.current || q.Previous != v.previous || q.Bounded != !v.since.IsZero() {
			t.Errorf("%s: %+v %+v %t", v.name, q.Current, q.Previous, q.Bounded)
		}
		if v.since.IsZero() {
			from, to := q.CurrentDays()
			before, after := q.PreviousDays()
			if DayDate(from).UnixMilli() != v.current.From || DayDate(to).UnixMilli() != v.current.To || DayDate(before).UnixMilli() != v.previous.From || DayDate(after).UnixMilli() != v.previous.To {
				t.Errorf("%s: days %d to %d, %d to %d", v.name, from, to, before, after)
			}
		}
		p := q.Result().Period
		if (p.Since != nil) != !v.since.IsZero() || (p.Until != nil) != !v.until.IsZero() {
			t.Errorf("%s: %+v", v.name, p)
		}
	}
	for in, want := range map[int64]int64{-5: 1, 0: 1, 1: 1, 5: 5, maxMoment: maxMoment, maxMoment + 1: maxMoment} {
		if got := Moment(in); got != want {
			t.Errorf("%d: %d", in, got)
		}
	}
	s := Span{3, 5}
	for n, want := range map[int64]bool{2: false, 3: true, 4: true, 5: false} {
		if s.Has(n) != want {
			t.Errorf("%d: %t", n, !want)
		}
	}
	for date, want := range map[string]int32{"1970-01-01": 0, "1970-01-02": 1, "1969-12-31": -1, "2026-11-30": 20787} {
		day, _ := time.Parse(time.DateOnly, date)
		if got := DayNumber(day.Add(23 * time.Hour)); got != want || DayDate(want).Format(time.DateOnly) != date {
			t.Errorf("%s: %d", date, got)
		}
	}
	c := Calendar{Location: time.FixedZone("", 3600)}
	for hours, want := range map[int]int32{-2: -1, -1: 0, 0: 0, 22: 0, 23: 1, 47: 2} {
		for range 2 {
			if got := c.Day(int64(hours) * 3600e3); got != want {
				t.Errorf("hour %d: day %d, not %d", hours, got, want)
			}
		}
	}
}

func TestMoments(t *testing.T) {
	for ms, want := range map[int64]int64{-5: 1, 0: 1, 1: 1, 2: 2, 253402214399999: 253402214399999, 253402214400000: 253402214400000, 253402214400001: 253402214400000} {
		if got := Moment(ms); got != want {
			t.Errorf("%d: %d, want %d", ms, got, want)
		}
	}
}
