package redact

import "strings"

// labelled finds what a line says itself to be, declared, warning or info, in
// front of one of its first colons, and the text behind: "make: error: …",
// "a.c:1:20: error: …", "java.io.IOException: …", "error[E0308]: …", "Fehler: …".
func labelled(text, low string) (rank, string, bool) {
	start := 0
	for range 6 {
		i := strings.IndexByte(low[start:], ':')
		if i < 0 {
			break
		}
		i += start
		segment := strings.TrimSpace(low[start:i])
		if strings.Count(segment, " ") > 8 {
			break
		}
		if level, ok := labelOf(segment); ok && !strings.HasPrefix(low[i+1:], "//") {
			if strings.Contains(segment, "error at ") { // CMake Error at CMakeLists.txt:3 (message):
				i = strings.LastIndexByte(low, ':')
			}
			return level, strings.TrimLeft(text[i+1:], " "), true
		}
		start = i + 1
	}
	return unpunctuated(text, low)
}

// labelOf judges the words in front of a colon by the last one, brackets and
// codes aside, or by the first.
func labelOf(segment string) (rank, bool) {
	for strings.HasSuffix(segment, "]") || strings.HasSuffix(segment, ")") {
		open := strings.LastIndexAny(segment, "[(")
		if open < 0 {
			break
		}
		if level, ok := levelOf(segment[open+1 : len(segment)-1]); ok {
			return level, true
		}
		segment = strings.TrimRight(segment[:open], " ")
	}
	first, rest, several := strings.Cut(segment, " ")
	if several && (first == "error" || first == "exception" || first == "fatal" || first == "unhandled" || first == "uncaught") {
		return declared, true
	}
	if i := strings.LastIndexByte(segment, ' '); several && i >= 0 {
		last := segment[i+1:]
		if hasDigit(last) {
			last = strings.TrimRight(segment[:i], " ")
			last = last[strings.LastIndexByte(last, ' ')+1:]
		}
		if strings.HasPrefix(rest, "error at ") || strings.HasPrefix(rest, "error in ") {
			return declared, true // CMake Error at CMakeLists.txt:3
		}
		return levelOf(last)
	}
	return levelOf(segment)
}

// levelOf judges one word.
func levelOf(word string) (rank, bool) {
	if i := strings.LastIndexAny(word, ".`'\"/"); i >= 0 {
		word = word[i+1:]
	}
	switch {
	case ends(word, errorEnds[:]), among(word, errorWords[:]):
		return declared, true
	case ends(word, warningEnds[:]):
		return warning, true
	case among(word, noteWords[:]):
		return info, true
	}
	return noise, false
}

func ends(word string, list []string) bool {
	for _, end := range list {
		if strings.HasSuffix(word, end) {
			return true
		}
	}
	return false
}

func among(word string, list []string) bool {
	for _, w := range list {
		if word == w {
			return true
		}
	}
	return false
}

// unpunctuated finds a label that no colon follows.
func unpunctuated(text, low string) (rank, string, bool) {
	for _, head := range [...]struct {
		text  string
		level rank
	}{
		{"npm warn ", warning}, {"warning ", warning}, {"warn ", warning}, {"uncaught ", declared}, {"unhandled ", declared},
		{"err_", declared}, {"conflict (", declared}, {"konflikt (", declared}, {"conflit (", declared}, {"conflicto (", declared},
		{"[rejected]", declared}, {"[remote rejected]", declared}, {"not ok ", declared}, {"(runtimeerror)", declared},
		{"exception in ", declared}, {"error! ", declared}, {"what(): ", declared}, {"caused by", declared},
	} {
		if rest, ok := strings.CutPrefix(low, head.text); ok {
			return head.level, text[len(low)-len(rest):], true
		}
	}
	for _, head := range [...]string{"npm error", "npm err!", "error ", "fatal "} {
		if rest, ok := strings.CutPrefix(low, head); ok {
			return bare(strings.TrimLeft(text[len(low)-len(rest):], " "), head)
		}
	}
	if strings.HasPrefix(text, "FAILED ") && strings.Contains(text, " - ") {
		return declared, text[len("FAILED "):], true
	}
	if strings.HasPrefix(text, "(") {
		if name, rest, ok := strings.Cut(low[1:], ")"); ok && ends(name, errorEnds[:]) {
			return declared, text[len(low)-len(rest):], true // elixir
		}
	}
	if strings.HasSuffix(text, "Error)") || strings.HasSuffix(text, "Exception)") {
		return declared, text, true
	}
	if location, rest, ok := strings.Cut(low, " "); ok && strings.Contains(location, ":") && hasDigit(location) {
		word, rest, _ := strings.Cut(rest, " ") // eslint: 1:5 error 'a' is not used
		if level, ok := levelOf(word); ok {
			return level, text[len(low)-len(rest):], true
		}
	}
	return noise, "", false
}

// bare judges what follows "error" without a colon: of npm's lines those that
// tell of a failure, of others those that begin like a sentence.
func bare(rest, head string) (rank, string, bool) {
	if strings.HasPrefix(head, "npm") {
		low := fold(rest)
		if word, more, _ := strings.Cut(low, " "); hasDigit(word) || isCode(word) {
			low = more
		}
		switch {
		case usageTitle(low), aside(low), option(rest):
			return info, rest, true
		case alarming(low):
			return declared, rest, true
		}
		return info, rest, true
	}
	return declared, rest, rest != "" && (isUpper(rest[0]) || isQuote(rest[0]))
}

// isCode says that a folded word is the name of an errno: enoent, eresolve.
func isCode(word string) bool {
	return len(word) > 4 && word[0] == 'e' && word != "error" && word != "either" && word != "every"
}
