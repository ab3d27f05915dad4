package doctor

import "testing"

// A shim that keeps nothing of what is promised fails the checks that say so, and
// no other.
func TestSelfTestFindsABadShim(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	program := script(t, t.TempDir()+"/pi-track", `
mkdir -p "$PI_TRACK_HOME/shims"
shim=$PI_TRACK_HOME/shims/pi-track-self-test
cat >"$shim" <<'END'
#!/bin/sh
case $1 in signal|killed) exit 0 ;; esac
"$HOME/bin/pi-track-self-test" "$@"
exit 0
END
chmod +x "$shim"`)
	got, err := SelfTest(program)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]Level{"install": OK, "status": Broken, "death": Broken, "stderr": Broken, "stdout": OK,
		"stdin": OK, "signal": Broken, "killed": Broken, "log": Broken}
	for _, f := range got {
		if f.Level != want[f.Check] || (f.Hint == "") != (f.Level == OK) {
			t.Errorf("%+v", f)
		}
	}
	if len(got) != len(want) {
		t.Errorf("%d checks instead of %d: %v", len(got), len(want), got)
	}
}

// Without an installation there is nothing to check.
func TestSelfTestWithoutInstallation(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	got, err := SelfTest(script(t, t.TempDir()+"/pi-track", "echo no room >&2; exit 1"))
	if err != nil || len(got) != 1 || got[0].Level != Broken {
		t.Fatalf("%v, %v", got, err)
	}
}
