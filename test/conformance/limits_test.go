//go:build linux

package main

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// docs/supervision.md names the row that shows a limit, and has a limit for every row
// that is out of reach.
func TestTheLimitsAreNamedByTheirRows(t *testing.T) {
	doc, err := os.ReadFile("../../docs/supervision.md")
	if err != nil {
		t.Fatal(err)
	}
	_, limits, _ := strings.Cut(string(doc), "\n## What does not hold\n")
	limits, _, _ = strings.Cut(limits, "\n## ")
	var named []string
	for _, m := range regexp.MustCompile(`(?m)^- ([A-E][0-9][^:\n]*):`).FindAllStringSubmatch(limits, -1) {
		named = append(named, strings.Split(m[1], ", ")...)
	}
	var all []string
	must := map[string]bool{}
	for _, c := range checks() {
		all = append(all, c.ID)
		must[c.ID] = c.Must
	}
	for _, id := range named {
		if !slices.Contains(all, id) {
			t.Errorf("there is no row %s", id)
		}
	}
	if len(mayMiss("shim")) == 0 || len(mayMiss("shim-pty")) == 0 {
		t.Fatal("misses.txt names no row that is out of reach")
	}
	for _, id := range slices.Concat(mayMiss("shim"), mayMiss("shim-pty")) {
		if !slices.Contains(named, id) {
			t.Errorf("no limit is named %s", id)
		}
		if must[id] {
			t.Errorf("%s is one that the shim may not miss", id)
		}
	}
}
