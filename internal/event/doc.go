// Package event is one line of the log: its keys, their order and meaning, how
// it is written and read.
//
// A line is one JSON object in UTF-8, without blanks, ended by a newline, at
// most [MaxLine] bytes. A run of a helper writes two lines with the same id:
// first one with the status started, then exactly one with succeeded, failed or
// cancelled. The end line repeats what identifies the run, so that it stands
// alone. (id, status) is the unique key: logs are merged as sets of lines.
//
// keys.json holds the keys in the order in which they are written, with type,
// meaning and the lines that have them. From it go generate makes the encoder's
// and the fast decoder's part in keys_table.go, the members in the TypeScript
// writer, the JSON Schema and the table in docs/events.md. What is empty or not
// known is left out; ts, v, id, kind, name and status are always there. Byte
// order of ts is time order; a run ended at its start plus duration_ms.
//
// Keys of other names are kept when a line is read and written again. The keys
// that reports need come first, and the layout is fixed, so that a scanner can
// find them without parsing. docs/event.schema.json says the same as a JSON
// Schema.
//
// Status: exit 0 is succeeded. Death by INT, TERM, HUP or QUIT, or the exit
// status 128+n after the supervisor had passed signal n on, or the exit status
// 130 whoever caught the signal ([OfExit]), is cancelled. Any
// other exit, and death by any other signal, is failed. A run whose supervisor
// was killed with it is cancelled. Arguments are never logged.
//
// The package is linked into every shim: it imports neither encoding/json nor
// reflect nor regexp.
package event
