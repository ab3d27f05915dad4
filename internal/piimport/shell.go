package piimport

import (
	"path"
	"strings"

	"github.com/mattn/go-shellwords"

	"pi-track/internal/event"
	"pi-track/internal/redact"
)

// notFound is the exit status of a shell that found no such program.
const notFound = 127

// shell takes a command that the user ran with !. Only the name of its
// program is kept. The file tells when it ended and not when it began, so its
// duration is 0.
func (s *session) shell(e *entry) {
	m := e.Message
	name := program(m.Command)
	if name == "" || m.ExitCode != nil && *m.ExitCode == notFound {
		return
	}
	kind, helper := event.Script, false
	if s.im.Kind != nil {
		if k, ok := s.im.Kind(name); ok {
			kind, helper = k, true
		}
	}
	if s.im.HelpersOnly && !helper {
		return
	}
	run := s.event(kind, name, s.im.origin(s.head, e.at), e.ID)
	status := event.Cancelled
	if !m.Cancelled && m.ExitCode != nil {
		status = event.OfExit(*m.ExitCode)
	}
	if m.ExitCode != nil && *m.ExitCode >= 0 && *m.ExitCode <= 255 && !m.Cancelled {
		run.ExitCode = m.ExitCode
	}
	if status == event.Failed {
		output := m.Output
		if len(output) > maxText {
			output = output[len(output)-maxText:]
			if _, rest, ok := strings.Cut(output, "\n"); ok {
				output = rest // the first line is cut
			}
		}
		run.Error = redact.Summary([]byte(output), s.im.Env)
	}
	s.im.add(run, e.at, status)
}

// program is the name of the program that a command line begins with, "" when
// that is not plain: a keyword or a part of the shell itself, a name made by
// expansion, quotes that do not match.
func program(command string) string {
	p := shellwords.NewParser()
	words, err := p.Parse(command)
	if err != nil {
		return ""
	}
	for len(words) > 0 && assignment(words[0]) {
		words = words[1:]
	}
	if len(words) == 0 {
		return ""
	}
	name := path.Base(words[0])
	if !plain(name) || ofShell(name) {
		return ""
	}
	return name
}

// assignment says whether a word is NAME=value.
func assignment(word string) bool {
	name, _, ok := strings.Cut(word, "=")
	if !ok || name == "" {
		return false
	}
	for i, c := range []byte(name) {
		if c != '_' && (c|0x20 < 'a' || c|0x20 > 'z') && (i == 0 || c < '0' || c > '9') {
			return false
		}
	}
	return true
}

// plain says whether a name is one that helpers have.
func plain(name string) bool {
	for i, c := range []byte(name) {
		letter := c|0x20 >= 'a' && c|0x20 <= 'z' || c >= '0' && c <= '9'
		if !letter && (i == 0 || !strings.ContainsRune("-_.+@", rune(c))) {
			return false
		}
	}
	return name != "" && len(name) <= 64
}

// ofShell says whether a word means something to the shell itself and runs no
// program.
func ofShell(word string) bool {
	switch word {
	case "if", "then", "else", "elif", "fi", "for", "while", "until", "do", "done", "case", "esac", "select",
		"function", "in", "time", "coproc", "alias", "bg", "bind", "break", "builtin", "cd", "command", "continue",
		"declare", "dirs", "eval", "exec", "exit", "export", "fg", "hash", "history", "jobs", "let", "local",
		"popd", "pushd", "read", "readonly", "return", "set", "shift", "shopt", "source", "trap", "type",
		"typeset", "ulimit", "umask", "unalias", "unset", "wait":
		return true
	}
	return false
}
