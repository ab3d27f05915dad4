package piimport

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"path/filepath"
	"strings"
	"time"

	"pi-track/internal/log"
)

// maxLine bounds a line of a session file, and with it the memory of an
// import. Pictures are stored in lines, of a few MiB each.
const maxLine = 32 << 20

// entry is a line of a session file, as far as it matters here.
type entry struct {
	Type          string   `json:"type"`
	ID            string   `json:"id"`
	Timestamp     string   `json:"timestamp"`
	CWD           string   `json:"cwd"`
	ParentSession string   `json:"parentSession"`
	Message       *message `json:"message"`

	at time.Time // Timestamp
}

// message is what an entry of the type message holds; which fields are set
// depends on the role.
type message struct {
	Role       string          `json:"role"`
	Content    json.RawMessage `json:"content"`
	Timestamp  float64         `json:"timestamp"` // Unix milliseconds, 0 if unknown
	StopReason string          `json:"stopReason"`

	ToolCallID string          `json:"toolCallId"`
	ToolName   string          `json:"toolName"`
	Details    json.RawMessage `json:"details"`
	Usage      json.RawMessage `json:"usage"`
	IsError    bool            `json:"isError"`
	Nested     struct {
		Calls []nested `json:"calls"`
	} `json:"nestedCalls"`
	DurationMS *float64 `json:"durationMs"`

	Command   string `json:"command"`
	Output    string `json:"output"`
	ExitCode  *int   `json:"exitCode"`
	Cancelled bool   `json:"cancelled"`

	at time.Time // of its entry
}

// header is the first line of a session file.
type header struct {
	id, cwd, parent string // parent: the file that it was forked from
	at              time.Time
}

var (
	errNotJSON   = errors.New("not JSON")
	errNotEntry  = errors.New("not a line of a session file")
	errNoSession = errors.New("not a session file: it does not begin with a session's header")
	errTooLong   = errors.New("too long")
)

// decodeEntry reads one line.
func decodeEntry(text []byte) (*entry, error) {
	var e entry
	if err := json.Unmarshal(text, &e); err != nil {
		if !json.Valid(text) {
			return nil, errNotJSON
		}
		return nil, errNotEntry
	}
	if e.Type == "" {
		return nil, errNotEntry
	}
	if e.Type != "session" && e.Type != "message" {
		return &e, nil
	}
	at, err := time.Parse(time.RFC3339Nano, e.Timestamp)
	if err != nil || e.Type == "session" && e.ID == "" || e.Type == "message" && e.Message == nil {
		return nil, errNotEntry
	}
	e.at = at
	if e.Message != nil {
		e.Message.at = at
	}
	return &e, nil
}

// glue is where two entries stand on one line, because a writer was killed
// between its text and the newline. Within strings quotes are escaped.
var glue = []byte(`}{"type":"`)

// decodeLine reads a line: one entry, or several that are glued, or those that
// are whole behind one that was cut off; then the error tells of it.
func decodeLine(text []byte) ([]*entry, error) {
	e, err := decodeEntry(text)
	if err == nil {
		return []*entry{e}, nil
	}
	var entries []*entry
	d := json.NewDecoder(bytes.NewReader(text))
	rest := text
	for {
		var raw json.RawMessage
		if failed := d.Decode(&raw); failed == io.EOF {
			return entries, nil
		} else if failed != nil {
			break
		}
		rest = text[d.InputOffset():]
		if e, failed := decodeEntry(raw); failed == nil {
			entries = append(entries, e)
		} else if failed == errNotEntry {
			return entries, failed
		}
	}
	if i := bytes.Index(rest[min(len(rest), 1):], glue[1:]); i >= 0 && i < len(rest)-1 {
		if e, failed := decodeEntry(rest[i+1:]); failed == nil {
			entries = append(entries, e)
		}
	}
	return entries, err
}

// damaged says that a file whose first line is no session's header was one: it
// begins with another entry of a session, or with no JSON at all. A file of
// another sort, such as a package's transcript, is none.
func damaged(text []byte, entries []*entry) bool {
	if len(entries) > 0 {
		return entries[0].Type == "message" && entries[0].Message.Role != ""
	}
	var other struct {
		Type string `json:"type"`
	}
	return !json.Valid(text) || json.Unmarshal(text, &other) == nil && other.Type == "session"
}

func (e *entry) header() header {
	return header{id: e.ID, cwd: e.CWD, parent: e.ParentSession, at: e.at}
}

// readLine returns the next line without its newline, in buf if there is room; done says that it is
// the last one and has none: it is still being written. A line that is too
// long is passed over with errTooLong.
func readLine(r *bufio.Reader, buf []byte) (text []byte, done bool, err error) {
	text = buf[:0]
	long := false
	for {
		part, err := r.ReadSlice('\n')
		if !long {
			text = append(text, part...)
		}
		if len(text) > maxLine {
			text, long = text[:0], true
		}
		switch {
		case err == bufio.ErrBufferFull:
			continue
		case err == io.EOF:
			return text, true, nil
		case err != nil:
			return nil, false, err
		case long:
			return text, false, errTooLong
		}
		return text[:len(text)-1], false, nil
	}
}

// origin is the session to which an entry of a session with header h belongs.
// A fork begins with copies of its parent's entries, which keep their times:
// they are older than the fork.
func (im *importer) origin(h header, at time.Time) string {
	for range 100 { // a chain of forks may have been made to run in a circle
		if h.parent == "" || !at.Before(h.at) {
			break
		}
		h = im.parentOf(h.parent)
	}
	return h.id
}

// parentOf is the header of the session file at path; when that is gone its
// name still tells the session's id: TIME_ID.jsonl.
func (im *importer) parentOf(path string) header {
	if h, ok := im.headers[path]; ok {
		return h
	}
	base := strings.TrimSuffix(filepath.Base(path), ".jsonl")
	h := header{id: base[strings.LastIndexByte(base, '_')+1:]}
	if f, err := log.OpenRegular(path); err == nil {
		defer f.Close()
		if text, _, err := readLine(bufio.NewReader(f), nil); err == nil {
			if e, err := decodeEntry(text); err == nil && e.Type == "session" {
				h = e.header()
			}
		}
	}
	im.headers[path] = h
	return h
}
