package shim

import (
	"os"
	"time"

	"golang.org/x/mod/semver"
)

// Outdated says that the programs of an installation are of an earlier version
// than number, which has no leading v. One that names no version is of the time
// before receipts had versions.
func (r *Receipt) Outdated(number string) bool {
	return len(r.Files) > 0 && semver.Compare("v"+r.ProgramVersion, "v"+number) < 0
}

// newer says that the programs are of a later version than number.
func (r *Receipt) newer(number string) bool {
	return semver.Compare("v"+r.ProgramVersion, "v"+number) > 0
}

// Refresh brings the programs of an installation up to those given and changes
// neither the configuration nor a startup file: what the manifest says is
// installed once more. It returns nil where nothing is installed or where the
// programs there are of a later version. The caller holds the lock.
func Refresh(l Layout, path string, programs Programs) (*Plan, error) {
	rec, err := ReadReceipt(l)
	if err != nil || len(rec.Files) == 0 || rec.newer(programs.Version) {
		return nil, err
	}
	m, err := ReadManifest(l)
	if err != nil {
		return nil, err
	}
	cfg := &Config{File: rec.Config, Log: m.Log, Pi: m.Pi, Shims: m.Shims, Forced: installedNames(l), NoRefresh: rec.NoRefresh}
	plan, err := Install(l, cfg, path, programs, nil)
	if err != nil {
		return nil, err
	}
	// Its time tells Pi's extension whether the source has changed since.
	now := time.Now()
	return plan, os.Chtimes(l.Receipt(), now, now)
}
