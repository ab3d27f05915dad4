// Package event is one line of the log: its keys, their order and meaning, and how it
// is written. Package decode reads it.
//
// A line is one JSON object in UTF-8 without blanks. It ends with a newline and has at
// most [MaxLine] bytes. A run writes two lines with the same id: first one with status
// started, then one with succeeded, failed or cancelled. The end line repeats what
// identifies the run, so that it can be understood alone. (id, status) is the unique
// key, so logs can be merged as sets of lines.
//
// keys.json lists the keys in the order in which they are written, with their type,
// their meaning and the lines that have them. go generate makes from it the encoder
// (keys_table.go), the fast decoder's part, the members of the TypeScript writer, the
// JSON Schema (docs/event.schema.json) and the table in docs/events.md.
//
// A key whose value is empty or unknown is left out; ts, v, id, kind, name and status
// are always there. Sorting ts by bytes sorts by time. A run began at its start's ts
// and ended duration_ms later. Unknown keys survive when a line is read and written
// again. The layout is fixed, and the keys that reports need come first, so that a
// scanner finds them without parsing.
//
// The status follows from how the program ended:
//
//   - Exit status 0 is succeeded.
//   - Death by INT, TERM, HUP or QUIT is cancelled. So is exit status 128+n after the
//     supervisor passed on signal n, and exit status 130 always ([OfExit]).
//   - Any other exit status, and death by any other signal, is failed.
//   - A run whose supervisor was killed together with it is cancelled.
//
// Arguments are never logged.
//
// Every shim links this package, so it imports neither encoding/json nor reflect nor
// regexp.
package event
