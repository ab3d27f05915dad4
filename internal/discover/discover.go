// Package discover finds the helpers that a user has written, and counts how often they
// were called. It reads the commands in Pi's sessions and in shell histories, and keeps
// only the names of helpers and their counts.
package discover

import (
	"bytes"
	"cmp"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"pi-track/internal/safefile"
)

// Candidate is a program that may be worth a shim.
type Candidate struct {
	Name  string
	Path  string
	Kind  string // script, job or loop, guessed from the name
	Pi    int    // calls in Pi's sessions
	Shell int    // calls in shell histories
	Not   string // why it is probably no helper of the user's own; "" for none
}

// Own says that the candidate is the user's own and was used.
func (c Candidate) Own() bool { return c.Not == "" && c.Pi+c.Shell > 0 }

// Find lists the programs in dirs, those that are used most first. Of two with
// the same name the one in the earlier directory counts.
func Find(dirs []string) []Candidate {
	var out []Candidate
	seen := map[string]bool{}
	for _, dir := range dirs {
		entries, _ := os.ReadDir(dir) // one that is not there holds nothing
		for _, e := range entries {
			path := filepath.Join(dir, e.Name())
			st, err := os.Stat(path)
			if err != nil || !st.Mode().IsRegular() || st.Mode()&0o111 == 0 || seen[e.Name()] || ours(path) {
				continue
			}
			seen[e.Name()] = true
			out = append(out, Candidate{Name: e.Name(), Path: path, Kind: kindOf(e.Name()), Not: notOwn(path)})
		}
	}
	return out
}

// ours says that path leads to a program of pi-track's, wherever that was
// installed: npm's begins as a script of the same name.
func ours(path string) bool {
	target, err := filepath.EvalSymlinks(path)
	return err == nil && slices.Contains([]string{"pi-track", "pi-track-shim"}, filepath.Base(target))
}

// kindOf guesses the kind of a helper from its name.
func kindOf(name string) string {
	for _, kind := range []string{"loop", "job"} {
		if strings.Contains(name, kind) {
			return kind
		}
	}
	return "script"
}

// managed matches paths of programs that a package manager has made.
var managed = regexp.MustCompile(`/(pipx|uv|mise|asdf|node_modules|\.cargo|\.rustup|go|nix|Cellar|pyenv|rbenv|conda|venv|\.venv)/`)

// notOwn says why the program at path is probably not the user's own.
func notOwn(path string) string {
	target, err := filepath.EvalSymlinks(path)
	if err != nil {
		return "cannot be read"
	}
	if managed.MatchString(target) {
		return "made by a package manager"
	}
	f, err := safefile.Open(target, safefile.NoLimit)
	if err != nil {
		return "cannot be read"
	}
	defer f.Close()
	head := make([]byte, 4096)
	n, _ := f.Read(head)
	switch head = head[:n]; {
	case !bytes.HasPrefix(head, []byte("#!")):
		return "not a script"
	case bytes.Contains(head, []byte("importlib.metadata")) || bytes.Contains(head, []byte("pkg_resources")):
		return "made by a package manager"
	}
	return ""
}

// word matches the program at the start of each command of a command line.
var word = regexp.MustCompile(`(?:^|[;&|(\n{])\s*(?:(?:then|do|else|time|sudo|exec|nohup|env)\s+|[A-Za-z_][A-Za-z0-9_]*=\S*\s+)*([A-Za-z0-9_.~/+@-]+)`)

// programs are the names of the programs that a command line calls.
func programs(command string) []string {
	var names []string
	for _, m := range word.FindAllStringSubmatch(command, -1) {
		names = append(names, filepath.Base(m[1]))
	}
	return names
}

// sorted orders candidates: the user's own first, then by use, Pi's calls
// counting three times as much, then by name.
func sorted(all []Candidate) []Candidate {
	slices.SortStableFunc(all, func(a, b Candidate) int {
		own := func(c Candidate) int {
			if c.Not == "" {
				return 1
			}
			return 0
		}
		return cmp.Or(own(b)-own(a), (b.Pi*3+b.Shell)-(a.Pi*3+a.Shell), strings.Compare(a.Name, b.Name))
	})
	return all
}
