package log

import (
	"os"
	"slices"
	"strings"
	"time"
)

// sealLayout is the time in the name of a sealed segment; with the dot left
// out it is 19 bytes and sorts as the time does.
const sealLayout = "20060102T150405.000Z"

// Segments returns the files of the log at path: the sealed segments, oldest
// first, then path itself if it exists. A segment whose compressed and plain
// file both exist, because a rotation was interrupted, is named once, as the
// plain file.
func Segments(path string) ([]string, error) {
	dir := dirOf(path)
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	var names []string
	current := false
	base := path[strings.LastIndexByte(path, '/')+1:]
	for _, e := range entries {
		name := e.Name()
		if name == base {
			current = true
		} else if _, ok := SealedAt(path, name); ok {
			names = append(names, name)
		}
	}
	slices.Sort(names) // "x.jsonl" comes before "x.jsonl.zst"
	names = slices.CompactFunc(names, func(a, b string) bool { return a+".zst" == b })
	for i, name := range names {
		names[i] = strings.TrimSuffix(dir, "/") + "/" + name
	}
	if current {
		names = append(names, path)
	}
	return names, nil
}

// SealedAt returns the time in the name of a sealed segment of the log at
// path: no line in it was written later. It is false for any other name.
func SealedAt(path, name string) (time.Time, bool) {
	stem, ext := splitName(path)
	name = strings.TrimSuffix(name[strings.LastIndexByte(name, '/')+1:], ".zst")
	rest, ok := strings.CutPrefix(name, stem+"-")
	if !ok {
		return time.Time{}, false
	}
	rest, ok = strings.CutSuffix(rest, ext)
	const size = len(sealLayout) - 1
	if !ok || len(rest) < size || len(rest) > size && rest[size] != '-' {
		return time.Time{}, false
	}
	const ms = len("20060102T150405")
	t, err := time.Parse(sealLayout, rest[:ms]+"."+rest[ms:size])
	return t, err == nil
}

// SealedName is the name of the segment of the log at path whose last line
// was written at t. A label, if any, says what it holds.
func SealedName(path string, t time.Time, label string) string {
	stem, ext := splitName(path)
	stamp := strings.Replace(t.UTC().Format(sealLayout), ".", "", 1)
	if label != "" {
		stamp += "-" + label
	}
	dir := strings.TrimSuffix(dirOf(path), "/")
	return dir + "/" + stem + "-" + stamp + ext
}

// splitName splits the base of path into the stem and the extension.
func splitName(path string) (stem, ext string) {
	base := path[strings.LastIndexByte(path, '/')+1:]
	if i := strings.LastIndexByte(base, '.'); i > 0 {
		return base[:i], base[i:]
	}
	return base, ""
}
