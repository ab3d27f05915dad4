// Package publish decides which parts of a report may appear on a page that others
// read, and how its files are named. It writes nothing.
package publish

import (
	"fmt"
	"path/filepath"
	"reflect"
	"slices"
	"strings"

	"pi-track/internal/report/section"
)

// Field is something that a report says of runs besides names and figures.
type Field string

// Fields are all of them.
var Fields = []Field{"repo", "task", "error"}

// Mask hides the fields that are not published. The same repo or task becomes
// the same word, "repo 1", in all reports that one Mask has seen: a helper that
// fails in one repo alone still shows that.
type Mask struct {
	shown []Field
	words map[string]string // what stands for a hidden value, by field and value
	count map[Field]int
}

// NewMask shows these fields and no others.
func NewMask(shown []Field) *Mask {
	return &Mask{shown: shown, words: map[string]string{}, count: map[Field]int{}}
}

// Report is a copy of r without what is hidden. Paths of logs are shortened to
// the names of the files always.
func (m *Mask) Report(r *section.Report) *section.Report {
	return m.copy(reflect.ValueOf(r), "").Interface().(*section.Report)
}

// Word is what is published for the value of a field.
func (m *Mask) Word(f Field, value string) string {
	if value == "" || slices.Contains(m.shown, f) {
		return value
	}
	if f == "error" {
		return ""
	}
	key := string(f) + "\x00" + value
	if m.words[key] == "" {
		m.count[f]++
		m.words[key] = fmt.Sprintf("%s %d", f, m.count[f])
	}
	return m.words[key]
}

// kinds says what the strings of a report are, by type and field. "" is a word
// of pi-track, the name of a helper or a figure; a test holds it complete.
var kinds = map[string]Field{
	"Query.Logs": "file", "Warning.File": "file", "Warning.Text": "path",
	"Filter.Repo": "repo", "Filter.RepoNames": "repo", "Filter.Task": "task",
	"Sentence.Repo": "repo", "Sentence.Task": "task", "Sentence.Look": "look",
	"Verdict.Repo": "repo", "Verdict.Task": "task", "HelperChange.Repo": "repo",
	"ContextCounts.Repo": "repo", "ContextCounts.Task": "task", "ContextRow.Repo": "repo",
	"Failure.Repo": "repo", "Failure.Repos": "repo", "Failure.Task": "task",
	"Failure.Text": "error", "Failure.Stderr": "error", "Failure.Fingerprint": "error",
	"Stratum.Repo": "repo", "Block.Repos": "repo",
}

// of is what a string of this kind becomes.
func (m *Mask) of(kind Field, s string) string {
	switch kind {
	case "":
		return s
	case "file":
		return filepath.Base(s)
	case "path": // a sentence with the path of a log in it
		words := strings.Fields(s)
		for i, w := range words {
			if strings.Contains(w, "/") {
				words[i] = filepath.Base(w)
			}
		}
		return strings.Join(words, " ")
	case "look": // arguments of pi-track
		args, _, found := strings.Cut(s, " --repo ")
		if found && !slices.Contains(m.shown, "repo") {
			return args
		}
		return s
	}
	return m.Word(kind, s)
}

// copy copies v; where says in which field of which type it stands.
func (m *Mask) copy(v reflect.Value, where string) reflect.Value {
	out := reflect.New(v.Type()).Elem()
	out.Set(v)
	switch v.Kind() {
	case reflect.String:
		out.SetString(m.of(kinds[where], v.String()))
	case reflect.Pointer:
		if !v.IsNil() {
			p := reflect.New(v.Type().Elem())
			p.Elem().Set(m.copy(v.Elem(), where))
			out.Set(p)
		}
	case reflect.Slice:
		if !v.IsNil() {
			out.Set(reflect.MakeSlice(v.Type(), v.Len(), v.Len()))
			for i := range v.Len() {
				out.Index(i).Set(m.copy(v.Index(i), where))
			}
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if f := v.Type().Field(i); f.IsExported() {
				out.Field(i).Set(m.copy(v.Field(i), v.Type().Name()+"."+f.Name))
			}
		}
	}
	return out
}
