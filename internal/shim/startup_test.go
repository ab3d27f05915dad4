package shim

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// Shell code that is run twice puts the directory first once, whatever its name.
func TestEnvCodePutsTheShimsFirst(t *testing.T) {
	for _, shell := range Shells {
		program, err := exec.LookPath(shell)
		if err != nil {
			t.Logf("%s is not here", shell)
			continue
		}
		for _, dir := range []string{"/plain", "/it's a 'dir'", `/back\slash`, "/$HOME"} {
			code, err := EnvCode(shell, dir)
			if err != nil || !strings.HasSuffix(code, "\n") || strings.Count(code, "\n") != 1 {
				t.Fatalf("%s: %q %v", shell, code, err)
			}
			for path, want := range map[string]string{"/a:/b": dir + ":/a:/b", dir + ":/a": dir + ":/a", "/a:" + dir: dir + ":/a:" + dir, dir + "x:/a": dir + ":" + dir + "x:/a"} {
				cmd := exec.Command(program, "-c", code+code+"/usr/bin/env")
				cmd.Env = []string{"PATH=" + path, "HOME=" + t.TempDir()}
				out, err := cmd.CombinedOutput()
				if err != nil || !strings.Contains("\n"+string(out), "\nPATH="+want+"\n") {
					t.Errorf("%s, %s with PATH %s: %v\n%s", shell, dir, path, err, out)
				}
			}
		}
	}
	code, _ := EnvCode("bash", "/d")
	cmd := exec.Command("bash", "-c", code+"/usr/bin/env")
	cmd.Env = []string{"PATH="}
	if out, err := cmd.CombinedOutput(); err != nil || !strings.Contains("\n"+string(out), "\nPATH=/d\n") {
		t.Errorf("an empty PATH: %v\n%s", err, out)
	}
	if _, err := EnvCode("tcsh", "/d"); err == nil {
		t.Error("tcsh is known")
	}
}

func TestStartupFiles(t *testing.T) {
	home := t.TempDir()
	none := func(string) string { return "" }
	set := func(key, value string) func(string) string {
		return func(k string) string {
			if k == key {
				return value
			}
			return ""
		}
	}
	for _, c := range []struct {
		shell string
		env   func(string) string
		want  string
	}{
		{"bash", none, home + "/.bashrc"}, {"zsh", none, home + "/.zshrc"}, {"zsh", set("ZDOTDIR", "/z"), "/z/.zshrc"}, {"zsh", set("ZDOTDIR", "z"), ""},
		{"fish", none, home + "/.config/fish/config.fish"}, {"fish", set("XDG_CONFIG_HOME", "/c"), "/c/fish/config.fish"},
		{"fish", set("XDG_CONFIG_HOME", "c"), home + "/.config/fish/config.fish"}, {"tcsh", none, ""},
	} {
		got, err := RCFile(c.shell, home, c.env)
		if got != c.want || (err != nil) != (c.want == "") {
			t.Errorf("%s: %q %v, want %q", c.shell, got, err, c.want)
		}
		if c.want != "" && !isStartup(got) {
			t.Errorf("%s is none", got)
		}
	}
	login := func(shell string, env func(string) string) string {
		return strings.ReplaceAll(strings.Join(LoginFiles(shell, home, env), " "), home+"/", "")
	}
	for i, want := range []string{".profile", ".profile .bash_login", ".profile .bash_profile"} {
		if i > 0 {
			if err := os.WriteFile(filepath.Join(home, strings.Fields(want)[1]), nil, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if got := login("bash", none); got != want {
			t.Errorf("bash: %s, want %s", got, want)
		}
	}
	if got := login("zsh", set("ZDOTDIR", "/z")); got != ".profile .bash_profile /z/.zprofile" {
		t.Errorf("zsh: %s", got)
	}
	if got := login("zsh", set("ZDOTDIR", "z")); got != ".profile .bash_profile" {
		t.Errorf("zsh: %s", got)
	}
	for path, want := range map[string]bool{
		"/h/.bashrc": true, "/h/.zprofile": true, "/h/.zshenv": true, "/h/.bash_login": true, "/h/.bash_profile": true, "/h/.profile": true,
		".bashrc": false, "/h/bashrc": false, "/h/.ssh/config": false,
	} {
		if isStartup(path) != want {
			t.Errorf("%s: %v", path, !want)
		}
	}
}

const block = "# >>> pi-track >>>\ncode\n# <<< pi-track <<<\n"

// The block comes once and goes without a trace, whatever stood in the file.
func TestBlockComesAndGoes(t *testing.T) {
	for _, c := range []struct {
		was  *string // nil: there is no file
		with string
		line int
	}{
		{nil, block, 1},
		{of(""), block, 1},
		{of("x=1\n"), "x=1\n" + block, 2},
		{of("x=1"), "x=1\n" + block, 2},
		{of("a\nb"), "a\nb\n" + block, 3},
		{of("\n"), "\n" + block, 2},
	} {
		h := newInside(t)
		rc := h.at("home/.bashrc")
		h.must(os.MkdirAll(h.l.Home, 0o700))
		if c.was != nil {
			h.write("home/.bashrc", *c.was, 0o640)
		}
		if line, there, err := BlockLine(rc, "code"); line != c.line || there || err != nil {
			t.Errorf("%q: in line %d, there %v, %v", c.with, line, there, err)
		}
		for i := range 2 {
			if changed, err := AddBlock(h.l, rc, "code\n"); err != nil || changed != (i == 0) || h.read(rc) != c.with {
				t.Errorf("%d: %v %v, %q, want %q", i, changed, err, h.read(rc), c.with)
			}
		}
		if _, there, _ := BlockLine(rc, "code"); !there {
			t.Errorf("%q: it is not there", c.with)
		}
		rec, err := ReadReceipt(h.l)
		h.must(err)
		want := RCBlock{Path: rc, Created: c.was == nil, JoinedLine: c.was != nil && *c.was != "" && !strings.HasSuffix(*c.was, "\n")}
		if len(rec.RC) != 1 || rec.RC[0] != want || c.was == nil && (len(rec.Dirs) != 1 || rec.Dirs[0] != h.at("home")) {
			t.Errorf("recorded: %+v, want %+v", rec, want)
		}
		changed, left, err := removeBlock(rec.RC[0])
		if !changed || left || err != nil {
			t.Errorf("removed: %v %v %v", changed, left, err)
		}
		if c.was == nil != !exists(rc) || c.was != nil && h.read(rc) != *c.was {
			t.Errorf("%q is left", c.with)
		}
		if changed, left, err = removeBlock(rec.RC[0]); changed || left || err != nil {
			t.Errorf("removed twice: %v %v %v", changed, left, err)
		}
	}
}

func of(s string) *string { return &s }

// What an editor or the user did around the block stays as they left it.
func TestBlockThatWasEdited(t *testing.T) {
	const begin, end = blockBegin + "\n", blockEnd + "\n"
	for _, c := range []struct {
		text   string
		joined bool
		want   string
		left   bool
	}{
		{"a\n" + begin + "c\n" + end + "b\n", false, "a\nb\n", false},
		{"a\n" + begin + "c\n" + end + "b\n", true, "a\nb\n", false}, // more was added behind it
		{"a\n" + begin + "c\n" + end, true, "a", false},
		{"a\r\n" + blockBegin + "\r\nc\r\n" + blockEnd + "\r\n", true, "a", false},
		{"a\n" + blockBegin + " \nc\n" + end, false, "a\n" + blockBegin + " \nc\n" + end, true}, // no line of ours
		{"a\n" + begin + "c\n", false, "a\n" + begin + "c\n", true},
		{"a\n" + end + "c\n", false, "a\n" + end + "c\n", false},
		{begin + begin + "c\n" + end, false, begin, true},
		{begin + end + begin + end, false, "", false},
		{begin + end + "x", true, "x", false},
	} {
		h := newInside(t)
		rc := h.write(".bashrc", c.text, 0o644)
		changed, left, err := removeBlock(RCBlock{Path: rc, JoinedLine: c.joined})
		if got := h.read(rc); got != c.want || changed != (c.text != c.want) || left != c.left || err != nil {
			t.Errorf("%q: %q, changed %v, left %v, %v", c.text, got, changed, left, err)
		}
	}
}

// A startup file behind a link is changed where it is; an empty one that was ours
// is removed there.
func TestBlockBehindALink(t *testing.T) {
	h := newInside(t)
	h.must(os.MkdirAll(h.l.Home, 0o700))
	target := h.write("dotfiles/bashrc", "x=1\n", 0o600)
	h.must(os.Symlink("dotfiles/bashrc", h.at(".bashrc")))
	if _, err := AddBlock(h.l, h.at(".bashrc"), "code\n"); err != nil || h.read(target) != "x=1\n"+block {
		t.Errorf("%v: %q", err, h.read(target))
	}
	if st, err := os.Stat(target); err != nil || st.Mode().Perm() != 0o600 || !isLink(h.at(".bashrc")) {
		t.Errorf("%v %v", st.Mode(), err)
	}
	h.write("dotfiles/bashrc", block, 0o600)
	if changed, _, err := removeBlock(RCBlock{Path: h.at(".bashrc"), Created: true}); !changed || err != nil || exists(target) || !isLink(h.at(".bashrc")) {
		t.Errorf("%v %v", changed, err)
	}
}

func TestStartupFilesThatAreNone(t *testing.T) {
	h := newInside(t)
	h.must(os.MkdirAll(h.at("dir/.bashrc"), 0o755))
	for path, bad := range map[string]bool{h.at("dir/.bashrc"): true, h.at("real/tool"): false, h.at("none"): false, h.at("real/tool/.bashrc"): true} {
		if err := CheckStartup(path); (err != nil) != bad {
			t.Errorf("%s: %v", path, err)
		}
	}
	if _, err := AddBlock(h.l, h.at("dir/.bashrc"), ""); err == nil {
		t.Error("a directory has got a block")
	}
	if os.Geteuid() != 0 {
		h.write("locked", "", 0o400)
		if CheckStartup(h.at("locked")) == nil {
			t.Error("a file that may not be written")
		}
	}
}
