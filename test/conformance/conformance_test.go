//go:build linux

package main

import (
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// TestMain lets the test binary be the worker of the checks it starts.
func TestMain(m *testing.M) {
	if text := os.Getenv(jobVariable); text != "" {
		os.Exit(work(text))
	}
	os.Exit(m.Run())
}

func TestThereAre74ChecksWithNamesOfTheirOwn(t *testing.T) {
	all := checks()
	if len(all) != 74 {
		t.Errorf("%d checks, not 74", len(all))
	}
	seen, groups := map[string]bool{}, map[byte]int{}
	for _, c := range all {
		if !regexp.MustCompile(`^[A-E][1-9][0-9]?[b-f]?$`).MatchString(c.ID) || seen[c.ID] {
			t.Errorf("name %q is malformed or used twice", c.ID)
		}
		seen[c.ID] = true
		groups[c.ID[0]]++
		if c.Title == "" || c.Run == nil {
			t.Errorf("%s is not complete", c.ID)
		}
	}
	want := map[byte]int{'A': 5, 'B': 23, 'C': 12, 'D': 24, 'E': 10}
	for group, n := range want {
		if groups[group] != n {
			t.Errorf("%d checks in group %c, not %d", groups[group], group, n)
		}
	}
}

func TestTheMustHavesAreThoseThatTheShimMayNotMiss(t *testing.T) {
	may := strings.Fields("A3 A5 B2 B3 B4 B6b B9 B17 C1 C2 C3 C4 C5 C6 C7 C8 C9 C10 C11 C12 D2b D8 D15b E1b E1c E2 E4 E5")
	for _, c := range checks() {
		if c.Must == slices.Contains(may, c.ID) {
			t.Errorf("%s: must = %v", c.ID, c.Must)
		}
	}
}

// suite returns a suite with the given wrappers as columns.
func suite(t *testing.T, wrappers ...string) (*Suite, []*Column) {
	t.Helper()
	s, err := newSuite()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	cols, err := s.columns("bare", wrappers)
	if err != nil {
		t.Fatal(err)
	}
	return s, cols
}

// script writes a wrapper that is a shell script.
func script(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "wrapper")
	if err := os.WriteFile(path, []byte("#!/bin/sh\n"+text+"\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestBadWrappersMissWhatTheySpoil runs wrappers that each spoil something:
// the checks for it have to miss, and bare has to pass them all.
func TestBadWrappersMissWhatTheySpoil(t *testing.T) {
	cases := []struct{ name, text, misses, holds string }{
		{"a parent that does nothing", `"$@"; exit $?`, "A2 B10 E2 E4", "A1 D10 E1f"},
		{"joined streams", `exec "$@" 2>&1`, "D2b D15", "A2 B1 E2 E3"},
		{"a pipe on stderr", `exec 3>&1; "$@" 2>&1 >&3 3>&- | cat >&2 3>&-`, "A1 D14 D16", "D2b"},
		{"another environment", `ADDED=1 exec "$@"`, "E1e", "E1f"},
		{"ignored signals", `trap '' PIPE INT; exec "$@"`, "E1 D17", "D17b"},
		{"limits and umask", `umask 0; exec "$@"`, "E1d", "E1"},
		{"swallowed output", `exec "$@" >/dev/null`, "D3 D7 E1e C2", "D9"},
		{"lost status", `"$@"; exit 0`, "A1 A2", "D10"},
		{"another program name", `exec /proc/self/exe -c 'exec "$0" "$@"' "$@" extra`, "E1f", "D10"},
	}
	var wrappers []string
	for _, c := range cases {
		wrappers = append(wrappers, strings.ReplaceAll(c.name, " ", "-")+"="+script(t, c.text)+" {}")
	}
	s, cols := suite(t, wrappers...)
	quick := *s
	quick.patience = 4 * time.Second // most misses are seen by waiting in vain; what holds may take its time
	for i, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			misses, err1 := choose(strings.ReplaceAll(c.misses, " ", ","))
			holds, err2 := choose(strings.ReplaceAll(c.holds, " ", ","))
			if err := errors.Join(err1, err2); err != nil {
				t.Fatal(err)
			}
			for _, bare := range s.runAll(cols[0], append(slices.Clone(misses), holds...)) {
				if !bare.OK {
					t.Errorf("bare misses %s: %s", bare.Check, bare.Reason)
				}
			}
			for _, got := range quick.runAll(cols[i+1], misses) {
				if got.OK {
					t.Errorf("%s holds", got.Check)
				}
			}
			for _, got := range s.runAll(cols[i+1], holds) {
				if !got.OK {
					t.Errorf("misses %s: %s", got.Check, got.Reason)
				}
			}
		})
	}
}
