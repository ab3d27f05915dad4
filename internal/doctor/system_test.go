package doctor

import (
	"strings"
	"testing"
)

// Where nobody has tried it, doctor says so, and what would help.
func TestUntriedSystems(t *testing.T) {
	for goos, want := range map[string]string{
		"linux": "", "darwin": "nobody has tried pi-track on darwin",
		"freebsd": "nobody has tried pi-track on freebsd", "openbsd": "nobody has tried pi-track on openbsd",
	} {
		var fs findings
		fs.checkSystem(goos)
		if want == "" && len(fs) == 0 {
			continue
		}
		if len(fs) != 1 || fs[0].Level != Note || fs[0].Text != want || fs[0].Hint == "" {
			t.Errorf("%s: %+v", goos, fs)
		}
	}
}

// On macOS it is path_helper that moves the shims back, and only there.
func TestBehindHintNamesPathHelper(t *testing.T) {
	for goos, want := range map[string]bool{"linux": false, "freebsd": false, "openbsd": false, "darwin": true} {
		if hint := behindHint(goos); strings.Contains(hint, "path_helper") != want || !strings.Contains(hint, "must come first") {
			t.Errorf("%s: %s", goos, hint)
		}
	}
}
