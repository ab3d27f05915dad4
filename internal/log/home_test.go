package log

import (
	"os"
	"strings"
	"testing"
)

func TestHome(t *testing.T) {
	t.Setenv("HOME", "/home/someone")
	t.Setenv("PI_TRACK_HOME", "")
	if got := Home(); got != "/home/someone/runtime/tool-usage" {
		t.Error(got)
	}
	t.Setenv("PI_TRACK_HOME", "/x/y")
	if got := Home(); got != "/x/y" {
		t.Error(got)
	}
	dir := t.TempDir()
	t.Chdir(dir)
	t.Setenv("PI_TRACK_HOME", "./here")
	if got := Home(); got != dir+"/here" {
		t.Error(got)
	}
	t.Setenv("PI_TRACK_HOME", "")
	t.Setenv("HOME", "")
	if got := Home(); os.Geteuid() == 0 && !strings.HasSuffix(got, "/runtime/tool-usage") {
		t.Errorf("without HOME: %q", got)
	}
}

func TestPath(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	for _, tc := range []struct{ chosen, configured, want string }{
		{"", "", "/h/events.jsonl"},
		{"", "/var/log/x", "/var/log/x"},
		{"", "logs/x", "/h/logs/x"},
		{"/tmp/x", "/var/log/x", "/tmp/x"},
		{"x", "/var/log/x", dir + "/x"},
	} {
		if got := Path("/h", tc.chosen, tc.configured); got != tc.want {
			t.Errorf("%+v: %s", tc, got)
		}
	}
}

func TestNotes(t *testing.T) {
	home := t.TempDir() + "/a/b"
	if notes, err := Notes(home); notes != nil || err != nil {
		t.Error(notes, err)
	}
	Note(home, "one")
	Note(home, "one")
	Note(home, "two\nlines")
	Note(home, "one")
	notes, err := Notes(home)
	if err != nil || len(notes) != 3 || notes[0].Text != "one" || notes[1].Text != "two lines" || notes[2].Text != "one" {
		t.Errorf("%+v, %v", notes, err)
	}
	for i := range 2000 {
		Note(home, strings.Repeat("x", 40+i%2))
	}
	Note(home, "last")
	st, err := os.Stat(home + "/notes")
	if err != nil || st.Size() > 20<<10 || st.Size() < 4<<10 || st.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", st, err)
	}
	notes, err = Notes(home)
	if err != nil || len(notes) < 50 || notes[len(notes)-1].Text != "last" || len(notes[0].Text) < 40 {
		t.Errorf("%d notes, %v", len(notes), err)
	}
}
