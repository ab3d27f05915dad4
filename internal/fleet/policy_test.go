package fleet

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pi-track/internal/event"
	"pi-track/internal/event/schematest"
)

func key(t *testing.T, mode os.FileMode, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "team.key")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path, mode); err != nil {
		t.Fatal(err)
	}
	return path
}

const secretKey = "a team's key of at least thirty-two bytes"

// full is an event with a canary in every text.
func full() event.Event {
	code := 7
	return event.Event{TS: time.UnixMilli(1764500000000).UTC(), V: 1, ID: "019ad4a0-0000-7000-8000-000000000001", Kind: event.ExtensionTool, Name: "name", Status: event.Failed,
		DurationMS: 5, ExitCode: &code, Error: "canary-error password=canary-hunter2-Xy9", CWD: "/home/canary-user/canary-dir", Scope: "project",
		Repo: "/home/canary-user/web", SessionID: "canary-session", TaskID: "canary-task", ParentID: "019ad4a0-0000-7000-8000-000000000002",
		RootID: "019ad4a0-0000-7000-8000-000000000003", Host: "canary-host", PID: 4711, Src: "extension", Usage: &event.Usage{Tokens: 5},
		Rusage: &event.Rusage{UserMS: 1}, CallID: "canary-call", Ext: "ext", Rev: "rev", Agent: "pi 1", Model: "m",
		Trial: event.Trial{Experiment: "x", Arm: "on"}, Writer: "1:2:3:canary-boot:canary-machine",
		Extra: []event.Member{{Key: "canary_key", Raw: []byte(`"canary-extra"`)}}}
}

func line(p *Policy, e event.Event) string {
	out := p.Apply(e)
	return string(out.Append(nil))
}

func TestNothingPrivateLeavesByDefault(t *testing.T) {
	p, err := NewPolicy(&Sink{KeyFile: key(t, 0o600, secretKey)})
	if err != nil {
		t.Fatal(err)
	}
	for _, status := range []event.Status{event.Started, event.Failed, event.Cancelled, event.Succeeded} {
		e := full()
		e.Status = status
		got := line(p, e)
		for _, bad := range []string{"canary", "4711", "/home", "hunter2", secretKey} {
			if strings.Contains(got, bad) {
				t.Errorf("%s leaves: %s", bad, got)
			}
		}
		for _, want := range []string{`"call_id":"-"`, `"repo":"web"`, `"name":"name"`, `"task_id":"h-`, `"session_id":"h-`, `"host":"h-`, `"rev":"rev"`} {
			if !strings.Contains(got, want) {
				t.Errorf("%s is missing: %s", want, got)
			}
		}
		if err := schematest.Check([]byte(got)); status != event.Started && err != nil {
			t.Errorf("what leaves is no event: %v", err)
		}
	}
}

func TestEqualStaysEqualAndFieldsDiffer(t *testing.T) {
	one, two, other := NewHasher([]byte(secretKey)), NewHasher([]byte(secretKey)), NewHasher([]byte(secretKey+"x"))
	if one.Of("task_id", "a") != two.Of("task_id", "a") {
		t.Error("the same task has two names")
	}
	seen := map[string]bool{}
	for _, v := range []string{one.Of("task_id", "a"), one.Of("session_id", "a"), one.Of("task_id", "b"), other.Of("task_id", "a"), one.Of("task_ida", "")} {
		if seen[v] || len(v) != len("h-")+26 {
			t.Errorf("%q", v)
		}
		seen[v] = true
	}
}

func TestEachModeOfEachField(t *testing.T) {
	value := map[string]string{"name": `"name":"name"`, "error_summary": "canary-error", "cwd": "canary-dir", "repo": "/home/canary-user/web", "session_id": "canary-session",
		"task_id": "canary-task", "host": "canary-host", "pid": "4711", "usage": "tokens", "rusage": "user_ms", "call_id": "canary-call", "ext": `"ext":"ext"`, "rev": `"rev"`,
		"agent": "pi 1", "model": `"m"`, "experiment": `"experiment":"x"`, "writer": "canary-boot", "extra": "canary-extra"}
	for _, f := range Fields {
		for _, m := range f.Modes {
			fields := map[string]Mode{}
			for _, g := range Fields {
				fields[g.Key] = Keep
			}
			fields[f.Key] = m
			p, err := NewPolicy(&Sink{Fields: fields, KeyFile: key(t, 0o600, secretKey)})
			if err != nil {
				t.Fatal(err)
			}
			e := full()
			if f.Key == "writer" {
				e.Status = event.Started
			}
			got := line(p, e)
			if kept := strings.Contains(got, value[f.Key]); m != Print && kept != (m == Keep) {
				t.Errorf("%s = %s: %s", f.Key, m, got)
			}
			if m == Print && (strings.Contains(got, "hunter2") || !strings.Contains(got, "error_summary")) {
				t.Errorf("%s = %s: %s", f.Key, m, got)
			}
		}
	}
}

func TestKeysAndTokens(t *testing.T) {
	for name, c := range map[string]struct {
		mode os.FileMode
		text string
		want string
	}{
		"of a group":  {0o640, secretKey, "others may read"},
		"of everyone": {0o604, secretKey, "others may read"},
		"short":       {0o600, "short", "at least 32 bytes"},
		"empty":       {0o600, "\n", "empty"},
	} {
		if _, err := NewPolicy(&Sink{KeyFile: key(t, c.mode, c.text)}); err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), secretKey) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := NewPolicy(&Sink{}); err == nil || !strings.Contains(err.Error(), "no key_file is named") {
		t.Errorf("without a key: %v", err)
	}
	if _, err := NewPolicy(&Sink{KeyFile: t.TempDir()}); err == nil {
		t.Error("a directory is a key")
	}
	run := func(argv []string) ([]byte, error) { return []byte("me:token\n"), nil }
	if got, err := (Access{TokenCommand: []string{"x"}}).Token(run); got != "me:token" || err != nil {
		t.Error(got, err)
	}
	run = func(argv []string) ([]byte, error) { return []byte("a\nb"), nil }
	if got, err := (Access{TokenCommand: []string{"x"}}).Token(run); err == nil {
		t.Error(got)
	}
}

func TestWhichRunsLeave(t *testing.T) {
	for _, c := range []struct {
		names, repos []string
		name, repo   string
		want         bool
	}{
		{nil, nil, "x", "", true},
		{[]string{"*", "!secret-*"}, nil, "secret-x", "", false},
		{[]string{"!secret-*"}, nil, "x", "", true},
		{[]string{"deploy"}, nil, "x", "", false},
		{nil, []string{"/home/me/src/*"}, "x", "/home/me/src/a/b", true},
		{nil, []string{"/home/me/src/*"}, "x", "/home/me/private", false},
		{nil, []string{"/home/me/src/*"}, "x", "", false},
		{nil, []string{"web"}, "x", "/srv/web", true},
	} {
		p := Selection(&Sink{Names: c.names, Repos: c.repos})
		for range 2 { // the second answer is remembered
			if got := p.Takes(&event.Event{Name: c.name, Repo: c.repo}); got != c.want {
				t.Errorf("%+v: %v", c, got)
			}
		}
	}
	p := Selection(&Sink{Since: time.UnixMilli(1000)})
	if p.Takes(&event.Event{TS: time.UnixMilli(999)}) || !p.Takes(&event.Event{TS: time.UnixMilli(1000)}) {
		t.Error("since")
	}
}

func TestAddresses(t *testing.T) {
	for text, want := range map[string]string{
		"dir:/mnt/x": "", "dir:x": "absolute", "dir:": "absolute", "https://x": "not one of",
		"s3://bucket": "", "s3://bucket/a/b/": "", "s3://x": "not the name of a bucket", "s3://key:hunter2@bucket/x": "password",
		"s3://bucket/a/../b": "not a plain path", "s3://bucket//b": "not a plain path", "s3://.bucket": "not the name", "s3://buc ket": "not the name",
		"s3+https://h:9000/bucket": "", "s3+https://h:9000/bucket/a b": "", "s3+https://h": "not the name", "s3+http://127.0.0.1:9000/bucket/p": "",
		"s3+http://10.0.0.1/bucket": "plain http", "s3+https://key:hunter2@h/bucket": "password", "s3+https://h/bucket?x=hunter2": "must not contain",
		"otlp+https://h:4318": "", "otlp+https://h/otlp/": "", "otlp+http://localhost:4318": "", "otlp+http://h:4318": "plain http",
		"otlp+https://u:hunter2@h": "password", "otlp+grpc://h:4317": "does not look like", "otlp:x": "not one of",
		"clickhouse+https://h:8443/db": "", "clickhouse+https://h": "", "clickhouse+http://127.0.0.1:8123/db": "",
		"clickhouse+http://localhost/db": "", "clickhouse+http://[::1]:1/db": "", "clickhouse+http://10.0.0.1/db": "plain http",
		"clickhouse+http://localhost.example.org/db": "plain http", "clickhouse+http://127.0.0.1.example.org/": "plain http",
		"clickhouse+https://u:hunter2@h/db": "password", "clickhouse+https://h/db?password=hunter2": "must not contain",
		"clickhouse+https://h/a;b": "not a name", "clickhouse+ftp://h/x": "does not look like", "clickhouse+https:///x": "does not look like", "clickhouse+:hunter2": "",
	} {
		_, err := ParseAddress(text)
		if text == "clickhouse+:hunter2" {
			if err == nil {
				t.Error(text)
			}
			continue
		}
		if (err == nil) != (want == "") || err != nil && (!strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "hunter2")) {
			t.Errorf("%s: %v, want %q", text, err, want)
		}
	}
}
