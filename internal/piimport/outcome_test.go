package piimport

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"pi-track/internal/event"
	"pi-track/internal/redact"
)

// result is one line of testdata/outcomes.jsonl, which the TypeScript tests
// read too: what a tool returned or threw, and what became of the call.
type result struct {
	Name   string `json:"name"`
	Result struct {
		Content json.RawMessage `json:"content"`
		Details any             `json:"details"`
		IsError bool            `json:"isError"`
		Throw   string          `json:"throw"`
	} `json:"result"`
	Status event.Status `json:"want_status"`
	Error  string       `json:"want_error"`
	Rule   string       `json:"want_inferred"` // where the case names it
}

func TestOutcomes(t *testing.T) {
	data, err := os.ReadFile("testdata/outcomes.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(data)) {
		var c result
		if err := json.Unmarshal([]byte(line), &c); err != nil {
			t.Fatal(err)
		}
		text, declared := textOf(c.Result.Content), c.Result.IsError || c.Result.Throw != ""
		if c.Result.Throw != "" {
			text = c.Result.Throw
		}
		v := judge(text, c.Result.Details, declared)
		if v.status != c.Status {
			t.Errorf("%s: %s, want %s", c.Name, v.status, c.Status)
		}
		if got := redact.Message(withReason(text, v.reason), nil); !strings.Contains(got, c.Error) {
			t.Errorf("%s: %q, want %q", c.Name, got, c.Error)
		}
		inferred := v.status != event.Succeeded && !(declared && v.status == event.Failed)
		if (v.inferred != "") != inferred || c.Rule != "" && v.inferred != c.Rule {
			t.Errorf("%s: inferred by %q", c.Name, v.inferred)
		}
	}
}
