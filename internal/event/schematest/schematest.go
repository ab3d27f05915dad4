// Package schematest checks lines of the log against docs/event.schema.json.
// It is for tests.
package schematest

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"sync"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"pi-track/internal/event"
)

// schema compiles the schema, found from the working directory upwards.
var schema = sync.OnceValues(func() (*jsonschema.Schema, error) {
	dir, err := os.Getwd()
	if err != nil {
		return nil, err
	}
	for {
		file := filepath.Join(dir, "docs", "event.schema.json")
		if _, err := os.Stat(file); err == nil {
			return jsonschema.NewCompiler().Compile(file)
		}
		if dir == filepath.Dir(dir) {
			return nil, os.ErrNotExist
		}
		dir = filepath.Dir(dir)
	}
})

// Check returns an error unless line is one line of at most [event.MaxLine]
// bytes that the schema allows.
func Check(line []byte) error {
	if len(line) > event.MaxLine || bytes.IndexByte(line, '\n') != len(line)-1 {
		return fmt.Errorf("%d bytes, not one line", len(line))
	}
	s, err := schema()
	if err != nil {
		return err
	}
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(line))
	if err != nil {
		return err
	}
	return s.Validate(value)
}

// CheckFile checks every line of a file and returns how many there are. Blank
// lines are passed over.
func CheckFile(path string) (int, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return 0, err
	}
	n := 0
	for line := range bytes.Lines(b) {
		if len(line) == 1 {
			continue
		}
		n++
		if err := Check(line); err != nil {
			return n, fmt.Errorf("%s: event %d: %w\n%s", path, n, err, line)
		}
	}
	return n, nil
}
