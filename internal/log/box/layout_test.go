package box

import (
	"strings"
	"testing"

	"pi-track/internal/event"
	"pi-track/internal/log/logtest"
)

var uid, line = logtest.UID, logtest.Line

func TestRunIDs(t *testing.T) {
	const id = "01a201a2-77d0-7abc-8def-0123456789ab"
	if !IsRunID(id) {
		t.Error(id)
	}
	for i := range id {
		for _, c := range "-gAZ/:`x.\x00" {
			if other := id[:i] + string(c) + id[i+1:]; other != id && IsRunID(other) {
				t.Error(other)
			}
		}
	}
	for _, other := range []string{"", id[1:], id + "a", id + ".usage", "../" + id[3:], "notes.md"} {
		if IsRunID(other) {
			t.Error(other)
		}
	}
}

func TestBoxRefusesWhatIsNoLine(t *testing.T) {
	home := t.TempDir()
	for _, bad := range []string{"", "\n", "{}", "{}\n{}\n", strings.Repeat("x", event.MaxLine) + "\n"} {
		if _, err := New(home, uid("id"), home+"/events.jsonl", []byte(bad)); err != errLine {
			t.Errorf("%.20q: %v", bad, err)
		}
	}
	if _, err := New(home, uid("id"), "/"+strings.Repeat("x", 4096), line(uid("id"), event.Started)); err != errPath {
		t.Error(err)
	}
}
