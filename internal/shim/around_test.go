package shim

import (
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"pi-track/internal/log"
	"pi-track/internal/manifest"
)

// The lock is had by one at a time; who waits gets it when it is given back.
func TestLockIsForOne(t *testing.T) {
	h := newInside(t)
	made, unlock, err := LockNew(h.l)
	h.must(err)
	h.same("made", h.rel(made), []string{"runtime", "runtime/tool-usage"})
	if st, err := os.Stat(h.l.Home); err != nil || st.Mode().Perm() != 0o700 {
		t.Errorf("%v %v", st, err)
	}
	got := make(chan struct{})
	go func() {
		again, second, err := LockNew(h.l)
		if err != nil || len(again) != 0 {
			t.Errorf("made %v: %v", again, err)
		}
		close(got)
		second()
	}()
	select {
	case <-got:
		t.Error("two have the lock")
	case <-time.After(50 * time.Millisecond):
	}
	// An uninstall removes the file; who waits for it makes another.
	h.must(os.Remove(h.l.lockFile()))
	unlock()
	<-got
	h.must(os.RemoveAll(h.l.Home))
	if _, err := Lock(h.l); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("no directory: %v", err)
	}
	h.write("file", "", 0o600)
	if _, _, err := LockNew(Layout{Home: h.at("file/below")}); err == nil {
		t.Error("a directory below a file")
	}
}

func TestErrorsThatMeanNoLocks(t *testing.T) {
	for err, want := range map[error]bool{
		syscall.ENOLCK: true, syscall.EINVAL: true, syscall.ENOSYS: true, syscall.EOPNOTSUPP: true, errors.ErrUnsupported: true,
		syscall.EACCES: false, syscall.ENOENT: false, nil: false,
	} {
		if got := noLocks(err); got != want {
			t.Errorf("%v: %v", err, got)
		}
	}
}

// The lock by a link is taken over from a dead process, waited for from a living
// one, and left to one that nothing is known of.
func TestLockByLink(t *testing.T) {
	h := newInside(t)
	path := h.at("lock")
	unlock, err := lockByLink(path)
	h.must(err)
	if text, _ := os.Readlink(path); text != log.Writer() {
		t.Errorf("it is held by %q", text)
	}
	second := make(chan func())
	go func() {
		unlock, err := lockByLink(path)
		if err != nil {
			t.Error(err)
		}
		second <- unlock
	}()
	select {
	case <-second:
		t.Error("two have the lock")
	case <-time.After(120 * time.Millisecond):
	}
	unlock()
	unlock = <-second
	unlock()
	if exists(path) {
		t.Error("it was not given back")
	}
	fields := strings.Split(log.Writer(), ":")
	fields[1] = "1" // the process began at another time
	h.must(os.Symlink(strings.Join(fields, ":"), path))
	unlock, err = lockByLink(path)
	h.must(err)
	dropLink(path, "somebody else")
	if text, _ := os.Readlink(path); text != log.Writer() {
		t.Errorf("somebody else took it: %q", text)
	}
	unlock()
	h.must(os.Symlink("a person", path))
	if _, err := lockByLink(path); !errors.Is(err, ErrHeld) || !strings.Contains(err.Error(), path) {
		t.Errorf("held by nobody knows whom: %v", err)
	}
	if _, err := lockByLink(h.at("none/lock")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("no directory: %v", err)
	}
	left, _ := filepath.Glob(path + ".*")
	if len(left) != 0 {
		t.Errorf("left: %v", left)
	}
}

const foreignInDir = "foreign file in the shim directory"

func TestListStates(t *testing.T) {
	h := newInside(t)
	h.install(twoTools + "[[shim]]\nname = \"later\"\n[[shim]]\nname = \"off\"\ndisabled = true\n")
	all := func(path string) map[string]string {
		t.Helper()
		list, err := List(h.l, path)
		h.must(err)
		got := map[string]string{}
		for _, e := range list {
			got[e.Name] = e.State
			if e.State != foreignInDir && e.Target != "" && e.Target != h.at("real/"+e.Name) {
				t.Errorf("%+v", e)
			}
		}
		return got
	}
	first := h.l.ShimDir() + ":" + h.path
	h.same("first on PATH", all(first), map[string]string{"tool": "ok", "other": "ok", "later": "not found yet, so no link", "off": "disabled"})
	h.same("not on PATH", all(h.path), map[string]string{"tool": notReached, "other": notReached, "later": "not found yet, so no link", "off": "disabled"})
	h.same("behind", all(h.path+":"+h.l.ShimDir()), map[string]string{"tool": "shadowed by " + h.at("real/tool"), "other": "shadowed by " + h.at("real/other"), "later": "not found yet, so no link", "off": "disabled"})
	h.must(os.Chmod(h.at("real/other"), 0o644))
	h.same("not executable", all(h.path + ":" + first)["other"], "not executable")
	h.must(os.Chmod(h.at("real/other"), 0o755))
	h.must(os.Remove(h.l.shimLink("tool")))
	h.same("no link", all(first)["tool"], "link missing")
	h.must(os.Symlink("/x/pi-track-shim", h.l.shimLink("tool")))
	h.same("another link", all(first)["tool"], "link changed")
	h.must(os.Remove(h.l.shimLink("tool")))
	h.write(homeDir+"shims/tool", "", 0o755)
	h.same("a file", all(first)["tool"], foreignInDir)
	h.must(os.Remove(h.l.ShimProgram()))
	h.same("no program", all(first)["other"], "shim program missing")
	h.must(os.Remove(h.l.Manifest()))
	if _, err := List(h.l, first); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("no manifest: %v", err)
	}
}

func TestWhoMayWrite(t *testing.T) {
	h := newInside(t)
	h.install(twoTools)
	among := func(list []string) (out []string) {
		for _, p := range h.rel(list) {
			if !filepath.IsAbs(p) {
				out = append(out, p)
			}
		}
		return out
	}
	h.must(CheckTrust(h.l))
	h.same("nobody", among(GroupWritable(h.l)), []string(nil))
	h.must(os.Chmod(h.at("runtime"), 0o775))
	h.must(os.Chmod(h.l.ShimDir(), 0o720))
	h.must(os.Chmod(h.l.Manifest(), 0o620))
	h.must(CheckTrust(h.l))
	h.same("a group", among(GroupWritable(h.l)), []string{"runtime", homeDir + "shims", homeDir + "manifest"})
	h.must(os.Chmod(h.at("runtime"), 0o775|fs.ModeSticky))
	h.same("a sticky directory", among(GroupWritable(h.l)), []string{homeDir + "shims", homeDir + "manifest"})
	for _, path := range []string{h.l.Manifest(), h.l.MainProgram(), h.l.BinDir(), h.at("runtime")} {
		st, err := os.Stat(path)
		h.must(err)
		h.must(os.Chmod(path, 0o777))
		if err := CheckTrust(h.l); err == nil || !strings.Contains(err.Error(), path) {
			t.Errorf("%s for everyone: %v", path, err)
		}
		h.must(os.Chmod(path, st.Mode()))
	}
	h.must(CheckTrust(Layout{Home: h.at("not/there/yet")}))
	h.must(os.MkdirAll(h.at("open"), 0o777))
	h.must(os.Chmod(h.at("open"), 0o777))
	if CheckTrust(Layout{Home: h.at("open/there/yet")}) == nil {
		t.Error("everyone may make it")
	}
}

// What an interrupted installation left goes, what only looks like it stays.
func TestTemporaryFiles(t *testing.T) {
	h := newInside(t)
	h.must(os.MkdirAll(h.l.BinDir(), 0o700))
	h.must(os.MkdirAll(h.l.ShimDir(), 0o700))
	ours := map[string]string{
		"etc/.shims.toml123": "# pi-track: the helpers", homeDir + ".manifest1": "pi-track manifest 1\n", homeDir + ".install.json22": "{\n  \"version\": 1",
		homeDir + ".host3": "0123456789abcdef\n", homeDir + ".host33": "", homeDir + "bin/.pi-track4": "\x7fELF...", homeDir + "bin/.pi-track-shim5": "\xcf\xfa\xed\xfe", homeDir + "bin/.pi-track66": "\x7fE",
	}
	others := map[string]string{
		"etc/.shims.toml124": "mine", "etc/.shims.tomlx": "# pi-track: ", "etc/shims.toml1": "# pi-track: ", homeDir + ".manifest2": "mine", homeDir + ".manifest": "pi-track manifest 1\n",
		homeDir + ".host4": "0123456789abcdef01\n", homeDir + ".host5": "0123456789abcdeg\n", homeDir + "bin/.pi-track5": "#!/bin/sh", homeDir + ".other1": "", homeDir + "bin/.other7": "\x7fELF",
	}
	for _, files := range []map[string]string{ours, others} {
		for rel, text := range files {
			h.write(rel, text, 0o600)
		}
	}
	for _, dir := range []string{"bin/.tool-usage-report8", "shims/.tool9"} {
		h.must(os.Mkdir(h.at(homeDir+dir), 0o700))
		h.must(os.Symlink("../bin/pi-track-shim", h.at(homeDir+dir+"/symlink")))
	}
	h.must(os.Mkdir(h.at(homeDir+"shims/.tool1"), 0o700))
	h.must(os.Mkdir(h.at(homeDir+"shims/.mine1"), 0o755))
	h.must(os.Mkdir(h.at(homeDir+"shims/.mine2"), 0o700))
	h.must(os.Symlink("/bin/sh", h.at(homeDir+"shims/.mine2/symlink")))
	removeTemporary(h.l, h.at("etc/shims.toml"))
	for rel := range ours {
		if exists(h.at(rel)) {
			t.Errorf("%s is left", rel)
		}
	}
	for rel, text := range others {
		if h.read(h.at(rel)) != text {
			t.Errorf("%s was touched", rel)
		}
	}
	for rel, there := range map[string]bool{"bin/.tool-usage-report8": false, "shims/.tool9": false, "shims/.tool1": false, "shims/.mine1": true, "shims/.mine2/symlink": true} {
		if exists(h.at(homeDir+rel)) != there {
			t.Errorf("%s: there is %v", rel, !there)
		}
	}
}

// Files that belong to somebody else are not ours, whatever is in them.
func TestOwned(t *testing.T) {
	h := newInside(t)
	mine := h.write("mine", "", 0o600)
	h.must(os.Symlink("mine", h.at("link")))
	for path, want := range map[string]bool{mine: true, h.at("link"): false, h.at("none"): false, h.dir: false} {
		if owned(path) != want {
			t.Errorf("%s: %v", path, !want)
		}
	}
	if os.Geteuid() != 0 {
		return
	}
	h.must(os.Chown(mine, 12345, -1))
	if owned(mine) || isLog(mine) || isNotes(mine) || isLastSession(mine) || isEmpty(mine) || isAccount(mine) {
		t.Error("another user's")
	}
	h.must(os.Mkdir(h.at("theirs"), 0o755))
	theirs := h.write("theirs/file", "", 0o600)
	h.must(os.Chown(theirs, 12345, -1))
	h.must(os.Chown(h.at("theirs"), 12345, -1))
	if !owned(theirs) {
		t.Error("root acts for the owner of a directory")
	}
}

func TestWhatFilesAre(t *testing.T) {
	h := newInside(t)
	type tests struct{ log, notes, session, account, empty bool }
	for text, want := range map[string]tests{
		"":                                {log: true, notes: true, session: true, empty: true},
		" \n":                             {log: true},
		logLine:                           {log: true},
		"garbage\n" + logLine:             {log: true},
		"garbage\n":                       {},
		`{"v":99,"id":"x"}` + "\n":        {log: true},
		"2026-01-02T03:04:05Z a note\n":   {notes: true},
		"2026-01-02 a note\n":             {},
		"pi-track last session 17\n":      {session: true},
		`{"v":1,"to":"dir:/x","sent":[]}`: {account: true},
		`{"V":1,"to":"dir:/x","sent":[]}`: {},
	} {
		path := h.write("file", text, 0o600)
		if got := (tests{isLog(path), isNotes(path), isLastSession(path), isAccount(path), isEmpty(path)}); got != want {
			t.Errorf("%q: %+v, want %+v", text, got, want)
		}
		removeEmpty(path)
		if exists(path) == want.empty {
			t.Errorf("%q: removeEmpty", text)
		}
	}
	for _, c := range []struct {
		dir, path string
		want      bool
	}{{"/a", "/a", true}, {"/a", "/a/b", true}, {"/a", "/ab", false}, {"/a/b", "/a", false}, {"/", "/a", true}, {"/a", "", false}} {
		if inside(c.dir, c.path) != c.want {
			t.Errorf("%+v", c)
		}
	}
}

func TestWriteAndChangeConfig(t *testing.T) {
	h := newInside(t)
	_, unlock, err := LockNew(h.l)
	h.must(err)
	unlock()
	plain := h.at("new/dir/shims.toml")
	h.must(WriteConfig(h.l, plain, []byte("one")))
	if st, err := os.Stat(plain); err != nil || st.Mode().Perm()&^0o644 != 0 || h.read(plain) != "one" {
		t.Errorf("%v %v", st, err)
	}
	rec, err := ReadReceipt(h.l)
	h.must(err)
	h.same("recorded", h.rel(rec.Dirs), []string{"new", "new/dir"})
	for link, text := range map[string]string{"links/rel.toml": "../dot/rel.toml", "links/abs.toml": h.at("dot/abs.toml")} {
		h.must(os.MkdirAll(h.at("links"), 0o755))
		h.must(os.MkdirAll(h.at("dot"), 0o755))
		h.must(os.Symlink(text, h.at(link)))
		h.must(WriteConfig(h.l, h.at(link), []byte("two")))
		if !isLink(h.at(link)) || h.read(h.at(link)) != "two" {
			t.Errorf("%s", link)
		}
		h.must(os.Chmod(h.at(link), 0o606))
		h.must(ChangeConfig(h.at(link), []byte("three")))
		if st, err := os.Stat(h.at(link)); err != nil || st.Mode().Perm() != 0o606 || !isLink(h.at(link)) || h.read(h.at(link)) != "three" {
			t.Errorf("%s: %v %v", link, st, err)
		}
	}
	if ChangeConfig(h.at("none"), nil) == nil {
		t.Error("nothing was changed")
	}
}

func TestSetExperiment(t *testing.T) {
	h := newInside(t)
	h.install(twoTools)
	x := manifest.Experiment{ID: "e1", Share: 50, Unit: "task"}
	h.must(SetExperiment(h.l, Experiment{Name: "tool", Experiment: x}))
	h.must(SetExperiment(h.l, Experiment{Name: "web", Tool: true, Experiment: x}))
	ended := manifest.Experiment{ID: "e2", Share: 50, Until: 1}
	h.must(SetExperiment(h.l, Experiment{Name: "web", Tool: true, Experiment: ended}))
	if err := SetExperiment(h.l, Experiment{Name: "none", Experiment: x}); !errors.Is(err, ErrNoExperiment) {
		t.Errorf("an unknown helper: %v", err)
	}
	for range 2 {
		m, err := ReadManifest(h.l)
		h.must(err)
		all := Experiments(m)
		if len(all) != 2 || all[0].Name != "tool" || all[0].Tool || all[0].ID != "e1" || all[1].Name != "web" || !all[1].Tool || all[1].ID != "e2" {
			t.Errorf("%+v", all)
		}
		h.same("running", Trying(m, time.Now()), []string{"tool"})
		rec, err := ReadReceipt(h.l)
		h.must(err)
		for _, f := range rec.Files {
			if f.Path == h.l.Manifest() && (f.SHA256 != Sum(f.Path) || f.Before != "") {
				t.Errorf("%+v", f)
			}
		}
		h.install(twoTools) // keeps them
	}
}

func TestShimVersion(t *testing.T) {
	h := newInside(t)
	if v, err := ShimVersion(h.programs.Shim); err != nil || v != "pi-track-shim go0, test" {
		t.Errorf("%q %v", v, err)
	}
	for name, path := range map[string]string{
		"empty": h.write("empty", "", 0o755), "other": h.write("other", "#!/bin/sh\necho hello\n", 0o755), "directory": h.dir, "none": h.at("none"),
		"not executable": h.write("plain", "#!/bin/sh\necho pi-track-shim go1\n", 0o644),
	} {
		if v, err := ShimVersion(path); err == nil {
			t.Errorf("%s: %q", name, v)
		}
	}
	endless := h.write("endless", "#!/bin/sh\nprintf 'pi-track-shim go'\nexec yes\n", 0o755)
	if v, err := ShimVersion(endless); err != nil || len(v) > 1<<10 {
		t.Errorf("of a program without an end: %d bytes, %v", len(v), err)
	}
	h.install(twoTools)
	if err := checkShimProgram(h.l, h.l.ShimProgram()); err != nil {
		t.Errorf("as it was installed: %v", err)
	}
	h.must(os.Chmod(h.l.ShimProgram(), 0o755))
	h.must(os.WriteFile(h.l.ShimProgram(), []byte(h.read(h.l.ShimProgram())+"\n"), 0o755))
	if err := checkShimProgram(h.l, h.l.ShimProgram()); err == nil || !strings.Contains(err.Error(), "not the file that was installed") {
		t.Errorf("changed: %v", err)
	}
	p, err := FindPrograms(h.l)
	if err != nil || p.Main != h.programs.Main || p.Shim != p.Main || p.Damaged != nil || p.CalledAs == "" {
		t.Errorf("%+v %v", p, err)
	}
}

// The shim program beside pi-track is taken if it answers as one does, else pi-track itself.
func TestShimProgramBeside(t *testing.T) {
	h := newInside(t)
	exe := h.write("some/pi-track", "", 0o755)
	beside := filepath.Join(filepath.Dir(exe), "pi-track-shim")
	if p := programsOf(h.l, exe); p.Main != exe || p.Shim != exe || p.Damaged != nil {
		t.Errorf("none beside it: %+v", p)
	}
	h.write("some/pi-track-shim", h.read(h.programs.Shim), 0o755)
	if p := programsOf(h.l, exe); p.Main != exe || p.Shim != beside || p.Damaged != nil {
		t.Errorf("a sound one: %+v", p)
	}
	h.must(os.Truncate(beside, 0))
	if p := programsOf(h.l, exe); p.Main != exe || p.Shim != exe || p.Damaged == nil {
		t.Errorf("an empty one: %+v", p)
	}
}

// A home without an installation gets one id, whoever asks first, and keeps it.
func TestMakeHost(t *testing.T) {
	l := Layout{Home: t.TempDir()}
	ids := make(chan string)
	for range 8 {
		go func() {
			id, err := MakeHost(l)
			if err != nil {
				t.Error(err)
			}
			ids <- id
		}()
	}
	first := <-ids
	if len(first) != 16 || ReadHost(l) != first {
		t.Errorf("%q was made, %q is read", first, ReadHost(l))
	}
	for range 7 {
		if id := <-ids; id != first {
			t.Errorf("%s and %s", first, id)
		}
	}
	if st, err := os.Stat(l.HostFile()); err != nil || st.Mode() != 0o600 {
		t.Errorf("%v %v", st, err)
	}
	if err := os.WriteFile(l.HostFile(), []byte("no id\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if id, err := MakeHost(l); err != nil || len(id) != 16 || ReadHost(l) != id {
		t.Errorf("in the place of what is no id: %q %v", id, err)
	}
	if _, err := MakeHost(Layout{Home: l.Home + "/none"}); err == nil {
		t.Error("a home that is not there has an id")
	}
}

func TestCalledAs(t *testing.T) {
	h := newInside(t)
	was := os.Args[0]
	defer func() { os.Args[0] = was }()
	t.Setenv("PATH", h.path)
	for as, want := range map[string]string{"/a/b": "/a/b", "tool": h.at("real/tool"), "nothing": "/exe"} {
		os.Args[0] = as
		if got := calledAs("/exe"); got != want {
			t.Errorf("%s: %s, want %s", as, got, want)
		}
	}
	os.Args[0] = "./x"
	wd, err := os.Getwd()
	h.must(err)
	if got := calledAs("/exe"); got != filepath.Join(wd, "x") {
		t.Errorf("./x: %s", got)
	}
}

// A child that has ended is a holder that is dead.
func TestLockOfAProcessThatEnded(t *testing.T) {
	h := newInside(t)
	cmd := exec.Command("/bin/sleep", "1000")
	h.must(cmd.Start())
	fields := strings.Split(log.Writer(), ":")
	stat, err := os.ReadFile("/proc/" + strconv.Itoa(cmd.Process.Pid) + "/stat")
	if err != nil {
		t.Skip("no /proc")
	}
	rest := strings.Fields(string(stat[strings.LastIndexByte(string(stat), ')')+1:]))
	fields[0], fields[1] = strconv.Itoa(cmd.Process.Pid), rest[19]
	cmd.Process.Kill()
	cmd.Wait()
	h.must(os.Symlink(strings.Join(fields, ":"), h.at("lock")))
	unlock, err := lockByLink(h.at("lock"))
	h.must(err)
	unlock()
}
