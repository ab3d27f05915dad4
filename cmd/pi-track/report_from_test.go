package main

import (
	"slices"
	"testing"

	"pi-track/internal/fleet"
	"pi-track/internal/report/query"
)

// A repo that was sent by its name is found by its path; a pattern of paths does not become one of all names.
func TestReposAreAskedForByName(t *testing.T) {
	f := query.Filter{Repo: []string{"/home/me/web", "/srv/*", "api"}}
	if err := pseudonyms(&f, &fleet.Source{}); err != nil {
		t.Fatal(err)
	}
	if want := []string{"/home/me/web", "/srv/*", "api", "web"}; !slices.Equal(f.Repo, want) {
		t.Errorf("%q, want %q", f.Repo, want)
	}
}
