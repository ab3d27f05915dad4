package log

import (
	"bytes"
	"testing"

	"pi-track/internal/event"
)

func TestClean(t *testing.T) {
	secret := "gh" + "p_0aB1cD2eF3gH4iJ5kL6mN7oP8qR9sT0uV1wX"
	dirty := "a-\x1b[31m" + secret + "\x07\u202e"
	e := event.Event{ID: "01a201a2-77d0-7abc-8def-0123456789ab", Kind: event.Script, Status: event.Started,
		Name: dirty, CWD: dirty, Repo: dirty, SessionID: dirty, TaskID: dirty, ParentID: dirty, RootID: dirty,
		CallID: dirty, Ext: dirty, Model: dirty, Agent: dirty, Rev: dirty, Writer: dirty, Inferred: dirty, Usage: &event.Usage{Model: dirty}}
	c := Clean(e)
	line := c.Append(nil)
	if bytes.Contains(line, []byte(secret)) || bytes.Contains(line, []byte("u001b")) || bytes.Contains(line, []byte("\u202e")) {
		t.Errorf("written: %s", line)
	}
	if n := bytes.Count(line, []byte("a-[redacted:github]")); n != 14 {
		t.Errorf("%d fields of 14: %s", n, line)
	}
	c.Status = event.Succeeded // an end line has its own keys
	if line := c.Append(nil); !bytes.Contains(line, []byte(`"inferred":"a-[redacted:github]"`)) {
		t.Errorf("written: %s", line)
	}
	if w := Writer(); Clean(event.Event{Name: "x", Writer: w}).Writer != w {
		t.Errorf("the writer %q was changed", w)
	}
	if e.Usage.Model != dirty {
		t.Error("the caller's event was changed")
	}
	plain := event.Event{ID: "x", Name: "helper", CWD: "/srv/a b/größe", Repo: "/srv/password=x", SessionID: "123e4567-e89b-42d3-a456-426614174000", TaskID: "T-42 token"}
	if got := Clean(plain); got.CWD != plain.CWD || got.Repo != plain.Repo || got.SessionID != plain.SessionID || got.TaskID != plain.TaskID {
		t.Errorf("changed: %+v", got)
	}
}
