package home

import (
	"os"
	"strings"
	"testing"

	"pi-track/internal/manifest"
)

func TestDir(t *testing.T) {
	t.Setenv("HOME", "/home/someone")
	t.Setenv("PI_TRACK_HOME", "")
	if got := Dir(); got != "/home/someone/runtime/tool-usage" {
		t.Error(got)
	}
	t.Setenv("PI_TRACK_HOME", "/x/y")
	if got := Dir(); got != "/x/y" {
		t.Error(got)
	}
	dir := t.TempDir()
	t.Chdir(dir)
	t.Setenv("PI_TRACK_HOME", "./here")
	if got := Dir(); got != dir+"/here" {
		t.Error(got)
	}
	t.Setenv("PI_TRACK_HOME", "")
	t.Setenv("HOME", "")
	if got := Dir(); os.Geteuid() == 0 && !strings.HasSuffix(got, "/runtime/tool-usage") {
		t.Errorf("without HOME: %q", got)
	}
}

// The extension's paths.ts has the same cases.
func TestDisabled(t *testing.T) {
	for value, want := range map[string]bool{
		"1": true, "true": true, "TRUE": true, "yes": true, "on": true, "anything": true, " ": true,
		"": false, "0": false, "false": false, "False": false, "no": false, "off": false, "OFF": false,
	} {
		if Disabled(value) != want {
			t.Errorf("%q: not %v", value, want)
		}
	}
}

func TestLogOf(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	if got := LogOf("/h", "", nil); got != "/h/events.jsonl" {
		t.Error(got)
	}
	for _, tc := range []struct{ chosen, configured, want string }{
		{"", "", "/h/events.jsonl"},
		{"", "/var/log/x", "/var/log/x"},
		{"", "logs/x", "/h/logs/x"},
		{"/tmp/x", "/var/log/x", "/tmp/x"},
		{"x", "/var/log/x", dir + "/x"},
	} {
		m := &manifest.Manifest{Log: tc.configured}
		if got := LogOf("/h", tc.chosen, m); got != tc.want {
			t.Errorf("%+v: %s", tc, got)
		}
	}
}
