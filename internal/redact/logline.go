package redact

import "strings"

// logged finds the level of a line of a log, declared, warning or info, and
// its message: JSON, logfmt, klog, or a level in capitals or brackets behind
// at most a time, a logger's name and the like.
func logged(text string) (rank, string, bool) {
	if text[0] == '{' && strings.HasSuffix(text, "}") {
		return loggedFields(func(key string) string { return jsonString(text, key) })
	}
	if strings.Contains(text, "level=") || strings.Contains(text, "lvl=") {
		return loggedFields(func(key string) string { return logfmtValue(text, key) })
	}
	if level, ok := klogLevel(text); ok {
		_, message, _ := strings.Cut(text, "] ")
		if why := logfmtValue(message, "err"); why != "" {
			message = why
		}
		return level, message, message != ""
	}
	return loggedHead(text)
}

// loggedFields reads a line of fields: the message, and what is wrong.
func loggedFields(field func(key string) string) (rank, string, bool) {
	level, ok := noise, false
	for _, key := range [...]string{"level", "severity", "lvl", "levelname", "log.level", "loglevel"} {
		if level, ok = levelName(fold(field(key))); ok {
			break
		}
	}
	message := told(field)
	return level, message, ok && message != ""
}

// told joins what the fields of a line tell.
func told(field func(key string) string) string {
	message := ""
	for _, key := range [...]string{"msg", "message", "event", "error", "err", "reason", "stderr"} {
		value := squeeze(field(key))
		switch {
		case value == "" || strings.Contains(message, value):
		case message == "":
			message = value
		default:
			message += ": " + value
		}
	}
	return message
}

// levelName judges the name of a log's level, or its number (pino).
func levelName(low string) (rank, bool) {
	switch low {
	case "error", "err", "fatal", "ftl", "critical", "crit", "panic", "pnc", "severe", "alert", "emerg", "emergency", "50", "60", "fehler":
		return declared, true
	case "warn", "wrn", "warning", "40", "warnung":
		return warning, true
	case "info", "inf", "notice", "debug", "dbg", "trace", "trc", "verbose", "fine", "10", "20", "30", "information":
		return info, true
	}
	return noise, false
}

// loggedHead finds the level among the first words of a line.
func loggedHead(text string) (rank, string, bool) {
	dated := false
	at := 0
	for n := range 7 {
		for at < len(text) && text[at] == ' ' {
			at++
		}
		end := strings.IndexByte(text[at:], ' ')
		if end < 0 {
			end = len(text) - at
		}
		word := text[at : at+end]
		core := strings.Trim(word, "[]()<>|:,-*")
		bracket := len(word) > 0 && (word[0] == '[' || word[0] == '<' || word[0] == '(')
		name, behind, more := strings.Cut(core, ":")
		level, ok := levelName(fold(name))
		if ok && (name == strings.ToUpper(name) && wordy(name) && !(more && bracket) || bracket && !more) {
			rest := text[at+end:]
			if more { // ERROR:root:message
				_, behind, _ = strings.Cut(behind, ":")
				rest = behind + rest
			}
			return level, strings.TrimLeft(rest, " -:|]>"), true
		}
		switch {
		case hasDigit(word) && strings.ContainsAny(word, ":-/TA"):
			dated = true
		case bracket, word == "-", word == "|", word == ":", hasDigit(word) && !wordy(word), n == 0 && len(word) == 3:
		case !dated || n > 5:
			return noise, "", false
		}
		if at += end; at >= len(text) {
			break
		}
	}
	return noise, "", false
}

// klogLevel reads E1130 11:42:11.540484 12857 file.go:265] message.
func klogLevel(text string) (rank, bool) {
	if len(text) < 20 || strings.Trim(text[1:5], "0123456789") != "" || text[5] != ' ' || !strings.Contains(text, "] ") {
		return noise, false
	}
	switch text[0] {
	case 'E', 'F':
		return declared, true
	case 'W':
		return warning, true
	case 'I':
		return info, true
	}
	return noise, false
}

// jsonString is the value of the first member of this name that is a string
// or a number, wherever it stands in the JSON text.
func jsonString(text, key string) string {
	for {
		_, rest, ok := strings.Cut(text, `"`+key+`"`)
		if !ok {
			return ""
		}
		text = rest
		value, ok := strings.CutPrefix(strings.TrimLeft(rest, " "), ":")
		if !ok {
			continue // a value: "level":"error","error":"…"
		}
		if value = strings.TrimLeft(value, " "); strings.HasPrefix(value, `"`) {
			return quotedValue(value)
		}
		return value[:len(value)-len(strings.TrimLeft(value, "0123456789"))]
	}
}

// logfmtValue is the value of key=value or key="value".
func logfmtValue(text, key string) string {
	for {
		before, rest, ok := strings.Cut(text, key+"=")
		if !ok {
			return ""
		}
		text = rest
		if before != "" && before[len(before)-1] != ' ' {
			continue
		}
		if strings.HasPrefix(rest, `"`) {
			return quotedValue(rest)
		}
		value, _, _ := strings.Cut(rest, " ")
		return value
	}
}

// quotedValue reads a string in double quotes with escapes.
func quotedValue(text string) string {
	var b strings.Builder
	for i := 1; i < len(text) && text[i] != '"'; i++ {
		c := text[i]
		if c == '\\' && i+1 < len(text) {
			if i++; text[i] == 'n' || text[i] == 't' || text[i] == 'r' {
				c = ' '
			} else {
				c = text[i]
			}
		}
		b.WriteByte(c)
	}
	return b.String()
}

// labelFirst says that a log line begins with its level, which then stays.
func labelFirst(low string) bool {
	word, _, _ := strings.Cut(strings.TrimLeft(low, "[<("), " ")
	word, _, _ = strings.Cut(word, ":")
	_, ok := levelName(strings.TrimRight(word, "]>):,"))
	return ok
}
