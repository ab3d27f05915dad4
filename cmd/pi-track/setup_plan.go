//go:build linux || darwin || freebsd || openbsd

package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"

	"pi-track/internal/discover"
	"pi-track/internal/manifest"
	"pi-track/internal/piext"
	"pi-track/internal/redact"
	"pi-track/internal/shim"
)

// setupPlan is what setup proposes, and what of it is ticked.
type setupPlan struct {
	Candidates []setupCandidate `json:"candidates"`
	Startup    []startupLine    `json:"startup"`  // where the PATH line would go; none if it is there
	RC         bool             `json:"rc"`       // put it there
	Sessions   int              `json:"sessions"` // of Pi, that can be imported
	Import     bool             `json:"import"`
}

// setupCandidate is a program that may be recorded.
type setupCandidate struct {
	Name   string `json:"name"`
	Kind   string `json:"kind"`
	Path   string `json:"path"`
	Pi     int    `json:"pi"`    // calls in Pi's sessions
	Shell  int    `json:"shell"` // calls in shell histories
	Not    string `json:"not,omitempty"`
	Record bool   `json:"record"`
}

// startupLine is a place in a startup file.
type startupLine struct {
	File string `json:"file"`
	Line int    `json:"line"` // where the block begins, counted from 1
}

// makeSetupPlan looks for what can be recorded. asks says that somebody will be
// asked about it: only then is a startup file proposed without --rc.
func makeSetupPlan(cfg *shim.Config, f installFlags, asks bool) (*setupPlan, error) {
	plan := &setupPlan{Candidates: []setupCandidate{}, Startup: []startupLine{}, Sessions: len(piSessions())}
	plan.Import = plan.Sessions > 0
	found := ownPrograms()
	told := slices.ContainsFunc(found, func(c discover.Candidate) bool { return c.Own() || isConfigured(cfg, c) })
	for _, c := range notConfigured(found, cfg) {
		plan.Candidates = append(plan.Candidates, setupCandidate{
			Name: c.Name, Kind: c.Kind, Path: c.Path, Pi: c.Pi, Shell: c.Shell, Not: c.Not,
			Record: c.Own() || !told && c.Not == "", // a new account has no history yet: nothing tells them apart
		})
	}
	if f.noRC {
		return plan, nil
	}
	l, err := layout()
	if err != nil {
		return nil, err
	}
	lines, err := startupLines(l, f)
	if err != nil && f.rc {
		return nil, err
	}
	if err != nil {
		return plan, nil // an unknown shell, or a file that cannot be changed: install says what to do
	}
	plan.Startup = append(plan.Startup, lines...)
	plan.RC = f.rc || asks && len(plan.Startup) > 0 && !piext.HasPi(piext.AgentDir())
	return plan, nil
}

// startupLines are the places in the startup files where the PATH line is missing.
func startupLines(l shim.Layout, f installFlags) (lines []startupLine, err error) {
	f.rc = true
	rc, err := findStartup(f)
	if err != nil {
		return nil, err
	}
	for _, file := range rc.files {
		line, there, err := shim.BlockLine(file, l.ShimDir())
		if err != nil {
			return nil, err
		}
		if !there {
			lines = append(lines, startupLine{file, line})
		}
	}
	return lines, nil
}

// candidates are the programs that might be recorded and are not configured.
func candidates(cfg *shim.Config) []discover.Candidate {
	return notConfigured(ownPrograms(), cfg)
}

// ownPrograms are the programs in the user's directories, counted.
func ownPrograms() []discover.Candidate {
	home, err := os.UserHomeDir()
	if err != nil {
		return nil
	}
	histories := []string{filepath.Join(home, ".bash_history"), filepath.Join(home, ".zsh_history"), filepath.Join(home, ".local/share/fish/fish_history")}
	return discover.Count(discover.Find(besidePath()), piSessions(), histories)
}

func notConfigured(all []discover.Candidate, cfg *shim.Config) []discover.Candidate {
	return slices.DeleteFunc(all, func(c discover.Candidate) bool { return isConfigured(cfg, c) || shim.BadName(c.Name) != "" })
}

func isConfigured(cfg *shim.Config, c discover.Candidate) bool {
	return slices.ContainsFunc(cfg.Shims, func(s manifest.Shim) bool { return s.Name == c.Name })
}

// only ticks the candidates of these names and no others.
func (p *setupPlan) only(names []string) error {
	known := make([]string, len(p.Candidates))
	for i := range p.Candidates {
		known[i] = p.Candidates[i].Name
		p.Candidates[i].Record = slices.Contains(names, known[i])
	}
	for _, name := range names {
		if !slices.Contains(known, name) {
			hint := nearestOr(name, known, "'pi-track setup --dry-run' shows the names; 'pi-track add' records any program")
			return usageErrorf(hint, "%q is not among the helpers that were found", name)
		}
	}
	return nil
}

// toggle changes the tick that a number or a letter of the list names.
func (p *setupPlan) toggle(word string) bool {
	n, err := strconv.Atoi(word)
	switch {
	case err == nil && n >= 1 && n <= len(p.Candidates):
		p.Candidates[n-1].Record = !p.Candidates[n-1].Record
	case strings.EqualFold(word, "p") && len(p.Startup) > 0:
		p.RC = !p.RC
	case strings.EqualFold(word, "i") && p.Sessions > 0:
		p.Import = !p.Import
	default:
		return false
	}
	return true
}

func (a *app) printSetupJSON(p *setupPlan) error {
	enc := json.NewEncoder(a.stdout)
	enc.SetIndent("", "  ")
	return enc.Encode(p)
}

// printSetup prints the plan as a list with ticks.
func (a *app) printSetup(p *setupPlan) {
	w := tabwriter.NewWriter(a.stdout, 0, 0, 2, ' ', 0)
	if len(p.Candidates) == 0 {
		fmt.Fprintln(w, "no scripts of your own were found in ~/bin, ~/.local/bin and the directories of\nPi and your projects (those in shims.toml are not listed)")
	} else {
		fmt.Fprint(w, "Scripts that can be recorded, those that you and Pi call most first:\n\n")
		fmt.Fprintln(w, "\t\tname\tkind\tin Pi\tin shells\tprogram")
	}
	for i, c := range p.Candidates {
		note := ""
		if c.Not != "" {
			note = " (" + c.Not + ")"
		}
		fmt.Fprintf(w, "%d\t%s\t%s\t%s\t%d\t%d\t%s%s\n", i+1, tick(c.Record), redact.Text(c.Name), c.Kind, c.Pi, c.Shell, redact.Text(c.Path), note)
	}
	w.Flush()
	fmt.Fprintln(a.stdout)
	if len(p.Startup) > 0 {
		var places []string
		for _, s := range p.Startup {
			places = append(places, fmt.Sprintf("line %d of %s", s.Line, s.File))
		}
		fmt.Fprintf(a.stdout, "p  %s  put the shims first on PATH in your shells: 3 lines, at\n         %s\n", tick(p.RC), strings.Join(places, "\n         and "))
	}
	if p.Sessions > 0 {
		fmt.Fprintf(a.stdout, "i  %s  import what Pi's sessions tell of the past: %s\n", tick(p.Import), countOf(p.Sessions, "file", "files"))
	}
	if len(p.Startup) > 0 || p.Sessions > 0 {
		fmt.Fprintln(a.stdout)
	}
}

func tick(on bool) string {
	if on {
		return "[x]"
	}
	return "[ ]"
}
