package redact

import "testing"

func TestQuick(t *testing.T) {
	for _, c := range []string{"password=hunter2", "\x1b[31merror:\x1b[0m bad https://u:p4ss@h/x", "curl -u bob:s3cret http://x", "Authorization: Basic dXNlcjpwYXNz"} {
		t.Log(Summary([]byte(c), nil))
	}
}
