package piext

import (
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"pi-track/extensions"
)

func options(t *testing.T) Options {
	t.Helper()
	root := t.TempDir()
	return Options{
		AgentDir: filepath.Join(root, "pi", "agent"),
		Home:     filepath.Join(root, "home"),
		Log:      filepath.Join(root, "log.jsonl"),
		Bin:      filepath.Join(root, "home", "bin", "pi-track"),
	}
}

// tree lists every path below dir with the content of its file.
func tree(t *testing.T, dir string) map[string]string {
	t.Helper()
	found := make(map[string]string)
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			found[path] = "a directory"
			return err
		}
		data, err := os.ReadFile(path)
		found[path] = string(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func mustInstall(t *testing.T, o Options, want string) {
	t.Helper()
	got, err := Install(o)
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != 1 || got[0].Path != Dir(o.AgentDir) || got[0].What != want {
		t.Fatalf("Install = %+v, want one action %q", got, want)
	}
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestInstallTwiceAndUninstallLeavesNothing(t *testing.T) {
	o := options(t)
	root := filepath.Dir(filepath.Dir(o.AgentDir))
	before := tree(t, root)
	mustInstall(t, o, Added)
	for name, data := range extensions.Files() {
		got, err := os.ReadFile(filepath.Join(Dir(o.AgentDir), name))
		if err != nil || string(got) != string(data) {
			t.Errorf("%s: not installed as embedded: %v", name, err)
		}
	}
	installed := tree(t, root)
	mustInstall(t, o, Unchanged)
	if again := tree(t, root); !reflect.DeepEqual(again, installed) {
		t.Error("the second installation changed something")
	}
	if s, err := Check(o.AgentDir); err != nil || !s.Present || !s.Current || !s.Ours || len(s.Changed) > 0 {
		t.Errorf("Check = %+v, %v", s, err)
	}
	got, err := Uninstall(o.AgentDir, false)
	if err != nil || len(got) != 1 || got[0].What != Removed {
		t.Errorf("Uninstall = %+v, %v", got, err)
	}
	if after := tree(t, root); !reflect.DeepEqual(after, before) {
		t.Errorf("left behind: %v", after)
	}
	if got, err := Uninstall(o.AgentDir, false); err != nil || got != nil {
		t.Errorf("Uninstall of nothing = %+v, %v", got, err)
	}
}

func TestDryRunChangesNothing(t *testing.T) {
	o := options(t)
	o.DryRun = true
	mustInstall(t, o, Added)
	if _, err := os.Stat(o.AgentDir); err == nil {
		t.Error("a dry run made the agent directory")
	}
	o.DryRun = false
	mustInstall(t, o, Added)
	before := tree(t, o.AgentDir)
	if got, err := Uninstall(o.AgentDir, true); err != nil || got[0].What != Removed {
		t.Errorf("Uninstall = %+v, %v", got, err)
	}
	if after := tree(t, o.AgentDir); !reflect.DeepEqual(after, before) {
		t.Error("a dry run removed something")
	}
}

func TestRecordTellsTheExtensionWhereThingsAre(t *testing.T) {
	o := options(t)
	mustInstall(t, o, Added)
	data, err := os.ReadFile(filepath.Join(Dir(o.AgentDir), "installed.json"))
	if err != nil {
		t.Fatal(err)
	}
	var got struct{ Home, Log, Bin string }
	if err := json.Unmarshal(data, &got); err != nil {
		t.Fatal(err)
	}
	if got.Home != o.Home || got.Log != o.Log || got.Bin != o.Bin {
		t.Errorf("installed.json says %+v", got)
	}
	o.Log += "2"
	mustInstall(t, o, Updated)
}

func TestUpdateReplacesOlderFiles(t *testing.T) {
	o := options(t)
	mustInstall(t, o, Added)
	// An installation by an older version: other files, all of them recorded.
	dir := Dir(o.AgentDir)
	r := receipt{Home: o.Home, Log: o.Log, Bin: o.Bin, Files: map[string]string{}}
	for name := range extensions.Files() {
		os.Remove(filepath.Join(dir, name))
	}
	for _, name := range []string{"index.ts", "gone.ts"} {
		write(t, filepath.Join(dir, name), "// older\n")
		r.Files[name] = sum([]byte("// older\n"))
	}
	write(t, filepath.Join(dir, receiptName), string(r.encode()))
	if s, err := Check(o.AgentDir); err != nil || !s.Present || s.Current {
		t.Errorf("Check = %+v, %v", s, err)
	}
	write(t, filepath.Join(filepath.Dir(dir), tmpPrefix+"1234", "new", "index.ts"), string(extensions.Files()["index.ts"][:100]))
	mustInstall(t, o, Updated)
	if s, err := Check(o.AgentDir); err != nil || !s.Current {
		t.Errorf("Check = %+v, %v", s, err)
	}
	if _, err := os.Stat(filepath.Join(dir, "gone.ts")); err == nil {
		t.Error("a file of the older version is still there")
	}
	entries, err := os.ReadDir(filepath.Dir(dir))
	if err != nil || len(entries) != 1 {
		t.Errorf("beside the extension lies %v, %v", entries, err)
	}
}

func TestChangedFileIsKeptAndNamed(t *testing.T) {
	o := options(t)
	mustInstall(t, o, Added)
	path := filepath.Join(Dir(o.AgentDir), "report.ts")
	write(t, path, "// mine\n")
	actions, err := Install(o)
	if err != nil || len(actions) != 2 || actions[0].What != Kept || actions[1].Path != path {
		t.Errorf("Install = %+v, %v", actions, err)
	}
	actions, err = Uninstall(o.AgentDir, false)
	if err != nil || len(actions) != 2 || actions[1].Path != path || actions[1].What != Kept {
		t.Errorf("Uninstall = %+v, %v", actions, err)
	}
	want := map[string]string{Dir(o.AgentDir): "a directory", path: "// mine\n"}
	if got := tree(t, Dir(o.AgentDir)); !reflect.DeepEqual(got, want) {
		t.Errorf("left: %v", got)
	}
}

// With its entry kept and its modules gone Pi could not start any more.
func TestChangedEntryKeepsItsModules(t *testing.T) {
	o := options(t)
	mustInstall(t, o, Added)
	entry := filepath.Join(Dir(o.AgentDir), "index.ts")
	write(t, entry, "// mine\n")
	before := tree(t, o.AgentDir)
	actions, err := Uninstall(o.AgentDir, false)
	if err != nil || len(actions) != 2 || actions[1].Path != entry || !strings.Contains(actions[1].Why, "Pi still loads it") {
		t.Errorf("Uninstall = %+v, %v", actions, err)
	}
	if after := tree(t, o.AgentDir); !reflect.DeepEqual(after, before) {
		t.Error("something was removed")
	}
}

// So it is with the file that loads the bundle.
func TestChangedLoaderKeepsTheBundle(t *testing.T) {
	o := options(t)
	mustInstall(t, o, Added)
	loader := filepath.Join(Dir(o.AgentDir), "index.js")
	write(t, loader, "// mine\n")
	before := tree(t, o.AgentDir)
	actions, err := Uninstall(o.AgentDir, false)
	if err != nil || len(actions) != 2 || actions[1].Path != loader || !strings.Contains(actions[1].Why, "Pi still loads it") {
		t.Errorf("Uninstall = %+v, %v", actions, err)
	}
	if after := tree(t, o.AgentDir); !reflect.DeepEqual(after, before) {
		t.Error("something was removed")
	}
}

func TestForeignDirectoryIsLeftAlone(t *testing.T) {
	o := options(t)
	mine := filepath.Join(Dir(o.AgentDir), "index.ts")
	write(t, mine, "// mine\n")
	for _, do := range []func() ([]Action, error){
		func() ([]Action, error) { return Install(o) },
		func() ([]Action, error) { return Uninstall(o.AgentDir, false) },
	} {
		actions, err := do()
		if err != nil || len(actions) != 1 || actions[0].What != Kept {
			t.Errorf("got %+v, %v", actions, err)
		}
	}
	if got, _ := os.ReadFile(mine); string(got) != "// mine\n" {
		t.Error("a foreign file was changed")
	}
	if s, err := Check(o.AgentDir); err != nil || !s.Present || s.Ours || s.Current {
		t.Errorf("Check = %+v, %v", s, err)
	}
}

func TestLinkedDirectoryIsLeftAlone(t *testing.T) {
	o := options(t)
	checkout := t.TempDir()
	write(t, filepath.Join(checkout, "index.ts"), "// a checkout\n")
	dir := Dir(o.AgentDir)
	if err := os.MkdirAll(filepath.Dir(dir), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(checkout, dir); err != nil {
		t.Fatal(err)
	}
	actions, err := Install(o)
	if err != nil || len(actions) != 1 || actions[0].What != Kept {
		t.Errorf("Install = %+v, %v", actions, err)
	}
	if s, err := Check(o.AgentDir); err != nil || !s.Present || s.Ours {
		t.Errorf("Check = %+v, %v", s, err)
	}
}

func TestAgentDir(t *testing.T) {
	t.Setenv("HOME", "/home/kim")
	for env, want := range map[string]string{
		"":           "/home/kim/.pi/agent",
		"/srv/agent": "/srv/agent",
		"~/a":        "/home/kim/a",
		"~":          "/home/kim",
	} {
		t.Setenv("PI_CODING_AGENT_DIR", env)
		if got := AgentDir(); got != want {
			t.Errorf("PI_CODING_AGENT_DIR=%q: %s, want %s", env, got, want)
		}
	}
}

func TestHasPi(t *testing.T) {
	bin := t.TempDir()
	t.Setenv("PATH", bin)
	if HasPi(filepath.Join(bin, "agent")) {
		t.Error("found where there is none")
	}
	write(t, filepath.Join(bin, "pi"), "#!/bin/sh\n")
	if HasPi(filepath.Join(bin, "agent")) {
		t.Error("a file that is not executable counts")
	}
	if err := os.Chmod(filepath.Join(bin, "pi"), 0o755); err != nil {
		t.Fatal(err)
	}
	if !HasPi(filepath.Join(bin, "agent")) {
		t.Error("pi on PATH is not found")
	}
	t.Setenv("PATH", "")
	if !HasPi(bin) {
		t.Error("the agent directory is not found")
	}
}

// What is not ours stays, whatever the receipt says.
func TestRecordIsNoProof(t *testing.T) {
	o := options(t)
	mustInstall(t, o, Added)
	dir := Dir(o.AgentDir)
	root := filepath.Dir(filepath.Dir(o.AgentDir))
	precious, hollow := filepath.Join(root, "thesis.txt"), filepath.Join(root, "hollow")
	write(t, precious, "my thesis")
	write(t, filepath.Join(filepath.Dir(dir), tmpPrefix+"notes", "a"), "my notes")
	write(t, filepath.Join(filepath.Dir(dir), tmpPrefix+"12", "new", "mine.ts"), "my extension")
	if err := os.Mkdir(hollow, 0o700); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(filepath.Join(dir, receiptName))
	if err != nil {
		t.Fatal(err)
	}
	var r receipt
	if err := json.Unmarshal(data, &r); err != nil {
		t.Fatal(err)
	}
	r.Made = append(r.Made, precious, hollow)
	r.Files["../../../../thesis.txt"] = sum([]byte("my thesis"))
	write(t, filepath.Join(dir, receiptName), string(r.encode()))
	if _, err := Uninstall(o.AgentDir, false); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{precious, hollow, filepath.Join(filepath.Dir(dir), tmpPrefix+"notes", "a"), filepath.Join(filepath.Dir(dir), tmpPrefix+"12", "new", "mine.ts")} {
		if _, err := os.Stat(path); err != nil {
			t.Error(err)
		}
	}
}

// Which entry of Pi's settings brings the extension.
func TestPackage(t *testing.T) {
	agent := t.TempDir()
	ours := filepath.Join(t.TempDir(), "checkout")
	for dir, name := range map[string]string{ours: "pi-track-extension", filepath.Join(agent, "local"): "something-else"} {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, "package.json"), []byte(`{"name":"`+name+`"}`), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for packages, want := range map[string]string{
		`["npm:pi-track"]`:                                       "npm:pi-track",
		`["npm:other","npm:pi-track@0.1.0"]`:                     "npm:pi-track@0.1.0",
		`[{"source":"npm:pi-track"}]`:                            "npm:pi-track",
		`[{"source":"npm:pi-track","extensions":[]}]`:            "",
		`[{"source":"npm:pi-track","skills":[]}]`:                "npm:pi-track",
		`["npm:pi-track-of-others","npm:@x/not-pi-track"]`:       "",
		`["` + ours + `"]`:                                       ours,
		`["` + ours + `/gone","./local","git:host/x/pi-tracks"]`: "",
		`[7,null,{}]`: "",
		`"broken`:     "",
	} {
		if err := os.WriteFile(filepath.Join(agent, "settings.json"), []byte(`{"packages":`+packages+`}`), 0o644); err != nil {
			t.Fatal(err)
		}
		if got := Package(agent); got != want {
			t.Errorf("%s: %q, want %q", packages, got, want)
		}
	}
	if Package("") != "" {
		t.Error("no agent directory")
	}
}
