package shim

import (
	"strings"
	"testing"

	"pi-track/internal/manifest"
)

// What [pi] says reaches the extension by the manifest's keys in front of the first shim.
func TestPiSettingsReachTheManifest(t *testing.T) {
	p := &parser{}
	for _, c := range []struct {
		table map[string]any
		want  string
	}{
		{map[string]any{}, ""},
		{map[string]any{"ship": true}, "pi_ship \"true\"\n"},
		{map[string]any{"tool": true, "notify": false, "ship": false}, "pi_tool \"true\"\npi_notify \"false\"\n"},
	} {
		m := manifest.Manifest{Pi: p.pi(c.table)}
		text := string(m.Encode())
		if !strings.Contains(text, "\n"+c.want) || strings.Count(text, "pi_") != strings.Count(c.want, "pi_") {
			t.Errorf("%v: %s, want %s", c.table, text, c.want)
		}
		if back, err := manifest.Decode([]byte(text)); err != nil || back.Pi != m.Pi {
			t.Errorf("%v: %+v %v", c.table, back, err)
		}
	}
}
