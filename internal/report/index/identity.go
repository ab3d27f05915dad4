package index

import (
	"crypto/sha256"
	"debug/elf"
	"fmt"
	"io"
	"os"
	"sync"
)

// identity is the program's own: the same for two copies of one build, another
// for every other build. What an index holds depends on the program that
// computed it, in ways that no version number keeps up with.
var identity = sync.OnceValue(func() string {
	exe, err := os.Executable()
	if err != nil {
		return ""
	}
	f, err := os.Open(exe)
	if err != nil {
		return ""
	}
	defer f.Close()
	if id := buildID(f); id != "" {
		return id
	}
	sum := sha256.New()
	if _, err := io.Copy(sum, f); err != nil {
		return ""
	}
	return fmt.Sprintf("%x", sum.Sum(nil))
})

// buildID is what the Go tool chain noted in the program about its content; ""
// where it noted none or the file is no ELF file.
func buildID(f io.ReaderAt) string {
	file, err := elf.NewFile(f)
	if err != nil {
		return ""
	}
	note := file.Section(".note.go.buildid")
	if note == nil {
		return ""
	}
	data, err := note.Data()
	if err != nil {
		return ""
	}
	return string(data)
}
