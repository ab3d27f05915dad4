package query

import (
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"
)

// TestShapeKnowsTheZonesData: days are counted by the zone's clocks, so that an
// index of other clocks is none, whatever the zone is called.
func TestShapeKnowsTheZonesData(t *testing.T) {
	shape := func(zone string) string {
		data, err := os.ReadFile(filepath.Join("/usr/share/zoneinfo", zone))
		if err != nil {
			data, err = os.ReadFile(filepath.Join(runtime.GOROOT(), "lib/time/zoneinfo", zone))
		}
		if err != nil {
			t.Fatal(err)
		}
		loc, err := time.LoadLocationFromTZData("Local", data)
		if err != nil {
			t.Fatal(err)
		}
		q, err := New(Options{Location: loc, Now: time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)})
		if err != nil {
			t.Fatal(err)
		}
		return q.Shape()
	}
	if shape("Europe/Berlin") != shape("Europe/Berlin") {
		t.Error("the same zone has two shapes")
	}
	for _, other := range []string{"Africa/Tunis", "Europe/Moscow", "UTC"} { // Tunis: the same time in winter
		if shape("Europe/Berlin") == shape(other) {
			t.Errorf("Berlin and %s have one shape", other)
		}
	}
}
