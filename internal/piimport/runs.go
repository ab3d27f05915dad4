package piimport

import (
	"encoding/json"
	"math"
	"strings"
	"time"

	"pi-track/internal/event"
	"pi-track/internal/redact"
)

// maxText is the longest piece of a tool's text that is looked at. Shorter
// than the tail of a stderr, so that its first line counts as a whole one.
const maxText = 4000

// finish adds the calls of the session. The last ones of a file that is still
// being written may be running.
func (s *session) finish(recent bool) {
	running := map[*call]bool{}
	if recent {
		for _, c := range s.batch {
			running[c] = c.result == nil
		}
	}
	for _, c := range s.calls {
		switch {
		case running[c] && !c.hidden:
			s.im.summary.Runs++
			s.im.summary.Open++
		case running[c]:
		case c.unknown():
		case c.skill != "":
			s.readSkill(c)
		default:
			s.tool(c)
		}
	}
}

// unknown says that Pi has no tool of that name: nothing ran.
func (c *call) unknown() bool {
	return c.result != nil && c.result.IsError && notFoundText(c.name, textOf(c.result.Content))
}

// notFoundText says that Pi has answered a call so. A server's tool is known
// all the same, but not offered to the model.
func notFoundText(name, text string) bool {
	return text == "Tool "+name+" not found" && server(name) == ""
}

// tool adds one call of an extension tool, and the calls within it.
func (s *session) tool(c *call) {
	e := s.event(event.ExtensionTool, c.name, c.session, c.id)
	e.CallID, e.Ext = c.id, server(c.name)
	defer s.within(c)
	if c.hidden {
		return
	}
	status := event.Cancelled // Pi was killed
	if m := c.result; m != nil {
		text := textOf(m.Content)
		var details any
		_ = json.Unmarshal(m.Details, &details) // details are whatever a tool likes
		v := verdict{status: event.Cancelled}
		if !c.aborted {
			v = judge(text, details, m.IsError)
		}
		status, e.Inferred = v.status, v.inferred
		if name, ext := calledTool(details); name != "" {
			e.Name, e.Ext = name, ext
		}
		e.DurationMS = duration(c.start, m)
		e.Usage = usageOf(m)
		if status != event.Succeeded {
			e.Error = redact.Message(withReason(text, v.reason), s.im.Env)
		}
	}
	s.im.add(e, c.start, status)
}

// event is what all runs of the session have in common.
func (s *session) event(kind event.Kind, name, sessionID, key string) event.Event {
	e := event.Event{
		ID: runID(sessionID, key), Kind: kind, Name: name, SessionID: sessionID,
		CWD: s.head.cwd, Host: s.im.Host, Src: "import",
	}
	if s.im.Repo != nil && s.head.cwd != "" {
		e.Repo = s.im.Repo(s.head.cwd)
	}
	return e
}

// duration is what Pi measured, or else the time from the model's answer to
// the tool's result, in milliseconds.
func duration(start time.Time, m *message) int64 {
	if m.DurationMS != nil && *m.DurationMS >= 0 && *m.DurationMS < float64(maxDuration) {
		return int64(math.Round(*m.DurationMS))
	}
	end := count(m.Timestamp)
	if end == 0 {
		end = m.at.UnixMilli()
	}
	return min(max(0, end-start.UnixMilli()), maxDuration)
}

// maxDuration bounds what a file may claim, in milliseconds: about 292 years,
// the longest time.Duration.
const maxDuration = int64(math.MaxInt64 / time.Millisecond)

// agent is what a subagent reports.
type agent struct {
	Model string          `json:"model"`
	Usage json.RawMessage `json:"usage"`
}

// textOf is the beginning of a result's text, without the arguments that Pi
// repeats when they were wrong.
func textOf(content json.RawMessage) string {
	var blocks []struct {
		Type string `json:"type"`
		Text string `json:"text"`
	}
	var text string
	if json.Unmarshal(content, &blocks) != nil {
		_ = json.Unmarshal(content, &text) // else neither blocks nor a text
	}
	for _, b := range blocks {
		if b.Type == "text" && len(text) < maxText {
			if text != "" {
				text += "\n"
			}
			text += b.Text
		}
	}
	if strings.HasPrefix(text, "Validation failed for tool") {
		text, _, _ = strings.Cut(text, "\n\nReceived arguments:")
	}
	if len(text) > maxText {
		text = strings.ToValidUTF8(text[:maxText], "")
	}
	return text
}
