package piext

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"pi-track/extensions"
	"pi-track/internal/safefile"
)

// Install puts the extension into o.AgentDir, or updates it, and returns what
// it did: one action for the extension's directory, and one for each file of
// the user's that it kept. A directory that the user made or changed is left
// as it is. Where Pi has the extension as a package, it is taken out again.
func Install(o Options) ([]Action, error) {
	if Package(o.AgentDir) != "" {
		return Uninstall(o.AgentDir, o.DryRun)
	}
	dir := Dir(o.AgentDir)
	old, err := look(dir)
	if err != nil {
		return nil, err
	}
	files := extensions.Files()
	next := &receipt{Home: o.Home, Log: o.Log, Bin: o.Bin, Files: make(map[string]string)}
	for name, data := range files {
		next.Files[name] = sum(data)
	}
	what := Added
	if old.exists {
		if kept := keep(old); kept != nil {
			return kept, nil
		}
		what = Updated
		next.Made = old.receipt.Made
		if old.receipt.equal(next) && len(old.sums) == len(next.Files) {
			return []Action{{Path: dir, What: Unchanged}}, nil
		}
	} else {
		next.Made = missing(filepath.Dir(dir))
	}
	if !o.DryRun {
		files[receiptName] = next.encode()
		if err := putFiles(dir, files, old.exists); err != nil {
			return nil, err
		}
	}
	return []Action{{Path: dir, What: what}}, nil
}

// keep says what of an existing directory belongs to the user, nil if nothing.
func keep(old *found) []Action {
	if old.receipt == nil {
		return []Action{{Path: old.dir, What: Kept, Why: "it was not made by pi-track install"}}
	}
	changed := old.changed()
	if len(changed) == 0 {
		return nil
	}
	actions := []Action{{Path: old.dir, What: Kept, Why: "not updated, because files in it were changed"}}
	for _, path := range changed {
		actions = append(actions, Action{Path: path, What: Kept, Why: "changed after the installation"})
	}
	return actions
}

func (r *receipt) equal(s *receipt) bool {
	if r.Home != s.Home || r.Log != s.Log || r.Bin != s.Bin || len(r.Files) != len(s.Files) {
		return false
	}
	for name, sum := range s.Files {
		if r.Files[name] != sum {
			return false
		}
	}
	return true
}

// missing lists dir and those of its parents that do not exist, outermost first.
func missing(dir string) []string {
	var list []string
	for {
		if _, err := os.Stat(dir); err == nil || filepath.Dir(dir) == dir {
			slices.Reverse(list)
			return list
		}
		list = append(list, dir)
		dir = filepath.Dir(dir)
	}
}

// tmpPrefix begins the names of the directories in which the next extension is
// made, beside the extension's own so that a rename suffices. Pi looks for
// entries one level deep and the files lie two levels deep, so it does not
// load them from there.
const tmpPrefix = ".pi-track-"

// putFiles writes files to a new directory and renames it to dir.
func putFiles(dir string, files map[string][]byte, replace bool) error {
	parent := filepath.Dir(dir)
	if err := os.MkdirAll(parent, 0o755); err != nil {
		return err
	}
	if err := sweep(parent); err != nil {
		return err
	}
	tmp, err := os.MkdirTemp(parent, tmpPrefix)
	if err != nil {
		return err
	}
	defer os.RemoveAll(tmp)
	next := filepath.Join(tmp, "new")
	for name, data := range files {
		path := filepath.Join(next, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(path, data, 0o644); err != nil {
			return err
		}
	}
	if replace {
		if err := os.Rename(dir, filepath.Join(tmp, "old")); err != nil {
			return err
		}
	}
	return os.Rename(next, dir)
}

// sweep removes what an interrupted installation left: directories of
// [os.MkdirTemp]'s names that hold an extension, the next or the last one, and
// nothing else. The caller holds the installation's lock, so nobody is using it.
func sweep(parent string) error {
	entries, err := os.ReadDir(parent)
	if err != nil {
		return err
	}
	for _, e := range entries {
		number, ok := strings.CutPrefix(e.Name(), tmpPrefix)
		if tmp := filepath.Join(parent, e.Name()); ok && e.IsDir() && number != "" && strings.Trim(number, "0123456789") == "" {
			if err := sweepOne(tmp); err != nil {
				return err
			}
		}
	}
	return nil
}

// sweepOne empties a directory of place's: of each extension in it the files that
// are as this program has them, or begin so, or as its receipt says that they were
// written.
func sweepOne(tmp string) error {
	for _, part := range []string{"new", "old"} {
		dir := filepath.Join(tmp, part)
		f, err := look(dir)
		if err != nil {
			return err
		}
		own := extensions.Files()
		dirs := []string{dir}
		for name, sum := range f.sums {
			path := filepath.Join(dir, filepath.FromSlash(name))
			data, err := safefile.Read(path, safefile.Limit)
			if err == nil && own[name] != nil && bytes.HasPrefix(own[name], data) || f.receipt != nil && f.receipt.Files[name] == sum {
				if err := os.Remove(path); err != nil {
					return err
				}
			}
			dirs = append(dirs, filepath.Dir(path))
		}
		if f.receipt != nil && len(f.receipt.Files) > 0 {
			_ = os.Remove(filepath.Join(dir, receiptName))
		}
		slices.SortFunc(dirs, func(a, b string) int { return len(b) - len(a) })
		for _, d := range append(dirs, filepath.Join(dir, "_shared"), dir) {
			_ = syscall.Rmdir(d)
		}
	}
	_ = syscall.Rmdir(tmp) // what is left is somebody's
	return nil
}

// Uninstall removes what Install wrote, the entry first, and the directories
// that it made when nothing else is in them. A file that the user changed or
// added is kept and named. When that is the entry itself everything is kept:
// Pi goes on loading it, and without the other files Pi could not start.
func Uninstall(agentDir string, dryRun bool) ([]Action, error) {
	dir := Dir(agentDir)
	old, err := look(dir)
	if err != nil {
		return nil, err
	}
	if !dryRun {
		if err := sweep(filepath.Dir(dir)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
	}
	if !old.exists {
		return nil, nil
	}
	if st, err := os.Lstat(dir); err == nil && st.IsDir() && old.receipt == nil && len(old.sums) == 0 && !dryRun {
		// An interrupted removal left the directories.
		_ = os.Remove(filepath.Join(dir, "_shared"))
		if os.Remove(dir) == nil {
			return []Action{{Path: dir, What: Removed}}, nil
		}
	}
	if old.receipt == nil {
		return keep(old), nil
	}
	changed := old.changed()
	kept := false // a file that Pi loads
	actions := []Action{{Path: dir, What: Removed}}
	for _, path := range changed {
		actions[0] = Action{Path: dir, What: Kept, Why: "files in it were changed"}
		why := "changed after the installation"
		if name := filepath.Base(path); filepath.Dir(path) == dir && isEntry(name) {
			kept = true
			why += "; Pi still loads it and the files beside it, so these stay too"
		}
		actions = append(actions, Action{Path: path, What: Kept, Why: why})
	}
	if dryRun || kept {
		return actions, nil
	}
	return actions, remove(old)
}

// isEntry says whether Pi may load the file, of which everything else is a part.
func isEntry(name string) bool { return name == extensions.Entry || name == extensions.Loader }

// remove removes the unchanged files, those that Pi loads first, the receipt last.
func remove(old *found) error {
	var names []string
	for name, sum := range old.receipt.Files {
		if old.sums[name] == sum {
			names = append(names, name)
		}
	}
	rank := func(name string) int { return slices.Index([]string{extensions.Loader, extensions.Entry}, name) }
	slices.SortFunc(names, func(a, b string) int {
		return cmp.Or(rank(b)-rank(a), strings.Compare(a, b))
	})
	for _, name := range append(names, receiptName) {
		path := filepath.Join(old.dir, filepath.FromSlash(name))
		if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("removing the Pi extension: %w", err)
		}
	}
	dirs := append(slices.Clone(old.receipt.Made), old.dir, filepath.Join(old.dir, "_shared"))
	for _, dir := range slices.Backward(dirs) {
		if above := strings.HasPrefix(old.dir+"/", dir+"/"); above || dir == filepath.Join(old.dir, "_shared") {
			_ = syscall.Rmdir(dir) // fails, as it should, when something else is in it
		}
	}
	return nil
}
