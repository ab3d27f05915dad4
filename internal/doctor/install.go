package doctor

import (
	"bytes"
	"cmp"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"pi-track/internal/lookup"
	"pi-track/internal/manifest"
	"pi-track/internal/safefile"
	"pi-track/internal/shim"
	"pi-track/internal/version"
)

const runInstall = "run 'pi-track install'"

// programMode is the mode that install gives the programs.
const programMode fs.FileMode = 0o555

// checkTrust looks for others who could decide what the shims run.
func (fs *findings) checkTrust(c Config) {
	if err := shim.CheckTrust(c.Layout); err != nil {
		fs.broken("trust", "own it, and remove the write permission of other users: chmod o-w", "%v: shims do not trust it: helpers run, but nothing is recorded", err)
		return
	}
	if found := shim.GroupWritable(c.Layout); found != nil {
		fs.warn("trust", "chmod g-w them, unless you trust each member of the group", "a group may change which programs run: %s", strings.Join(found, ", "))
		return
	}
	fs.ok("trust", "only you and root may write to %s", c.Layout.Home)
}

// checkProgram compares the programs with what install recorded.
func (fs *findings) checkProgram(c Config) {
	rec, err := shim.ReadReceipt(c.Layout)
	if err != nil {
		fs.warn("program", runInstall, "the receipt of the installation cannot be read: %v", err)
		return
	}
	if len(rec.Files) == 0 {
		fs.broken("program", runInstall, "nothing is installed in %s", c.Layout.Home)
		return
	}
	if rec.Outdated(version.Number) {
		fs.warn("program", runInstall, "the shims are from pi-track %s, this is %s", cmp.Or(rec.ProgramVersion, "before 0.1.0"), version.Number)
	}
	if _, err := os.Stat(rec.Origin); rec.Origin != "" && err != nil {
		fs.note("program", runInstall+" with the pi-track that you have now", "the pi-track that made the shims is gone: %s", rec.Origin)
	}
	fs.checkBuild(c, rec)
	for _, path := range []string{c.Layout.ShimProgram(), c.Layout.MainProgram()} {
		fs.checkFile(path, rec)
	}
}

// checkBuild tells whether the running pi-track would install other programs of
// the same version: those of a clone that has been built anew.
func (fs *findings) checkBuild(c Config, rec *shim.Receipt) {
	i := slices.IndexFunc(rec.Files, func(f shim.File) bool { return f.Path == c.Layout.MainProgram() })
	if c.Running == "" || i < 0 || rec.ProgramVersion != version.Number {
		return
	}
	if sum := shim.Sum(c.Running); sum != "" && sum != rec.Files[i].SHA256 {
		fs.warn("program", runInstall, "the shims are from another build of pi-track %s than this one", version.Number)
	}
}

func (fs *findings) checkFile(path string, rec *shim.Receipt) {
	level := Warning
	if filepath.Base(path) == lookup.ShimProgram {
		level = Broken // every shim needs it
	}
	info, err := os.Lstat(path)
	switch {
	case errors.Is(err, os.ErrNotExist):
		fs.add("program", level, runInstall, "%s is missing", path)
		return
	case err != nil:
		fs.add("program", level, runInstall, "%v", err)
		return
	case info.Mode() != programMode:
		if info.Mode()&0o111 != 0 && info.Mode().IsRegular() {
			level = Warning
		}
		fs.add("program", level, runInstall, "%s has the mode %v instead of %v", path, info.Mode(), programMode)
		return
	}
	if !lookup.Executable(path) {
		fs.add("program", level, "install with PI_TRACK_HOME set to a directory where programs can be run", "%s: %v", path, shim.ErrNotRunnable)
		return
	}
	for _, f := range rec.Files {
		if f.Path != path {
			continue
		}
		if sum := shim.Sum(path); sum != f.SHA256 {
			fs.add("program", level, runInstall, "%s is not the file that was installed", path)
			return
		}
		fs.ok("program", "%s is as it was installed", path)
		fs.checkStart(path)
		return
	}
	fs.warn("program", runInstall, "%s is not among what was installed", path)
}

// checkStart asks the shim program which start it has.
func (fs *findings) checkStart(path string) {
	if filepath.Base(path) != lookup.ShimProgram {
		return
	}
	text, err := shim.ShimVersion(path)
	switch {
	case err != nil:
		fs.broken("program", runInstall+" from an intact copy of pi-track", "%v", err)
	case strings.Contains(text, "weaker start"):
		fs.note("program", "build pi-track with Go 1.26 and "+runInstall+": helpers then keep the signals that their caller ignores or blocks, and the limit of open files",
			"the shims have the weaker start: they were built with a Go version whose start is not known (%s)", text)
	default:
		fs.ok("program", "the shims have the full start")
	}
}

// checkManifest reads the manifest; nil means that no shim can record.
func (fs *findings) checkManifest(c Config) *manifest.Manifest {
	m, err := shim.ReadManifest(c.Layout)
	switch {
	case errors.Is(err, os.ErrNotExist):
		fs.broken("manifest", runInstall, "there is no manifest in %s: helpers run, but nothing is recorded", c.Layout.Home)
		return nil
	case err != nil:
		fs.broken("manifest", runInstall, "%v: helpers run, but nothing is recorded", err)
		return nil
	}
	fs.ok("manifest", "it has %s", count(len(m.Shims), "helper", "helpers"))
	return m
}

// checkConfig tells whether the configuration still says what the manifest
// was made from. Contents are compared: a time stamp says little.
func (fs *findings) checkConfig(c Config, m *manifest.Manifest) {
	if m.Config == "" {
		return
	}
	data, err := safefile.Read(m.Config, safefile.Limit)
	if err != nil {
		fs.note("config", "run 'pi-track install --config FILE' with the file to use", "it cannot be read: %v", err)
		return
	}
	cfg, err := shim.ParseConfig(m.Config, data, c.getenv("HOME"))
	if err != nil {
		fs.warn("config", "correct it, then "+runInstall, "%v", err)
		return
	}
	wanted := manifest.Manifest{Log: cfg.Log, Host: m.Host, Config: cfg.File, Shims: cfg.Shims}
	if !bytes.Equal(wanted.Encode(), m.Encode()) {
		fs.warn("config", runInstall, "%s has changed since the last install", m.Config)
		return
	}
	fs.ok("config", "%s is what was installed", m.Config)
}

// checkLinks looks at every shim that the manifest names, and at what else
// lies in the shim directory.
func (fs *findings) checkLinks(c Config, m *manifest.Manifest) {
	dir := c.Layout.ShimDir()
	known := map[string]bool{lookup.ReportProgram: true}
	var missing, foreign, extra []string
	for i := range m.Shims {
		name := m.Shims[i].Name
		known[name] = true
		switch text, err := os.Readlink(filepath.Join(dir, name)); {
		case errors.Is(err, os.ErrNotExist):
			// install makes no link in front of nothing; checkHelpers tells.
			if target, _ := shim.Behind(c.Layout, &m.Shims[i], c.Path); target != "" {
				missing = append(missing, name)
			}
		case err != nil || !lookup.IsOurLink(text):
			foreign = append(foreign, name)
		}
	}
	entries, _ := os.ReadDir(dir)
	for _, e := range entries {
		if !known[e.Name()] {
			extra = append(extra, e.Name())
		}
	}
	if _, err := os.Stat(filepath.Join(dir, lookup.ReportProgram)); err != nil {
		fs.warn("links", runInstall, "%s is missing in %s, or leads nowhere", lookup.ReportProgram, dir)
	}
	if missing != nil {
		fs.broken("links", runInstall, "missing in %s: %s", dir, strings.Join(missing, ", "))
	}
	if foreign != nil {
		fs.broken("links", "move them away, then "+runInstall, "not made by pi-track, in %s: %s", dir, strings.Join(foreign, ", "))
	}
	if extra != nil {
		fs.note("links", "the configuration does not name them; remove them if they are not yours", "also in %s: %s", dir, strings.Join(extra, ", "))
	}
	if missing == nil && foreign == nil {
		fs.ok("links", "every helper has its link in %s", dir)
	}
}

// checkHelpers looks for the program behind every shim. A helper without a link
// waits for its program: nobody misses it.
func (fs *findings) checkHelpers(c Config, m *manifest.Manifest) {
	var lost, waiting []string
	for i := range m.Shims {
		s := &m.Shims[i]
		target, note := shim.Behind(c.Layout, s, c.Path)
		if s.Disabled || target != "" && note == "" {
			continue
		}
		if _, err := os.Lstat(filepath.Join(c.Layout.ShimDir(), s.Name)); target == "" && errors.Is(err, os.ErrNotExist) {
			waiting = append(waiting, s.Name)
			continue
		}
		lost = append(lost, s.Name+" ("+note+")")
	}
	if waiting != nil {
		fs.note("helpers", runInstall+" when they are installed", "configured, but not installed yet: %s", strings.Join(waiting, ", "))
	}
	if lost != nil {
		fs.warn("helpers", "install them, correct shims.toml, or set 'disabled = true' for them; then "+runInstall,
			"no program behind: %s", strings.Join(lost, ", "))
	}
	if lost == nil && waiting == nil {
		fs.ok("helpers", "every helper has a program")
	}
}

// checkExperiments names the helpers that are not run as always.
func (fs *findings) checkExperiments(m *manifest.Manifest) {
	if names := shim.Trying(m, time.Now()); len(names) > 0 {
		fs.note("experiment", "'pi-track report experiment' says how it stands, 'pi-track experiment stop NAME' ends it",
			"in an experiment now: %s", strings.Join(names, ", "))
	}
}
