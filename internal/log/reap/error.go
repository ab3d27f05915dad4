package reap

import (
	"strconv"
)

// Error says that some black boxes could not be emptied into the log.
type Error struct {
	Boxes int    // how many
	First string // the path of the first
	Err   error  // what was wrong with that one
}

// Error names the first box and how many more there are.
func (e *Error) Error() string {
	text := "reap " + e.First + ": " + e.Err.Error()
	if e.Boxes > 1 {
		text += " (and " + strconv.Itoa(e.Boxes-1) + " more)"
	}
	return text
}

// Unwrap returns Err.
func (e *Error) Unwrap() error { return e.Err }
