package shim

import (
	"debug/buildinfo"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"runtime/debug"
	"slices"
	"sort"
	"strings"

	"pi-track/internal/lookup"
	"pi-track/internal/manifest"
	"pi-track/internal/safefile"
)

// State says what install does, or did, with a shim.
type State string

// The states that install reports.
const (
	Added     State = "added"
	Unchanged State = "unchanged"
	Updated   State = "updated"
	Removed   State = "removed"
	Waiting   State = "waiting" // for the helper: a link in front of nothing would hide that it is missing
)

// Step is one line of the plan.
type Step struct {
	Name   string
	State  State
	Target string // the program behind the shim; "" when there is none
	Note   string // why there is none, or what is special
}

// Plan is what install will do. Making it changes nothing.
type Plan struct {
	Layout   Layout
	Steps    []Step
	Manifest *manifest.Manifest

	changed bool
}

// Changes tells whether carrying out the plan changes anything.
func (p *Plan) Changes() bool { return p.changed }

// MakePlan compares the configuration with what is installed. path is the PATH
// on which helpers are looked up. A file that pi-track did not make, where a
// shim is wanted, is an error naming it.
func MakePlan(l Layout, cfg *Config, path string) (*Plan, error) {
	old := &manifest.Manifest{}
	if m, err := ReadManifest(l); err == nil {
		old = m
	}
	rec, err := ReadReceipt(l)
	if err != nil {
		return nil, err
	}
	if err := foreignFile(l, rec); err != nil {
		return nil, err
	}
	p := &Plan{Layout: l, Manifest: &manifest.Manifest{Log: cfg.Log, Config: cfg.File, Pi: cfg.Pi, Shims: cfg.Shims}}
	keepExperiments(p.Manifest, old)
	p.changed = old.Log != cfg.Log || old.Pi != cfg.Pi
	wanted := map[string]bool{lookup.ReportProgram: true}
	for i := range cfg.Shims {
		s := &cfg.Shims[i]
		wanted[s.Name] = true
		step := Step{Name: s.Name}
		step.Target, step.Note = Behind(l, s, path)
		state, err := linkState(l.shimLink(s.Name), linkText(s.Name))
		if err != nil {
			return nil, err
		}
		step.State = state
		if state == Added && step.Target == "" && step.Note == notFoundYet && !slices.Contains(cfg.Forced, s.Name) {
			step.State = Waiting
		}
		if was, ok := old.Find(s.Name); state == Unchanged && (!ok || !reflect.DeepEqual(normalised(was), normalised(s))) {
			step.State = Updated
		}
		p.add(step)
	}
	for _, link := range []Link{{l.shimLink(lookup.ReportProgram), reportShimText}, {l.ReportLink(), reportLinkText}} {
		state, err := linkState(link.Path, link.Text)
		if err != nil {
			return nil, err
		}
		p.changed = p.changed || state != Unchanged
	}
	for _, name := range installedNames(l) {
		if !wanted[name] {
			p.add(Step{Name: name, State: Removed})
		}
	}
	return p, nil
}

func (p *Plan) add(s Step) {
	p.Steps = append(p.Steps, s)
	p.changed = p.changed || s.State != Unchanged && s.State != Waiting
}

// hasLink says that the step leaves a link behind.
func (s Step) hasLink() bool { return s.State != Removed && s.State != Waiting }

// notFoundYet is the note of a helper that is nowhere on PATH.
const notFoundYet = "not found yet"

// normalised makes empty and missing lists the same.
func normalised(s *manifest.Shim) manifest.Shim {
	c := *s
	for _, l := range []*[]string{&c.Command, &c.SessionEnv, &c.TaskEnv, &c.Env} {
		if len(*l) == 0 {
			*l = nil
		}
	}
	return c
}

// linkState compares the file at path with the wanted link.
func linkState(path, text string) (State, error) {
	st, err := os.Lstat(path)
	if os.IsNotExist(err) {
		return Added, nil
	}
	if err != nil {
		return "", err
	}
	if st.Mode()&os.ModeSymlink == 0 {
		return "", &ForeignError{Path: path}
	}
	is, err := os.Readlink(path)
	if err != nil {
		return "", err
	}
	if is == text {
		return Unchanged, nil
	}
	if !lookup.IsOurLink(is) {
		return "", &ForeignError{Path: path}
	}
	return Updated, nil
}

// foreignFile refuses a file of somebody else's where one of ours is wanted.
// One that is not on the receipt, because that was lost, is known by what it
// is.
func foreignFile(l Layout, rec *Receipt) error {
	for _, f := range []struct {
		path  string
		known func() bool
	}{
		{l.MainProgram(), func() bool { return isOurProgram(l.MainProgram()) }},
		{l.ShimProgram(), func() bool { return isOurProgram(l.ShimProgram()) }},
		{l.HostFile(), func() bool { id, err := hex.DecodeString(ReadHost(l)); return err == nil && len(id) == 8 }},
		{l.Manifest(), func() bool { _, err := ReadManifest(l); return err == nil }},
	} {
		st, err := os.Lstat(f.path)
		if err == nil && (!st.Mode().IsRegular() || !rec.hasFile(f.path) && !f.known()) {
			return &ForeignError{Path: f.path}
		}
	}
	return nil
}

// isOurProgram tells whether a program was built from this module.
func isOurProgram(path string) bool {
	is, err := buildinfo.ReadFile(path)
	running, ok := debug.ReadBuildInfo()
	return err == nil && ok && is.Main.Path == running.Main.Path
}

// ForeignError names a file that pi-track did not make and will not touch.
type ForeignError struct{ Path string }

func (e *ForeignError) Error() string {
	return fmt.Sprintf("%s is not pi-track's: nothing was changed", e.Path)
}

// installedNames lists the links of ours in the shim directory, the report
// link included.
func installedNames(l Layout) []string {
	entries, _ := os.ReadDir(l.ShimDir())
	var names []string
	for _, e := range entries {
		text, err := os.Readlink(filepath.Join(l.ShimDir(), e.Name()))
		if err == nil && text == linkText(e.Name()) {
			names = append(names, e.Name())
		}
	}
	sort.Strings(names)
	return names
}

// Behind finds the program that a shim runs now. note says what is special
// about it, or why there is none.
func Behind(l Layout, s *manifest.Shim, path string) (target, note string) {
	q := lookup.Query{Name: s.Name, Pin: s.Real, Path: path, Ours: ourPrograms(l)}
	if len(s.Command) > 0 {
		q.Alias = s.Command[0]
	}
	found, ok := lookup.Resolve(q)
	switch {
	case ok && !found.Executable:
		note = "not executable"
	case !ok && found.Aliased && (!s.Disabled || strings.Contains(q.Alias, "/")):
		note = "alias with nothing behind it"
	case !ok && !s.Disabled:
		note = notFoundYet
	case found.PinLost:
		note = "pinned program missing, PATH is searched"
	case s.Disabled:
		note = "disabled"
	}
	return found.Path, note
}

func ourPrograms(l Layout) []lookup.ID {
	var ids []lookup.ID
	for _, p := range []string{l.ShimProgram(), l.MainProgram()} {
		if id, ok := lookup.Stat(p); ok {
			ids = append(ids, id)
		}
	}
	return ids
}

// ReadManifest reads the manifest of an installation.
func ReadManifest(l Layout) (*manifest.Manifest, error) {
	data, err := safefile.Read(l.Manifest(), safefile.Limit)
	if err != nil {
		return nil, err
	}
	m, err := manifest.Decode(data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", l.Manifest(), err)
	}
	return m, nil
}
