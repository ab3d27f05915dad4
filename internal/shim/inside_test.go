package shim

import (
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// insideHouse is a throwaway installation that is made within the test process. Its
// programs are this test program.
type insideHouse struct {
	*testing.T
	dir      string
	l        Layout
	path     string // PATH
	programs Programs
}

func newInside(t *testing.T) *insideHouse {
	t.Helper()
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	h := &insideHouse{T: t, dir: dir, l: Layout{Home: filepath.Join(dir, "runtime/tool-usage")}, path: filepath.Join(dir, "real")}
	h.programs = Programs{Main: self, Shim: self, Version: "1.2.0", CalledAs: "/opt/pi-track"}
	h.write("real/tool", "#!/bin/sh\n", 0o755)
	h.write("real/other", "#!/bin/sh\n", 0o755)
	return h
}

func (h *insideHouse) must(err error) {
	h.Helper()
	if err != nil {
		h.Fatal(err)
	}
}

func (h *insideHouse) at(rel string) string { return filepath.Join(h.dir, rel) }

func (h *insideHouse) write(rel, text string, mode fs.FileMode) string {
	h.Helper()
	path := h.at(rel)
	h.must(os.MkdirAll(filepath.Dir(path), 0o755))
	h.must(os.WriteFile(path, []byte(text), mode))
	h.must(os.Chmod(path, mode))
	return path
}

func (h *insideHouse) read(path string) string {
	h.Helper()
	data, err := os.ReadFile(path)
	h.must(err)
	return string(data)
}

// config is shims.toml with the text of tables.
func (h *insideHouse) config(text string) *Config {
	h.Helper()
	cfg, err := ParseConfig(h.at("etc/shims.toml"), []byte("version = 1\n"+text), h.dir)
	h.must(err)
	return cfg
}

func (h *insideHouse) tryInstall(text string) (*Plan, error) {
	h.Helper()
	made, unlock, err := LockNew(h.l)
	h.must(err)
	defer unlock()
	return Install(h.l, h.config(text), h.path, h.programs, made)
}

func (h *insideHouse) install(text string) *Plan {
	h.Helper()
	plan, err := h.tryInstall(text)
	h.must(err)
	return plan
}

func (h *insideHouse) uninstall(config string, purge bool) *Removal {
	h.Helper()
	unlock, err := Lock(h.l)
	h.must(err)
	defer unlock()
	r, err := Uninstall(h.l, config, purge)
	h.must(err)
	return r
}

// below lists what is in the state directory with modes and texts of links.
func (h *insideHouse) below() (list []string) {
	filepath.WalkDir(h.l.Home, func(path string, d fs.DirEntry, err error) error {
		if err != nil || path == h.l.lockFile() { // its mode is the umask's
			return nil
		}
		info, err := d.Info()
		h.must(err)
		text, _ := os.Readlink(path)
		rel, _ := filepath.Rel(h.l.Home, path)
		list = append(list, strings.TrimSpace(rel+" "+info.Mode().String()+" "+text))
		return nil
	})
	return list
}

// rel makes paths relative to the throwaway directory.
func (h *insideHouse) rel(paths []string) []string {
	out := make([]string, len(paths))
	for i, p := range paths {
		out[i] = strings.TrimPrefix(p, h.dir+"/")
	}
	return out
}

func (h *insideHouse) same(what string, got, want any) {
	h.Helper()
	if !reflect.DeepEqual(got, want) {
		h.Errorf("%s:\ngot  %q\nwant %q", what, got, want)
	}
}

// steps are the names and states of a plan.
func steps(p *Plan) (list []string) {
	for _, s := range p.Steps {
		list = append(list, strings.TrimSpace(s.Name+" "+string(s.State)+" "+s.Note))
	}
	return list
}

const twoTools = "[[shim]]\nname = \"tool\"\n[[shim]]\nname = \"other\"\nkind = \"job\"\n"

func TestInstallMakesWhatItRecords(t *testing.T) {
	h := newInside(t)
	text := twoTools + "[[shim]]\nname = \"later\"\n[[shim]]\nname = \"forced\"\nforce = true\n"
	plan := h.install(text)
	h.same("plan", steps(plan), []string{"tool added", "other added", "later waiting not found yet", "forced added not found yet"})
	if plan.Steps[0].Target != h.at("real/tool") || !plan.Changes() {
		t.Errorf("%+v", plan)
	}
	h.same("files", h.below(), []string{
		". drwx------", "bin drwx------", "bin/pi-track -r-xr-xr-x", "bin/pi-track-shim -r-xr-xr-x", "bin/tool-usage-report Lrwxrwxrwx pi-track",
		"host -rw-------", "install.json -rw-------", "manifest -rw-------", "shims drwx------",
		"shims/forced Lrwxrwxrwx ../bin/pi-track-shim", "shims/other Lrwxrwxrwx ../bin/pi-track-shim",
		"shims/tool Lrwxrwxrwx ../bin/pi-track-shim", "shims/tool-usage-report Lrwxrwxrwx ../bin/tool-usage-report",
	})
	rec, err := ReadReceipt(h.l)
	h.must(err)
	var files, links []string
	for _, f := range rec.Files {
		files = append(files, f.Path)
		if f.SHA256 != Sum(f.Path) || f.Before != "" {
			t.Errorf("%+v is not what is there", f)
		}
	}
	for _, l := range rec.Links {
		links = append(links, l.Path)
		if is, _ := os.Readlink(l.Path); is != l.Text {
			t.Errorf("%+v is %q", l, is)
		}
	}
	const home = "runtime/tool-usage/"
	h.same("recorded files", h.rel(files), []string{home + "bin/pi-track", home + "bin/pi-track-shim", home + "host", home + "manifest"})
	h.same("recorded links", h.rel(links), []string{home + "bin/tool-usage-report", home + "shims/forced", home + "shims/other", home + "shims/tool", home + "shims/tool-usage-report"})
	h.same("recorded directories", h.rel(rec.Dirs), []string{"runtime", "runtime/tool-usage", home + "bin", home + "shims"})
	if rec.Config != h.at("etc/shims.toml") || rec.ProgramVersion != "1.2.0" || rec.Origin != "/opt/pi-track" || rec.NoRefresh {
		t.Errorf("%+v", rec)
	}
	m, err := ReadManifest(h.l)
	h.must(err)
	if id := strings.TrimSpace(h.read(h.l.HostFile())); len(id) != 16 || m.Host != id || m.Config != rec.Config || len(m.Shims) != 4 {
		t.Errorf("host %q, manifest %+v", id, m)
	}

	before := h.below()
	again := h.install(text)
	h.same("once more", steps(again), []string{"tool unchanged", "other unchanged", "later waiting not found yet", "forced unchanged not found yet"})
	if again.Changes() || !slices.Equal(before, h.below()) {
		t.Errorf("the same configuration changes something: %v", h.below())
	}
	if twice, err := ReadReceipt(h.l); err != nil || !reflect.DeepEqual(twice, rec) {
		t.Errorf("%v\n%+v\n%+v", err, twice, rec)
	}
}

// What a later configuration says is what there is; the host's id stays.
func TestInstallFollowsTheConfiguration(t *testing.T) {
	h := newInside(t)
	h.install(twoTools)
	host := h.read(h.l.HostFile())
	h.same("changed", steps(h.install("[[shim]]\nname = \"tool\"\nkind = \"loop\"\n")), []string{"tool updated", "other removed"})
	if h.read(h.l.HostFile()) != host {
		t.Error("another host")
	}
	if exists(h.l.shimLink("other")) || !exists(h.l.shimLink("tool")) {
		t.Errorf("%v", h.below())
	}
	rec, err := ReadReceipt(h.l)
	h.must(err)
	for _, l := range rec.Links {
		if l.Path == h.l.shimLink("other") {
			t.Errorf("the record still has %+v", l)
		}
	}
	for _, f := range rec.Files {
		if f.Before != "" || f.SHA256 != Sum(f.Path) {
			t.Errorf("%+v", f)
		}
	}
	for text, want := range map[string]bool{
		"[[shim]]\nname = \"tool\"\nkind = \"loop\"\n":                                 false,
		"[[shim]]\nname = \"tool\"\nkind = \"loop\"\nenv = {}\n":                       false,
		"[settings]\nlog = \"/l.jsonl\"\n[[shim]]\nname = \"tool\"\nkind = \"loop\"\n": true,
		"[pi]\nnotify = false\n[[shim]]\nname = \"tool\"\nkind = \"loop\"\n":           true,
		"[[shim]]\nname = \"tool\"\nkind = \"loop\"\n[[shim]]\nname = \"not-there\"\n": false,
		"[[shim]]\nname = \"tool\"\nkind = \"loop\"\ndisabled = true\n":                true,
		"[[shim]]\nname = \"tool\"\nkind = \"loop\"\n[[shim]]\nname = \"other\"\n":     true,
		"": true,
	} {
		p, err := MakePlan(h.l, h.config(text), h.path)
		h.must(err)
		if p.Changes() != want {
			t.Errorf("%s changes: %v", text, p.Changes())
		}
	}
	h.must(os.Remove(h.l.ReportLink()))
	if p, err := MakePlan(h.l, h.config("[[shim]]\nname = \"tool\"\nkind = \"loop\"\n"), h.path); err != nil || !p.Changes() {
		t.Errorf("a missing link changes nothing: %v", err)
	}
	h.must(os.Remove(h.l.shimLink("tool")))
	h.must(os.Symlink("/elsewhere/pi-track-shim", h.l.shimLink("tool")))
	h.same("another of our links", steps(h.install(twoTools)), []string{"tool updated", "other added"})
	if text, _ := os.Readlink(h.l.shimLink("tool")); text != shimLinkText {
		t.Errorf("the link is %q", text)
	}
}

// What somebody else put where something of ours is wanted is named and stays.
func TestInstallRefusesForeignFiles(t *testing.T) {
	for name, spoil := range map[string]func(h *insideHouse) string{
		"program":          func(h *insideHouse) string { return h.write("runtime/tool-usage/bin/pi-track", "x", 0o755) },
		"shim program":     func(h *insideHouse) string { return h.write("runtime/tool-usage/bin/pi-track-shim", "x", 0o755) },
		"manifest":         func(h *insideHouse) string { return h.write("runtime/tool-usage/manifest", "x", 0o600) },
		"host":             func(h *insideHouse) string { return h.write("runtime/tool-usage/host", "my machine", 0o600) },
		"host, too short":  func(h *insideHouse) string { return h.write("runtime/tool-usage/host", "0123456789abcd\n", 0o600) },
		"file for a shim":  func(h *insideHouse) string { return h.write("runtime/tool-usage/shims/tool", "x", 0o755) },
		"report":           func(h *insideHouse) string { return h.write("runtime/tool-usage/shims/tool-usage-report", "x", 0o755) },
		"report's program": func(h *insideHouse) string { return h.write("runtime/tool-usage/bin/tool-usage-report", "x", 0o755) },
		"directory": func(h *insideHouse) string {
			h.must(os.MkdirAll(h.l.Manifest(), 0o755))
			return h.l.Manifest()
		},
		"foreign link": func(h *insideHouse) string {
			h.must(os.MkdirAll(h.l.ShimDir(), 0o755))
			h.must(os.Symlink("/bin/sh", h.l.shimLink("tool")))
			return h.l.shimLink("tool")
		},
	} {
		h := newInside(t)
		path := spoil(h)
		before := h.below()
		_, err := h.tryInstall(twoTools)
		if want := (&ForeignError{Path: path}).Error(); err == nil || err.Error() != want {
			t.Errorf("%s: %v", name, err)
		}
		if after := h.below(); !slices.Equal(after, before) {
			t.Errorf("%s: was %v, is %v", name, before, after)
		}
	}
}

// Without its record an installation is known by what it is.
func TestInstallWithoutItsRecord(t *testing.T) {
	h := newInside(t)
	h.install(twoTools)
	host := h.read(h.l.HostFile())
	h.must(os.Remove(h.l.Receipt()))
	h.same("plan", steps(h.install(twoTools)), []string{"tool unchanged", "other unchanged"})
	if h.read(h.l.HostFile()) != host {
		t.Error("another host")
	}
	h.must(os.WriteFile(h.l.Receipt(), []byte("{"), 0o600))
	if _, err := h.tryInstall(twoTools); err == nil || !strings.Contains(err.Error(), ErrReceipt.Error()) {
		t.Errorf("a damaged record: %v", err)
	}
}
