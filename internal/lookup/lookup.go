// Package lookup decides which program a call runs: it searches PATH as a shell does,
// but skips pi-track's own programs. Shims and the command line both ask it ([Resolve]).
//
// It compares files, never directory names. A trailing slash, a symlinked directory or
// a relative entry of PATH must not make a shim find itself.
package lookup

import (
	"os"
	"slices"
	"strings"
	"syscall"
)

// The names of pi-track's programs. A link that ends in one of them is ours.
const (
	ShimProgram   = "pi-track-shim"
	MainProgram   = "pi-track"
	ReportProgram = "tool-usage-report"
)

// ID identifies a file, whatever it is called.
type ID struct {
	Dev, Ino uint64
}

// Candidate is a file with the wanted name in a directory of PATH.
type Candidate struct {
	Path       string // absolute
	ID         ID
	Ours       bool // one of pi-track's programs or a link to one
	Executable bool
}

// Stat returns the identity of the file at path, links followed.
func Stat(path string) (ID, bool) {
	var st syscall.Stat_t
	if syscall.Stat(path, &st) != nil {
		return ID{}, false
	}
	return ID{uint64(st.Dev), uint64(st.Ino)}, true
}

// Self returns the identity of the running program.
func Self() (ID, bool) {
	exe, err := os.Executable()
	if err != nil {
		return ID{}, false
	}
	return Stat(exe)
}

// Walk calls yield for every regular file called name in the directories of
// path, in order, until yield returns false. Files whose identity is in ours
// are marked so, and so are links that lead to a program of pi-track. An empty
// entry of path means the working directory.
func Walk(name, path string, ours []ID, yield func(Candidate) bool) {
	for more := true; more; {
		var dir string
		dir, path, more = strings.Cut(path, ":")
		full := dir + "/" + name
		if dir == "" {
			full = name
		}
		var st syscall.Stat_t
		if syscall.Stat(full, &st) != nil || st.Mode&syscall.S_IFMT != syscall.S_IFREG {
			continue
		}
		c := Candidate{Path: absolute(full), ID: ID{uint64(st.Dev), uint64(st.Ino)}}
		c.Executable = Executable(full)
		c.Ours = IsOurs(full, c.ID, ours)
		if !yield(c) {
			return
		}
	}
}

// Find returns the first executable candidate that is not ours and that skip
// does not refuse. When there is only a file without execute permission, that
// one is returned: a shell would try it and say so.
func Find(name, path string, ours []ID, skip func(ID) bool) (Candidate, bool) {
	var found, refused Candidate
	Walk(name, path, ours, func(c Candidate) bool {
		if c.Ours || skip != nil && skip(c.ID) {
			return true
		}
		if !c.Executable {
			if refused.Path == "" {
				refused = c
			}
			return true
		}
		found = c
		return false
	})
	if found.Path == "" {
		found = refused
	}
	return found, found.Path != ""
}

// Query is a call of a helper: its name, and what the configuration says of it.
type Query struct {
	Name  string        // a name, or a path, which is taken as it is
	Pin   string        // the program that the configuration pins, "" for none
	Alias string        // the first word of the alias, "" for none
	Path  string        // PATH
	Ours  []ID          // programs of pi-track that the call has been through
	Tried func(ID) bool // programs that were executed for it already; nil for none

	// Typed says that a path may lead to a program of pi-track: the user gave it.
	Typed bool
}

// Found is the program that a call runs.
type Found struct {
	Candidate
	PinLost bool // there is a pin, but nothing to be run at it
	Aliased bool // the alias counts, not the name
}

// Resolve finds the program that a call runs: the pinned one, else what the alias
// names, else the first of its name on PATH, see [Find]. When all of PATH has been
// tried, the program calls itself on purpose, and is found. It is false when there
// is none; Found then has its flags only. For a pin or path without execute
// permission see [Candidate].
func Resolve(q Query) (Found, bool) {
	var f Found
	if q.Pin != "" {
		if c, ok := at(q.Pin, q.Ours, false); ok {
			f.Candidate = c
			return f, true
		}
		f.PinLost = true
	}
	name := q.Name
	if q.Alias != "" {
		name, f.Aliased = q.Alias, true
	}
	var ok bool
	if strings.Contains(name, "/") {
		f.Candidate, ok = at(name, q.Ours, q.Typed)
		return f, ok
	}
	if f.Candidate, ok = Find(name, q.Path, q.Ours, q.Tried); !ok && q.Tried != nil {
		f.Candidate, ok = Find(name, q.Path, q.Ours, nil)
	}
	return f, ok
}

// at is the file at path, unless it is ours, which would end up here again.
func at(path string, ours []ID, typed bool) (Candidate, bool) {
	var st syscall.Stat_t
	if syscall.Stat(path, &st) != nil {
		return Candidate{}, false
	}
	c := Candidate{Path: path, ID: ID{uint64(st.Dev), uint64(st.Ino)}}
	if c.Ours = IsOurs(path, c.ID, ours); c.Ours && !typed {
		return Candidate{}, false
	}
	c.Executable = st.Mode&syscall.S_IFMT == syscall.S_IFREG && Executable(path)
	return c, true
}

// IsOurs tells whether the file id at path is one of ours, or a link that leads
// to a program of pi-track.
func IsOurs(path string, id ID, ours []ID) bool { return slices.Contains(ours, id) || leadsToUs(path) }

// leadsToUs follows the links at path one step at a time and tells whether one
// of them ends in the name of a program of pi-track.
func leadsToUs(path string) bool {
	for range 40 {
		text, err := os.Readlink(path)
		if err != nil {
			return false
		}
		if IsOurLink(text) {
			return true
		}
		if !strings.HasPrefix(text, "/") {
			text = dirOf(path) + text
		}
		path = text
	}
	return false
}

// IsOurLink tells whether a link with this text points to a program of
// pi-track.
func IsOurLink(text string) bool {
	base := text[strings.LastIndexByte(text, '/')+1:]
	return base == ShimProgram || base == MainProgram || base == ReportProgram
}

// dirOf is the directory part of path with its slash, "" for none.
func dirOf(path string) string {
	return path[:strings.LastIndexByte(path, '/')+1]
}

func absolute(path string) string {
	if strings.HasPrefix(path, "/") {
		return path
	}
	dir, err := syscall.Getwd() // os.Getwd asks the file system
	if err != nil {
		return path
	}
	return strings.TrimSuffix(dir, "/") + "/" + path
}
