package suggest

import "testing"

func TestNearest(t *testing.T) {
	keys := []string{"kind", "scope", "capture", "session_env", "task_env", "task_arg"}
	for name, want := range map[string]string{"xml": "", "tcsh": "", "dm": "", "jsno": "json", "mdd": "md", "": "", "ba": ""} {
		if got := Nearest(name, []string{"md", "json", "bash", "zsh"}); got != want {
			t.Errorf("Nearest(%q) = %q, want %q", name, got, want)
		}
	}
	for name, want := range map[string]string{
		"knd": "kind", "scop": "scope", "captrue": "capture", "task_envs": "task_env",
		"sessions_env": "session_env", "kidn": "kind", "zzz": "", "": "",
		"KIND": "kind", "Captrue": "capture",
	} {
		if got := Nearest(name, keys); got != want {
			t.Errorf("Nearest(%q) = %q, want %q", name, got, want)
		}
	}
}
