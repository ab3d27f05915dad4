package shim

import (
	"cmp"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"syscall"

	"pi-track/internal/log"
)

// Removal is what uninstall did.
type Removal struct {
	Removed []string // paths, in the order in which they went
	Foreign []string // files where ours should be, or changed since: kept
	Kept    []string // the log and the configuration
}

// Uninstall removes what install made and recorded, the links first, so that
// at every moment the helpers are found. The log and config, the user's
// shims.toml ("" for none), stay unless purge is set; a configuration that lies
// anywhere else was only named to install and always stays. The caller holds
// the lock.
func Uninstall(l Layout, config string, purge bool) (*Removal, error) {
	r := &Removal{}
	rec, err := ReadRecord(l)
	if err != nil {
		return nil, err
	}
	logPath := configuredLog(l, config)
	removeTemporary(l, rec.Config, config)
	if err := r.links(l, rec); err != nil {
		return r, err
	}
	if err := r.blocks(rec); err != nil {
		return r, err
	}
	if err := r.files(rec); err != nil {
		return r, err
	}
	r.unrecorded(l)
	r.data(l, logPath, purge)
	r.config(rec.Config, config, purge)
	r.rest(l, rec, purge)
	return r, nil
}

// PurgeKept removes what an uninstall kept where nothing is installed any more:
// the log that config names and config itself.
func PurgeKept(l Layout, config string) *Removal {
	r := &Removal{}
	r.data(l, configuredLog(l, config), true)
	r.config("", config, true)
	return r
}

// configuredLog is the log that the installation writes, or, after it has been
// taken away, the one that the user's configuration names.
func configuredLog(l Layout, config string) string {
	path := filepath.Join(l.Home, "events.jsonl")
	if m, err := ReadManifest(l); err == nil {
		return cmp.Or(m.Log, path)
	}
	home, _ := os.UserHomeDir()
	if data, err := os.ReadFile(config); err == nil {
		if cfg, err := ParseConfig(config, data, home); err == nil {
			return cmp.Or(cfg.Log, path)
		}
	}
	return path
}

// blocks takes our block out of the startup files.
func (r *Removal) blocks(rec *Record) error {
	for _, f := range rec.RC {
		changed, left, err := removeBlock(f)
		if err != nil {
			return err
		}
		if changed {
			r.Removed = append(r.Removed, f.Path+" (our block)")
		}
		if left {
			r.Foreign = append(r.Foreign, f.Path)
		}
	}
	return nil
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
		if err != nil || !st.Mode().IsRegular() || !f.holds(Sum(f.Path)) {
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

// unrecorded names the files of an installation that are there without being
// on record, because the record was lost or the directory was moved.
func (r *Removal) unrecorded(l Layout) {
	for _, path := range []string{l.ReportLink(), l.MainProgram(), l.ShimProgram(), l.HostFile(), l.Manifest()} {
		if _, err := os.Lstat(path); err == nil && !slices.Contains(r.Foreign, path) {
			r.Foreign = append(r.Foreign, path)
		}
	}
}

// data removes the log and what belongs to it with purge, else only what can be
// made again.
func (r *Removal) data(l Layout, logPath string, purge bool) {
	os.RemoveAll(log.IndexDir(logPath))
	boxes := filepath.Join(l.Home, "open")
	log.RemoveSpares(l.Home) // and boxes, if it is empty
	segments, _ := log.Segments(logPath)
	for _, path := range append(segments, filepath.Join(l.Home, "notes")) {
		r.keepOr(purge, path, os.Remove)
	}
	r.keepOr(purge, boxes, os.RemoveAll)
}

// config removes the user's configuration with purge. used is the one that was
// installed, own the one in the user's place.
func (r *Removal) config(used, own string, purge bool) {
	if st, err := os.Stat(used); purge && used != own && err == nil && st.Mode().IsRegular() {
		r.Kept = append(r.Kept, used)
	}
	if purge || used == own {
		r.keepOr(purge, own, func(path string) error {
			defer syscall.Rmdir(filepath.Dir(path)) // if it is empty now
			return os.Remove(path)
		})
	}
}

func (r *Removal) keepOr(purge bool, path string, remove func(string) error) {
	if _, err := os.Lstat(path); err != nil {
		return
	}
	if !purge {
		r.Kept = append(r.Kept, path)
	} else if remove(path) == nil {
		r.Removed = append(r.Removed, path)
	}
}

// rest removes the directories that are empty now, and the record once it
// stands in the way. A link to a directory is the user's and stays.
func (r *Removal) rest(l Layout, rec *Record, purge bool) {
	dirs := append([]string{l.ShimDir(), l.BinDir()}, rec.Dirs...)
	if purge {
		dirs = append(dirs, l.Home)
	}
	sort.Slice(dirs, func(i, j int) bool { return len(dirs[i]) > len(dirs[j]) })
	removeEmpty := func() {
		for _, d := range dirs {
			syscall.Rmdir(d)
		}
	}
	removeEmpty()
	os.Remove(l.Record())
	os.Remove(l.lockFile())
	removeEmpty()
}
