//go:build linux

package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
)

// A Table holds the results: one slice per column, in the order of its checks.
type Table struct {
	Checks  []Check
	Columns []*Column
	Results [][]Result
}

// result returns the result of a check in a column, nil when it was not run.
func (t *Table) result(column int, id string) *Result {
	for i := range t.Results[column] {
		if t.Results[column][i].Check == id {
			return &t.Results[column][i]
		}
	}
	return nil
}

// score counts the properties that hold in a column, and those checked.
func (t *Table) score(column int) (held, of int) {
	for _, r := range t.Results[column] {
		if r.OK {
			held++
		}
	}
	return held, len(t.Results[column])
}

// Print writes the table, with the reasons of the misses when verbose.
func (t *Table) Print(w io.Writer, verbose bool) {
	fmt.Fprintf(w, "%-5s", "")
	for _, col := range t.Columns {
		fmt.Fprintf(w, " %9s", col.Name)
	}
	fmt.Fprintln(w)
	for _, check := range t.Checks {
		fmt.Fprintf(w, "%-5s", check.ID)
		for i := range t.Columns {
			mark := ""
			if r := t.result(i, check.ID); r != nil {
				mark = map[bool]string{true: "yes", false: "NO"}[r.OK]
			}
			fmt.Fprintf(w, " %9s", mark)
		}
		fmt.Fprintf(w, "  %s\n", check.Title)
	}
	fmt.Fprintf(w, "%-5s", "score")
	for i := range t.Columns {
		held, of := t.score(i)
		fmt.Fprintf(w, " %9s", fmt.Sprintf("%d/%d", held, of))
	}
	fmt.Fprintln(w)
	if !verbose {
		return
	}
	for i, col := range t.Columns {
		for _, r := range t.Results[i] {
			if !r.OK {
				fmt.Fprintf(w, "%s %s (%.1f s): %s\n", col.Name, r.Check, r.Secs, strings.TrimSpace(r.Reason))
			}
		}
	}
}

// A Score is how a column did.
type Score struct {
	Column string   `json:"column"`
	Held   int      `json:"held"`
	Of     int      `json:"of"`
	Missed []string `json:"missed"`
}

// A Summary is the table for machines.
type Summary struct {
	Scores   []Score  `json:"scores"`
	Problems []string `json:"problems"`
	Results  []Result `json:"results"`
}

// Summary returns scores and results of all columns.
func (t *Table) Summary(minimum int) Summary {
	sum := Summary{Problems: t.Problems(minimum)}
	for i, col := range t.Columns {
		held, of := t.score(i)
		score := Score{Column: col.Name, Held: held, Of: of, Missed: []string{}}
		for _, r := range t.Results[i] {
			if !r.OK {
				score.Missed = append(score.Missed, r.Check)
			}
		}
		sum.Scores = append(sum.Scores, score)
		sum.Results = append(sum.Results, t.Results[i]...)
	}
	return sum
}

// ptyMinimum is how many of the terminal rows have to hold on a pty.
const ptyMinimum = 9

// Problems names what makes the run a failure: a bare miss, a must-have
// property or too low a score of the shim, too few terminal rows on its pty.
func (t *Table) Problems(minimum int) []string {
	problems := []string{}
	must := map[string]bool{}
	for _, c := range t.Checks {
		must[c.ID] = c.Must
	}
	complete := len(t.Checks) == len(checks())
	for i, col := range t.Columns {
		held, of := t.score(i)
		terminal := 0
		for _, r := range t.Results[i] {
			switch {
			case col.MayMiss != nil:
				if !r.OK && !slices.Contains(col.MayMiss, r.Check) {
					problems = append(problems, fmt.Sprintf("%s misses %s: %s", col.Name, r.Check, r.Reason))
				}
			case r.OK && strings.HasPrefix(r.Check, "C"):
				terminal++
			case r.OK:
			case col.Name == "bare":
				problems = append(problems, fmt.Sprintf("bare misses %s: %s", r.Check, r.Reason))
			case col.Shim && must[r.Check], col.PTY && strings.HasPrefix(r.Check, "B"):
				problems = append(problems, fmt.Sprintf("%s misses %s: %s", col.Name, r.Check, r.Reason))
			}
		}
		if col.Shim && complete && held < minimum {
			problems = append(problems, fmt.Sprintf("%s holds %d of %d properties, not %d", col.Name, held, of, minimum))
		}
		if col.PTY && col.MayMiss == nil && complete && terminal < ptyMinimum {
			problems = append(problems, fmt.Sprintf("%s holds %d terminal properties, not %d", col.Name, terminal, ptyMinimum))
		}
	}
	return problems
}
