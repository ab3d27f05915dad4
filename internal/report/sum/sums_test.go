package sum

import (
	"math"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"pi-track/internal/event"
	"pi-track/internal/event/decode"
	"pi-track/internal/stats"
)

// Durations are summed up alike however they come: below and above the number
// up to which quantiles are exact, with and without very long ones.
func TestDurationsByHand(t *testing.T) {
	var one durationTally
	for _, ms := range []int64{7, 0, 1, 3, 4} {
		one.Add(ms)
	}
	r := one.Result()
	if r.N != 5 || r.Avg != 3 || r.Min != 0 || r.Max != 7 || r.P50 != 3 || !r.Exact || math.Abs(r.P95-6.4) > 1e-9 || math.Abs(r.P99-6.88) > 1e-9 {
		t.Errorf("%+v", r)
	}
	if want := []Bucket{{0, 1, 1}, {1, 2, 1}, {2, 4, 1}, {4, 8, 2}}; !slices.Equal(r.Histogram, want) {
		t.Errorf("%v, not %v", r.Histogram, want)
	}
	var none durationTally
	if r := none.Result(); r.N != 0 || !r.Exact || r.Histogram != nil || none.Quantiles(.5)[0] != 0 {
		t.Errorf("%+v", r)
	}
	rng := rand.New(rand.NewPCG(5, 6))
	for _, parts := range [][]int{{1}, {MaxExact - 1, 1}, {MaxExact, 1}, {MaxExact + 1}, {1, MaxExact}, {300, 300}, {6000, 6000}, {11000, 5, 11000}, {5, 11000}, {0, 7}, {7, 0}} {
		var all []int64
		var whole, merged durationTally
		for _, n := range parts {
			var d durationTally
			for range n {
				ms := int64(math.Exp(rng.Float64()*20)) - 1
				if rng.IntN(50) == 0 {
					ms = math.MaxUint32 + rng.Int64N(1000)
				}
				all = append(all, ms)
				whole.Add(ms)
				d.Add(ms)
			}
			merged.Merge(&d)
		}
		slices.Sort(all)
		total := 0.0
		for _, ms := range all {
			total += float64(ms)
		}
		for name, d := range map[string]*durationTally{"added": &whole, "merged": &merged} {
			r := d.Result()
			if r.N != int64(len(all)) || r.Exact != (len(all) <= MaxExact) || r.Min != float64(all[0]) || r.Max != float64(all[len(all)-1]) || math.Abs(r.Avg-total/float64(len(all))) > 1e-6*r.Avg {
				t.Errorf("%s of %v: %+v", name, parts, r)
			}
			tolerance := 0.0
			if !r.Exact {
				tolerance = .011
			}
			for i, q := range []float64{0, .1, .5, .95, .99, 1} {
				if got, want := d.Quantiles(0, .1, .5, .95, .99, 1)[i], stats.Quantile(all, q); math.Abs(got-want) > tolerance*want+1e-9 {
					t.Errorf("%s of %v: the %v-quantile is %v, not %v", name, parts, q, got, want)
				}
			}
			n := int64(0)
			for i, b := range r.Histogram {
				n += b.N
				at, _ := slices.BinarySearch(all, int64(b.Low))
				to, _ := slices.BinarySearch(all, int64(b.High))
				if b.N != int64(to-at) || i > 0 && b.Low != r.Histogram[i-1].High {
					t.Errorf("%s of %v: %+v, but %d", name, parts, b, to-at)
				}
			}
			if n != r.N || r.Histogram[0].N == 0 || r.Histogram[len(r.Histogram)-1].N == 0 {
				t.Errorf("%s of %v: %d in the histogram", name, parts, n)
			}
		}
	}
}

// Fingerprints are what the regular expressions in Mask's comment make.
func TestMaskIsItsExpressions(t *testing.T) {
	rules := []struct {
		re   *regexp.Regexp
		with string
	}{
		{regexp.MustCompile("(^|[^0-9A-Za-z_])(\"[^\"]*\"|'[^']*'|`[^`]*`)"), "${1}…"},
		{regexp.MustCompile(`[0-9A-Za-z_.~@+-]*/[0-9A-Za-z_.~@+/-]*`), "/…"},
		{regexp.MustCompile(`[0-9A-Za-z_-]*[0-9][0-9A-Za-z_-]*`), "#"},
		{regexp.MustCompile(`\b[a-fA-F]{8,}\b`), "#"},
	}
	var m Masker
	check := func(in string) {
		want := in
		for _, r := range rules {
			want = r.re.ReplaceAllString(want, r.with)
		}
		if got := string(m.Mask([]byte(in))); got != want {
			t.Errorf("%q: %q, not %q", in, got, want)
		}
	}
	for _, in := range []string{"", "it's 'so'", `""x""`, "'a''b'", "a'b'", "/a/b c", "deadbeef", "deadbee", "deadbeefg", "DEADBEEF_", "x-9-", "é'a'", "`a`'b", "a@b.c/d+e~f", "zabcdefab", "abcdefab-x"} {
		check(in)
	}
	rng := rand.New(rand.NewPCG(7, 8))
	const chars = "aAfFgGzZ09_-./~@+'\"` :é\x7f"
	for range 20000 {
		b := make([]byte, 1+rng.IntN(14))
		for i := range b {
			b[i] = chars[rng.IntN(len(chars))]
		}
		check(string([]rune(string(b))))
	}
}

// Texts are numbered from 1, however many there are.
func TestDictByHand(t *testing.T) {
	var d Dict
	c := NewDictCache(&d, 4)
	if c.ID(nil) != 0 || d.Text(0) != "" {
		t.Error("the empty text is 0")
	}
	text := func(i int) []byte { return []byte("text " + string(rune('a'+i%26)) + string(rune('a'+i/26))) }
	for round := range 2 {
		for i := range 600 {
			if id := c.ID(text(i)); id != uint32(i+1) || d.Text(id) != string(text(i)) || d.Find(text(i)) != id {
				t.Fatalf("round %d: text %d is %d, %q", round, i, id, d.Text(id))
			}
		}
	}
	if d.Len() != 600 {
		t.Error(d.Len())
	}
	var table Table
	for h := range uint64(200) {
		v, isNew := table.Put(h<<32, uint32(h+7))
		again, isNewAgain := table.Put(h<<32, 1)
		if v != uint32(h+7) || !isNew || again != v || isNewAgain {
			t.Fatal(h, v, isNew, again, isNewAgain)
		}
	}
	if v, isNew := table.Put(1, 9); isNew || v != 7 {
		t.Error("0 and 1 are one", v, isNew)
	}
	table.Clear()
	if v, isNew := table.Put(5<<32, 3); v != 3 || !isNew || table.n != 1 {
		t.Error(v, isNew)
	}
	var s Set
	cache := NewSetCache(&s, 2)
	for range 2 {
		for h := range uint64(300) {
			cache.AddHash(h << 20)
		}
	}
	if cache.Add(nil); s.N != 300 {
		t.Error(s.N)
	}
	var f, g Flags
	for _, id := range []uint32{1, 63, 64, 200} {
		f.Add(id)
	}
	g.Add(5)
	if g.Merge(f); !slices.Equal(slices.Collect(g.All()), []uint32{1, 5, 63, 64, 200}) || g.Count() != 5 || f.Count() != 4 {
		t.Error(slices.Collect(g.All()), g.Count())
	}
	if g.Add(0); g.Count() != 5 {
		t.Error("the empty text is counted")
	}
	for range g.All() {
		break
	}
}

func TestDaysByHand(t *testing.T) {
	var d Days
	for _, day := range []int32{5, 3, 5, 4, 3, 7} {
		d.Of(day)[1]++
	}
	var got []int64
	for _, x := range d.Last(7, 6) {
		got = append(got, x.Runs)
	}
	if !slices.Equal(got, []int64{0, 2, 1, 2, 0, 1}) || len(d) != 4 {
		t.Error(got, d)
	}
	if days := d.Last(7, 6); days[0].Date != "1970-01-03" || days[5].Date != "1970-01-08" {
		t.Error(days[0].Date, days[5].Date)
	}
	c := CountsOf(&[5]int64{16, 1, 2, 4, 8})
	if c.Runs != 31 || c.Finished() != 6 || c.Succeeded != 2 || c.Failed != 4 || c.Cancelled != 8 || c.Open != 1 || c.Used != 16 {
		t.Errorf("%+v", c)
	}
	for bounded, want := range map[bool][2]int{true: {20000, 20000}, false: {2000, 500}} {
		if e := NewEnds(bounded); e.Finished.most() != want[0] || e.Finished.judged() != want[1] || e.Cancelled.most() != 500 {
			t.Errorf("of a period, %t: %d runs, %d judged", bounded, e.Finished.most(), e.Finished.judged())
		}
	}
}

// When a run began and ended, by its line.
func TestTimesOfLines(t *testing.T) {
	const id = "0192f0a1-b2c3-7abc-8def-0123456789ab"
	const made = 0x0192f0a1b2c3
	for name, v := range map[string]struct {
		line       string
		start, end int64
	}{
		"a start":            {`"id":"x","status":"started"`, made + 5000, made + 5000},
		"an end":             {`"id":"` + id + `","status":"failed","duration_ms":2000`, made + 3000, made + 5000},
		"reaped":             {`"id":"` + id + `","status":"cancelled","duration_ms":2000,"src":"reaped"`, made, made + 2000},
		"imported":           {`"id":"` + strings.ToUpper(id) + `","status":"failed","duration_ms":2000,"src":"import"`, made, made + 2000},
		"imported, no time":  {`"id":"0192f0a1-b2c3-5abc-8def-0123456789ab","status":"failed","duration_ms":2000,"src":"import"`, made + 3000, made + 5000},
		"imported, no digit": {`"id":"0192f0g1-b2c3-7abc-8def-0123456789ab","status":"failed","duration_ms":2000,"src":"import"`, made + 3000, made + 5000},
		"made later":         {`"id":"0192f0a1-e2c3-7abc-8def-0123456789ab","status":"failed","duration_ms":2000,"src":"reaped"`, made + 3000, made + 5000},
		"centuries":          {`"id":"x","status":"failed","duration_ms":9007199254740991`, 1, made + 5000},
	} {
		var l decode.Line
		text := `{"ts":"` + time.UnixMilli(made+5000).UTC().Format(event.TimeFormat) + `","v":1,"kind":"job","name":"x",` + v.line + `}`
		if err := l.Decode([]byte(text)); err != nil {
			t.Fatal(name, err)
		}
		if start, end := Times(&l); start != v.start || end != v.end {
			t.Errorf("%s: %d to %d, not %d to %d", name, start-made, end-made, v.start-made, v.end-made)
		}
		if RanNothing(&l) {
			t.Errorf("%s ran", name)
		}
	}
	for line, want := range map[string]bool{`"kind":"job","arm":"off"`: true, `"kind":"job","arm":"on"`: false, `"kind":"extension_tool","arm":"a"`: true, `"kind":"extension_tool","arm":"a","call_id":"c"`: false, `"kind":"extension_tool"`: false} {
		var l decode.Line
		if err := l.Decode([]byte(`{"ts":"2026-11-30T10:00:00.000Z","v":1,"id":"x","name":"x","status":"started",` + line + `}`)); err != nil {
			t.Fatal(err)
		}
		if RanNothing(&l) != want {
			t.Errorf("%s ran nothing: %t", line, !want)
		}
	}
}

// Runs of a millisecond did not take nothing, also where there are too many to keep each.
func TestSketchOfShortRuns(t *testing.T) {
	var d durationTally
	d.Add(0)
	for range MaxExact + 1000 {
		d.Add(1)
	}
	if r := d.Result(); r.Exact || math.Abs(r.P50-1) > 2*relative || math.Abs(r.P99-1) > 2*relative {
		t.Errorf("%+v", r)
	}
	for range 3 * MaxExact {
		d.Add(0)
	}
	if r := d.Result(); r.P50 != 0 {
		t.Errorf("%+v", r)
	}
}
