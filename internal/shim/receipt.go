package shim

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strings"

	"github.com/google/renameio/v2"

	"pi-track/internal/log/sys"
	"pi-track/internal/lookup"
	"pi-track/internal/safefile"
)

// Receipt is install.json: everything that install made, so that uninstall
// removes exactly that. It is written before the first file is made.
type Receipt struct {
	Version int      `json:"version"`
	Files   []File   `json:"files"` // programs, manifest, host id
	Links   []Link   `json:"links"`
	Dirs    []string `json:"dirs"` // directories that did not exist before, outermost first
	Config  string   `json:"config"`

	// ProgramVersion is the version of the programs, Origin the path of the
	// pi-track that installed them.
	ProgramVersion string `json:"program_version,omitempty"`
	Origin         string `json:"source,omitempty"`

	// NoRefresh keeps verbs and Pi's extension from bringing the programs up to
	// date: the configuration says refresh = false.
	NoRefresh bool `json:"no_refresh,omitempty"`

	// AgentDir is the agent directory that Pi's extension was put into.
	AgentDir string `json:"agent_dir,omitempty"`

	RC []RCBlock `json:"rc"` // shell startup files with our block

	was string // where the directory was, if it was moved or copied
}

// RCBlock is a shell startup file that got our block.
type RCBlock struct {
	Path       string `json:"path"`
	Created    bool   `json:"created"`     // it did not exist before
	JoinedLine bool   `json:"joined_line"` // its last line had no newline
}

// File is a regular file with the content that install gives it.
type File struct {
	Path   string `json:"path"`
	SHA256 string `json:"sha256"`

	// Before is the sum of what install is about to replace, or has replaced:
	// what the file still holds when install was killed before that.
	Before string `json:"before,omitempty"`
}

// holds tells whether a file with this sum is as install made it.
func (f File) holds(sum string) bool { return sum != "" && (sum == f.SHA256 || sum == f.Before) }

// Link is a symlink with its text.
type Link struct {
	Path string `json:"path"`
	Text string `json:"text"`
}

// ErrReceipt says that install.json is damaged.
var ErrReceipt = errors.New("not a receipt of an installation")

// ReadReceipt reads the receipt of an installation; none is an empty receipt, one
// that cannot be understood an ErrReceipt.
func ReadReceipt(l Layout) (*Receipt, error) {
	data, err := safefile.Read(l.Receipt(), safefile.Limit)
	if errors.Is(err, fs.ErrNotExist) {
		return &Receipt{Version: 1}, nil
	}
	if err != nil {
		return nil, err
	}
	var r Receipt
	if err := json.Unmarshal(data, &r); err != nil {
		return nil, fmt.Errorf("%s: %w: %w", l.Receipt(), ErrReceipt, err)
	}
	r.follow(l)
	return &r, nil
}

// follow makes the receipt of a directory that was moved or copied speak of the
// files in l, and not of those of the original, which may still be in use: then
// the startup files and Pi's extension are the original's too.
func (r *Receipt) follow(l Layout) {
	i := slices.IndexFunc(r.Files, func(f File) bool { return filepath.Base(f.Path) == lookup.MainProgram })
	if i < 0 {
		return
	}
	old := Layout{Home: filepath.Dir(filepath.Dir(r.Files[i].Path))}
	if old == l {
		return
	}
	r.was = old.Home
	move := func(path *string) {
		if rest, ok := strings.CutPrefix(*path+"/", old.Home+"/"); ok {
			*path = filepath.Join(l.Home, rest)
		}
	}
	for i := range r.Files {
		move(&r.Files[i].Path)
	}
	for i := range r.Links {
		move(&r.Links[i].Path)
	}
	for i := range r.Dirs {
		move(&r.Dirs[i])
	}
	was, err1 := os.Stat(old.Receipt())
	is, err2 := os.Stat(l.Receipt())
	if err1 == nil && err2 == nil && !os.SameFile(was, is) {
		r.RC, r.AgentDir = nil, ""
	}
}

func (r *Receipt) write(l Layout) error {
	sort.Slice(r.Files, func(i, j int) bool { return r.Files[i].Path < r.Files[j].Path })
	sort.Slice(r.Links, func(i, j int) bool { return r.Links[i].Path < r.Links[j].Path })
	data, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return err
	}
	return writeIfChanged(l.Receipt(), append(data, '\n'), 0o600)
}

// setFile notes a file that is about to be made, replacing what was noted
// for its path.
func (r *Receipt) setFile(path, sum string) {
	next := File{Path: path, SHA256: sum}
	for i, f := range r.Files {
		if f.Path == path {
			if is := Sum(path); is != sum && f.holds(is) {
				next.Before = is
			}
			r.Files[i] = next
			return
		}
	}
	r.Files = append(r.Files, next)
}

// settle forgets what has been replaced.
func (r *Receipt) settle() {
	for i := range r.Files {
		r.Files[i].Before = ""
	}
}

// hasFile tells whether a file is on the receipt.
func (r *Receipt) hasFile(path string) bool {
	return slices.ContainsFunc(r.Files, func(f File) bool { return f.Path == path })
}

func (r *Receipt) setLink(path, text string) {
	r.dropLink(path)
	r.Links = append(r.Links, Link{path, text})
}

func (r *Receipt) dropLink(path string) {
	kept := r.Links[:0]
	for _, l := range r.Links {
		if l.Path != path {
			kept = append(kept, l)
		}
	}
	r.Links = kept
}

// rcBlock returns what the receipt says of a startup file.
func (r *Receipt) rcBlock(path string) RCBlock {
	for _, f := range r.RC {
		if f.Path == path {
			return f
		}
	}
	return RCBlock{}
}

func (r *Receipt) setRCBlock(entry RCBlock) {
	for i := range r.RC {
		if r.RC[i].Path == entry.Path {
			r.RC[i] = entry
			return
		}
	}
	r.RC = append(r.RC, entry)
}

// makeDir makes a directory and its parents, after it has put those that it
// makes on the receipt.
func (r *Receipt) makeDir(l Layout, dir string, mode fs.FileMode) error {
	missing, err := missingDirs(dir)
	if err != nil {
		return err
	}
	r.Dirs = append(r.Dirs, missing...)
	if err := r.write(l); err != nil {
		return err
	}
	_, err = makeDirs(dir, mode)
	return err
}

// programLimit is more than any of our programs has, in bytes.
const programLimit = 256 << 20

// Sum is the SHA-256 of a file in hex, "" if it cannot be read or is too large
// to be one of ours.
func Sum(path string) string {
	data, err := safefile.Read(path, programLimit)
	if err != nil {
		return ""
	}
	return sumOf(data)
}

func sumOf(data []byte) string {
	h := sha256.Sum256(data)
	return hex.EncodeToString(h[:])
}

// writeIfChanged puts data at path by temporary file and rename, unless it is
// there already with that mode. The temporary file is beside it, where
// removeTemporary finds it.
func writeIfChanged(path string, data []byte, mode fs.FileMode) error {
	if st, err := os.Lstat(path); err == nil && st.Mode() == mode {
		if old, err := safefile.Read(path, safefile.Limit); err == nil && string(old) == string(data) {
			return nil
		}
	}
	return replaceFile(path, data, mode, renameio.IgnoreUmask())
}

// replaceFile puts data at path by temporary file and rename. Like everything
// else that install makes, it belongs to the owner of its directory. Its errors name
// path, not the temporary file.
func replaceFile(path string, data []byte, mode fs.FileMode, opts ...renameio.Option) error {
	err := renameio.WriteFile(path, data, mode, append(opts, renameio.WithTempDir(filepath.Dir(path)))...)
	if at := new(fs.PathError); errors.As(err, &at) {
		return &fs.PathError{Op: "write", Path: path, Err: at.Err}
	}
	if err == nil {
		sys.Adopt(path)
	}
	return err
}
