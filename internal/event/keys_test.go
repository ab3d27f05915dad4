package event

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// Encoder, fast decoder, TypeScript writer, schema and documentation are what
// the generator makes of keys.json now.
func TestGeneratedIsFresh(t *testing.T) {
	dir := t.TempDir()
	if out, err := exec.Command("go", "run", "generate.go", "generate_go.go", dir).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	for _, file := range []string{"internal/event/keys_table.go", "internal/event/decode/keys_table.go", "extensions/_shared/event.ts", "docs/events.md", "docs/event.schema.json"} {
		want, err := os.ReadFile(filepath.Join(dir, file))
		if err != nil {
			t.Fatal(err)
		}
		got, err := os.ReadFile(filepath.Join("..", "..", file))
		if err != nil {
			t.Fatal(err)
		}
		if string(got) != string(want) {
			t.Errorf("%s is not what go generate makes of keys.json", file)
		}
	}
}
