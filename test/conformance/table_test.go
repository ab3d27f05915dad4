//go:build linux

package main

import (
	"bytes"
	"slices"
	"strings"
	"testing"
)

// held makes the results of a column in which only the named checks miss.
func held(col string, missed ...string) []Result {
	var list []Result
	for _, c := range checks() {
		list = append(list, Result{Check: c.ID, Column: col, OK: !slices.Contains(missed, c.ID), Reason: "why"})
	}
	return list
}

func TestWhatMakesARunAFailure(t *testing.T) {
	bare, shim, pty, other := &Column{Name: "bare"}, &Column{Name: "shim", Shim: true}, &Column{Name: "shim-pty", PTY: true}, &Column{Name: "tini"}
	for _, c := range []struct {
		name    string
		col     *Column
		missed  []string
		problem string // "" for none
	}{
		{"all held", shim, nil, ""},
		{"out of reach", shim, []string{"A3", "B9", "E2", "E4", "E5", "B2"}, ""},
		{"one too many", shim, []string{"A3", "B9", "E2", "E4", "E5", "B2", "C6"}, "shim holds 67 of 74"},
		{"a must-have", shim, []string{"D12"}, "shim misses D12: why"},
		{"bare", bare, []string{"E5"}, "bare misses E5: why"},
		{"another wrapper", other, []string{"A1", "D1"}, ""},
		{"three terminal rows", pty, []string{"C1", "C6", "C7"}, ""},
		{"four terminal rows", pty, []string{"C1", "C6", "C7", "C11"}, "shim-pty holds 8 terminal properties"},
		{"job control on the pty", pty, []string{"B11"}, "shim-pty misses B11"},
	} {
		table := &Table{Checks: checks(), Columns: []*Column{c.col}, Results: [][]Result{held(c.col.Name, c.missed...)}}
		got := table.Problems(68)
		if c.problem == "" && len(got) > 0 || c.problem != "" && !strings.Contains(strings.Join(got, "\n"), c.problem) {
			t.Errorf("%s: problems %q, want %q", c.name, got, c.problem)
		}
		sum := table.Summary(68)
		if n := len(checks()) - len(c.missed); sum.Scores[0].Held != n || len(sum.Scores[0].Missed) != len(c.missed) {
			t.Errorf("%s: score %+v, want %d held", c.name, sum.Scores[0], n)
		}
		var out bytes.Buffer
		table.Print(&out, true)
		if n := strings.Count(out.String(), " NO "); n != len(c.missed) {
			t.Errorf("%s: the table shows %d misses, not %d", c.name, n, len(c.missed))
		}
	}
}

func TestWrapperTemplates(t *testing.T) {
	col, err := parseWrapper("w=/bin/sh -c 'exec \"$0\"' {} last")
	if err != nil {
		t.Fatal(err)
	}
	if got, want := col.Wrap("/p", "a", "b c"), []string{"/bin/sh", "-c", `exec "$0"`, "/p", "a", "b c", "last"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if col, err = parseWrapper("w=/bin/env"); err != nil || !slices.Equal(col.Wrap("/p"), []string{"/bin/env", "/p"}) {
		t.Errorf("without {}: %v, %v", col, err)
	}
	for _, bad := range []string{"", "noequals", "=x", "w=", "w='open", "w=no-such-command-anywhere {}"} {
		if _, err := parseWrapper(bad); err == nil {
			t.Errorf("%q was accepted", bad)
		}
	}
}

// TestTheListOfThePortableColumn: a row that the list does not name is a problem, one
// that it names is none.
func TestTheListOfThePortableColumn(t *testing.T) {
	for _, name := range []string{"portable", "portable-pty"} {
		if len(mayMiss(name)) < 4 {
			t.Fatalf("%s: the list has %q", name, mayMiss(name))
		}
		for _, row := range mayMiss(name) {
			if _, err := choose(row); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
		col := &Column{Name: name, PTY: name == "portable-pty", MayMiss: mayMiss(name)}
		table := &Table{Columns: []*Column{col}, Results: [][]Result{{{Check: "B20"}, {Check: "C2", OK: true}}}}
		if got := table.Problems(68); len(got) != 0 {
			t.Errorf("%s: %q", name, got)
		}
		table.Results[0][1].OK = false
		if got := table.Problems(68); len(got) != 1 {
			t.Errorf("%s misses a row that is not on the list: %q", name, got)
		}
	}
}
