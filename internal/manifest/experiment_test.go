package manifest

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"strconv"
	"testing"
)

// TestLots holds the vectors that the Pi extension draws too.
func TestLots(t *testing.T) {
	data, err := os.ReadFile("testdata/lots.json")
	if err != nil {
		t.Fatal(err)
	}
	var rows []struct {
		Experiment, Unit, Lot string
		Second                map[string]bool
	}
	if err := json.Unmarshal(data, &rows); err != nil || len(rows) < 10 {
		t.Fatal(err, len(rows))
	}
	for _, r := range rows {
		if got := fmt.Sprintf("%016x", Lot(r.Experiment, r.Unit)); got != r.Lot {
			t.Errorf("%q, %q: %s, want %s", r.Experiment, r.Unit, got, r.Lot)
		}
		for share, want := range r.Second {
			x := Experiment{ID: r.Experiment}
			x.Share, _ = strconv.Atoi(share)
			if x.Second(r.Unit) != want {
				t.Errorf("%q, %q at %s %%: not %v", r.Experiment, r.Unit, share, want)
			}
		}
	}
}

// TestLotsAreFair: units that look alike are spread by the share, and two
// experiments draw independently.
func TestLotsAreFair(t *testing.T) {
	const n = 20000
	for _, share := range []int{10, 20, 50, 90} {
		a, b := Experiment{ID: "x4k2m9", Share: share}, Experiment{ID: "x4k2ma", Share: share}
		second, both := 0, 0
		for i := range n {
			unit := "T-" + strconv.Itoa(i)
			if a.Second(unit) {
				second++
				if b.Second(unit) {
					both++
				}
			}
		}
		p := float64(share) / 100
		for _, x := range []struct {
			what string
			got  int
			p    float64
		}{{"in the second arm", second, p}, {"in both second arms", both, p * p}} {
			if z := (float64(x.got) - n*x.p) / math.Sqrt(n*x.p*(1-x.p)); math.Abs(z) > 4 {
				t.Errorf("share %d: %d %s, z = %.1f", share, x.got, x.what, z)
			}
		}
	}
}

func TestUnits(t *testing.T) {
	task, session := &Experiment{Unit: UnitTask}, &Experiment{Unit: UnitSession}
	for _, v := range []struct {
		x                         *Experiment
		taskID, sessionID, wanted string
	}{
		{task, "T", "S", "T"}, {task, "", "S", "S"}, {task, "", "", ""},
		{session, "T", "S", "S"}, {session, "T", "", ""},
	} {
		if got := v.x.UnitOf(v.taskID, v.sessionID); got != v.wanted {
			t.Errorf("%s of task %q and session %q: %q", v.x.Unit, v.taskID, v.sessionID, got)
		}
	}
}

func TestArms(t *testing.T) {
	off := &Experiment{ID: "e", Share: 50}
	ab := &Experiment{ID: "e", Share: 50, Versus: []string{"v2"}}
	seen := map[string]bool{}
	for i := range 20 {
		unit := strconv.Itoa(i)
		if off.Second(unit) != ab.Second(unit) {
			t.Fatal("the draw depends on what it decides")
		}
		seen[off.Arm(unit)], seen[ab.Arm(unit)] = true, true
	}
	for _, arm := range []string{"on", "off", "a", "b"} {
		if !seen[arm] || len(seen) != 4 {
			t.Errorf("arms %v", seen)
		}
	}
}
