package shim

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	pitrack "pi-track"
	"pi-track/internal/manifest"
)

func TestDefaultConfig(t *testing.T) {
	cfg, err := ParseConfig("shims.toml", pitrack.DefaultConfig, "/home/me")
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, s := range cfg.Shims {
		got[s.Name] = s.Kind
		if s.Scope != "auto" || s.Capture != "auto" || s.TaskArg != "" || s.Disabled {
			t.Errorf("%+v", s)
		}
	}
	want := map[string]string{
		"pi-job-start": "script", "pi-job-runner": "job", "pi-loop": "loop",
		"remember-session": "script", "switch-session": "script",
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestConfigValues(t *testing.T) {
	cfg, err := ParseConfig("f", []byte(`
version = 1
settings = { log = "~/logs/x.jsonl" }
[defaults]
kind = "job"
task_arg = "--task"
env = { A = "1", B = "2" }
[[shim]]
name = "pinned"
real = "$HOME/tools/pinned"
env.B = "3"
[[shim]]
name = "alias"
kind = "loop"
scope = "project"
capture = "off"
session_env = []
task_env = ["T1", "T2"]
command = "node --enable-source-maps '/path with space/x.js' '~' ~/y ''"
disabled = true
[[shim]]
name = "bash"
force = true
`), "/home/me")
	if err != nil {
		t.Fatal(err)
	}
	env := []string{"PI_SESSION_ID"}
	task := []string{"PI_TASK_ID", "PI_JOB_ID"}
	want := []manifest.Shim{
		{Name: "pinned", Kind: "job", Scope: "auto", Capture: "auto", Real: "/home/me/tools/pinned", SessionEnv: env, TaskEnv: task, TaskArg: "--task", Env: []string{"A=1", "B=3"}},
		{Name: "alias", Kind: "loop", Scope: "project", Capture: "off", Command: []string{"node", "--enable-source-maps", "/path with space/x.js", "/home/me", "/home/me/y", ""}, SessionEnv: []string{}, TaskEnv: []string{"T1", "T2"}, TaskArg: "--task", Env: []string{"A=1", "B=2"}, Disabled: true},
		{Name: "bash", Kind: "job", Scope: "auto", Capture: "auto", SessionEnv: env, TaskEnv: task, TaskArg: "--task", Env: []string{"A=1", "B=2"}},
	}
	if cfg.Log != "/home/me/logs/x.jsonl" || !reflect.DeepEqual(cfg.Shims, want) {
		t.Errorf("log %q\ngot  %+v\nwant %+v", cfg.Log, cfg.Shims, want)
	}
}

func TestConfigErrors(t *testing.T) {
	shim := "version = 1\n[[shim]]\nname = \"x\"\n"
	for _, c := range []struct{ name, text, line, msg, hint string }{
		{"no version", "[[shim]]\nname = \"x\"", "1", "version is missing", "version = 1"},
		{"newer version", "version = 2", "1", "version 2", "version = 1"},
		{"version is a string", `version = "1"`, "1", `"1" is not an integer`, ""},
		{"syntax", "version = 1\n[[shim]\n", "2", "", "TOML"},
		{"unknown top key", "version = 1\nsetings = {}", "2", `"setings"`, `"settings"`},
		{"unknown settings key", "version = 1\n[settings]\n\nlgo = \"x\"", "4", `"lgo" in [settings]`, `"log"`},
		{"unknown default", "version = 1\n[defaults]\nknd = \"x\"", "3", `"knd" in [defaults]`, `"kind"`},
		{"unknown key of the second shim", shim + "[[shim]]\nname = \"y\"\ncaptre = \"auto\"", "6", `"captre" in [[shim]]`, `"capture"`},
		{"far from every key", shim + "zzzzzz = 1", "4", `"zzzzzz"`, "valid keys here: name"},
		{"wrong kind", shim + `kind = "jobs"`, "4", `"jobs"`, `"job"`},
		{"wrong capture", shim + `capture = "nothing"`, "4", `"nothing"`, "valid: auto, pty, off"},
		{"kind is a number", shim + `kind = 3`, "4", "3 is not a string", ""},
		{"disabled is a string", shim + `disabled = "yes"`, "4", `"yes" is not true or false`, ""},
		{"relative log", "version = 1\n[settings]\nlog = \"x.jsonl\"", "3", `"x.jsonl" is not an absolute path`, ""},
		{"relative real", shim + `real = "bin/x"`, "4", `"bin/x"`, ""},
		{"real and command", shim + "real = \"/x\"\ncommand = \"y\"", "5", "both real and command", ""},
		{"pipe", shim + `command = "a b | c"`, "4", `operator at "| c"`, "script"},
		{"semicolon", shim + `command = "a; b"`, "4", `operator at "; b"`, ""},
		{"ampersand", shim + `command = "a & b"`, "4", "operator", ""},
		{"redirect", shim + `command = "ä b 2>c"`, "4", `operator at "2>c"`, ""},
		{"input", shim + `command = "a <b"`, "4", "operator", ""},
		{"open quote", shim + `command = "a 'b"`, "4", "cannot be split", ""},
		{"empty command", shim + `command = ""`, "4", "names no program", ""},
		{"relative command", shim + `command = "./x y"`, "4", "relative path", ""},
		{"task_arg without dash", shim + `task_arg = "task"`, "4", `"task" is not an option`, ""},
		{"env list", shim + `env = ["A=1"]`, "4", "a list is not a table", ""},
		{"env name", shim + `env = { "A B" = "1" }`, "4", `"A B"`, ""},
		{"env of ours", shim + `env = { PI_TRACK_CHAIN = "1" }`, "4", "PI_TRACK_CHAIN", ""},
		{"env number", shim + `env = { A = 1 }`, "4", "1 is not a table of strings", ""},
		{"task_env string", shim + `task_env = "A"`, "4", `"A" is not a list`, ""},
		{"task_env name", shim + `task_env = ["A-B"]`, "4", `"A-B"`, ""},
		{"single brackets", "version = 1\n[shim]\nname = \"x\"", "2", "not a list", "[[shim]]"},
		{"twice", shim + "\n[[shim]]\nname = \"x\"", "6", "first on line 3", ""},
		{"no name", "version = 1\n[[shim]]\nkind = \"job\"", "2", "missing or empty", ""},
		{"slash", "version = 1\n[[shim]]\nname = \"a/b\"", "3", "slash", ""},
		{"blank", "version = 1\n[[shim]]\nname = \"a b\"", "3", "blank", ""},
		{"newline", "version = 1\n[[shim]]\nname = \"a\\nb\"", "3", "blank", ""},
		{"pattern", "version = 1\n[[shim]]\nname = \"pi-*\"", "3", "not a pattern", "pi-loop"},
		{"log is a device", "version = 1\n[settings]\nlog = \"/dev/null\"", "3", "not a regular file", "name a file"},
		{"log is a directory", "version = 1\n[settings]\nlog = \"/\"", "3", "is a directory", "/events.jsonl"},
		{"real is a number", shim + `real = 3`, "4", "3 is not a string", ""},
		{"dash", "version = 1\n[[shim]]\nname = \"-a\"", "3", "begins with -", ""},
		{"dot", "version = 1\n[[shim]]\nname = \".a\"", "3", "begins with .", ""},
		{"itself", "version = 1\n[[shim]]\nname = \"pi-track\"", "3", "reserved", ""},
		{"report", "version = 1\n[[shim]]\nname = \"tool-usage-report\"", "3", "reserved", ""},
		{"sh", "version = 1\n[[shim]]\nname = \"sh\"", "3", `"sh" is refused`, "force = true"},
		{"sudo", "version = 1\n[[shim]]\nname = \"sudo\"", "3", `"sudo" is refused`, "force = true"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := ParseConfig("shims.toml", []byte(c.text), "/home/me")
			var ce *ConfigError
			if !errors.As(err, &ce) {
				t.Fatalf("error %v", err)
			}
			if !strings.HasPrefix(err.Error(), "shims.toml:"+c.line+": ") || !strings.Contains(ce.Msg, c.msg) || !strings.Contains(ce.Hint, c.hint) {
				t.Errorf("got %q, hint %q\nwant line %s, %q, hint %q", err, ce.Hint, c.line, c.msg, c.hint)
			}
		})
	}
}

// Every mistake is named, each key's once, in the order of the lines.
func TestConfigNamesEveryMistake(t *testing.T) {
	_, err := ParseConfig("f", []byte(`version = 1
[defaults]
kind = "jobs"
[[shim]]
name = "a b"
real = 3
zzz = 1
[[shim]]
name = "ok"
command = "x | y"
env = { A = 1, B = 2 }
[[shim]]
name = "ok"
`), "/h")
	var all ConfigErrors
	if !errors.As(err, &all) {
		t.Fatal(err)
	}
	got := ""
	for _, e := range all {
		got += fmt.Sprintf("%d %s; ", e.Line, e.key)
	}
	if want := "3 kind; 5 name; 6 real; 7 zzz; 10 command; 11 env; 13 name; "; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// Programs that are not there, or are none, are warned of and not refused: they
// may come.
func TestConfigWarnings(t *testing.T) {
	dir := t.TempDir()
	plain := filepath.Join(dir, "plain")
	program := filepath.Join(dir, "program")
	for file, mode := range map[string]os.FileMode{plain: 0o600, program: 0o700} {
		if err := os.WriteFile(file, nil, mode); err != nil {
			t.Fatal(err)
		}
	}
	text := "version = 1\n"
	for i, what := range []string{"real = '" + dir + "/none'", "real = '" + plain + "'", "real = '" + dir + "'", "command = '\"" + dir + "/none\" x'", "real = '" + program + "'"} {
		text += fmt.Sprintf("[[shim]]\nname = \"h%d\"\n%s\n", i, what)
	}
	cfg, err := ParseConfig("f", []byte(text), "/h")
	if err != nil {
		t.Fatal(err)
	}
	got := ""
	for _, w := range cfg.Warnings {
		got += fmt.Sprintf("%d %s; ", w.Line, strings.ReplaceAll(w.Msg, dir, ""))
	}
	if want := "4 real: /none does not exist; 7 real: /plain is not a program; 10 real:  is not a program; 13 command: /none does not exist; "; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// A program that is missing is named beside the mistakes, after them.
func TestConfigErrorsAndWarnings(t *testing.T) {
	text := "version = 1\n[[shim]]\nname = \"x\"\nreal = \"/nowhere/x\"\nknd = 1\n"
	_, err := ParseConfig("f", []byte(text), "/h")
	var all ConfigErrors
	if !errors.As(err, &all) || len(all) != 2 || all[0].Warning || all[0].Line != 5 || !all[1].Warning || all[1].Line != 4 {
		t.Errorf("%v", err)
	}
}

// Whatever the file holds, the answer is a configuration or a ConfigError.
func FuzzParseConfig(f *testing.F) {
	f.Add(pitrack.DefaultConfig)
	f.Add([]byte("version = 1\n[[shim]]\nname = \"x\"\ncommand = \"a 'b' | c\"\nenv = { A = \"1\" }\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		cfg, err := ParseConfig("f", data, "/h")
		var ce *ConfigError
		if err != nil && !errors.As(err, &ce) {
			t.Fatalf("not a ConfigError: %v", err)
		}
		if err != nil {
			return
		}
		m := manifest.Manifest{Log: cfg.Log, Shims: cfg.Shims}
		if _, err := manifest.Decode(m.Encode()); err != nil {
			t.Errorf("the manifest cannot be read back: %v", err)
		}
	})
}
