package event

import (
	"bytes"
	"encoding/json"
	"os"
	"testing"
	"time"
)

// golden returns the lines that both languages must write byte for byte.
func golden(t testing.TB) [][]byte {
	b, err := os.ReadFile("testdata/golden.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	return bytes.SplitAfter(bytes.TrimSuffix(b, []byte("\n")), []byte("\n"))
}

func TestGolden(t *testing.T) {
	lines := golden(t)
	if len(lines) < 10 {
		t.Fatalf("only %d lines", len(lines))
	}
	for i, line := range lines {
		line = append(bytes.TrimSuffix(line, []byte("\n")), '\n')
		e := parse(t, line)
		if got := e.Append(nil); !bytes.Equal(got, line) {
			t.Errorf("line %d\ngot  %s\nwant %s", i+1, got, line)
		}
	}
}

// parse reads a line with encoding/json, independently of this package's own
// decoder.
func parse(t testing.TB, line []byte) Event {
	d := json.NewDecoder(bytes.NewReader(line))
	if _, err := d.Token(); err != nil {
		t.Fatal(err)
	}
	var e Event
	for d.More() {
		key, err := d.Token()
		if err != nil {
			t.Fatal(err)
		}
		var raw json.RawMessage
		if err := d.Decode(&raw); err != nil {
			t.Fatal(err)
		}
		assign(t, &e, key.(string), raw)
	}
	return e
}

func assign(t testing.TB, e *Event, key string, raw json.RawMessage) {
	fields := map[string]any{
		"v": &e.V, "id": &e.ID, "kind": &e.Kind, "name": &e.Name, "status": &e.Status,
		"duration_ms": &e.DurationMS, "exit_code": &e.ExitCode, "signal": &e.Signal, "error_summary": &e.Error,
		"cwd": &e.CWD, "scope": &e.Scope, "repo": &e.Repo, "session_id": &e.SessionID, "task_id": &e.TaskID,
		"parent_id": &e.ParentID, "root_id": &e.RootID, "host": &e.Host, "pid": &e.PID, "src": &e.Src,
		"call_id": &e.CallID, "ext": &e.Ext, "rev": &e.Rev, "agent": &e.Agent, "model": &e.Model,
		"experiment": &e.Trial.Experiment, "arm": &e.Trial.Arm, "writer": &e.Writer, "inferred": &e.Inferred, "stderr": &e.Stderr,
	}
	var err error
	switch key {
	case "ts":
		var s string
		if err = json.Unmarshal(raw, &s); err == nil {
			e.TS, err = time.Parse(time.RFC3339, s)
		}
	case "usage":
		u, ok := ParseUsage(raw)
		if !ok {
			t.Fatalf("usage %s", raw)
		}
		e.Usage = &u
	case "rusage":
		var r struct {
			UserMS int64 `json:"user_ms"`
			SysMS  int64 `json:"sys_ms"`
			RSS    int64 `json:"max_rss_kb"`
		}
		err = json.Unmarshal(raw, &r)
		e.Rusage = &Rusage{r.UserMS, r.SysMS, r.RSS}
	default:
		if field, ok := fields[key]; ok {
			err = json.Unmarshal(raw, field)
		} else {
			e.Extra = append(e.Extra, Member{Key: key, Raw: raw})
		}
	}
	if err != nil {
		t.Fatalf("%s: %v", key, err)
	}
}
