package main

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path"
	"path/filepath"
	"strconv"
)

// mutant is one deliberate fault: the bytes from…to of a file become text.
type mutant struct {
	id       string // file below the package, function, kind and its number there: stable while the function is
	file     string
	line     int
	from, to int
	text     string
	was      string
}

// place is where a fault stands in the sample of a seed, wherever its file is.
func (m mutant) place(seed int64) uint64 {
	h := sha256.Sum256(fmt.Appendf(nil, "%d %s", seed, path.Base(m.id)))
	return binary.BigEndian.Uint64(h[:])
}

// other is what an operator becomes.
var other = map[token.Token]string{
	token.LSS: "<=", token.LEQ: "<", token.GTR: ">=", token.GEQ: ">", token.EQL: "!=", token.NEQ: "==",
	token.LAND: "||", token.LOR: "&&", token.ADD: "-", token.SUB: "+", token.MUL: "/", token.AND: "|", token.OR: "&",
	token.SHL: ">>", token.SHR: "<<",
}

// mutants are all faults that the tool knows to make in a file, which is called name.
func mutants(file, name string) ([]mutant, error) {
	src, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	fset := token.NewFileSet()
	parsed, err := parser.ParseFile(fset, file, src, parser.ParseComments)
	if err != nil || ast.IsGenerated(parsed) {
		return nil, err
	}
	m := maker{src: src, fset: fset, file: file, name: name, seen: map[string]int{}}
	for _, d := range parsed.Decls {
		m.function = "package"
		if f, ok := d.(*ast.FuncDecl); ok {
			m.function = f.Name.Name
		} else if g, ok := d.(*ast.GenDecl); !ok || g.Tok != token.CONST {
			continue // tables
		}
		ast.Inspect(d, m.visit)
	}
	return m.all, nil
}

type maker struct {
	src      []byte
	fset     *token.FileSet
	file     string
	name     string
	function string
	seen     map[string]int
	all      []mutant
}

// add notes that the source from…to becomes text.
func (m *maker) add(kind string, from, to token.Pos, text string) {
	a, b := m.fset.Position(from), m.fset.Position(to)
	id := fmt.Sprintf("%s:%s:%s", m.name, m.function, kind)
	m.seen[id]++
	m.all = append(m.all, mutant{
		id: fmt.Sprintf("%s:%d", id, m.seen[id]), file: m.file, line: a.Line,
		from: a.Offset, to: b.Offset, text: text, was: string(m.src[a.Offset:b.Offset]),
	})
}

func (m *maker) visit(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.BinaryExpr:
		if op, ok := other[n.Op]; ok && !hasString(n) {
			m.add(n.Op.String(), n.OpPos, n.OpPos+token.Pos(len(n.Op.String())), op)
		}
	case *ast.IfStmt:
		m.add("if", n.Cond.Pos(), n.Cond.End(), "!("+m.text(n.Cond)+")")
	case *ast.BasicLit:
		if n.Kind == token.INT {
			if v, err := strconv.ParseInt(n.Value, 0, 63); err == nil {
				m.add("number", n.Pos(), n.End(), strconv.FormatInt(v+1, 10))
			}
		}
	case *ast.Ident:
		if n.Name == "true" || n.Name == "false" {
			m.add("bool", n.Pos(), n.End(), strconv.FormatBool(n.Name != "true"))
		}
	case *ast.ExprStmt:
		if _, ok := n.X.(*ast.CallExpr); ok {
			m.add("call", n.Pos(), n.End(), "_ = 0")
		}
	case *ast.IncDecStmt:
		m.add("step", n.TokPos, n.TokPos+2, map[token.Token]string{token.INC: "--", token.DEC: "++"}[n.Tok])
	case *ast.BranchStmt:
		if n.Label == nil && n.Tok == token.BREAK {
			m.add("break", n.Pos(), n.End(), "continue")
		}
	case *ast.AssignStmt:
		if n.Tok == token.ADD_ASSIGN && !hasString(n.Rhs[0]) {
			m.add("+=", n.TokPos, n.TokPos+2, "-=")
		}
	}
	return true
}

func (m *maker) text(n ast.Node) string {
	return string(m.src[m.fset.Position(n.Pos()).Offset:m.fset.Position(n.End()).Offset])
}

// hasString says that an expression holds a string literal: there is no other
// operator than + for those.
func hasString(n ast.Node) (found bool) {
	ast.Inspect(n, func(n ast.Node) bool {
		if l, ok := n.(*ast.BasicLit); ok && l.Kind == token.STRING {
			found = true
		}
		return !found
	})
	return found
}

// overlay writes the file with the fault into dir, and for the go command
// that this stands in the place of the sound one.
func (m mutant) overlay(dir string) (string, error) {
	src, err := os.ReadFile(m.file)
	if err != nil {
		return "", err
	}
	text := append(append(append([]byte(nil), src[:m.from]...), m.text...), src[m.to:]...)
	changed := filepath.Join(dir, filepath.Base(m.file))
	list, err := json.Marshal(map[string]any{"Replace": map[string]string{m.file: changed}})
	if err != nil {
		return "", err
	}
	overlay := filepath.Join(dir, "overlay.json")
	return overlay, errors.Join(os.WriteFile(changed, text, 0o600), os.WriteFile(overlay, list, 0o600))
}
