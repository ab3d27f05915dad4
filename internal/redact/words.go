package redact

import "strings"

// The words that tell of a failure, alarms by their first letter, and those
// that programs write in front of a colon stand in rules.json.

// alarming says that a folded line tells of a failure. What it denies ("0
// errors", "no failures"), options and parts of paths do not count.
func alarming(low string) bool {
	before := byte(' ')
	for i := 0; i < len(low); i++ {
		c := low[i]
		if (isLower(c) || c >= 0x80) && !isAlnum(before) && before < 0x80 && !joins(before) && alarmAt(low, i) {
			return true
		}
		before = c
	}
	return false
}

// joins says that a byte makes one name of what stands before and behind it.
func joins(c byte) bool { return c == '-' || c == '/' || c == '.' || c == '_' || c == '=' || c == '$' }

func alarmAt(low string, i int) bool {
	row := alarms[26]
	if isLower(low[i]) {
		row = alarms[low[i]-'a']
	}
	for _, word := range row {
		rest := low[i:]
		if strings.HasPrefix(rest, word) || strings.HasSuffix(word, " ") && rest == word[:len(word)-1] {
			return !denied(low, i)
		}
	}
	return false
}

// denied says that the word at i is counted as none: "0 errors", "errors: 0",
// "failures=0", "no errors".
func denied(low string, i int) bool {
	end := i
	for end < min(len(low), i+24) && (isLower(low[end]) || low[end] == '(' || low[end] == ')') {
		end++
	}
	if end < len(low) && (low[end] == ':' || low[end] == '=') {
		if rest := strings.TrimPrefix(low[end+1:], " "); rest != "" && rest[0] == '0' && (len(rest) == 1 || !isAlnum(rest[1]) && rest[1] != '.') {
			return true
		}
	}
	word := low[i:end]
	if !strings.HasPrefix(word, "error") && !strings.HasPrefix(word, "fail") && !strings.HasPrefix(word, "conflict") {
		return (word == "no" || word == "not") && deniedNext(strings.TrimLeft(low[end:], " "))
	}
	head := strings.TrimRight(low[max(i-32, 0):i], " ")
	number := strings.TrimRight(head, "0123456789")
	return number != head && strings.Trim(head[len(number):], "0") == "" && (number == "" || !isAlnum(number[len(number)-1])) ||
		strings.HasSuffix(head, "without") || head == "no" || strings.HasSuffix(head, " no")
}

func deniedNext(rest string) bool {
	return hasAnyPrefix(rest, "error", "fail", "problem", "warning", "conflict", "issue")
}

// consequence says that a folded line tells only that something before it
// failed.
func consequence(low string) bool {
	return containsAny(low, "aborting due to", "could not compile", "ld returned", "ld gab", "ld a retourn", "ld devolvi",
		"linker command failed", "warnings being treated as errors", "errors generated", "error generated", "returned non-zero",
		"returned a non-zero", "not recoverable", "previous error",
		"build failed", "compilation failed", "compilation terminated", "compilation aborted", "compilation errors", "build stopped",
		"subcommand failed", "failed to push some refs", "program will exit", "could not create the java", "errors found",
		"error(s) found", "fatal exception has occurred", "test failed", "tests failed", "*** [", "waiting for unfinished",
		"remade because of errors", "lifecycle script", "debugger mode", "decrypt_message", "failed with code", "aborted!",
		"rsync error: ", "connection unexpectedly closed", "process completed with", "due to previous errors",
		"empuje de algunas", "versenden einiger referenzen", "pousser des références", "command failed with", "error: command failed:",
		"could not read from remote repository", "compilation failure", "there are test failures", "did not complete successfully: exit code", "error executing command",
		"aborted due to parsing errors", "errors were emitted", "error splitting the argument list", "conversion failed!", " hunk ignored", " hunks ignored", " hunk failed --", " hunks failed --")
}

// ended says that a folded line tells no more than the exit status.
func ended(low string) bool {
	for _, phrase := range [...]string{"exit status", "exit code", "exited with", "exiting with", "exited code"} {
		if before, _, ok := strings.Cut(low, phrase); ok {
			if head, rest, ok := strings.Cut(before, ": "); ok && head == "error" {
				before = rest
			}
			return !alarming(before)
		}
	}
	return low == "fail" || low == "aborted" || low == "aborted (core dumped)" || strings.HasPrefix(low, "fail ") && !strings.Contains(low, " > ")
}

// counted says that a folded line is a sum: "2 errors", "✖ 3 problems (3
// errors)", "FAILED (failures=1)", "Tests: 1 failed, 2 passed".
func counted(low string) bool {
	if hasDigit(low) && hasAnyPrefix(low, "found ", "failed (", "tests:", "tests ", "test suites:", "test files ", "snapshots:", "total", "result", "summary") {
		return true
	}
	if _, rest, ok := strings.Cut(low, ": "); ok && !strings.Contains(low[:len(low)-len(rest)-2], " ") {
		low = rest // "jq: 1 compile error"
	}
	n := 0
	for n < len(low) && isDigit(low[n]) {
		n++
	}
	if n == 0 || n == len(low) || low[n] != ' ' {
		return false
	}
	word, rest, _ := strings.Cut(low[n+1:], " ")
	switch word {
	case "test", "tests", "compile", "fatal", "type", "syntax", "lint", "suite", "suites", "file", "files":
		word = rest
	}
	return hasAnyPrefix(word, "error", "problem", "failure", "failed", "failing", "warning", "issue", "passing", "passed", "skipped")
}

// asides are how advice, progress and clean-up begin.
var asides = [...]string{"try ", "see ", "run ", "use ", "use: ", "please ", "consider ", "check ", "make sure", "ensure ", "visit ", "read ",
	"did you mean", "perhaps ", "maybe ", "you can ", "you may ", "to see ", "to get ", "to fix", "to initialize", "to clone", "for more", "for help",
	"more info", "as a reminder", "learn more", "documentation", "a complete log", "full log", "log saved", "specify ", "add ", "install ", "set ",
	"note that", "updates were rejected", "is the server running", "the most similar", "similar ", "available ", "valid ", "some errors have",
	"and then", "or ", "done", "bye", "goodbye", "clean", "removing", "removed", "deleting", "deleted", "shutting down", "shutdown", "stopping",
	"stopped", "closing", "exiting", "finished", "finishing", "rolling back", "rolled back", "restoring", "restored", "terminating", "waiting",
	"elapsed", "duration", "time:", "took ", "ran ", "ok ", "pass ", "passed", "skipp", "summary", "(use ", "(see ", "(try ", "(run ", "saving", "saved",
	"created by ", "some details are", "required by ", "location searched", "rufen sie", "versuchen sie", "siehe ", "verwenden sie", "geben sie",
	"fertig", "essayez", "saisissez", "utilisez", "voir ", "pruebe", "utilice", "läuft der server", "le serveur est", "¿", "unpacking", "dload", "pseudo-terminal",
	"crash dump", "entering directory", "leaving directory", "what went wrong"}

// aside says that a folded line advises, tells of progress or of clean-up, and
// of no failure: "Check failed: x > 0" and "Closing the file failed" do.
func aside(low string) bool {
	name, rest, ok := strings.Cut(low, ": ") // "curl: try 'curl --help'"
	return asideHead(low) || ok && !strings.Contains(name, " ") && !strings.Contains(rest, ": ") && asideHead(rest)
}

func asideHead(low string) bool {
	if low == "ok" || strings.HasSuffix(low, "...") || strings.HasSuffix(low, "…") {
		return true
	}
	for _, head := range asides {
		if strings.HasPrefix(low, head) {
			rest := low[len(head):]
			return !strings.HasPrefix(rest, "failed") && !strings.HasPrefix(rest, "error") && !strings.HasPrefix(rest, "of ") &&
				!strings.HasPrefix(rest, "timed out") && !strings.HasSuffix(rest, " failed") && !strings.Contains(rest, " failed: ") &&
				!strings.Contains(rest, "error:")
		}
	}
	return false
}

// sections are the titles that begin a usage text.
var sections = [...]string{"usage", "options", "flags", "global flags", "commands", "available commands", "arguments", "examples", "example",
	"synopsis", "aliases", "subcommands", "positional arguments", "optional arguments", "global options", "management commands", "args",
	"aufruf", "verwendung", "benutzung", "optionen", "utilisation", "uso", "modo de empleo", "opciones", "commandes"}

// usageTitle says that a folded line begins a usage text.
func usageTitle(low string) bool {
	for _, title := range sections {
		rest, ok := strings.CutPrefix(low, title)
		if rest = strings.TrimLeft(rest, " "); ok && (strings.HasPrefix(rest, ":") || title == "usage" && strings.HasPrefix(rest, "of /")) {
			return true
		}
	}
	return false
}

func hasDigit(s string) bool {
	for i := range len(s) {
		if isDigit(s[i]) {
			return true
		}
	}
	return false
}
