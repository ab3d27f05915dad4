package piimport

import (
	"encoding/json"
	"strings"

	"pi-track/internal/event"
	"pi-track/internal/redact"
)

// codemode is Pi's tool whose scripts call other tools.
const codemode = "codemode"

// nested is a call that a tool made, as Pi notes it with the tool's result.
type nested struct {
	ID         string    `json:"id"` // of the call that made it, and a number: call_1/2
	Name       string    `json:"name"`
	Args       arguments `json:"arguments"`
	Status     string    `json:"status"` // ok, error, cancelled, unfinished
	DurationMS float64   `json:"durationMs"`
	Error      string    `json:"error"`
}

// within adds the calls that a call made. The file tells how long each took
// and not when it began: it counts from the outer call's start.
func (s *session) within(c *call) {
	if c.result == nil {
		return
	}
	calls := c.result.Nested.Calls
	if len(calls) == 0 && c.name == codemode {
		var details struct {
			Calls []nested `json:"calls"` // before Pi kept nestedCalls
		}
		_ = json.Unmarshal(c.result.Details, &details)
		calls = details.Calls
	}
	// By call id. A tool of Pi's own has no run, but calls of one script share its id.
	runs := map[string]event.Event{c.id: {ID: runID(c.session, c.id)}}
	for _, n := range calls {
		numbers, ok := strings.CutPrefix(n.ID, c.id+"/")
		if !ok || strings.Trim(numbers, "0123456789/") != "" {
			continue // of a model, not of a tool; or it has not begun
		}
		if n.Status == "error" && notFoundText(n.Name, n.Error) {
			continue
		}
		caller := n.ID[:strings.LastIndexByte(n.ID, '/')]
		kind, name := event.ExtensionTool, n.Name
		if builtIn(n.Name) {
			path := skillFile(n.Name, n.Args)
			if path == "" {
				continue
			}
			kind, name = event.Skill, skillName(path)
		}
		e := s.event(kind, name, c.session, n.ID)
		e.CallID, e.Ext = n.ID, server(n.Name)
		if outer, ok := runs[caller]; ok {
			e.ParentID, e.RootID = outer.ID, outer.ID
			if outer.RootID != "" {
				e.RootID = outer.RootID
			}
		}
		e.DurationMS = min(count(n.DurationMS), maxDuration)
		status := event.Cancelled
		switch {
		case n.Status == "ok":
			status = event.Succeeded
		case n.Status == "error" && !c.aborted:
			status = event.Failed
		}
		if status != event.Succeeded {
			e.Error = redact.Message(n.Error, s.im.Env)
		}
		runs[n.ID] = e
		s.im.add(e, c.start, status)
	}
}

// server is the MCP server behind a tool that Pi names mcp__SERVER__TOOL.
func server(name string) string {
	rest, ok := strings.CutPrefix(name, "mcp__")
	if !ok || rest == "" {
		return ""
	}
	if i := strings.Index(rest[1:], "__"); i >= 0 && i+3 < len(rest) {
		return rest[:i+1]
	}
	return ""
}

// calledTool is the tool that a gateway called, and its server: those of
// pi-mcp-adapter name them in their result.
func calledTool(value any) (name, ext string) {
	details, _ := value.(members)
	name, _ = details["tool"].(string)
	ext, _ = details["server"].(string)
	if details["mode"] != "call" || name == "" || ext == "" {
		return "", ""
	}
	return name, ext
}
