package launch

import (
	"errors"
	"fmt"
	"os"
	"reflect"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"pi-track/internal/exec"
	"pi-track/internal/lookup"
	"pi-track/internal/manifest"
)

func TestVariables(t *testing.T) {
	env := []string{"A", "A=", "AB=2", "A=1", "=x", "B=y=z", "PATHX=/x", "C="}
	for key, want := range map[string]string{"A": "", "AB": "2", "B": "y=z", "C": "", "D": "", "PATH": ""} {
		if got := getenv(env, key); got != want {
			t.Errorf("%s is %q, not %q", key, got, want)
		}
	}
	for _, c := range []struct{ env, want string }{{"", "/bin:/usr/bin"}, {"PATH=", ""}, {"X=1,PATH=/a:/b,PATH=/c", "/a:/b"}, {"XPATH=/a", "/bin:/usr/bin"}} {
		if got := searchPath(strings.Split(c.env, ",")); got != c.want {
			t.Errorf("%s: %q", c.env, got)
		}
	}
	for _, c := range []struct{ env, want string }{
		{"", ",K=v"}, {"K=1", "K=v"}, {"A=1,K=1,B=2,K=2", "A=1,K=v,B=2"}, {"KK=1,K", "KK=1,K,K=v"}, {"K=", "K=v"},
	} {
		before := strings.Split(c.env, ",")
		was := strings.Join(before, ",")
		if got := strings.Join(setenv(before, "K", "v"), ","); got != c.want {
			t.Errorf("%s: %s, want %s", c.env, got, c.want)
		}
		if strings.Join(before, ",") != was {
			t.Errorf("%s was changed to %s", was, before)
		}
	}
	if got := firstSet([]string{"A=", "B=b", "C=c"}, []string{"A", "B", "C"}); got != "b" {
		t.Errorf("%q", got)
	}
	if got := firstSet([]string{"A="}, []string{"A", "B"}); got != "" {
		t.Errorf("%q", got)
	}
}

func TestOptionValues(t *testing.T) {
	for args, want := range map[string]string{
		"--task 1": "1", "--task=2": "2", "x --task 3 --task 4": "3", "--task": "", "-- --task 5": "", "--tasks=6": "", "a --task": "", "--task=": "", "x --task --": "--", "--task=7 -- x": "7",
	} {
		if got := optionValue(strings.Fields(args), "--task"); got != want {
			t.Errorf("%s: %q, not %q", args, got, want)
		}
	}
	if got := optionValue([]string{"", "x"}, ""); got != "" {
		t.Errorf("no option: %q", got)
	}
}

// A chain is read as it was written, by whom it is for.
func TestChainIsReadByWhomItIsFor(t *testing.T) {
	self, parent := os.Getpid(), os.Getppid()
	ids := "fe00:1,ff:a2|10:3"
	tried, ours := []lookup.ID{{Dev: 0xfe00, Ino: 1}, {Dev: 0xff, Ino: 0xa2}}, []lookup.ID{{Dev: 16, Ino: 3}}
	for text, want := range map[string]chain{
		fmt.Sprintf("%d|tool|3|%s", parent, ids):      {pid: parent, name: "tool", depth: 3, tried: tried, ours: ours, reexec: true},
		fmt.Sprintf("=%d|tool|4|%s", self, ids):       {pid: self, name: "tool", depth: 4, tried: tried, ours: ours},
		fmt.Sprintf("=%d|tool|4|%s", parent, ids):     {name: "tool", depth: 4},
		fmt.Sprintf("%d|tool|3|%s", 1<<22+1, ids):     {name: "tool", depth: 3, reexec: false},
		fmt.Sprintf("%d|other|3|%s", parent, ids):     {name: "tool"},
		fmt.Sprintf("%d|tool|x|%s", parent, ids):      {name: "tool"},
		fmt.Sprintf("x|tool|3|%s", ids):               {name: "tool"},
		fmt.Sprintf("%d|tool|3|%s|more", parent, ids): {name: "tool"},
		fmt.Sprintf("%d|tool|3|", parent):             {name: "tool"},
		"":                                            {name: "tool"},
	} {
		got := readChain([]string{chainVariable + "=" + text}, "tool")
		if strings.HasPrefix(text, strconv.Itoa(1<<22+1)) && got.reexec {
			want = chain{pid: 1<<22 + 1, name: "tool", depth: 3, tried: tried, ours: ours, reexec: true} // the parent is this test program too
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s:\ngot  %+v\nwant %+v", text, got, want)
		}
		if got.pid != 0 && got.String() != text {
			t.Errorf("%s is written %s", text, got.String())
		}
	}
	if got := readIDs("1:2,x:1,1:y,,3,4:5:6,10000000000000000:1,7:8"); !reflect.DeepEqual(got, []lookup.ID{{Dev: 1, Ino: 2}, {Dev: 7, Ino: 8}}) {
		t.Errorf("%+v", got)
	}
}

func TestChainGrows(t *testing.T) {
	a, b, self := lookup.ID{Dev: 1, Ino: 1}, lookup.ID{Dev: 1, Ino: 2}, lookup.ID{Dev: 9, Ino: 9}
	c := chain{name: "tool", depth: 2, tried: []lookup.ID{a}}
	h := c.handed(self, b)
	if want := (chain{pid: os.Getpid(), name: "tool", depth: 2, tried: []lookup.ID{a, b}, ours: []lookup.ID{self}}); !reflect.DeepEqual(h, want) {
		t.Errorf("handed: %+v", h)
	}
	if again := h.handed(self, b); len(again.tried) != 2 || len(again.ours) != 1 {
		t.Errorf("handed again: %+v", again)
	}
	c.reexec, c.pid = true, 17
	if h := c.handed(self, lookup.ID{}); h.pid != 17 || len(h.tried) != 1 || !h.reexec {
		t.Errorf("handed on: %+v", h)
	}
	s := c.supervised(self, b)
	if want := (chain{pid: os.Getpid(), name: "tool", depth: 3, reexec: true, tried: []lookup.ID{b}, ours: []lookup.ID{self}}); !reflect.DeepEqual(s, want) {
		t.Errorf("supervised: %+v", s)
	}
	if !c.wasTried(a) || c.wasTried(b) {
		t.Error("what was tried")
	}
	c.tried, c.ours = make([]lookup.ID, 500), make([]lookup.ID, 500)
	if c.endless() {
		t.Error("a thousand are too many")
	}
	if c.ours = append(c.ours, a); !c.endless() {
		t.Error("more than a thousand are not")
	}
}

func TestCaptureByKind(t *testing.T) {
	for _, c := range []struct {
		capture, kind string
		want          exec.Capture
	}{
		{"off", "job", exec.CaptureOff}, {"pty", "script", exec.CapturePTY}, {"auto", "script", exec.CaptureAuto}, {"", "", exec.CaptureAuto},
		{"auto", "job", exec.CapturePTY}, {"auto", "loop", exec.CapturePTY}, {"", "loop", exec.CapturePTY},
	} {
		if !ptyByDefault && c.capture != "pty" && c.want == exec.CapturePTY {
			c.want = exec.CaptureAuto
		}
		call := call{shim: &manifest.Shim{Capture: c.capture, Kind: c.kind}}
		if got := call.capture(); got != c.want {
			t.Errorf("%+v: %v", c, got)
		}
	}
}

// A call is handed through without a record where one of these is so.
func TestPlainCalls(t *testing.T) {
	usual := func() call { return call{shim: &manifest.Shim{}} }
	for name, c := range map[string]struct {
		change func(*call)
		plain  bool
	}{
		"usual":     {func(*call) {}, false},
		"unknown":   {func(c *call) { c.shim = nil }, true},
		"disabled":  {func(c *call) { c.shim.Disabled = true }, true},
		"within":    {func(c *call) { c.chain.reexec = true }, true},
		"29 deep":   {func(c *call) { c.chain.depth = 29 }, false},
		"30 deep":   {func(c *call) { c.chain.depth = 30 }, true},
		"variable":  {func(c *call) { c.env = []string{"PI_TRACK_DISABLE=1"} }, true},
		"off there": {func(c *call) { c.env = []string{"PI_TRACK_DISABLE=0"} }, false},
	} {
		call := usual()
		if c.change(&call); call.plain() != c.plain {
			t.Errorf("%s: %v", name, !c.plain)
		}
	}
}

func TestEnvironmentOfAProgram(t *testing.T) {
	c := call{env: []string{"A=1", "PI_TRACK_ROOT=old"}, shim: &manifest.Shim{Env: []string{"A=2", "B=3=4", "broken"}}, chain: chain{name: "tool"}}
	got := c.programEnv("id", "")
	want := []string{"A=2", "PI_TRACK_ROOT=id", "PI_TRACK_PARENT=id", fmt.Sprintf("PI_TRACK_CHAIN=%d|tool|1|0:0|", os.Getpid()), "B=3=4"}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%q", got)
	}
	if got := c.programEnv("id", "root"); getenv(got, "PI_TRACK_ROOT") != "root" || getenv(got, "PI_TRACK_PARENT") != "id" {
		t.Errorf("%q", got)
	}
	c.shim = nil
	if got := c.configuredEnv([]string{"A=1"}); !reflect.DeepEqual(got, []string{"A=1"}) {
		t.Errorf("%q", got)
	}
}

func TestWordsOfErrors(t *testing.T) {
	for err, want := range map[error]string{
		syscall.ENOENT: "No such file or directory", fmt.Errorf("x: %w", syscall.EACCES): "Permission denied", errors.New("other"): "other", errNotFound: "command not found",
	} {
		if got := errorText(err); got != want {
			t.Errorf("%v: %q", err, got)
		}
	}
	if got := startFailure("tool", syscall.EACCES); got != "tool: Permission denied" {
		t.Errorf("%q", got)
	}
	for sig, want := range map[syscall.Signal]string{syscall.SIGTERM: "TERM", syscall.SIGHUP: "HUP", 40: "40"} {
		if got := signalName(sig); got != want {
			t.Errorf("%d: %s", sig, got)
		}
	}
}

func TestScopes(t *testing.T) {
	for _, c := range []struct{ configured, program, repo, cwd, want string }{
		{"project", "/x", "", "", "project"}, {"global", "/r/x", "/r", "/r", "global"},
		{"auto", "/r/x", "/r", "/r", "project"}, {"", "/r/x", "/r", "/elsewhere", "project"}, {"auto", "/rx", "/r", "/r", "global"},
		{"auto", "/c/.pi/x", "", "/c", "project"}, {"auto", "/c/.pi/x", "/other", "/c", "global"}, {"auto", "/c/x", "", "/c", "global"}, {"auto", "/.pi/x", "", "", "global"},
	} {
		if got := scopeOf(c.configured, c.program, c.repo, c.cwd); got != c.want {
			t.Errorf("%+v: %s", c, got)
		}
	}
}

// A file's revision is short, and that of what is no file is none.
func TestRevisions(t *testing.T) {
	dir := t.TempDir()
	if got := revOf(dir) + revOf(dir+"/none"); got != "" {
		t.Errorf("%q", got)
	}
	seen := map[string]bool{}
	for i := range 50 {
		file := fmt.Sprint(dir, "/", i)
		if err := os.WriteFile(file, []byte(strings.Repeat("x", i)), 0o600); err != nil {
			t.Fatal(err)
		}
		rev := revOf(file)
		if len(rev) > 10 || len(rev) < 6 || seen[rev] {
			t.Errorf("%s", rev)
		}
		seen[rev] = true
	}
	file := dir + "/1"
	script := dir + "/2"
	for _, c := range []struct {
		arm     string
		command []string
		want    string
	}{
		{"", nil, file}, {"", []string{"sh"}, file}, {"", []string{"sh", script}, script}, {"", []string{"sh", "-x", dir, script}, script}, {"b", []string{"sh", script}, file}, {"", []string{script, "relative"}, file},
	} {
		call := call{program: file, shim: &manifest.Shim{Command: c.command}}
		call.trial.Arm = c.arm
		if got := call.rev(); got != revOf(c.want) {
			t.Errorf("%+v: %s", c, got)
		}
	}
}
