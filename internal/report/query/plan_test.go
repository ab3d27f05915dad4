package query

import (
	"archive/zip"
	"io/fs"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestShapeKnowsTheZonesData: days are counted by the zone's clocks, so that an
// index of other clocks is none, whatever the zone is called.
func TestShapeKnowsTheZonesData(t *testing.T) {
	root, err := exec.Command("go", "env", "GOROOT").Output() // this machine may have no zones of its own
	if err != nil {
		t.Fatal(err)
	}
	zones, err := zip.OpenReader(filepath.Join(strings.TrimSpace(string(root)), "lib/time/zoneinfo.zip"))
	if err != nil {
		t.Fatal(err)
	}
	defer zones.Close()
	shape := func(zone string) string {
		data, err := fs.ReadFile(zones, zone)
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
	berlin := shape("Europe/Berlin")
	if again := shape("Europe/Berlin"); again != berlin {
		t.Error("the same zone has two shapes")
	}
	for _, other := range []string{"Africa/Tunis", "Europe/Moscow", "UTC"} { // Tunis: the same time in winter
		if berlin == shape(other) {
			t.Errorf("Berlin and %s have one shape", other)
		}
	}
}
