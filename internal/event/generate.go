//go:build ignore

// Generate makes of keys.json, the table of the log's keys in their order,
// what has to agree with it: in generate_go.go the encoder of this package and the
// fast decoder of package decode (each in its keys_table.go), here the members in
// the TypeScript writer, the schema and the table in docs/events.md. Run it with go
// generate; with an argument it writes below that directory.
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"strings"
)

// key is a key of a line: its field in Event and in Line, where that has
// another name, and the lines that have it: all, start, end, or bad (failed
// and cancelled) ones.
type key struct {
	Key     string          `json:"key"`
	Type    string          `json:"type"`
	Lines   string          `json:"lines"`
	Field   string          `json:"field"`
	Line    string          `json:"line"`
	Meaning string          `json:"meaning"`
	Shown   string          `json:"shown"`
	Schema  json.RawMessage `json:"schema"`
}

func (k key) line() string {
	if k.Line != "" {
		return k.Line
	}
	return k.Field
}

// prefix is how the key begins in a line, up to its value.
func (k key) prefix() string {
	p := `,"` + k.Key + `":`
	switch k.Type {
	case "string":
		return p + `"`
	case "usage":
		return p + "{"
	case "rusage":
		return p + `{"user` // the first key of the object goes on behind the word
	}
	return p
}

func main() {
	log.SetFlags(0)
	root := filepath.Join("..", "..")
	out := root
	if len(os.Args) > 1 {
		out = os.Args[1]
	}
	data, err := os.ReadFile("keys.json")
	check(err)
	var keys []key
	check(json.Unmarshal(data, &keys))
	write(filepath.Join(out, "internal", "event", "keys_table.go"), goSource("event", keys, writeEncoder))
	write(filepath.Join(out, "internal", "event", "decode", "keys_table.go"), goSource("decode", keys, writeDecoders))
	between(root, out, "extensions/_shared/event.ts", "\t// The members are generated from internal/event/keys.json.\n", "\t// End of the members.\n", typeScript(keys))
	between(root, out, "docs/events.md", "| key | type | meaning |\n|---|---|---|\n", "\nWhat is not known is left out.", table(keys))
	between(root, out, "docs/event.schema.json", "  \"properties\": {\n", "  },\n  \"if\"", schema(keys))
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

func write(path string, data []byte) {
	check(os.MkdirAll(filepath.Dir(path), 0o755))
	check(os.WriteFile(path, data, 0o644))
}

// between replaces what stands between two texts in a file.
func between(root, out, file, start, end, text string) {
	b, err := os.ReadFile(filepath.Join(root, file))
	check(err)
	before, rest, ok1 := strings.Cut(string(b), start)
	_, after, ok2 := strings.Cut(rest, end)
	if !ok1 || !ok2 {
		log.Fatalf("%s: no %q … %q", file, start, end)
	}
	write(filepath.Join(out, file), []byte(before+start+text+end+after))
}

func table(keys []key) string {
	var b strings.Builder
	for _, k := range keys {
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", k.Key, k.Shown, k.Meaning)
	}
	return b.String()
}

func schema(keys []key) string {
	var b strings.Builder
	for i, k := range keys {
		fmt.Fprintf(&b, "    %q: %s", k.Key, compact(k.Schema))
		if i < len(keys)-1 {
			b.WriteByte(',')
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// compact is a schema on one line, or, where that is too long, on several.
func compact(schema json.RawMessage) string {
	const longest = 130
	if len(schema) < longest {
		return "{ " + string(schema[1:len(schema)-1]) + " }"
	}
	var out bytes.Buffer
	check(json.Indent(&out, schema, "    ", "  "))
	return out.String()
}

func typeScript(keys []key) string {
	var b strings.Builder
	when := map[string]string{"start": `e.status === "started"`, "end": `e.status !== "started"`, "bad": `e.status !== "started" && e.status !== "succeeded"`}
	for _, k := range optional(keys) {
		field := camel(k.Key)
		var part string
		switch {
		case k.Key == "error_summary":
			part = fmt.Sprintf("line += text(%q, error, limit);", k.Key)
		case k.Key == "duration_ms":
			part = fmt.Sprintf("line += `,\"%s\":${whole(e.%s)}`;", k.Key, field)
		case k.Key == "exit_code":
			part = fmt.Sprintf("line += `,\"%s\":${whole(e.%s)}`;", k.Key, field)
		case k.Type == "int":
			part = fmt.Sprintf("if (whole(e.%s) > 0) line += `,\"%s\":${whole(e.%s)}`;", field, k.Key, field)
		case k.Type == "usage":
			part = fmt.Sprintf("line += usageMember(e.%s, limit);", field)
		case k.Type == "rusage":
			part = fmt.Sprintf("line += rusageMember(e.%s);", field)
		default:
			part = fmt.Sprintf("line += text(%q, e.%s, limit);", k.Key, field)
		}
		condition := when[k.Lines]
		if k.Key == "exit_code" {
			condition += " && e.exitCode !== undefined"
		}
		if condition != "" {
			part = "if (" + condition + ") " + part
		}
		b.WriteString("\t" + part + "\n")
	}
	return b.String()
}

// camel is the name of a key's field in TypeScript.
func camel(key string) string {
	parts := strings.Split(key, "_")
	for i := range parts[1:] {
		parts[i+1] = title(parts[i+1])
	}
	return strings.Join(parts, "")
}
