//go:build linux

// Command conformance shows how far a program run through a wrapper can tell
// that it is: one named check for each property. Every check is run on
// the bare program first, which has to pass (this checks the suite), then
// through pi-track's shim and, where they are installed, through other
// wrappers for comparison.
//
// The program under test is a small static C program (directory probe): the
// Go runtime changes dispositions, limits and descriptors before main, so a Go
// probe could not tell its own changes from those of the wrapper. gcc is
// therefore needed, as are bash, vim and less; a check whose tool is missing
// fails and names it.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"pi-track/internal/testbin"
)

func main() {
	if text := os.Getenv(jobVariable); text != "" {
		os.Exit(work(text))
	}
	os.Exit(run(os.Args[1:]))
}

// A list is a flag that may be repeated.
type list []string

func (l *list) String() string     { return strings.Join(*l, " ") }
func (l *list) Set(s string) error { *l = append(*l, s); return nil }

// run is the command; it returns the exit code: 0 all well, 1 a score or a
// property is missed, 2 wrong usage.
func run(args []string) int {
	flags := flag.NewFlagSet("conformance", flag.ContinueOnError)
	var wrappers list
	asJSON := flags.Bool("json", false, "print the results as JSON")
	only := flags.String("only", "", "comma-separated checks, e.g. B3,D16")
	columns := flags.String("columns", "", "comma-separated columns besides bare (default: shim, shim-pty, portable, portable-pty and all wrappers installed; also arm64, arm64-pty)")
	minimum := flags.Int("min", 68, "lowest score of the shim that is accepted")
	verbose := flags.Bool("v", false, "print the reason of each miss")
	bare := flags.Bool("bare", true, "run the checks on the bare program, too")
	programs := flags.String("bin", "", "directory with pi-track and pi-track-shim (default: build them)")
	flags.Var(&wrappers, "wrapper", "another column: NAME=COMMAND with {} for the program")
	if err := flags.Parse(args); err != nil || flags.NArg() > 0 {
		return 2
	}
	list, err := choose(*only)
	if err != nil {
		fmt.Fprintln(os.Stderr, "conformance: error:", err)
		return 2
	}
	if strings.Contains(*columns, "arm64") {
		if done, code, err := testbin.Emulate("arm64"); err != nil {
			fmt.Fprintln(os.Stderr, "conformance: error: no arm64 programs run here:", err)
			return 2
		} else if done {
			return code
		}
	}
	suite, err := newSuite()
	if err != nil {
		fmt.Fprintln(os.Stderr, "conformance: error:", err)
		return 2
	}
	defer suite.Close()
	suite.bin = *programs
	cols, err := suite.columns(*columns, wrappers)
	if err != nil {
		fmt.Fprintln(os.Stderr, "conformance: error:", err)
		return 2
	}
	if !*bare {
		cols = cols[1:]
	}
	table := suite.run(cols, list)
	if *asJSON {
		out := json.NewEncoder(os.Stdout)
		out.SetIndent("", "  ")
		out.Encode(table.Summary(*minimum))
	} else {
		table.Print(os.Stdout, *verbose)
	}
	if problems := table.Problems(*minimum); len(problems) > 0 {
		for _, p := range problems {
			fmt.Fprintln(os.Stderr, "conformance:", p)
		}
		return 1
	}
	return 0
}

// choose returns the checks with the given names, all when there are none.
func choose(only string) ([]Check, error) {
	all := checks()
	if only == "" {
		return all, nil
	}
	var chosen []Check
	for _, name := range strings.Split(only, ",") {
		found := false
		for _, c := range all {
			if strings.EqualFold(c.ID, strings.TrimSpace(name)) {
				chosen, found = append(chosen, c), true
			}
		}
		if !found {
			return nil, fmt.Errorf("no check is called %q", name)
		}
	}
	return chosen, nil
}

// A Suite holds what all checks share.
type Suite struct {
	dir      string
	self     string
	probe    string
	bin      string        // with pi-track's programs, "": to be built
	patience time.Duration // 0: the usual
}

func newSuite() (*Suite, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "conformance-")
	if err != nil {
		return nil, err
	}
	s := &Suite{dir: dir, self: self, probe: filepath.Join(dir, "bin", "probe")}
	if err := buildProbe(s.probe); err != nil {
		s.Close()
		return nil, err
	}
	return s, nil
}

// Close removes all that the suite has made.
func (s *Suite) Close() {
	os.RemoveAll(s.dir)
	testbin.Remove()
}

// retry runs once more, alone, what a column with a list of its own has missed and
// the list does not name: its supervisor's first milliseconds are longer on a loaded
// machine, and a row counts as missed that is missed twice.
func (s *Suite) retry(col *Column, list []Check, results []Result) []Result {
	for i, r := range results {
		if col.MayMiss != nil && !r.OK && !slices.Contains(col.MayMiss, r.Check) {
			fmt.Fprintf(os.Stderr, "conformance: %s misses %s, once more: %s\n", col.Name, r.Check, r.Reason)
			results[i] = s.runOne(col, list[i])
		}
	}
	return results
}

// run runs the checks bare and through each column.
func (s *Suite) run(cols []*Column, list []Check) *Table {
	table := &Table{Checks: list}
	for _, col := range cols {
		chosen := list
		if col.PTY {
			chosen = nil
			for _, c := range list {
				if c.PTY {
					chosen = append(chosen, c)
				}
			}
		}
		table.Columns = append(table.Columns, col)
		table.Results = append(table.Results, s.retry(col, chosen, s.runAll(col, chosen)))
	}
	return table
}
