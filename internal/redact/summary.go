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
// The text is the last line that sounds like an error, or else the last line;
// lines before it that sound so too, then lines after it, are added while
// there is room.
func Summary(tail []byte, env []string) string {
	var lines []string
	for line := range strings.Lines(redactTail(tail, env)) {
		if line = squeeze(line); line != "" {
			lines = append(lines, line)
		}
	}
	if len(lines) == 0 {
		return ""
	}
	return cutAt(strings.Join(choose(lines), between))
}

// redactTail is the whole tail as text, redacted. What the ring has cut goes last:
// it may announce the secret behind it.
func redactTail(tail []byte, env []string) string {
	text := secrets(Strip(string(tail)), secretValues(env))
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

// choose picks the lines of a summary.
func choose(lines []string) []string {
	first := len(lines) - 1
	for i := first; i >= 0; i-- {
		if alarming(lines[i]) {
			first = i
			break
		}
	}
	size := utf8.RuneCountInString(lines[first])
	fits := func(line string) bool {
		n := size + len(between) + utf8.RuneCountInString(line)
		if n > maxSummary {
			return false
		}
		size = n
		return true
	}
	from, to := first, first+1
	for from > 0 && alarming(lines[from-1]) && fits(lines[from-1]) {
		from--
	}
	for to < len(lines) && fits(lines[to]) {
		to++
	}
	return lines[from:to]
}

// alarming says that a line sounds like an error.
func alarming(line string) bool {
	l := fold(line)
	for _, word := range [...]string{"error", "fatal", "panic", "exception", "fail", "denied", "refused", "not found",
		"no such", "cannot", "can't", "could not", "unable", "invalid", "timed out", "timeout", "killed", "abort",
		"unexpected", "missing", "segmentation"} {
		if strings.Contains(l, word) {
			return true
		}
	}
	return false
}

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
