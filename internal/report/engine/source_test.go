package engine

import (
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"pi-track/internal/report/query"
)

// A clock that is centuries ahead makes no query longer, and its runs stand on their days all the same.
func TestDaysOfFarTimes(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	for _, name := range []string{"UTC", "Europe/Berlin", "America/St_Johns", "Australia/Lord_Howe", "Pacific/Apia", "America/Nuuk"} {
		in, err := time.LoadLocation(name)
		if err != nil {
			t.Fatal(err)
		}
		if sql := day(in); len(sql) > 20000 || !strings.Contains(sql, "t0 < 4102444800000") {
			t.Errorf("%s: %d bytes", name, len(sql))
		}
		a := &asker{q: &query.Plan{Options: query.Options{Location: in}}}
		for range 5000 {
			at := int64(far) + rng.Int64N(253402214400000-far)
			want := query.DayNumber(time.UnixMilli(at).In(in))
			if got := a.dayOf((at-far)/quarter + farDay); got != want {
				t.Fatalf("%s: %d is on day %d, want %d", name, at, got, want)
			}
		}
		if got := a.dayOf(20000); got != 20000 {
			t.Errorf("day 20000 becomes %d", got)
		}
	}
}
