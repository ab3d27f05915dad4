package redact

import "strings"

// rank says how much a line tells of why a program failed.
type rank int

const (
	noise   rank = iota // usage, quoted source, stack frames, marks
	info                // advice, progress, clean-up, what belongs to another line
	outcome             // that it failed: sums, the last line of make or a linker
	warning
	plain    // anything else
	alarm    // words that tell of a failure
	declared // says itself that it is an error: "error: …", "TypeError: …", a log's ERROR
)

// line is one line of an output.
type line struct {
	text     string // without decoration
	raw      string
	rank     rank
	indent   bool
	location bool   // tells where, not what: "--> a.rs:1:25"
	head     bool   // announces the message, which follows: "thread 'main' panicked at a.rs:1:54:"
	parts    bool   // ends a group: "Traceback …", a log's INFO
	where    string // the location, from a line before it
}

// choose picks the lines of a summary. The cause is the first line of the
// highest rank in the last group of such lines; a plain line, the beginning of
// a traceback and a log line of another level end a group. Of plain lines and
// those below it is the last. The location follows, then what comes behind.
func choose(lines []line) []string {
	best := -1
	apart := false // a group ended since the best line
	for i := range lines {
		l := &lines[i]
		switch {
		case best < 0 || l.rank > lines[best].rank:
			best, apart = i, false
		case l.rank < lines[best].rank:
			apart = apart || l.parts || l.rank == plain && !l.indent
		case apart || l.rank <= plain || l.parts:
			best, apart = i, false
		}
	}
	if best < 0 || lines[best].rank == noise && lines[best].text == "" {
		return nil
	}
	texts := []string{lines[best].text}
	rest := lines[best+1:]
	if lines[best].where != "" {
		texts = append(texts, lines[best].where)
	} else if len(rest) > 0 && rest[0].location {
		texts = append(texts, rest[0].text)
	}
	for _, l := range rest {
		if l.rank >= plain || lines[best].rank <= plain && l.rank == outcome {
			texts = append(texts, l.text)
		}
	}
	return texts
}

// ranked ranks the lines of an output.
func ranked(text string) []line {
	var r reader
	for raw := range strings.Lines(text) {
		r.add(raw)
	}
	return r.lines
}

// reader ranks one line after the other.
type reader struct {
	lines  []line
	usage  bool   // within a usage text
	trace  bool   // within a traceback, whose message comes last
	stack  bool   // within a list of frames
	warned bool   // within a box that holds a warning
	frame  string // the last frame of a traceback
	code   string // the source that follows it
}

// add ranks a line. A line that is empty or that is one with the line before
// it adds none.
func (r *reader) add(raw string) {
	l := line{text: squeeze(raw), raw: raw, indent: raw[0] == ' '}
	if l.text == "" {
		return
	}
	if pointer(l.text) {
		r.unquote()
		return
	}
	if r.tracing(&l) {
		return
	}
	n := len(r.lines)
	if n > 0 && r.lines[n-1].head && l.text[0] == '{' && strings.HasSuffix(l.text, ">:") {
		return // the rest of a thread's name, sbcl
	}
	r.classify(&l)
	if n > 0 && r.overruled(&l) {
		r.lines[n-1].rank = info
		l.rank, l.where = declared, r.lines[n-1].where
	}
	if n > 0 && r.lines[n-1].head && (l.rank >= warning || l.rank == info && l.indent) && !l.head {
		// The message of the line before, which becomes its location.
		r.lines[n-1].head, r.lines[n-1].rank = false, noise
		l.rank, l.where = declared, strings.TrimSuffix(r.lines[n-1].text, ":")
		l.parts = l.parts || strings.Contains(l.where, ".php line ") // the next exception is what caused this one
	}
	r.lines = append(r.lines, l)
}

// overruled says that l, rather than the line before it, is the message of a
// test of Go that failed: what a test logs before its error looks alike.
func (r *reader) overruled(l *line) bool {
	last := r.lines[len(r.lines)-1]
	low := fold(last.text)
	told := alarming(low) || strings.Contains(low, "got") || strings.Contains(low, "want")
	return strings.HasPrefix(last.where, failedTest) && !told && l.indent && located(fold(l.text))
}

// unquote takes the last line for source code, to a location in which the next
// one points, unless it says of itself that it is an error.
func (r *reader) unquote() {
	if n := len(r.lines); n > 0 && r.lines[n-1].rank < declared {
		r.lines[n-1].rank = noise
	}
}

// tracing takes the lines of a traceback of Python. The first one that is not
// indented is the message.
func (r *reader) tracing(l *line) bool {
	if bar := strings.TrimLeft(l.raw, " "); r.trace && strings.HasPrefix(bar, "| ") {
		l.text, l.indent = strings.TrimLeft(l.text[1:], " "), bar[2] == ' ' // an exception group
	}
	switch {
	case strings.HasSuffix(l.text, "Traceback (most recent call last):"):
		r.trace, r.frame, r.code = true, "", ""
		n := len(r.lines) // a log's ERROR goes on with its traceback
		r.lines = append(r.lines, line{text: l.text, parts: n == 0 || r.lines[n-1].rank != declared})
	case !r.trace:
		return false
	case strings.HasPrefix(l.text, `File "`):
		r.frame, r.code = frame(l.text), ""
	case l.indent:
		if r.code == "" {
			r.code = l.text
		}
	default:
		r.trace = false
		l.rank, l.where = declared, r.frame
		if low := fold(l.text); consequence(low) || ended(low) {
			l.rank = outcome
		} else if !strings.Contains(l.text, ":") && r.code != "" {
			l.where += between + r.code
		}
		r.lines = append(r.lines, *l)
	}
	return true
}

// frame makes "a.py:3 in f" of a frame of Python: File "a.py", line 3, in f.
func frame(text string) string {
	file, rest, _ := strings.Cut(strings.TrimPrefix(text, `File "`), `", line `)
	line, function, _ := strings.Cut(rest, ",")
	return file + ":" + line + function
}
