//go:build linux || darwin || freebsd || openbsd

package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// foreignWords are ways to say it that a reader would stumble over, or that mean a
// second thing here.
var foreignWords = regexp.MustCompile(`(?i)\b(symbolic links?|sub-commands?|throw-away|is none of|mended|by lot|nobody to ask|exit codes?:|has to)\b`)

// TestMessagesAreOfOneForm: errors and hints begin in lower case and end without a full
// stop, so that they read well behind "pi-track: error: ", and help texts too use the
// usual words.
func TestMessagesAreOfOneForm(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	messages := 0
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		set := token.NewFileSet()
		file, err := parser.ParseFile(set, name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if text, ok := literal(n); ok && foreignWords.MatchString(text) && strings.Contains(text, " ") {
				t.Errorf("%s: %q: %q", set.Position(n.Pos()), foreignWords.FindString(text), text)
			}
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			switch fn, _ := call.Fun.(*ast.Ident); {
			case fn == nil:
				return true
			case fn.Name != "usageErrorf" && fn.Name != "withHint":
				return true
			}
			for _, arg := range call.Args {
				text, ok := literal(arg)
				if inner, isCall := arg.(*ast.CallExpr); isCall && len(inner.Args) > 0 { // fmt.Errorf, errors.New
					text, ok = literal(inner.Args[0])
				}
				if !ok || text == "" {
					continue
				}
				messages++
				if begun := regexp.MustCompile(`^[A-Z][a-z]`); begun.MatchString(text) || strings.HasSuffix(text, ".") || strings.Contains(text, "!") && !strings.Contains(text, "[") {
					t.Errorf("%s: %q", set.Position(arg.Pos()), text)
				}
			}
			return true
		})
	}
	if messages < 150 {
		t.Errorf("only %d messages were found", messages)
	}
}

// literal is the text of a string in the source.
func literal(n ast.Node) (string, bool) {
	l, ok := n.(*ast.BasicLit)
	if !ok || l.Kind != token.STRING {
		return "", false
	}
	text, err := strconv.Unquote(l.Value)
	return text, err == nil
}
