package redact

import (
	"strings"
	"unicode/utf8"
)

// classify ranks a line by what it says.
func (r *reader) classify(l *line) {
	boxed := strings.HasPrefix(l.text, "│")
	r.warned = r.warned && boxed
	text, mark := undecorate(unwrapped(l.text), l.raw)
	l.text = text
	low := fold(text)
	switch {
	case !wordy(text) || quoted(text, low) || r.framed(l, low):
		return
	case isLocation(text):
		l.location = true
		return
	case usageTitle(low), npmUsage(low):
		r.usage = true
		return
	case r.usage && strings.HasPrefix(low, "npm err"):
		return
	case mark == '✓':
		l.rank = info
		return
	}
	if queued(text) {
		l.rank = alarm
	} else if level, message, ok := logged(text); ok {
		l.level(level, message)
		l.parts = level == info
		if wordy(message) && !labelFirst(low) {
			l.text = message
		}
	} else if level, rest, ok := labelled(text, low); ok {
		l.level(level, rest)
		l.head = l.head || strings.HasPrefix(low, "unhandled ") && strings.Contains(low, " in thread #<") // sbcl
	} else {
		l.rank = wording(low, l.indent)
		l.head = announces(text, low)
		if mark == '✖' {
			l.rank = declared
			if !alarming(low) && !strings.HasPrefix(l.raw, "E ") {
				l.rank = alarm // the name of what failed
			}
		}
	}
	r.warned = r.warned || boxed && l.rank == warning
	n := len(r.lines)
	more := r.warned || l.indent && n > 0 && r.lines[n-1].rank == warning
	if more && l.rank < declared && l.rank != warning {
		l.rank = info // more of the warning
	}
	if r.usage && l.rank < declared && (l.indent || l.rank < alarm || option(text)) {
		l.rank = noise
	}
	if l.rank >= alarm && consequence(low) || l.rank > outcome && (ended(low) || counted(low)) {
		l.rank = outcome
		l.head = l.head || strings.HasSuffix(low, "occurred:")
	}
}

// queued says that a line is of OpenSSL's queue of errors, which goes on with
// what failed because of it: 40E7D499A97F0000:error:8000006F:system library:….
func queued(text string) bool {
	thread, rest, _ := strings.Cut(text, ":")
	return len(thread) >= 8 && strings.Trim(thread, "0123456789ABCDEF") == "" && strings.HasPrefix(rest, "error:")
}

// npmUsage says that a folded line of npm begins the usage text of its command,
// or is an option in it.
func npmUsage(low string) bool {
	rest, ok := strings.CutPrefix(low, "npm error ")
	return ok && (usageTitle(rest) || option(rest) || strings.HasPrefix(rest, "[-"))
}

// level takes what a log or a label says of the line. rest is the text behind.
func (l *line) level(level rank, rest string) {
	l.rank = level
	if level != declared {
		return
	}
	low := fold(rest)
	switch {
	case rest == "", (strings.HasPrefix(low, "at ") || strings.HasPrefix(low, "in ")) &&
		(strings.HasSuffix(low, ":") || strings.Count(low, " ") < 3):
		l.rank, l.head = outcome, true
	case aside(low) && !alarming(low):
		l.rank = info
	case !strings.Contains(rest, " ") && strings.ContainsAny(rest, "./"):
		l.rank = outcome // "ERROR test_a.py"
	}
}

// wording ranks a line that has no label.
func wording(low string, indent bool) rank {
	switch {
	case aside(low):
		return info
	case alarming(low) && !strings.HasPrefix(low, "total"):
		return alarm
	case strings.HasSuffix(low, ":") || strings.HasPrefix(low, "- "):
		return info
	case located(low) && strings.Contains(low, " "):
		return alarm
	case indent:
		return info
	}
	return plain
}

// failedTest begins the line of a test of Go that failed.
const failedTest = "--- FAIL: "

// announces says that a line is followed by the message that it announces.
func announces(text, low string) bool {
	return low == "error" || strings.HasPrefix(low, "terminate called ") ||
		strings.HasPrefix(low, "thread '") && strings.Contains(low, " panicked at ") && strings.HasSuffix(low, ":") ||
		strings.HasPrefix(text, failedTest) || strings.HasPrefix(text, "FAIL") && strings.Contains(text, " > ") ||
		numbered(text) ||
		strings.HasPrefix(low, "in ") && strings.Contains(low, ".php line ") && strings.HasSuffix(low, ":") ||
		strings.HasSuffix(low, "aborted!")
}

// numbered says that a line names a test of PHPUnit that failed: 1) ATest::testB.
func numbered(text string) bool {
	name := strings.TrimLeft(text, "0123456789")
	return name != text && strings.HasPrefix(name, ") ") && strings.Contains(name, "::") && !strings.Contains(name, ": ")
}

// undecorate removes frames and bullets from the front of a line. mark is ✖ for
// a bullet that says that something failed, ✓ for one that it did not.
func undecorate(text, raw string) (string, rune) {
	if strings.HasPrefix(raw, "E  ") {
		return strings.TrimLeft(text[1:], " "), '✖' // pytest
	}
	mark := rune(0)
	text = strings.TrimRight(text, " ─╮╯│")
	for {
		c, size := utf8.DecodeRuneInString(text)
		switch c {
		case '│', '┃', '╷', '╵', '╭', '╰', '├', '└', '─', '━', '❯', '→', '➤', '•', '⎯', '|', '*', '!':
		case '✖', '✗', '✘', '×', '✕', '❌', '●', '⨯':
			mark = '✖'
		case '✓', '✔', '✅':
			mark = '✓'
		default:
			return text, mark
		}
		if c < utf8.RuneSelf && len(text) > 1 && text[1] != ' ' && text[1] != byte(c) {
			return text, mark
		}
		text = strings.TrimLeft(text[size:], " ")
	}
}

// unwrapped removes what stands around the message of a line: curl's progress
// meter, which ends without a newline, Node's sentence about a promise, and
// the members of a JSON object behind it that do not tell what is wrong.
func unwrapped(text string) string {
	const meter, promise = "--:--:--", "The promise rejected with the reason "
	if i := strings.LastIndex(text, meter); i >= 0 {
		text = strings.TrimLeft(text[i+len(meter):], "0123456789kMG. ")
	}
	if name, rest, ok := strings.Cut(text, promise); ok {
		name, _, _ = strings.Cut(name, ":")
		text = strings.TrimPrefix(name, "[") + ": " + rest
	}
	if i := strings.Index(text, `{"`); i > 0 && strings.HasSuffix(text, "}") {
		if said := told(func(key string) string { return jsonString(text[i:], key) }); said != "" {
			text = text[:i] + said
		}
	}
	return text
}

// wordy says that there is a letter in a text.
func wordy(text string) bool {
	for _, c := range text {
		switch {
		case c < utf8.RuneSelf && !isLower(byte(c)|0x20), c == '×', c == '÷', c >= utf8.RuneSelf && c < 0xc0:
		case c >= 0x2000 && c <= 0x2bff, c >= 0xe000 && c <= 0xf8ff: // punctuation, symbols, private use
		default:
			return true
		}
	}
	return false
}

// pointer says that a line only points into the one before it: ^~~~.
func pointer(text string) bool {
	return strings.ContainsAny(text, "^~") && strings.Trim(text, "^~-| ┬─╰│0123456789") == ""
}

// quoted says that a line is source code, a command that is echoed, an option
// of a usage text, or the like.
func quoted(text, low string) bool {
	switch text[0] {
	case '>', '$', '+', '#':
		return len(text) == 1 || text[1] == ' ' || text[1] == '+'
	case '-':
		return option(text) && !strings.HasPrefix(text, failedTest) && !isLocation(text) && !located(low)
	case '[':
		return strings.HasPrefix(text, "[-") || strings.HasPrefix(low, "[signal ")
	case '{', '}':
		return len(text) < 4
	case '=':
		return strings.HasPrefix(text, "=== ") || strings.HasPrefix(text, "====")
	}
	digits := strings.TrimLeft(strings.TrimLeft(text, "0123456789"), " ")
	return digits != text && digits != "" && strings.IndexByte("|+-~", digits[0]) >= 0 && (len(digits) == 1 || digits[1] == ' ') ||
		strings.HasPrefix(low, "node.js v") || strings.HasPrefix(low, "goroutine ") || strings.HasPrefix(low, "failuretype: ") || low == "npm error"
}

// option says that a text begins with an option: -h, --help.
func option(text string) bool {
	return len(text) > 1 && text[0] == '-' && text[1] != ' '
}

// isLocation says that a line is a location: "--> a.rs:1:25".
func isLocation(text string) bool {
	return strings.HasPrefix(text, "--> ") || strings.HasPrefix(text, "at ") && located(text)
}

// framed says that a line belongs to a list of frames.
func (r *reader) framed(l *line, low string) bool {
	if hasAnyPrefix(low, "stack backtrace:", "stack traceback:", "stack trace:", "backtrace:", "require stack:", "backtrace for",
		"while executing", "invoked from within") {
		r.stack = true
		return true
	}
	if r.stack && !strings.HasPrefix(low, "[cause]") && (l.indent || hasDigit(low[:1]) || low[0] == '#' || low[0] == '"' || strings.HasPrefix(low, "- ")) {
		return true
	}
	r.stack = false
	switch {
	case strings.HasPrefix(l.text, "at "):
		r.stack = strings.HasSuffix(low, "{") // Node's members of the error
		return r.stack || strings.HasSuffix(low, ")") || hasDigit(low)
	case strings.HasPrefix(l.text, "from "):
		return l.indent && strings.Contains(low, ":in ")
	case strings.HasPrefix(l.text, `File "`), strings.HasPrefix(l.text, "#0 "), strings.HasPrefix(l.text, "created by "):
		return true
	case strings.HasPrefix(l.text, "... "):
		return true
	}
	// Go: main.f(...), testing.tRunner.func1.2({0x55a740, 0x6caea0})
	name, args, ok := strings.Cut(l.text, "(")
	return ok && strings.HasSuffix(args, ")") && strings.Contains(name, ".") && !strings.Contains(name, " ") &&
		(args == ")" || args == "...)" || strings.Contains(args, "0x")) || l.indent && strings.Contains(low, " +0x")
}

// located says that a folded text begins with a location: a.go:3: …
func located(low string) bool {
	first, _, _ := strings.Cut(low, " ")
	_, rest, ok := strings.Cut(first, ":")
	digits := strings.TrimLeft(rest, "0123456789")
	return ok && digits != rest && (digits == "" || digits[0] == ':' || digits[0] == ')')
}
