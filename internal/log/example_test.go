package log_test

import (
	"fmt"
	"os"
	"path/filepath"

	"pi-track/internal/log"
)

// A line is appended whole, and rotation leaves the old lines in a segment beside
// the log.
func Example() {
	dir, err := os.MkdirTemp("", "log-example-")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "events.jsonl")
	if err := log.Append(path, []byte("{}\n")); err != nil {
		fmt.Println(err)
	}
	if _, err := log.Seal(path); err != nil {
		fmt.Println(err)
	}
	if err := log.Append(path, []byte("{}\n")); err != nil {
		fmt.Println(err)
	}
	files, err := log.Segments(path)
	fmt.Println(len(files), "files", err)
	// Output: 2 files <nil>
}
