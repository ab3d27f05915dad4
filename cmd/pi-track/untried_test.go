//go:build linux || darwin || freebsd || openbsd

package main

import "testing"

// Systems where nobody has tried pi-track are told so by version and install.
func TestUntriedSystems(t *testing.T) {
	for _, tc := range []struct{ goos, version, install string }{
		{"linux", "", ""},
		{"freebsd", ", nobody has tried pi-track on freebsd", "system         nobody has tried pi-track on freebsd; 'pi-track doctor --self-test' tries it\n"},
		{"openbsd", ", nobody has tried pi-track on openbsd", "system         nobody has tried pi-track on openbsd; 'pi-track doctor --self-test' tries it\n"},
		{"darwin", ", nobody has tried pi-track on darwin", "system         nobody has tried pi-track on darwin; 'pi-track doctor --self-test' tries it\n"},
	} {
		if got := untried(", ", tc.goos); got != tc.version {
			t.Errorf("%s: version says %q", tc.goos, got)
		}
		if got := systemLine(tc.goos); got != tc.install {
			t.Errorf("%s: install says %q", tc.goos, got)
		}
	}
}
