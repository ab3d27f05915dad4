package shim

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"github.com/google/renameio/v2"

	"pi-track/internal/log/sys"
	"pi-track/internal/lookup"
	"pi-track/internal/safefile"
)

// Install brings what is installed in line with the configuration and returns
// the plan that it carried out. At every moment the shims that are there work
// or fail open: programs come first, then the manifest, then the links; what
// left the configuration goes last. The caller holds the lock; made are the
// directories that LockNew made.
func Install(l Layout, cfg *Config, path string, programs Programs, made []string) (*Plan, error) {
	p, err := MakePlan(l, cfg, path)
	if err != nil {
		return nil, err
	}
	rec, err := ReadReceipt(l)
	if err != nil {
		return nil, err
	}
	rec.Dirs = append(rec.Dirs, made...)
	rec.Config, rec.ProgramVersion, rec.Origin, rec.NoRefresh = cfg.File, programs.Version, programs.CalledAs, cfg.NoRefresh
	return p, p.carryOut(rec, programs)
}

// ErrNotRunnable says that a program cannot be run where it was put.
var ErrNotRunnable = errors.New("it cannot be run there; the file system may be mounted noexec")

func (p *Plan) carryOut(rec *Receipt, programs Programs) error {
	l := p.Layout
	removeTemporary(l, rec.Config)
	if err := announce(rec, p, programs); err != nil {
		return err
	}
	for _, f := range []struct{ from, to string }{{programs.Main, l.MainProgram()}, {programs.Shim, l.ShimProgram()}} {
		if err := p.copyProgram(f.from, f.to); err != nil {
			return err
		}
	}
	if !lookup.Executable(l.ShimProgram()) {
		// Some shells do not look further than a command that they may not run.
		return fmt.Errorf("%s: %w", l.ShimProgram(), ErrNotRunnable)
	}
	if err := writeIfChanged(l.HostFile(), []byte(p.Manifest.Host+"\n"), 0o600); err != nil {
		return err
	}
	if err := writeIfChanged(l.Manifest(), p.Manifest.Encode(), 0o600); err != nil {
		return err
	}
	return makeLinks(rec, p)
}

// announce notes everything that is about to be made, before it is made.
func announce(rec *Receipt, p *Plan, programs Programs) error {
	l := p.Layout
	for _, dir := range []string{l.BinDir(), l.ShimDir()} {
		if err := rec.makeDir(l, dir, 0o700); err != nil {
			return err
		}
	}
	host, err := hostID(l)
	if err != nil {
		return err
	}
	p.Manifest.Host = host
	rec.setFile(l.HostFile(), sumOf([]byte(host+"\n")))
	rec.setFile(l.MainProgram(), Sum(programs.Main))
	rec.setFile(l.ShimProgram(), Sum(programs.Shim))
	rec.setFile(l.Manifest(), sumOf(p.Manifest.Encode()))
	rec.setLink(l.ReportLink(), reportLinkText)
	rec.setLink(l.shimLink(lookup.ReportProgram), reportShimText)
	for _, s := range p.Steps {
		if s.hasLink() {
			rec.setLink(l.shimLink(s.Name), linkText(s.Name))
		}
	}
	return rec.write(l)
}

// copyProgram puts a copy of a program in place, unless the same one is there.
func (p *Plan) copyProgram(from, to string) error {
	if st, err := os.Lstat(to); err == nil {
		if !st.Mode().IsRegular() {
			return &ForeignError{Path: to}
		}
		if st.Mode().Perm() == 0o555 && Sum(from) == Sum(to) {
			return nil
		}
	}
	data, err := safefile.Read(from, safefile.NoLimit)
	if err != nil {
		return err
	}
	p.changed = true
	return replaceFile(to, data, 0o555, renameio.IgnoreUmask())
}

func makeLinks(rec *Receipt, p *Plan) error {
	l := p.Layout
	links := []Link{{l.ReportLink(), reportLinkText}, {l.shimLink(lookup.ReportProgram), reportShimText}}
	for _, s := range p.Steps {
		if s.hasLink() {
			links = append(links, Link{l.shimLink(s.Name), linkText(s.Name)})
		}
	}
	for _, link := range links {
		if err := makeLink(link); err != nil {
			return err
		}
	}
	for _, s := range p.Steps {
		if s.State == Removed {
			if err := os.Remove(l.shimLink(s.Name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return err
			}
			rec.dropLink(l.shimLink(s.Name))
		}
	}
	rec.settle()
	return rec.write(l)
}

// makeLink makes a symlink under a temporary name and renames it over.
func makeLink(link Link) error {
	if text, err := os.Readlink(link.Path); err == nil && text == link.Text {
		return nil
	} else if err == nil && !lookup.IsOurLink(text) || errors.Is(err, syscall.EINVAL) {
		return &ForeignError{Path: link.Path}
	}
	if err := renameio.Symlink(link.Text, link.Path); err != nil {
		return err
	}
	sys.Adopt(link.Path)
	return nil
}

// makeDirs makes a directory and its parents and returns those it made,
// outermost first. The innermost one gets mode, its parents are like others.
func makeDirs(dir string, mode fs.FileMode) ([]string, error) {
	missing, err := missingDirs(dir)
	if err != nil {
		return nil, err
	}
	for _, d := range missing {
		m := fs.FileMode(0o755)
		if d == dir {
			m = mode
		}
		err := os.Mkdir(d, m)
		if err == nil {
			sys.Adopt(d)
		} else if !errors.Is(err, fs.ErrExist) {
			return nil, err
		}
	}
	return missing, nil
}

// missingDirs lists dir and those of its parents that do not exist, outermost
// first.
func missingDirs(dir string) ([]string, error) {
	var missing []string
	for d := dir; ; d = filepath.Dir(d) {
		st, err := os.Stat(d)
		if err == nil && !st.IsDir() {
			return nil, fmt.Errorf("%s is not a directory", d)
		}
		if err == nil || d == filepath.Dir(d) {
			return missing, nil
		}
		missing = append([]string{d}, missing...)
	}
}

// WriteConfig writes a new configuration file and notes the directories it
// made for it. The caller holds the lock.
func WriteConfig(l Layout, file string, data []byte) error {
	err := changeReceipt(l, func(rec *Receipt) error { return rec.makeDir(l, filepath.Dir(file), 0o755) })
	if err != nil {
		return err
	}
	if target, err := os.Readlink(file); err == nil {
		// A link to nothing yet, of somebody who keeps such files elsewhere.
		if !filepath.IsAbs(target) {
			target = filepath.Join(filepath.Dir(file), target)
		}
		file = target
	}
	return replaceFile(file, data, 0o644)
}

// ChangeConfig replaces the text of a configuration that is there, behind a
// symlink too, and keeps its mode.
func ChangeConfig(file string, data []byte) error {
	target, err := filepath.EvalSymlinks(file)
	if err != nil {
		return err
	}
	st, err := os.Stat(target)
	if err != nil {
		return err
	}
	return replaceFile(target, data, st.Mode().Perm(), renameio.IgnoreUmask())
}

// SetAgentDir notes into which agent directory Pi's extension is put, and
// makes its directory for extensions. The caller holds the lock.
func SetAgentDir(l Layout, dir, extensions string) error {
	return changeReceipt(l, func(rec *Receipt) error {
		rec.AgentDir = dir
		return rec.makeDir(l, extensions, 0o755)
	})
}

// changeReceipt changes the receipt.
func changeReceipt(l Layout, change func(*Receipt) error) error {
	rec, err := ReadReceipt(l)
	if err != nil {
		return err
	}
	if err := change(rec); err != nil {
		return err
	}
	return rec.write(l)
}
