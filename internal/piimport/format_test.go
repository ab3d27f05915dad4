package piimport

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pi-track/internal/event"
)

// told is what an import makes of lines behind a header: name, kind, status,
// extension and call id of each run.
func told(t *testing.T, lines ...string) []string {
	t.Helper()
	o := options(t)
	o.Files = []string{write(t, append(lines, "")...)}
	s := run(t, o)
	if s.Bad != 0 {
		t.Errorf("bad lines: %+v", s)
	}
	var all []string
	if s.Segment == "" {
		return nil
	}
	for _, e := range events(t, s.Segment) {
		if e.Status != event.Started {
			all = append(all, strings.TrimRight(fmt.Sprintf("%s %s %s %s %s", e.Name, e.Kind, e.Status, e.Ext, e.CallID), " "))
		}
	}
	return all
}

func expect(t *testing.T, got []string, want ...string) {
	t.Helper()
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// answer is a model's answer with these calls, NAME or NAME with arguments.
func answer(calls ...string) string {
	var blocks []string
	for i, c := range calls {
		name, arguments, ok := strings.Cut(c, " ")
		if !ok {
			arguments = "{}"
		}
		blocks = append(blocks, fmt.Sprintf(`{"type":"toolCall","id":"c%d","name":%q,"arguments":%s}`, i+1, name, arguments))
	}
	return `{"type":"message","id":"m1","timestamp":"2026-11-01T10:00:01.000Z","message":{"role":"assistant","content":[` +
		strings.Join(blocks, ",") + `],"stopReason":"toolUse","timestamp":1793527200500}}`
}

func returned(n int, name, more string) string {
	return fmt.Sprintf(`{"type":"message","id":"r%d","timestamp":"2026-11-01T10:00:02.%03dZ","message":{"role":"toolResult","toolCallId":"c%d","toolName":%q,"content":[{"type":"text","text":"ok"}],"isError":false,"timestamp":17935272020%02d%s}}`,
		n, n, n, name, n, more)
}

// Two entries on one line: a writer was killed between its text and the newline.
func TestGluedLines(t *testing.T) {
	a, b := returned(1, "x", ""), returned(2, "y", "")
	expect(t, told(t, answer("x", "y"), a+b), "x extension_tool succeeded  c1", "y extension_tool succeeded  c2")
	// Also behind the result of a tool that is not imported, which is not decoded.
	expect(t, told(t, answer("bash", "y"), returned(1, "bash", "")+b), "y extension_tool succeeded  c2")
	o := options(t)
	o.Files = []string{write(t, answer("x", "y"), a[:60]+b, "")}
	if s := run(t, o); s.Bad != 1 || s.Added != 2 {
		t.Errorf("one that was cut off: %+v", s)
	}
}

func TestWhatIsNoSession(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"transcript.jsonl": `{"recordType":"message","runId":"r1","role":"user"}` + "\n",
		"title.jsonl":      `{"type":"title","v":1,"title":"My work","pad":"   "}` + "\n" + `{"type":"session","version":3,"id":"s","timestamp":"2026-11-01T10:00:00.000Z","cwd":"/p"}` + "\n",
		"events.jsonl":     `{"type":"subagent.run.started","ts":1}` + "\n",
		"sidechain.jsonl":  `{"isSidechain":true,"agentId":"a","type":"user","message":{"role":"user","content":"hi"},"timestamp":"2026-11-01T10:00:00.000Z"}` + "\n",
		"empty.jsonl":      "",
		// damaged ones
		"torn.jsonl":     `{"type":"session","version":3,"id":"01a2` + "\n",
		"headless.jsonl": answer("x") + "\n",
		"bare.jsonl":     `{"type":"session","id":"s"}` + "\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	s := run(t, options(t, dir))
	if s.Others != 4 || s.Bad != 3 || s.Sessions != 0 {
		t.Errorf("%+v", s)
	}
}

func TestCallsWithinCalls(t *testing.T) {
	calls := `,"nestedCalls":{"complete":false,"calls":[` +
		`{"id":"c1/1","name":"lint","status":"ok","durationMs":12},` +
		`{"id":"c1/2","name":"mcp__echo__say","status":"error","durationMs":3,"error":"MCP error -32602\nmore"},` +
		`{"id":"c1/2/1","name":"deep","status":"unfinished"},` +
		`{"id":"c1/3","name":"bash","status":"ok","arguments":{"command":"ls"}},` +
		`{"id":"c1/4","name":"read","status":"ok","arguments":{"path":"/h/.pi/agent/skills/pdf/SKILL.md"}}]}`
	want := []string{
		"deep extension_tool cancelled  c1/2/1",
		"mcp__echo__say extension_tool failed echo c1/2",
		"lint extension_tool succeeded  c1/1",
	}
	got := told(t, answer(codemode), returned(1, codemode, calls))
	expect(t, got, want[0], "pdf skill succeeded  c1/4", want[1], want[2])
	got = told(t, answer("orchestrate"), returned(1, "orchestrate", calls))
	expect(t, got, want[0], "pdf skill succeeded  c1/4", want[1], want[2], "orchestrate extension_tool succeeded  c1")

	o := options(t)
	o.Files = []string{write(t, answer("orchestrate"), returned(1, "orchestrate", calls), "")}
	for _, e := range events(t, run(t, o).Segment) {
		outer := runID("s1", "c1")
		switch {
		case e.CallID == "c1" && e.ParentID != "",
			e.CallID == "c1/1" && (e.ParentID != outer || e.RootID != outer),
			e.CallID == "c1/2/1" && (e.ParentID != runID("s1", "c1/2") || e.RootID != outer):
			t.Errorf("%+v", e)
		}
	}
	o.Files = []string{write(t, answer(codemode), returned(1, codemode, calls), "")}
	o.Log = filepath.Join(t.TempDir(), "events.jsonl")
	for _, e := range events(t, run(t, o).Segment) {
		if !strings.HasPrefix(e.CallID, "c1/2/") && e.ParentID != runID("s1", "c1") {
			t.Errorf("calls of one script share a parent: %+v", e)
		}
	}
	// Before Pi kept nestedCalls, codemode noted its calls itself; ids of models are no calls of tools.
	old := `,"details":{"calls":[{"id":"c1/1","name":"lint","status":"cancelled","durationMs":1.5},{"id":"c1/classify/1","name":"classify","status":"ok"},{"id":"c1/?","name":"lint","status":"running"}]}`
	expect(t, told(t, answer(codemode), returned(1, codemode, old)), "lint extension_tool cancelled  c1/1")
}

func TestToolsOfMCPServers(t *testing.T) {
	expect(t, told(t, answer("mcp__my_server__list_all", "mcp__broken", "read_mcp_resource"),
		returned(1, "mcp__my_server__list_all", ""), returned(2, "mcp__broken", ""), returned(3, "read_mcp_resource", "")),
		"mcp__my_server__list_all extension_tool succeeded my_server c1", "mcp__broken extension_tool succeeded  c2")
	// A gateway names the tool that it called.
	expect(t, told(t, answer("mcp"), returned(1, "mcp", `,"details":{"mode":"call","server":"echo","tool":"say"}`)),
		"say extension_tool succeeded echo c1")
	expect(t, told(t, answer("mcp"), returned(1, "mcp", `,"details":{"mode":"list","server":"echo","tools":[]}`)),
		"mcp extension_tool succeeded  c1")
}

func TestUnknownToolsAreLeftOut(t *testing.T) {
	lines := returned(1, "nope", "")
	lines = strings.Replace(lines, `"text":"ok"`, `"text":"Tool nope not found"`, 1)
	expect(t, told(t, answer("nope"), strings.Replace(lines, `"isError":false`, `"isError":true`, 1)))
}

func TestSkills(t *testing.T) {
	read := `read {"path":"/h/.pi/agent/skills/pdf/SKILL.md"}`
	got := told(t, answer(read, `read {"path":"notes/README.md"}`, `read {"path":".pi/skills/deploy.md","offset":3}`, "read 7"),
		returned(1, "read", ""), returned(2, "read", ""), returned(3, "read", ""), returned(4, "read", ""),
		`{"type":"message","id":"u1","timestamp":"2026-11-01T10:00:09.000Z","message":{"role":"user","content":[{"type":"text","text":"<skill name=\"brave-search\" location=\"/p/.pi/skills/brave-search/SKILL.md\">\nReferences …\n</skill>\n\nfind it"}],"timestamp":1793527209000}}`,
		`{"type":"message","id":"u2","timestamp":"2026-11-01T10:00:10.000Z","message":{"role":"user","content":"what is a <skill name=\"x\"?","timestamp":1793527210000}}`)
	expect(t, got, "pdf skill succeeded  c1", "deploy skill succeeded  c3", "brave-search skill succeeded")
	s := session{head: header{cwd: "/p"}}
	for file, want := range map[string]string{
		"/p/.pi/skills/a/SKILL.md": "project", ".pi/skills/a/SKILL.md": "project", "/p/.pi/agent/skills/a/SKILL.md": "global",
		"/h/skills/a/SKILL.md": "global", "~/skills/a/SKILL.md": "global", "/pp/skills/a/SKILL.md": "global",
	} {
		if got := s.scopeOf(file); got != want {
			t.Errorf("%s: %s, want %s", file, got, want)
		}
	}
}
