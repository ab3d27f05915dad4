package piimport

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"time"

	"pi-track/internal/safefile"
)

// call is a call of an extension tool.
type call struct {
	id, name string
	session  string
	start    time.Time // of the model's answer that holds the call
	result   *message
	aborted  bool   // the user aborted while the tools of this answer ran
	hidden   bool   // of a tool of Pi's own: only the calls within it count
	skill    string // path of the skill that the call reads, "" if none
}

// session is the state while one file is read.
type session struct {
	im    *importer
	head  header
	calls []*call
	byID  map[string]*call
	batch []*call // of the latest answer of the model
}

// file reads one session file and adds its runs.
func (im *importer) file(path string) error {
	f, err := safefile.Open(path, safefile.LimitOfText)
	if err != nil {
		return err
	}
	defer f.Close()
	st, err := f.Stat()
	if err != nil {
		return err
	}
	s := &session{im: im, byID: map[string]*call{}}
	ok, err := s.read(path, bufio.NewReaderSize(f, 1<<16))
	if err != nil || !ok {
		return err
	}
	im.summary.Sessions++
	s.finish(im.recent(st))
	return nil
}

// read takes all lines. It is false when the file is not a session.
func (s *session) read(path string, r *bufio.Reader) (bool, error) {
	var buf []byte // what is kept of a line is a copy
	for n := 1; ; n++ {
		text, done, err := readLine(r, buf)
		buf = text
		if err != nil && !errors.Is(err, errTooLong) {
			return false, err
		}
		s.im.done += int64(len(text)) + 1
		if s.im.Progress != nil {
			s.im.Progress(s.im.done)
		}
		if n > 1 && err == nil && s.foreign(text) {
			continue
		}
		if err != nil || len(bytes.TrimSpace(text)) > 0 {
			var entries []*entry
			if err == nil {
				entries, err = decodeLine(text)
			}
			if n == 1 && (len(entries) == 0 || entries[0].Type != "session") {
				if damaged(text, entries) {
					s.im.bad(path, n, errNoSession.Error())
				} else {
					s.im.summary.Others++
				}
				return false, nil
			}
			if err != nil && !done {
				s.im.bad(path, n, err.Error())
			}
			for _, e := range entries {
				s.take(e)
			}
		}
		if done {
			return s.head.id != "", nil
		}
	}
}

// resultHead is how Pi begins the message of a tool's result.
const resultHead = `"message":{"role":"toolResult","toolCallId":"`

// foreign says, without decoding the line, that it is the result of a tool
// that is not imported. Most of a session file is the output of Pi's own
// tools.
func (s *session) foreign(text []byte) bool {
	if !bytes.HasSuffix(text, []byte("}}")) || bytes.Contains(text, glue) {
		return false
	}
	_, rest, ok := bytes.Cut(text[:min(len(text), 512)], []byte(resultHead))
	if !ok {
		return false
	}
	id, _, ok := bytes.Cut(rest, []byte{'"'})
	return ok && bytes.IndexByte(id, '\\') < 0 && s.byID[string(id)] == nil
}

func (s *session) take(e *entry) {
	switch {
	case e.Type == "session":
		s.head = e.header()
	case e.Type != "message":
	case e.Message.Role == "assistant":
		s.answer(e)
	case e.Message.Role == "toolResult":
		if c := s.byID[e.Message.ToolCallID]; c != nil {
			c.result = e.Message
		}
	case e.Message.Role == "bashExecution":
		s.shell(e)
	case e.Message.Role == "user":
		s.batch = nil
		s.prompt(e)
	}
}

// answer takes an answer of the model: it holds the calls that follow, and,
// when it was aborted before it began, says that the tools before it were.
func (s *session) answer(e *entry) {
	m := e.Message
	var blocks []struct {
		Type string    `json:"type"`
		ID   string    `json:"id"`
		Name string    `json:"name"`
		Args arguments `json:"arguments"`
	}
	_ = json.Unmarshal(m.Content, &blocks) // a content of another form holds no calls
	if m.StopReason == "aborted" && len(blocks) == 0 && atOnce(e) {
		abort(s.batch)
	}
	s.batch = nil
	if m.StopReason == "aborted" || m.StopReason == "error" {
		return // what it holds was not called
	}
	for _, b := range blocks {
		if b.Type != "toolCall" || b.ID == "" || b.Name == "" {
			continue
		}
		c := &call{id: b.ID, name: b.Name, start: e.at, session: s.im.origin(s.head, e.at)}
		if builtIn(b.Name) {
			c.hidden = b.Name == codemode
			c.skill = skillFile(b.Name, b.Args)
			if !c.hidden && c.skill == "" {
				continue
			}
		}
		s.calls = append(s.calls, c)
		s.byID[b.ID] = c
		s.batch = append(s.batch, c)
	}
}

// abortedAtOnce bounds the time that an answer takes which was aborted before
// it was asked for.
const abortedAtOnce = 250 * time.Millisecond

// atOnce says that an aborted answer was never asked for: the user's abort
// came while tools ran, and not while the model was thinking.
func atOnce(e *entry) bool {
	asked := time.UnixMilli(int64(e.Message.Timestamp))
	return e.at.Sub(asked) < abortedAtOnce
}

// abort marks the calls that the user's abort ended. Where it made a tool
// fail, those that returned a result had ended before.
func abort(calls []*call) {
	broke := false
	for _, c := range calls {
		broke = broke || c.result == nil || c.result.IsError
	}
	for _, c := range calls {
		c.aborted = !broke || c.result == nil || c.result.IsError
	}
}

// builtIn says whether a tool is Pi's own, or ours: no helper.
func builtIn(name string) bool {
	switch name {
	case "helper_reliability", // pi-track's own, see extensions/pi-track/reliability.ts
		"read", "bash", "edit", "write", "grep", "find", "ls", "powershell", codemode, "tool_search",
		"read_mcp_resource", "list_mcp_resources":
		return true
	}
	return false
}
