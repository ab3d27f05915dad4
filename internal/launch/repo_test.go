package launch

import (
	"os"
	"path/filepath"
	"testing"
)

func TestRepoOf(t *testing.T) {
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range []string{"tree/.git", "tree/a/b", "linked/a", "plain"} {
		if err := os.MkdirAll(filepath.Join(dir, d), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "linked/.git"), []byte("gitdir: elsewhere\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("tree/.git", filepath.Join(dir, "plain/.git")); err != nil {
		t.Fatal(err)
	}
	for from, want := range map[string]string{
		"tree": "tree", "tree/a/b": "tree", "tree/gone/away": "tree", "linked/a": "linked", "plain": "",
	} {
		if want != "" {
			want = filepath.Join(dir, want)
		}
		if got := RepoOf(filepath.Join(dir, from)); got != want {
			t.Errorf("%s: %q, want %q", from, got, want)
		}
	}
	// What is no absolute path, as an imported log may hold, is outside.
	for _, from := range []string{"", "relative", "relative/dir", "."} {
		if got := RepoOf(from); got != "" {
			t.Errorf("%q: %q", from, got)
		}
	}
}
