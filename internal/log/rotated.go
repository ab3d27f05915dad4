package log

import (
	"os"
	"strings"

	"pi-track/internal/log/sys"
)

// Rotated are the files beside the log at path that another program (logrotate,
// newsyslog, savelog) seems to have made of it, by their names: events.jsonl.1,
// events.jsonl.2.gz, events.jsonl-20261130, events-20261130.jsonl, events.jsonl.old.
// They are not segments, and nothing reads them.
func Rotated(path string) []string {
	entries, err := os.ReadDir(sys.DirOf(path))
	if err != nil {
		return nil
	}
	var found []string
	for _, e := range entries {
		if e.Type().IsRegular() && isRotated(path, e.Name()) {
			found = append(found, inDir(sys.DirOf(path), e.Name()))
		}
	}
	return found
}

func isRotated(path, name string) bool {
	if _, ours := SealedAt(path, name); ours || name == baseOf(path) {
		return false
	}
	for _, ext := range []string{".gz", ".bz2", ".xz", ".zst", ".lz4", ".Z", ".zip"} {
		name = strings.TrimSuffix(name, ext)
	}
	stem, ext := splitName(path)
	rest, ok := strings.CutPrefix(name, stem+ext)
	if !ok {
		middle, begins := strings.CutPrefix(name, stem)
		if rest, ok = strings.CutSuffix(middle, ext); !begins || !ok || ext == "" {
			return false
		}
	}
	switch {
	case rest == ".old" || rest == ".bak" || rest == ".prev":
		return true
	case rest == "" || rest[0] != '.' && rest[0] != '-' && rest[0] != '_':
		return false
	}
	// A number, or a date with or without a time.
	return strings.ContainsAny(rest, "0123456789") && strings.Trim(rest, ".-_:TZ0123456789") == ""
}
