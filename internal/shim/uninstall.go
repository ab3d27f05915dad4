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
	"pi-track/internal/safefile"
)

// Removal is what uninstall did.
type Removal struct {
	Removed []string // paths, in the order in which they went
	Foreign []string // files where ours should be, or changed since: kept
	Kept    []string // the log and the configuration
}

// Uninstall removes what install made and noted, the links first, so that
// at every moment the helpers are found. The log and config, the user's
// shims.toml ("" for none), stay unless purge is set; a configuration that lies
// anywhere else was only named to install and always stays. Only what is
// provably ours is removed, whatever the receipt says. The caller holds the lock.
func Uninstall(l Layout, config string, purge bool) (*Removal, error) {
	r := &Removal{}
	rec, err := ReadReceipt(l)
	if err != nil {
		return nil, err
	}
	logPath := configuredLog(l, config)
	removeTemporary(l, config)
	if err := r.links(l, rec); err != nil {
		return r, err
	}
	if err := r.blocks(rec); err != nil {
		return r, err
	}
	if err := r.files(l, rec); err != nil {
		return r, err
	}
	r.data(l, logPath, purge)
	r.unlisted(l)
	r.config(rec.Config, config, purge)
	r.rest(l, rec, config, purge)
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
	if data, err := safefile.Read(config, safefile.Limit); err == nil {
		if cfg, err := ParseConfig(config, data, home); err == nil {
			return cmp.Or(cfg.Log, path)
		}
	}
	return path
}

// blocks takes our block out of the startup files.
func (r *Removal) blocks(rec *Receipt) error {
	for _, f := range rec.RC {
		if !isStartup(f.Path) {
			if exists(f.Path) {
				r.foreign(f.Path)
			}
			continue
		}
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

// links removes the links that have our text, on the receipt or not, where install
// makes links.
func (r *Removal) links(l Layout, rec *Receipt) error {
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
		case err != nil || text != l.linkAt(link.Path):
			r.foreign(link.Path)
		default:
			if err := os.Remove(link.Path); err != nil {
				return err
			}
			r.Removed = append(r.Removed, link.Path)
		}
	}
	return nil
}

// linkAt is the text of the link that install makes at path, "" for none.
func (l Layout) linkAt(path string) string {
	switch {
	case path == l.ReportLink():
		return reportLinkText
	case path == l.shimLink(filepath.Base(path)):
		return linkText(filepath.Base(path))
	}
	return ""
}

// foreign keeps and names a path, once.
func (r *Removal) foreign(path string) {
	if !slices.Contains(r.Foreign, path) {
		r.Foreign = append(r.Foreign, path)
	}
}

// files removes the files on the receipt where install puts them, if their content is
// still ours. The host's id belongs to the log.
func (r *Removal) files(l Layout, rec *Receipt) error {
	for _, f := range rec.Files {
		if f.Path == l.HostFile() || !exists(f.Path) {
			continue
		}
		if !l.made(f.Path) || !owned(f.Path) || !f.holds(Sum(f.Path)) {
			r.foreign(f.Path)
			continue
		}
		if err := os.Remove(f.Path); err != nil {
			return err
		}
		r.Removed = append(r.Removed, f.Path)
	}
	return nil
}

// made tells whether the file at path is one of ours by its place and its kind.
func (l Layout) made(path string) bool {
	switch path {
	case l.MainProgram(), l.ShimProgram():
		return isOurProgram(path)
	case l.Manifest():
		_, err := ReadManifest(l)
		return err == nil
	}
	return false
}

// unlisted names the files of an installation that are there without being
// on the receipt, because that was lost or the directory was moved.
func (r *Removal) unlisted(l Layout) {
	for _, path := range []string{l.ReportLink(), l.MainProgram(), l.ShimProgram(), l.HostFile(), l.Manifest()} {
		if exists(path) && !slices.Contains(r.Kept, path) {
			r.foreign(path)
		}
	}
}

// rest removes the directories that are empty now, and the receipt once it
// stands in the way. A link to a directory is the user's and stays. Of the
// directories on the receipt only those go that are on the way to something of ours.
func (r *Removal) rest(l Layout, rec *Receipt, config string, purge bool) {
	dirs := []string{l.ShimDir(), l.BinDir()}
	for _, dir := range rec.Dirs {
		if rec.leads(l, dir, config) {
			dirs = append(dirs, dir)
		} else if entries, err := os.ReadDir(dir); err == nil && len(entries) == 0 {
			r.foreign(dir)
		}
	}
	if purge {
		dirs = append(dirs, l.Home)
	}
	sort.Slice(dirs, func(i, j int) bool { return len(dirs[i]) > len(dirs[j]) })
	removeDirs := func() {
		for _, d := range dirs {
			syscall.Rmdir(d)
		}
	}
	removeDirs()
	if owned(l.Receipt()) {
		os.Remove(l.Receipt())
	}
	removeEmpty(l.lockFile())
	if holder, err := os.Readlink(l.lockLink()); err == nil && holder == log.Writer() {
		os.Remove(l.lockLink()) // the lock is held up to here, as the directory goes next
	}
	removeDirs()
}

// leads tells whether install makes dir on its way to something of ours.
func (r *Receipt) leads(l Layout, dir, config string) bool {
	ends := []string{l.ShimDir(), l.BinDir(), filepath.Dir(config), r.was}
	if filepath.Base(r.Config) == "shims.toml" {
		ends = append(ends, filepath.Dir(r.Config))
	}
	if r.AgentDir != "" {
		ends = append(ends, filepath.Join(r.AgentDir, "extensions"))
	}
	for _, f := range r.RC {
		if isStartup(f.Path) {
			ends = append(ends, filepath.Dir(f.Path))
		}
	}
	return slices.ContainsFunc(ends, func(end string) bool { return inside(dir, end) })
}
