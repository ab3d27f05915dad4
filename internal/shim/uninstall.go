package shim

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"sort"

	"pi-track/internal/log"
)

// Removal is what uninstall did.
type Removal struct {
	Removed []string // paths, in the order in which they went
	Foreign []string // files where ours should be, or changed since: kept
	Kept    []string // the log and the configuration
}

// Uninstall removes what install made and recorded, the links first, so that
// at every moment the helpers are found. The log and the configuration stay
// unless purge is set.
func Uninstall(l Layout, purge bool) (*Removal, error) {
	r := &Removal{}
	if _, err := os.Stat(l.Home); errors.Is(err, fs.ErrNotExist) {
		return r, nil
	}
	unlock, err := Lock(l)
	if err != nil {
		return nil, err
	}
	defer unlock()
	rec, err := ReadRecord(l)
	if err != nil {
		return nil, err
	}
	logPath := ""
	if m, err := ReadManifest(l); err == nil {
		logPath = m.Log
	}
	removeTemporary(l)
	if err := r.links(l, rec); err != nil {
		return r, err
	}
	for _, f := range rec.RC {
		if changed, err := removeBlock(f); err != nil {
			return r, err
		} else if changed {
			r.Removed = append(r.Removed, f.Path+" (our block)")
		}
	}
	if err := r.files(rec); err != nil {
		return r, err
	}
	r.rest(l, rec, logPath, purge)
	return r, nil
}

// links removes the links that have our text, recorded or not.
func (r *Removal) links(l Layout, rec *Record) error {
	links := append([]Link{}, rec.Links...)
	for _, name := range installedNames(l) {
		links = append(links, Link{l.shimLink(name), linkText(name)})
	}
	// The shims before the programs they lead to.
	sort.SliceStable(links, func(i, j int) bool {
		return filepath.Dir(links[i].Path) == l.ShimDir() && filepath.Dir(links[j].Path) != l.ShimDir()
	})
	for _, link := range links {
		text, err := os.Readlink(link.Path)
		switch {
		case errors.Is(err, fs.ErrNotExist):
		case err != nil || text != link.Text:
			r.Foreign = append(r.Foreign, link.Path)
		default:
			if err := os.Remove(link.Path); err != nil {
				return err
			}
			r.Removed = append(r.Removed, link.Path)
		}
	}
	return nil
}

// files removes the recorded files whose content is still ours.
func (r *Removal) files(rec *Record) error {
	for _, f := range rec.Files {
		st, err := os.Lstat(f.Path)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil || !st.Mode().IsRegular() || Sum(f.Path) != f.SHA256 {
			r.Foreign = append(r.Foreign, f.Path)
			continue
		}
		if err := os.Remove(f.Path); err != nil {
			return err
		}
		r.Removed = append(r.Removed, f.Path)
	}
	return nil
}

// rest removes our own bookkeeping, with purge also log and configuration, and
// the directories that are empty now.
func (r *Removal) rest(l Layout, rec *Record, logPath string, purge bool) {
	if logPath == "" {
		logPath = filepath.Join(l.Home, "events.jsonl")
	}
	os.RemoveAll(log.IndexDir(logPath)) // it can be made again
	boxes := filepath.Join(l.Home, "open")
	log.RemoveSpares(l.Home) // and boxes, if it is empty
	data, _ := log.Segments(logPath)
	for _, path := range append(data, rec.Config, filepath.Join(l.Home, "notes"), boxes) {
		if _, err := os.Lstat(path); err != nil {
			continue
		}
		if !purge {
			r.Kept = append(r.Kept, path)
		} else if path == boxes && os.RemoveAll(path) == nil || os.Remove(path) == nil {
			r.Removed = append(r.Removed, path)
		}
	}
	for _, path := range []string{l.Record(), l.lockFile()} {
		os.Remove(path)
	}
	dirs := append([]string{l.ShimDir(), l.BinDir()}, rec.Dirs...)
	sort.Slice(dirs, func(i, j int) bool { return len(dirs[i]) > len(dirs[j]) })
	for _, d := range dirs {
		os.Remove(d) // only if empty
	}
}
