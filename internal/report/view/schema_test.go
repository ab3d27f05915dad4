package view

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"pi-track/internal/report/query"
	"pi-track/internal/report/section"
	"pi-track/internal/stats"
)

// schemaFile describes the JSON form of a report. It is made of the Go types
// and their comments: go test -run TestSchema -update writes it anew.
const schemaFile = "../../../docs/report.schema.json"

// enums lists the values of the types that have few.
var enums = map[reflect.Type][]any{
	reflect.TypeFor[stats.Class](): {
		stats.Broken, stats.BrokenSince, stats.WorseSince, stats.ContextBound, stats.FlakyClass, stats.Outage, stats.BetterSince,
		stats.FailsOften, stats.AlwaysCancelled, stats.OftenCancelled, stats.Solid, stats.FewData, stats.Used, stats.Unjudged,
	},
	reflect.TypeFor[stats.Level](): {stats.LevelNone, stats.LevelRepo, stats.LevelTask},
	reflect.TypeFor[query.Key]():   anySlice(query.Keys),
	reflect.TypeFor[query.Sort]():  anySlice(query.Sorts),
}

func anySlice[T any](values []T) []any {
	var out []any
	for _, v := range values {
		out = append(out, v)
	}
	return out
}

type object = map[string]any

// schemaMaker turns Go types into definitions.
type schemaMaker struct {
	defs     object
	comments map[string]string // "Type" and "Type.Field"
}

func makeSchema(t *testing.T) []byte {
	t.Helper()
	m := &schemaMaker{defs: object{}, comments: map[string]string{}}
	for _, dir := range []string{"../query", "../runs", "../sum", "../section", "../../stats"} {
		m.readComments(t, dir)
	}
	root := m.schema(reflect.TypeFor[section.Report]())
	out, err := json.MarshalIndent(object{
		"$schema": "https://json-schema.org/draft/2020-12/schema",
		"title":   "pi-track report --json",
		"$ref":    root["$ref"],
		"$defs":   m.defs,
	}, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	return append(out, '\n')
}

// readComments collects what the source says of types and fields.
func (m *schemaMaker) readComments(t *testing.T, dir string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(parsed, func(n ast.Node) bool {
			if d, ok := n.(*ast.GenDecl); ok && d.Tok == token.TYPE && len(d.Specs) == 1 {
				m.typeComments(d.Specs[0].(*ast.TypeSpec), d.Doc.Text())
			}
			return true
		})
	}
}

func (m *schemaMaker) typeComments(spec *ast.TypeSpec, doc string) {
	s, ok := spec.Type.(*ast.StructType)
	if !ok || !spec.Name.IsExported() {
		return
	}
	m.comments[spec.Name.Name] = strings.Join(strings.Fields(doc), " ")
	for _, f := range s.Fields.List {
		text := strings.Join(strings.Fields(f.Doc.Text()+" "+f.Comment.Text()), " ")
		for _, name := range f.Names {
			m.comments[spec.Name.Name+"."+name.Name] = text
		}
	}
}

func (m *schemaMaker) schema(t reflect.Type) object {
	if values, ok := enums[t]; ok {
		return object{"type": "string", "enum": values}
	}
	switch {
	case t == reflect.TypeFor[time.Time]():
		return object{"type": "string", "format": "date-time"}
	case t.Kind() == reflect.Pointer:
		s := m.schema(t.Elem())
		return object{"anyOf": []any{s, object{"type": "null"}}}
	case t.Kind() == reflect.Slice:
		return object{"type": "array", "items": m.schema(t.Elem())}
	case t.Kind() == reflect.Struct:
		if _, ok := m.defs[t.Name()]; !ok {
			m.defs[t.Name()] = object{} // ends the recursion of groups within groups
			m.defs[t.Name()] = m.structure(t)
		}
		return object{"$ref": "#/$defs/" + t.Name()}
	case t.Kind() == reflect.String:
		return object{"type": "string"}
	case t.Kind() == reflect.Bool:
		return object{"type": "boolean"}
	case t.Kind() == reflect.Float64:
		return object{"type": "number"}
	}
	return object{"type": "integer"}
}

func (m *schemaMaker) structure(t reflect.Type) object {
	properties, required := object{}, []string{}
	m.fields(t, properties, &required)
	slices.Sort(required)
	s := object{"type": "object", "properties": properties, "required": required, "additionalProperties": false}
	if c := m.comments[t.Name()]; c != "" {
		s["description"] = c
	}
	return s
}

// fields adds the fields of t, those of embedded structs among them.
func (m *schemaMaker) fields(t reflect.Type, properties object, required *[]string) {
	for i := range t.NumField() {
		f := t.Field(i)
		if f.Anonymous {
			m.fields(f.Type, properties, required)
			continue
		}
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		if name == "-" || !f.IsExported() {
			continue
		}
		s := m.schema(f.Type)
		if c := m.comments[t.Name()+"."+f.Name]; c != "" {
			s["description"] = c
		}
		properties[name] = s
		if options != "omitempty" {
			*required = append(*required, name)
		}
	}
}

func TestSchemaIsThatOfTheTypes(t *testing.T) {
	got := makeSchema(t)
	if strings.Contains(string(got), `"": {`) {
		t.Error("a property has no name: it is of a field that JSON leaves out")
	}
	if *update {
		if err := os.WriteFile(schemaFile, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(schemaFile)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != string(want) {
		t.Error("the types have changed: write the schema anew with -update; a change of meaning needs a new report.Schema")
	}
}

// TestReportsAreValid: the JSON of every kind of log and section fits the
// schema, and a wrong one does not.
func TestReportsAreValid(t *testing.T) {
	schema, err := jsonschema.NewCompiler().Compile(schemaFile)
	if err != nil {
		t.Fatal(err)
	}
	all := append(HTML.Sections(), section.SectionWhy)
	for _, g := range logs {
		l := &logWriter{}
		g.fill(l)
		for _, by := range [][]query.Key{nil, {query.ByRepo, query.ByName}} {
			r := build(t, query.Options{Logs: []string{l.write(t)}, Sections: all, Why: "deploy", By: by,
				Configured: []query.Configured{{Name: "never-used", Kind: "job"}}})
			value, err := jsonschema.UnmarshalJSON(strings.NewReader(renderString(t, r, Options{Format: JSON})))
			if err != nil {
				t.Fatal(err)
			}
			if err := schema.Validate(value); err != nil {
				t.Errorf("%s by %v: %v", g.name, by, err)
			}
			r.Why = section.WhyNone("nobody")
			none, err := jsonschema.UnmarshalJSON(strings.NewReader(renderString(t, r, Options{Format: JSON})))
			if err != nil {
				t.Fatal(err)
			}
			if err := schema.Validate(none); err != nil {
				t.Errorf("%s without runs of the helper: %v", g.name, err)
			}
			value.(object)["overview"].(object)["runs"] = "many"
			if schema.Validate(value) == nil {
				t.Errorf("%s: runs that are no number pass", g.name)
			}
		}
	}
}
