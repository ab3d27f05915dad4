package redact

import (
	"strings"
	"unicode/utf8"
)

const (
	// ringSize is the size of the tail from which on its first line is taken
	// for a partial one.
	ringSize = 4096

	// maxSummary is the longest summary in characters.
	maxSummary = 200

	// between separates the lines in a summary.
	between = " | "
)

// Summary makes the short error text of a failed run from the last bytes of
// its stderr and its environment (NAME=value each, may be nil): at most 200
// characters on one line, without escapes and control characters, redacted.
// It is "" when there is nothing to say.
//
// The text is the line that names the cause (see [cause]), then the location if a
// line of its own tells it, then what follows, while there is room.
func Summary(tail []byte, env []string) string {
	values := secretValues(env)
	text := join(choose(ranked(redactTail(tail, values))))
	return cutAt(secrets(text, values)) // again: a value that JSON escapes is plain now
}

// Message makes the short error text of what an error or the result of a tool
// says: it is written for people, and its first line is the message. Length,
// redaction and env are those of [Summary].
//
// What Pi's bash tool says is the output of a command, and is taken for one.
func Message(text string, env []string) string {
	if shellOutput(text) {
		return Summary([]byte(text[max(0, len(text)-ringSize):]), env)
	}
	var lines []string
	for text := range strings.Lines(secrets(Strip(text), secretValues(env))) {
		if text = squeeze(text); text != "" {
			lines = append(lines, text)
		}
	}
	return cutAt(join(lines))
}

// shellOutput says that a text ends like the result of Pi's bash tool when the
// command failed.
func shellOutput(text string) bool {
	last := text[strings.LastIndexByte(text, '\n')+1:]
	return len(last) < len(text) && (strings.HasPrefix(last, "Command exited with code ") ||
		strings.HasPrefix(last, "Command timed out after ") || last == "Command aborted")
}

// join puts the first line and those behind it that fit on one line. One that
// takes half the room or more stands alone.
func join(lines []string) string {
	if len(lines) == 0 {
		return ""
	}
	text := lines[0]
	room := maxSummary - utf8.RuneCountInString(text)
	if room <= maxSummary/2 {
		return text
	}
	for _, line := range lines[1:] {
		room -= len(between) + utf8.RuneCountInString(line)
		if room < 0 {
			break
		}
		text += between + line
	}
	return text
}

// redactTail is the whole tail as text, redacted. What the ring has cut goes last:
// it may announce the secret behind it.
func redactTail(tail []byte, values []value) string {
	text := secrets(Strip(string(tail)), values)
	if len(tail) >= ringSize {
		return dropPartial(text)
	}
	return text
}

// dropPartial removes the first line, which the ring has cut, or, when it is
// the only one, its first word, and the next if that may be a secret that the
// first one announced.
func dropPartial(s string) string {
	if i := strings.IndexByte(s, '\n'); i >= 0 && strings.TrimSpace(s[i:]) != "" {
		return s[i+1:]
	}
	_, s, _ = strings.Cut(s, " ")
	s = strings.TrimLeft(s, " ")
	if word, rest, _ := strings.Cut(s, " "); random(word) {
		return rest
	}
	return s
}

// squeeze trims s and makes one blank of several.
func squeeze(s string) string { return strings.Join(strings.Fields(s), " ") }

// cutAt cuts s to [maxSummary] characters, the last one then being an ellipsis.
// A marker is never cut in two.
func cutAt(s string) string {
	if utf8.RuneCountInString(s) <= maxSummary {
		return s
	}
	n := 0
	for i := range s {
		if n++; n == maxSummary {
			s = s[:i]
			break
		}
	}
	if i := strings.LastIndexByte(s, '['); i >= 0 {
		rest := s[i:]
		if strings.HasPrefix(marker, rest) || strings.HasPrefix(rest, marker) && strings.IndexByte(rest, ']') < 0 {
			s = s[:i]
		}
	}
	return strings.TrimRight(s, " |") + "…"
}
