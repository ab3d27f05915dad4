package piext

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"sort"

	"pi-track/internal/safefile"
)

// receiptName is the file in the extension's directory that says what Install
// wrote. The extension reads the first three members too.
const receiptName = "installed.json"

// receipt is the content of receiptName.
type receipt struct {
	Home  string            `json:"home"`
	Log   string            `json:"log"`
	Bin   string            `json:"bin"`
	Files map[string]string `json:"files"`          // name → sha256 in hex
	Made  []string          `json:"made,omitempty"` // directories that Install made, outermost first
}

// found is what lies in the extension's directory.
type found struct {
	dir     string
	exists  bool
	sums    map[string]string // name → sha256 of every file but the receipt
	receipt *receipt          // nil when it is missing or damaged
}

// look reads the extension's directory. A missing one is no error.
func look(dir string) (*found, error) {
	f := &found{dir: dir, sums: make(map[string]string)}
	st, err := os.Lstat(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return f, nil
	}
	if err != nil {
		return nil, err
	}
	f.exists = true
	if st.Mode()&fs.ModeSymlink != 0 {
		// Somebody's own arrangement, such as a link to a checkout.
		if _, err := os.Stat(filepath.Join(dir, "index.ts")); err == nil {
			f.sums["index.ts"] = "a link"
		}
		return f, nil
	}
	err = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		name, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		return f.add(filepath.ToSlash(name), path)
	})
	return f, err
}

func (f *found) add(name, path string) error {
	data, err := safefile.Read(path, safefile.Limit)
	if err != nil {
		return err
	}
	if name != receiptName {
		f.sums[name] = sum(data)
		return nil
	}
	var r receipt
	if json.Unmarshal(data, &r) == nil && r.Files != nil {
		f.receipt = &r
	}
	return nil
}

// changed lists the files that differ from what Install wrote, or that it
// never wrote, as absolute paths in order.
func (f *found) changed() []string {
	var names []string
	for name, s := range f.sums {
		if f.receipt == nil || f.receipt.Files[name] != s {
			names = append(names, filepath.Join(f.dir, filepath.FromSlash(name)))
		}
	}
	sort.Strings(names)
	return names
}

func sum(data []byte) string {
	s := sha256.Sum256(data)
	return hex.EncodeToString(s[:])
}

// encode returns the receipt as the file's content.
func (r *receipt) encode() []byte {
	data, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		panic(err) // strings and maps of strings can always be encoded
	}
	return append(data, '\n')
}
