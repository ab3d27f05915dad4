package pitrack_test

import (
	"os/exec"
	"testing"

	pitrack "pi-track"
)

// NOTICES holds the license of everything that the programs link.
func TestNoticesAreCurrent(t *testing.T) {
	out, err := exec.Command("scripts/notices").Output()
	if err != nil {
		t.Fatal(err)
	}
	if string(out) != pitrack.Notices {
		t.Error("NOTICES is out of date: scripts/notices >NOTICES")
	}
}
