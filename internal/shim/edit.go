package shim

import (
	"bytes"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"pi-track/internal/manifest"
)

// Addition is a [[shim]] that is added to a shims.toml.
type Addition struct {
	Name, Kind string
	Real       string // "" for what PATH says
	Force      bool
}

// AppendShims returns the text of a shims.toml with a [[shim]] for each addition
// at its end. A kind of script, which is the default, is left out.
func AppendShims(data []byte, additions []Addition) []byte {
	var b bytes.Buffer
	b.Write(bytes.TrimRight(data, "\n"))
	for _, s := range additions {
		fmt.Fprintf(&b, "\n\n[[shim]]\nname = %s", quoted(s.Name))
		if s.Kind != "" && s.Kind != manifest.DefaultShim().Kind {
			fmt.Fprintf(&b, "\nkind = %s", quoted(s.Kind))
		}
		if s.Real != "" {
			fmt.Fprintf(&b, "\nreal = %s", quoted(s.Real))
		}
		if s.Force {
			b.WriteString("\nforce = true")
		}
	}
	b.WriteByte('\n')
	return b.Bytes()
}

// quoted is a TOML string.
func quoted(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b.WriteRune('\\')
			b.WriteRune(r)
		case r < ' ' || r == 0x7f:
			fmt.Fprintf(&b, "\\u%04X", r)
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return b.String()
}

// RemoveShims returns the text of a shims.toml without the [[shim]] of the
// names. Comments and everything else stay. It is an error when a name has no
// [[shim]] of its own that can be cut out, or when anything but the names would
// change.
func RemoveShims(file string, data []byte, home string, names []string) ([]byte, error) {
	before, err := ParseConfig(file, data, home)
	if err != nil {
		return nil, err
	}
	lines := strings.SplitAfter(string(data), "\n")
	starts := tableStarts(lines)
	index := newLineIndex(data)
	drop := make([]bool, len(lines))
	for i, s := range before.Shims {
		if !slices.Contains(names, s.Name) {
			continue
		}
		from := index.find(tableKey{table: "shim", index: i}, "") - 1
		to := len(lines)
		for _, start := range starts {
			if start > from && !strings.HasPrefix(tableName(strings.TrimSpace(lines[start])), "shim.") {
				to = start
				break
			}
		}
		// The comment above the next table belongs to that one.
		for to > from+1 && to < len(lines) && commentOrBlank(lines[to-1]) {
			to--
		}
		for n := from; n < to; n++ {
			drop[n] = true
		}
	}
	var b strings.Builder
	for n, line := range lines {
		if !drop[n] {
			b.WriteString(line)
		}
	}
	text := strings.TrimRight(b.String(), "\n") + "\n"
	after, err := ParseConfig(file, []byte(text), home)
	want := slices.DeleteFunc(slices.Clone(before.Shims), func(s manifest.Shim) bool { return slices.Contains(names, s.Name) })
	if err != nil || after.Log != before.Log || !slices.EqualFunc(after.Shims, want, sameShim) {
		return nil, &ConfigError{File: file, Msg: "the entries cannot be cut out without changing others", Hint: "edit the file and run 'pi-track install'"}
	}
	return []byte(text), nil
}

func sameShim(a, b manifest.Shim) bool {
	return reflect.DeepEqual(normalised(&a), normalised(&b))
}

// tableStarts are the lines with the header of a table, counted from 0.
func tableStarts(lines []string) []int {
	var starts []int
	for n, line := range lines {
		if strings.HasPrefix(strings.TrimSpace(line), "[") {
			starts = append(starts, n)
		}
	}
	return starts
}

func commentOrBlank(line string) bool {
	line = strings.TrimSpace(line)
	return line == "" || line[0] == '#'
}
