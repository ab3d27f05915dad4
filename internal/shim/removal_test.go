package shim

import (
	"os"
	"strings"
	"testing"
	"time"

	"pi-track/internal/event"
)

// logLine is a line of a log.
var logLine = func() string {
	now := time.UnixMilli(1767323045000)
	e := event.Event{TS: now, ID: event.NewID(now), Name: "tool", Status: event.Started, Src: "shim", Kind: event.Script, Scope: "global"}
	return string(e.Append(nil))
}()

// data puts beside an installation what a while of use leaves.
func (h *insideHouse) data() {
	h.write("runtime/tool-usage/events.jsonl", logLine, 0o600)
	h.write("runtime/tool-usage/notes", "2026-01-02T03:04:05Z something\n", 0o600)
	h.write("runtime/tool-usage/last-session", "pi-track last session 1\n", 0o600)
	h.write("runtime/tool-usage/ship/team.json", `{"v":1,"to":"dir:/x"}`, 0o600)
	h.write("runtime/tool-usage/ship/team.rejected.jsonl", logLine, 0o600)
	h.write("runtime/tool-usage/ship/team.lock", "", 0o600)
	h.must(os.Chmod(h.at("runtime/tool-usage/ship"), 0o700))
}

const homeDir = "runtime/tool-usage/"

// gone are what every uninstall of twoTools removes, in its order.
var gone = []string{
	homeDir + "shims/other", homeDir + "shims/tool", homeDir + "shims/tool-usage-report", homeDir + "bin/tool-usage-report",
	homeDir + "bin/pi-track", homeDir + "bin/pi-track-shim", homeDir + "manifest",
}

func TestUninstallKeepsTheData(t *testing.T) {
	h := newInside(t)
	h.write("etc/shims.toml", "version = 1\n", 0o644)
	h.install(twoTools)
	h.data()
	r := h.uninstall(h.at("etc/shims.toml"), false)
	h.same("removed", h.rel(r.Removed), append(append([]string{}, gone...), homeDir+"last-session"))
	h.same("kept", h.rel(r.Kept), []string{homeDir + "events.jsonl", homeDir + "notes", homeDir + "ship", homeDir + "host", "etc/shims.toml"})
	h.same("foreign", h.rel(r.Foreign), []string{})
	h.same("left", h.below(), []string{
		". drwx------", "events.jsonl -rw-------", "host -rw-------", "notes -rw-------",
		"ship drwx------", "ship/team.json -rw-------", "ship/team.lock -rw-------", "ship/team.rejected.jsonl -rw-------",
	})
	after := PurgeKept(h.l, h.at("etc/shims.toml"))
	h.same("purged", h.rel(after.Removed), []string{
		homeDir + "events.jsonl", homeDir + "notes",
		homeDir + "ship/team.json", homeDir + "ship/team.lock", homeDir + "ship/team.rejected.jsonl", homeDir + "ship", homeDir + "host", "etc/shims.toml",
	})
	h.same("foreign", h.rel(after.Foreign), []string{})
}

func TestUninstallWithPurgeLeavesNothing(t *testing.T) {
	h := newInside(t)
	h.write("etc/shims.toml", "version = 1\n", 0o644)
	h.install(twoTools)
	h.data()
	r := h.uninstall(h.at("etc/shims.toml"), true)
	if len(r.Kept) != 0 || len(r.Foreign) != 0 {
		t.Errorf("%+v", r)
	}
	if exists(h.at("runtime")) || exists(h.at("etc")) {
		t.Errorf("left: %v", h.below())
	}
	if len(r.Removed) != len(gone)+9 {
		t.Errorf("%d removed: %q", len(r.Removed), h.rel(r.Removed))
	}
}

// Without a log the host's id stands for nothing.
func TestUninstallWithoutData(t *testing.T) {
	h := newInside(t)
	h.install(twoTools)
	h.same("removed", h.rel(h.uninstall("", false).Removed), append(append([]string{}, gone...), homeDir+"host"))
	if exists(h.at("runtime")) {
		t.Errorf("left: %v", h.below())
	}
}

// What is not provably ours stays, and is named: whatever the receipt says.
func TestUninstallKeepsWhatIsNotOurs(t *testing.T) {
	for name, c := range map[string]struct {
		spoil   func(h *insideHouse)
		foreign []string
		purge   bool
	}{
		"a changed program": {func(h *insideHouse) {
			h.must(os.Chmod(h.l.MainProgram(), 0o755))
			h.write(homeDir+"bin/pi-track", "#!/bin/sh\n", 0o755)
		}, []string{homeDir + "bin/pi-track"}, true},
		"a manifest written by hand": {func(h *insideHouse) { h.write(homeDir+"manifest", h.read(h.l.Manifest())+"x", 0o600) }, []string{homeDir + "manifest"}, true},
		"a link to elsewhere": {func(h *insideHouse) {
			h.must(os.Remove(h.l.shimLink("tool")))
			h.must(os.Symlink("/bin/sh", h.l.shimLink("tool")))
		}, []string{homeDir + "shims/tool"}, true},
		"a file for a link": {func(h *insideHouse) {
			h.must(os.Remove(h.l.shimLink("tool")))
			h.write(homeDir+"shims/tool", "", 0o755)
		}, []string{homeDir + "shims/tool"}, true},
		"recorded elsewhere": {func(h *insideHouse) {
			h.write("mine", "mine", 0o600)
			h.must(os.Symlink("../bin/pi-track-shim", h.at("mylink")))
			h.must(os.MkdirAll(h.at("mydir"), 0o755))
			h.must(changeReceipt(h.l, func(r *Receipt) error {
				r.setFile(h.at("mine"), sumOf([]byte("mine")))
				r.setLink(h.at("mylink"), "../bin/pi-track-shim")
				r.Dirs = append(r.Dirs, h.at("mydir"))
				r.setRCBlock(RCBlock{Path: h.at("mine")})
				return nil
			}))
		}, []string{"mylink", "mine", "mydir"}, true},
		"a log that is none":     {func(h *insideHouse) { h.write(homeDir+"events.jsonl", "my diary\n", 0o600) }, []string{homeDir + "events.jsonl"}, true},
		"notes that are none":    {func(h *insideHouse) { h.write(homeDir+"notes", "my notes\n", 0o600) }, []string{homeDir + "notes"}, true},
		"a session that is none": {func(h *insideHouse) { h.write(homeDir+"last-session", "mine\n", 0o600) }, []string{homeDir + "last-session"}, false},
		"accounts that are none": {func(h *insideHouse) {
			for _, name := range []string{"a.json", "b.rejected.jsonl", "c.lock", "team.key"} {
				h.write(homeDir+"ship/"+name, "mine\n", 0o600)
			}
		}, []string{homeDir + "ship/a.json", homeDir + "ship/b.rejected.jsonl", homeDir + "ship/c.lock", homeDir + "ship/team.key"}, true},
		"a file for ship":     {func(h *insideHouse) { h.write(homeDir+"ship", "mine\n", 0o600) }, []string{homeDir + "ship"}, true},
		"boxes that are none": {func(h *insideHouse) { h.write(homeDir+"open/diary", "mine\n", 0o600) }, []string{homeDir + "open/diary"}, true},
		"a lost record":       {func(h *insideHouse) { h.must(os.Remove(h.l.Receipt())) }, []string{homeDir + "bin/tool-usage-report", homeDir + "bin/pi-track", homeDir + "bin/pi-track-shim", homeDir + "manifest"}, true},
	} {
		t.Run(name, func(t *testing.T) {
			h := newInside(t)
			h.install(twoTools)
			c.spoil(h)
			before := map[string]string{}
			for _, path := range c.foreign {
				if data, err := os.ReadFile(h.at(path)); err == nil {
					before[path] = string(data)
				}
			}
			r := h.uninstall("", c.purge)
			h.same("foreign", h.rel(r.Foreign), c.foreign)
			for _, path := range c.foreign {
				if !exists(h.at(path)) || before[path] != "" && h.read(h.at(path)) != before[path] {
					t.Errorf("%s was touched", path)
				}
			}
		})
	}
}

// Black boxes stay without --purge, and go when they are empty.
func TestUninstallAndTheBoxes(t *testing.T) {
	h := newInside(t)
	h.install(twoTools)
	h.write(homeDir+"open/diary", "mine\n", 0o600)
	r := h.uninstall("", false)
	h.same("kept", h.rel(r.Kept), []string{homeDir + "open"})
	h.same("foreign", h.rel(r.Foreign), []string{})
	h.must(os.Remove(h.at(homeDir + "open/diary")))
	r = &Removal{}
	r.boxes(h.l, true)
	h.same("removed", h.rel(r.Removed), []string{homeDir + "open"})
	if exists(h.at(homeDir + "open")) {
		t.Error("they are still there")
	}
}

// Which configuration goes with --purge: the user's own, not one that was named.
func TestUninstallAndTheConfiguration(t *testing.T) {
	for _, c := range []struct {
		used, own     string
		purge         bool
		kept, removed bool // of own
		alsoKept      string
	}{
		{"etc/shims.toml", "etc/shims.toml", false, true, false, ""},
		{"etc/shims.toml", "etc/shims.toml", true, false, true, ""},
		{"elsewhere.toml", "etc/shims.toml", false, false, false, ""},
		{"elsewhere.toml", "etc/shims.toml", true, false, true, "elsewhere.toml"},
	} {
		h := newInside(t)
		h.write("etc/shims.toml", "version = 1\n", 0o644)
		h.write("elsewhere.toml", "version = 1\n", 0o644)
		r := &Removal{}
		r.config(h.at(c.used), h.at(c.own), c.purge)
		want, gone := []string{}, []string{}
		if c.alsoKept != "" {
			want = append(want, c.alsoKept)
		}
		if c.kept {
			want = append(want, c.own)
		}
		if c.removed {
			gone = append(gone, c.own)
		}
		h.same("kept", h.rel(r.Kept), want)
		h.same("removed", h.rel(r.Removed), gone)
		if exists(h.at(c.own)) == c.removed || !exists(h.at("elsewhere.toml")) || exists(h.at("etc")) == c.removed {
			t.Errorf("%+v", c)
		}
	}
}

// The log is where the manifest says, then where the configuration says, and
// else beside it.
func TestConfiguredLog(t *testing.T) {
	h := newInside(t)
	own := h.write("etc/shims.toml", "version = 1\nsettings.log = \"/configured.jsonl\"\n", 0o644)
	bad := h.write("etc/bad.toml", "version = 2\nsettings.log = \"/configured.jsonl\"\n", 0o644)
	for _, c := range []struct{ config, want string }{{own, "/configured.jsonl"}, {"", h.l.Home + "/events.jsonl"}, {bad, h.l.Home + "/events.jsonl"}, {h.at("none"), h.l.Home + "/events.jsonl"}} {
		if got := configuredLog(h.l, c.config); got != c.want {
			t.Errorf("%s: %s", c.config, got)
		}
	}
	h.install("[settings]\nlog = \"/installed.jsonl\"\n")
	if got := configuredLog(h.l, own); got != "/installed.jsonl" {
		t.Errorf("installed: %s", got)
	}
	h.install("")
	if got := configuredLog(h.l, own); got != h.l.Home+"/events.jsonl" {
		t.Errorf("installed without: %s", got)
	}
}

// A directory that was moved is uninstalled where it is; of a copy the original
// keeps what lies outside.
func TestUninstallAfterAMove(t *testing.T) {
	h := newInside(t)
	h.install(twoTools)
	rc := h.write(".bashrc", "x=1\n", 0o644)
	if changed, err := AddBlock(h.l, rc, "code\n"); err != nil || !changed {
		t.Fatal(changed, err)
	}
	h.must(SetAgentDir(h.l, h.at("agent"), h.at("agent/extensions")))
	original := h.l
	copied := Layout{Home: h.at("copied")}
	h.must(os.CopyFS(copied.Home, os.DirFS(original.Home)))
	rec, err := ReadReceipt(copied)
	h.must(err)
	if len(rec.RC) != 0 || rec.AgentDir != "" || rec.Files[0].Path != copied.MainProgram() || rec.was != original.Home {
		t.Errorf("a copy: %+v", rec)
	}
	for _, l := range rec.Links {
		if !strings.HasPrefix(l.Path, copied.Home+"/") {
			t.Errorf("a copy: %+v", l)
		}
	}
	moved := Layout{Home: h.at("moved")}
	h.must(os.Rename(original.Home, moved.Home))
	if rec, err = ReadReceipt(moved); err != nil || len(rec.RC) != 1 || rec.AgentDir != h.at("agent") {
		t.Errorf("moved: %v %+v", err, rec)
	}
	h.l = moved
	r := h.uninstall("", true)
	if h.read(rc) != "x=1\n" || exists(moved.Home) || len(r.Foreign) != 0 {
		t.Errorf("%q left, %+v", h.read(rc), r)
	}
	if exists(h.at("runtime")) || exists(h.at("agent")) {
		t.Error("directories are left that install made")
	}
}

// Programs of an older version are refreshed, of a newer one not.
func TestRefresh(t *testing.T) {
	h := newInside(t)
	refresh := func(version string) *Plan {
		t.Helper()
		p := h.programs
		p.Version = version
		plan, err := Refresh(h.l, h.path, p)
		h.must(err)
		return plan
	}
	if refresh("1.2.0") != nil {
		t.Error("nothing is installed, and something was refreshed")
	}
	h.install(twoTools + "[[shim]]\nname = \"later\"\n")
	old := time.Now().Add(-time.Hour)
	h.must(os.Chtimes(h.l.Receipt(), old, old))
	if refresh("1.1.9") != nil {
		t.Error("an older version replaces a newer one")
	}
	h.must(os.Remove(h.l.ShimProgram()))
	plan := refresh("1.2.0")
	if plan == nil || !plan.Changes() || !exists(h.l.ShimProgram()) {
		t.Errorf("%+v", plan)
	}
	h.same("steps", steps(plan), []string{"tool unchanged", "other unchanged", "later waiting not found yet"})
	if st, err := os.Stat(h.l.Receipt()); err != nil || !st.ModTime().After(old.Add(time.Minute)) {
		t.Errorf("its time: %v", err)
	}
	h.must(os.Remove(h.at("real/tool"))) // the link stays all the same
	h.same("steps", steps(refresh("1.3.0")), []string{"tool unchanged not found yet", "other unchanged", "later waiting not found yet"})
	rec, err := ReadReceipt(h.l)
	h.must(err)
	for version, want := range map[string][2]bool{"1.2.9": {false, true}, "1.3.0": {false, false}, "1.3.1": {true, false}} {
		if got := [2]bool{rec.Outdated(version), rec.newer(version)}; got != want {
			t.Errorf("%s: outdated, newer: %v", version, got)
		}
	}
	if (&Receipt{}).Outdated("1.0.0") {
		t.Error("nothing is outdated")
	}
}
