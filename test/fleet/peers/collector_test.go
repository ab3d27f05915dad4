package main

import (
	"context"
	"encoding/hex"
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	trace "go.opentelemetry.io/proto/otlp/trace/v1"

	"pi-track/internal/event"
	"pi-track/internal/fleet"
	"pi-track/internal/fleet/sink"
)

// exported are the spans of the events, as the official library decodes them.
func exported(t *testing.T, events ...event.Event) (*collector, []*trace.Span) {
	t.Helper()
	c := &collector{seen: map[string]bool{}}
	srv := httptest.NewServer(c)
	defer srv.Close()
	to, err := fleet.ParseAddress("otlp+" + srv.URL)
	if err != nil {
		t.Fatal(err)
	}
	s, err := sink.Open(to, fleet.Access{}, sink.Options{Version: "1.2"})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	var lines []byte
	for _, e := range events {
		lines = e.Append(lines)
	}
	if err := s.Check(context.Background()); err != nil {
		t.Fatal(err)
	}
	if err := s.Put(context.Background(), sink.Batch{Host: "h-pseudonym", Lines: lines, Count: len(events)}); err != nil {
		t.Fatal(err)
	}
	return c, c.spans
}

func TestEveryKeyOfARunIsInItsSpan(t *testing.T) {
	code := 7
	e := event.Event{TS: time.UnixMilli(1764500000412).UTC(), V: 1, ID: "019ad4a0-0000-7000-8000-000000000001", Kind: event.ExtensionTool, Name: "deploy", Status: event.Failed,
		DurationMS: 412, ExitCode: &code, Error: "no such host", CWD: "/cwd", Scope: "project", Repo: "web", SessionID: "session", TaskID: "task",
		ParentID: "019ad4a0-0000-7000-8000-000000000002", RootID: "019ad4a0-0000-7000-8000-000000000003", Host: "host", PID: 4711, Src: "extension",
		Usage: &event.Usage{Tokens: 5, Input: 2, Output: 3, CacheRead: 4, CacheWrite: 1, Cost: 0.25, Model: "m"}, Rusage: &event.Rusage{UserMS: 1, SysMS: 2, MaxRSSKB: 3},
		CallID: "call", Ext: "ext", Rev: "rev", Agent: "pi 1", Model: "model", Trial: event.Trial{Experiment: "x", Arm: "on"}, Inferred: "rule"}
	c, spans := exported(t, e)
	if len(spans) != 1 {
		t.Fatalf("%d spans", len(spans))
	}
	s := spans[0]
	if hex.EncodeToString(s.TraceId) != "019ad4a0000070008000000000000003" || hex.EncodeToString(s.SpanId) != "8000000000000001" || hex.EncodeToString(s.ParentSpanId) != "8000000000000002" {
		t.Errorf("%x %x %x", s.TraceId, s.SpanId, s.ParentSpanId)
	}
	if s.Name != "deploy" || s.Kind != trace.Span_SPAN_KIND_INTERNAL || s.StartTimeUnixNano != 1764500000000e6 || s.EndTimeUnixNano != 1764500000412e6 {
		t.Errorf("%v", s)
	}
	if s.Status.Code != trace.Status_STATUS_CODE_ERROR || s.Status.Message != "no such host" {
		t.Errorf("%v", s.Status)
	}
	got := map[string]string{}
	for _, a := range s.Attributes {
		got[a.Key] = strings.TrimSpace(strings.Join(strings.Fields(fmt.Sprint(a.Value)), " "))
	}
	for key, want := range map[string]string{"pi_track.id": e.ID, "pi_track.kind": "extension_tool", "pi_track.status": "failed", "process.exit.code": "int_value:7",
		"process.working_directory": "/cwd", "pi_track.scope": "project", "pi_track.repo": "web", "session.id": "session", "pi_track.task_id": "task", "pi_track.host": "host",
		"process.pid": "4711", "pi_track.src": "extension", "pi_track.usage.tokens": "int_value:5", "gen_ai.usage.input_tokens": "int_value:2", "gen_ai.usage.output_tokens": "int_value:3",
		"pi_track.usage.cache_read": "int_value:4", "pi_track.usage.cache_write": "int_value:1", "pi_track.usage.cost_usd": "double_value:0.25", "gen_ai.request.model": `"m"`,
		"pi_track.rusage.user_ms": "int_value:1", "pi_track.rusage.sys_ms": "int_value:2", "pi_track.rusage.max_rss_kb": "int_value:3", "pi_track.call_id": "call", "pi_track.ext": "ext",
		"pi_track.rev": "rev", "pi_track.agent": "pi 1", "pi_track.model": `"model"`, "pi_track.experiment": `"x"`, "pi_track.arm": "on", "pi_track.inferred": "rule"} {
		if !strings.Contains(got[key], want) {
			t.Errorf("%s: %q, want %q", key, got[key], want)
		}
		delete(got, key)
	}
	if len(got) > 0 {
		t.Errorf("more than is known: %v", got)
	}
	resource := fmt.Sprint(c.last.ResourceSpans[0].Resource, c.last.ResourceSpans[0].ScopeSpans[0].Scope)
	for _, want := range []string{"service.name", `"pi-track"`, "service.version", `"1.2"`, "host.id", "h-pseudonym"} {
		if !strings.Contains(resource, want) {
			t.Errorf("%s is missing: %s", want, resource)
		}
	}
}

func TestSpansOfOddRuns(t *testing.T) {
	at := time.UnixMilli(1764500000000).UTC()
	old := event.NewID(at.Add(-time.Hour))
	_, spans := exported(t,
		event.Event{TS: at, ID: event.NewID(at), Kind: event.Script, Name: "a", Status: event.Started},
		event.Event{TS: at, ID: old, Kind: event.Script, Name: "b", Status: event.Cancelled, Src: "reaped"},
		event.Event{TS: time.Date(1960, 1, 1, 0, 0, 0, 0, time.UTC), ID: "no-uuid", Kind: event.Script, Name: "c", Status: event.Succeeded, DurationMS: 5},
		event.Event{TS: time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC), ID: event.NewID(at), Kind: event.Script, Name: strings.Repeat("d", 200), Status: event.Succeeded},
	)
	if len(spans) != 3 {
		t.Fatalf("%d spans of three ends and a start", len(spans))
	}
	if s := spans[0]; s.StartTimeUnixNano != uint64(at.Add(-time.Hour).UnixNano()) || s.Status.Code != trace.Status_STATUS_CODE_UNSET {
		t.Errorf("a reaped run: %v", s)
	}
	if s := spans[1]; s.EndTimeUnixNano != 0 || s.Status.Code != trace.Status_STATUS_CODE_OK {
		t.Errorf("before 1970: %v", s)
	}
	if s := spans[2]; s.EndTimeUnixNano>>62 == 0 || s.EndTimeUnixNano>>63 != 0 {
		t.Errorf("far ahead: %v", s)
	}
}
