package log

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
)

func TestRemoveIndexes(t *testing.T) {
	path := filepath.Join(t.TempDir(), "events.jsonl")
	dir := IndexDir(path)
	os.Mkdir(dir, 0o700)
	const index = IndexMagic + "5\nand more"
	for name, text := range map[string]string{
		"0123456789abcdef": index, "0123456789abcde0.123": "", "0123456789abcde1": index, // ours
		"0123456789abcde2": "my notes", "0123": index, "notes.md": "my notes", "0123456789abcde3.md": index, "0123456789abcdeG": index,
	} {
		os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600)
	}
	os.Symlink("notes.md", filepath.Join(dir, "0123456789abcde4"))
	os.Mkdir(filepath.Join(dir, "0123456789abcde5"), 0o700)
	kept := RemoveIndexes(path, func(name string) bool { return name != "0123456789abcde1" })
	for i := range kept {
		kept[i] = filepath.Base(kept[i])
	}
	want := []string{"0123", "0123456789abcde2", "0123456789abcde3.md", "0123456789abcde4", "0123456789abcde5", "0123456789abcdeG", "notes.md"}
	if !slices.Equal(kept, want) {
		t.Errorf("kept %q", kept)
	}
	left, _ := os.ReadDir(dir)
	if len(left) != len(want)+1 {
		t.Errorf("left: %v", left)
	}
	// Through a link, nothing is ours.
	other := filepath.Join(t.TempDir(), "x.jsonl")
	os.Symlink(dir, IndexDir(other))
	RemoveIndexes(other, func(string) bool { return true })
	if after, _ := os.ReadDir(dir); len(after) != len(left) {
		t.Errorf("through a link: %v", after)
	}
	if kept := RemoveIndexes(filepath.Join(t.TempDir(), "none.jsonl"), nil); kept != nil {
		t.Errorf("%q", kept)
	}
}
