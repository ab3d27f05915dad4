package shim

import (
	"os"

	"pi-track/internal/lookup"
)

// Entry is one shim for a listing.
type Entry struct {
	Name   string `json:"name"`
	Kind   string `json:"kind"`
	Target string `json:"target"` // the program that runs now; "" for none
	State  string `json:"state"`  // ok, or what is wrong or special
}

// List describes every shim of the installation. path is the PATH on which the
// helpers are looked up.
func List(l Layout, path string) ([]Entry, error) {
	m, err := ReadManifest(l)
	if err != nil {
		return nil, err
	}
	out := []Entry{}
	for i := range m.Shims {
		s := &m.Shims[i]
		e := Entry{Name: s.Name, Kind: s.Kind}
		e.Target, e.State = Behind(l, s, path)
		link := l.shimLink(s.Name)
		switch state, err := linkState(link, linkText(s.Name)); {
		case err != nil:
			e.State = "foreign file in the shim directory"
		case state == Added && e.Target == "" && e.State == notFoundYet:
			e.State = "not found yet, so no link"
		case state == Added:
			e.State = "link missing"
		case state == Updated:
			e.State = "link changed"
		case !leadsToProgram(link):
			e.State = "shim program missing"
		case e.State == "":
			e.State = shadow(link, s.Name, path)
		}
		out = append(out, e)
	}
	return out, nil
}

// leadsToProgram tells whether there is something behind a link of ours.
func leadsToProgram(link string) bool {
	_, err := os.Stat(link)
	return err == nil
}

// notReached is the state of a shim that no call leads to: the directory of the
// shims is not on PATH, whether the helper is or not.
const notReached = "shim not on PATH"

// shadow says whether the shim is what PATH leads to.
func shadow(link, name, path string) string {
	first, state := "", notReached
	lookup.Walk(name, path, nil, func(c lookup.Candidate) bool {
		switch {
		case !c.Executable:
		case c.Ours && first == "":
			state = "ok"
		case c.Ours:
			state = "shadowed by " + first
		case first == "":
			first = c.Path
		}
		return state == notReached
	})
	return state
}
