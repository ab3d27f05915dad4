package piimport

import (
	"path"
	"strconv"
	"strings"

	"pi-track/internal/event"
	"pi-track/internal/redact"
)

// shell takes a command line that the user ran with !. Only the names of its
// programs are kept, and of these the ones whose outcome the line's status
// proves. The file tells when the line ended and not when it began, so the
// duration is 0.
func (s *session) shell(e *entry) {
	m := e.Message
	cut := m.Cancelled || m.ExitCode == nil
	status := cancelledStatus
	if !cut {
		status = *m.ExitCode
	}
	for i, r := range programs(m.Command, status, m.Output, cut) {
		kind, helper := event.Script, false
		if s.im.Kind != nil {
			if k, ok := s.im.Kind(r.name); ok {
				kind, helper = k, true
			}
		}
		if s.im.HelpersOnly && !helper {
			continue
		}
		run := s.event(kind, r.name, s.im.origin(s.head, e.at), shellID(e, i))
		s.moveTo(&run, r.dir)
		if !cut && r.code >= 0 && r.code <= 255 {
			run.ExitCode = &r.code
		}
		if r.status == event.Failed {
			run.Error = redact.Summary([]byte(lastOutput(m.Output)), s.im.Env)
		}
		s.im.add(run, e.at, r.status)
	}
}

// moveTo sets the directory of a run: where a cd before it led, seen from the
// session's.
func (s *session) moveTo(run *event.Event, dir string) {
	if dir == "" || s.head.cwd == "" {
		return
	}
	if !path.IsAbs(dir) {
		dir = path.Join(s.head.cwd, dir)
	}
	run.CWD, run.Repo = dir, ""
	if s.im.Repo != nil {
		run.Repo = s.im.Repo(dir)
	}
}

// cancelledStatus stands for the status of a line that the user cancelled.
const cancelledStatus = 130

// shellID identifies a program of a line within its session. Entries of
// version 1 have no ids: time and command stand for them.
func shellID(e *entry, n int) string {
	id := e.ID
	if id == "" {
		id = e.Timestamp + "\x00" + e.Message.Command
	}
	if n > 0 {
		id += "/" + strconv.Itoa(n+1)
	}
	return id
}

// lastOutput is the end of an output.
func lastOutput(output string) string {
	if len(output) <= maxText {
		return output
	}
	output = output[len(output)-maxText:]
	if _, rest, ok := strings.Cut(output, "\n"); ok {
		return rest // the first line is cut
	}
	return output
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
		"typeset", "echo", "printf", "pwd", "kill", "test", ".", "ulimit", "umask", "unalias", "unset", "wait":
		return true
	}
	return false
}
