package pitrack_test

import (
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"pi-track/internal/testbin"
)

// variable matches where a program of ours names an environment variable.
var variable = regexp.MustCompile(`"(PI_[A-Z_]+[A-Z]|XDG_CONFIG_HOME)"|[gG]etenv\([^()]*"([A-Z_]+)"\)|env\["([A-Z_]+)"\]`)

// Every variable that the programs or the extension read or set stands in
// docs/environment.md.
func TestEnvironmentIsDocumented(t *testing.T) {
	page, err := os.ReadFile("docs/environment.md")
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]string{}
	for _, dir := range []string{"cmd", "internal", "extensions/_shared", "extensions/pi-track"} {
		err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || strings.HasSuffix(path, "_test.go") || strings.HasPrefix(path, "internal/exec/bench/") || !strings.HasSuffix(path, ".go") && !strings.HasSuffix(path, ".ts") {
				return err
			}
			source, err := os.ReadFile(path)
			for _, m := range variable.FindAllStringSubmatch(string(source), -1) {
				seen[m[1]+m[2]+m[3]] = path
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if seen["PI_TRACK_HOME"] == "" || seen["COLUMNS"] == "" || seen["PI_TASK_ID"] == "" {
		t.Fatalf("the search is broken: it found %v", seen)
	}
	for name, path := range seen {
		if !strings.Contains(string(page), "`"+name+"`") {
			t.Errorf("%s, which %s names, is not in docs/environment.md", name, path)
		}
	}
}

// Every key of shims.toml stands in docs/configuration.md: those that the parser
// lists as valid.
func TestConfigurationIsDocumented(t *testing.T) {
	page, err := os.ReadFile("docs/configuration.md")
	if err != nil {
		t.Fatal(err)
	}
	var source []byte
	files, _ := filepath.Glob("internal/shim/config*.go")
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		source = append(source, text...)
	}
	n := 0
	for _, list := range regexp.MustCompile(`(?:known\(.*|sharedKeys = \[\]string\{.*)`).FindAllString(string(source), -1) {
		for _, m := range regexp.MustCompile(`"([a-z_]+)"`).FindAllStringSubmatch(list, -1) {
			n++
			if !strings.Contains(string(page), "| `"+m[1]+"` |") && !strings.Contains(string(page), "["+m[1]+"]") {
				t.Errorf("the key %s is not in docs/configuration.md", m[1])
			}
		}
	}
	if n < 35 {
		t.Fatalf("only %d keys were found in the parser", n)
	}
}

// The page on tasks: every command in it is carried out, and each way records
// the outcome of one task.
func TestTasksPageRuns(t *testing.T) {
	page, err := os.ReadFile("docs/tasks.md")
	if err != nil {
		t.Fatal(err)
	}
	bin, err := testbin.Dir()
	if err != nil {
		t.Fatal(err)
	}
	home := t.TempDir()
	run := func(script string) string {
		t.Helper()
		cmd := exec.Command("sh", "-euc", script)
		cmd.Dir = home
		cmd.Env = []string{"PATH=" + bin + ":" + os.Getenv("PATH"), "HOME=" + home, "PI_TRACK_HOME=" + home}
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("%v\n%s\n%s", err, script, out)
		}
		return string(out)
	}
	blocks := regexp.MustCompile("(?s)```sh\n(.*?)```").FindAllStringSubmatch(string(page), -1)
	for _, b := range blocks {
		run(b[1])
	}
	if len(blocks) < 4 {
		t.Fatalf("only %d blocks of commands", len(blocks))
	}
	out := run("pi-track report effect --json")
	if !regexp.MustCompile(`"tasks": 5,`).MatchString(out) {
		t.Errorf("not five tasks with an outcome:\n%s", out)
	}
}
