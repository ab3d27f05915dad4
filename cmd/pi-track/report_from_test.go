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
	if want := []string{"web"}; len(f.Repo) != 3 || !slices.Equal(f.RepoNames, want) {
		t.Errorf("%q and %q, want %q", f.Repo, f.RepoNames, want)
	}
}
