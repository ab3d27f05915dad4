package piimport

import (
	"path"
	"strings"

	"mvdan.cc/sh/v3/syntax"

	"pi-track/internal/event"
)

// ran is a program of a command line whose outcome the line's status proves.
type ran struct {
	name   string
	dir    string // where a cd before it led, "" when there was none
	status event.Status
	code   int // exit status; −1 when the line does not tell it
}

const (
	// notRunnable is the exit status of a shell for a program that it may not
	// execute, notFound for one that it did not find.
	notRunnable = 126
	notFound    = 127

	// gaveUp is the exit status of timeout when the time was over.
	gaveUp = 124
)

// programs lists the programs of a command line that ended with a status, in
// the order of the line: of a list and a pipe those whose outcome follows from
// it. output is what the line printed; it tells a cd that failed. cut says that
// the line was ended from outside, wherever it was.
func programs(command string, status int, output string, cut bool) []ran {
	file, err := syntax.NewParser(syntax.Variant(syntax.LangBash)).Parse(strings.NewReader(command), "")
	if err != nil {
		return nil
	}
	p := proof{output: output, cut: cut}
	p.list(file.Stmts, status)
	return p.all
}

// proof collects what a line proves.
type proof struct {
	output string
	cut    bool
	depth  int // of shells within shells
	dir    string
	all    []ran
}

// list walks statements of which the last one ended with status. Nothing is
// known of those before it.
func (p *proof) list(stmts []*syntax.Stmt, status int) {
	n := len(stmts)
	for _, s := range stmts[:max(n-1, 0)] {
		if prepares := p.prepares(s, 0); p.cut && !prepares {
			return
		}
	}
	if n > 0 {
		p.stmt(stmts[n-1], status)
	}
}

func (p *proof) stmt(s *syntax.Stmt, status int) {
	switch {
	case s.Background || s.Coprocess:
		return
	case s.Negated:
		if status == 0 {
			return // it failed, with a status that is lost
		}
		status = 0
	}
	switch c := s.Cmd.(type) {
	case *syntax.CallExpr:
		p.call(c, status)
	case *syntax.BinaryCmd:
		p.binary(c, status)
	case *syntax.Subshell:
		outer := p.dir
		p.list(c.Stmts, status)
		p.dir = outer
	case *syntax.Block:
		p.list(c.Stmts, status)
	case *syntax.TimeClause:
		if c.Stmt != nil {
			p.stmt(c.Stmt, status)
		}
	}
}

// binary walks a && b, a || b and a | b.
func (p *proof) binary(c *syntax.BinaryCmd, status int) {
	switch c.Op {
	case syntax.AndStmt:
		if status == 0 {
			p.stmt(c.X, 0)
			p.stmt(c.Y, 0)
		} else if p.prepares(c.X, status) {
			p.stmt(c.Y, status)
		}
	case syntax.OrStmt:
		if status != 0 && !p.cut {
			p.stmt(c.Y, status) // that c.X failed is proven, with which status is not
		}
	default:
		p.stmt(c.Y, status)
	}
}

// prepares says that a statement is part of the shell itself and has not
// failed: what follows it ended with the line's status.
func (p *proof) prepares(s *syntax.Stmt, status int) bool {
	if s.Negated || s.Background {
		return false
	}
	switch c := s.Cmd.(type) {
	case *syntax.BinaryCmd:
		return c.Op == syntax.AndStmt && p.prepares(c.X, status) && p.prepares(c.Y, status)
	case *syntax.DeclClause: // export A=1
		return true
	case *syntax.CallExpr:
		if len(c.Args) == 0 {
			return true // A=1
		}
		switch word(c.Args[0]) {
		case "cd":
			if status == 1 && strings.Contains(p.output, "cd: ") {
				return false
			}
			p.cd(c.Args[1:])
			return true
		case "pushd", "popd":
			return status != 1 || !strings.Contains(p.output, word(c.Args[0])+": ")
		case "export", "set", "umask", "ulimit", "true", ":", "echo", "printf", "shopt", "unset", "alias", "hash", "trap":
			return true
		}
	}
	return false
}

// call takes a simple command: the program, or the one behind a wrapper.
func (p *proof) call(c *syntax.CallExpr, status int) {
	args := make([]string, len(c.Args))
	for i, a := range c.Args {
		args[i] = word(a)
	}
	timed := false
	for len(args) > 0 {
		name := path.Base(args[0])
		inner := behind(name, args[1:])
		if inner == nil {
			break
		}
		timed = timed || name == "timeout"
		args = inner
	}
	if len(args) == 0 || status == notFound || status == notRunnable {
		return
	}
	name := path.Base(args[0])
	if name == "cd" {
		p.cd(c.Args[1:])
	}
	if p.shell(name, args[1:], status) || !plain(name) || ofShell(name) {
		return
	}
	r := ran{name: name, dir: p.dir, status: event.OfExit(status), code: status}
	if timed && status == gaveUp {
		r.status, r.code = event.Cancelled, -1 // timeout ended it with SIGTERM
	}
	p.all = append(p.all, r)
}

// cd follows a cd to a directory that the line names.
func (p *proof) cd(args []*syntax.Word) {
	if len(args) != 1 {
		return
	}
	switch to := word(args[0]); {
	case to == "" || to == "-" || to[0] == '~':
	case path.IsAbs(to):
		p.dir = path.Clean(to)
	default:
		p.dir = path.Join(p.dir, to)
	}
}

// shell walks what a shell was given with -c, and says whether that holds a
// program.
func (p *proof) shell(name string, args []string, status int) bool {
	switch name {
	case "sh", "bash", "dash", "zsh", "ksh":
	default:
		return false
	}
	for i, a := range args {
		switch {
		case strings.HasPrefix(a, "-") && !strings.HasPrefix(a, "--") && strings.HasSuffix(a, "c") && i+1 < len(args):
			file, err := syntax.NewParser(syntax.Variant(syntax.LangBash)).Parse(strings.NewReader(args[i+1]), "")
			if err != nil || p.depth > 3 {
				return false
			}
			p.depth++
			before := len(p.all)
			p.list(file.Stmts, status)
			p.depth--
			return len(p.all) > before
		case !strings.HasPrefix(a, "-"):
			return false // a script
		}
	}
	return false
}

// word is a word without its quotes, "" when it is made by expansion.
func word(w *syntax.Word) string {
	var b strings.Builder
	for _, part := range w.Parts {
		switch part := part.(type) {
		case *syntax.Lit:
			b.WriteString(unescape(part.Value))
		case *syntax.SglQuoted:
			b.WriteString(part.Value)
		case *syntax.DblQuoted:
			for _, inner := range part.Parts {
				lit, ok := inner.(*syntax.Lit)
				if !ok {
					return ""
				}
				b.WriteString(lit.Value)
			}
		default:
			return ""
		}
	}
	return b.String()
}

// unescape removes the backslashes of an unquoted word.
func unescape(s string) string {
	if !strings.Contains(s, `\`) {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '\\' && i+1 < len(s) {
			i++
		}
		b.WriteByte(s[i])
	}
	return b.String()
}
