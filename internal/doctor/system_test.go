package doctor

import "testing"

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
