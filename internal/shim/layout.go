package shim

import (
	"path/filepath"

	"pi-track/internal/lookup"
	"pi-track/internal/manifest"
)

// Layout names the files of an installation below one directory.
type Layout struct {
	Home string // $PI_TRACK_HOME, absolute
}

// ShimDir is the directory that stands first on PATH.
func (l Layout) ShimDir() string { return filepath.Join(l.Home, "shims") }

// BinDir holds the programs that the links in ShimDir point to.
func (l Layout) BinDir() string { return filepath.Join(l.Home, "bin") }

// ShimProgram is the program behind every shim.
func (l Layout) ShimProgram() string { return filepath.Join(l.BinDir(), lookup.ShimProgram) }

// MainProgram is the copy of pi-track that the report link and Pi use.
func (l Layout) MainProgram() string { return filepath.Join(l.BinDir(), lookup.MainProgram) }

// ReportLink is pi-track under the name tool-usage-report.
func (l Layout) ReportLink() string { return filepath.Join(l.BinDir(), lookup.ReportProgram) }

// Manifest is the compiled configuration.
func (l Layout) Manifest() string { return filepath.Join(l.Home, manifest.File) }

// Receipt is the list of everything that install made.
func (l Layout) Receipt() string { return filepath.Join(l.Home, "install.json") }

// HostFile holds the random id of the installation.
func (l Layout) HostFile() string { return filepath.Join(l.Home, "host") }

func (l Layout) lockFile() string { return filepath.Join(l.Home, "install.lock") }

// lockLink is the lock where the file system has none.
func (l Layout) lockLink() string { return l.lockFile() + ".held" }

// shimLink is the link of one helper.
func (l Layout) shimLink(name string) string { return filepath.Join(l.ShimDir(), name) }

// The texts of the links that install makes. They are relative, so that they
// dangle, and lookups fall through to the real helper, when the programs are
// gone.
const (
	shimLinkText   = "../bin/" + lookup.ShimProgram
	reportShimText = "../bin/" + lookup.ReportProgram
	reportLinkText = lookup.MainProgram
)

// linkText is the text of the link called name in the shim directory.
func linkText(name string) string {
	if name == lookup.ReportProgram {
		return reportShimText
	}
	return shimLinkText
}
