package shim

import (
	"strings"
	"testing"
	"time"

	"pi-track/internal/fleet"
)

// refused parses a shims.toml of one table and returns what was refused of it.
func refused(text string) string {
	_, err := ParseConfig("f", []byte("version = 1\n"+text), "/h")
	if err == nil {
		return ""
	}
	return err.Error()
}

func TestBadNames(t *testing.T) {
	for name, want := range map[string]string{
		"a": "", "a-b": "", "a.b": "", "ä": "", "a=b": "", strings.Repeat("x", 255): "",
		strings.Repeat("x", 256): "longer", "": "empty", "a/b": "slash", "-a": "begins with -", ".a": "begins with .",
		"a*": "pattern", "a?": "pattern", "a[": "pattern", "a]": "pattern",
		"a b": "blank", "a\x7fb": "blank", "a|b": "blank", "a\u00a0b": "blank", "a\xffb": "blank", "a\x1fb": "blank", "a!b": "",
	} {
		if got := BadName(name); !strings.Contains(got, want) || (got == "") != (want == "") {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	}
}

func TestFileNames(t *testing.T) {
	for name, want := range map[string]bool{
		"": false, "a": true, "azAZ09-_": true, "-a": false, "a-": true, strings.Repeat("x", 63): true, strings.Repeat("x", 64): false,
		"`": false, "{": false, "@": false, "[": false, "/": false, ":": false, ".": false, "ä": false, " ": false,
	} {
		if fileName(name) != want {
			t.Errorf("%q: %v", name, !want)
		}
	}
}

func TestVariableNames(t *testing.T) {
	for name, want := range map[string]bool{
		"": false, "a": true, "z": true, "A": true, "Z": true, "_": true, "a0": true, "a9": true, "0a": false, "9": false,
		"a-": false, "`": false, "{": false, "@": false, "[": false, "a/": false, "a:": false, "aä": false,
	} {
		if isVariable(name) != want {
			t.Errorf("%q: %v", name, !want)
		}
	}
}

func TestHomeInPaths(t *testing.T) {
	p := &parser{home: "/h"}
	for text, want := range map[string]string{
		"~": "/h", "~/x": "/h/x", "~x": "~x", "$HOME": "/h", "$HOME/x": "/h/x", "$HOMEx": "$HOMEx", "/~": "/~", "": "", "x~": "x~",
	} {
		if got := p.expand(text); got != want {
			t.Errorf("%s: %s, want %s", text, got, want)
		}
	}
}

func TestSizesOfBatches(t *testing.T) {
	for text, want := range map[string]int{
		"16384": 16384, "16383": 0, "16KiB": 16384, "15KiB": 0, "16K": 16384, "1MiB": 1 << 20, "1M": 1 << 20, "64MiB": 64 << 20, "65MiB": 0,
		"67108864": 64 << 20, "67108865": 0, "65536K": 64 << 20, "65537K": 0, "4X": 0, "4Mi": 0, "x": 0, "-1M": 0, "1.5M": 0, "KiB": 0,
	} {
		cfg, err := ParseConfig("f", []byte("version = 1\n[ship.team]\nto = \"dir:/x\"\nfields = {}\nkey_file = \"/k\"\nbatch = \""+text+"\"\n"), "/h")
		if (err != nil) != (want == 0) || err == nil && cfg.Sinks[0].Batch != want {
			t.Errorf("%s: %v %+v", text, err, cfg)
		}
	}
	if cfg, err := ParseConfig("f", []byte("version = 1\n[ship.team]\nto = \"dir:/x\"\nkey_file = \"/k\"\n"), "/h"); err != nil || cfg.Sinks[0].Batch != 0 {
		t.Errorf("no batch: %v", err)
	}
}

func TestSinks(t *testing.T) {
	const team = "[ship.team]\nto = \"dir:~/x\"\n"
	cfg, err := ParseConfig("f", []byte("version = 1\n"+team+`key_file = "~/key"
token_command = ["~/secret", "~"]
names = ["a*", "!b"]
repos = ["~/src/*"]
since = 2026-11-01T00:00:00Z
compatible = true
ca_file = "$HOME/ca"
[source.all]
from = "dir:/x"
token_file = "/t"
`), "/h")
	if err != nil {
		t.Fatal(err)
	}
	s, from := cfg.Sinks[0], cfg.Sources[0]
	if s.Name != "team" || s.To.Kind != fleet.Dir || s.To.Path != "/h/x" || strings.Join(s.Names, " ") != "a* !b" || from.Name != "all" || from.From.Kind != fleet.Dir || from.From.Path != "/x" {
		t.Errorf("%+v %+v", s, from)
	}
	if s.KeyFile != "/h/key" || s.Access.TokenCommand[0] != "/h/secret" || s.Access.TokenCommand[1] != "/h" || s.Access.CAFile != "/h/ca" || !s.Access.Compatible ||
		len(s.Names) != 2 || s.Repos[0] != "/h/src/*" || s.Since.UTC().Format(time.DateOnly) != "2026-11-01" || from.Access.TokenFile != "/t" {
		t.Errorf("%+v %+v", s, from)
	}
	for text, want := range map[string]string{
		team:                                                 "f:2: key_file is missing",
		team + "key_file = 3\n":                              "f:4: key_file: 3 is not a string",
		team + "key_file = \"k\"\n":                          `f:4: key_file: "k" is not an absolute path`,
		"[ship.team]\nkey_file = \"/k\"\n":                   "f:2: to is missing",
		"[ship.team]\nto = \"x\"\nkey_file=\"/\"":            "f:3: to: ",
		team + "key_file = \"/k\"\nzzz = 1\n":                `f:5: unknown key "zzz" in [ship.team]`,
		team + "key_file = \"/k\"\ntoken_command = []\n":     "token_command is empty",
		team + "key_file = \"/k\"\ntoken_command = [\"\"]\n": "token_command is empty",
		team + "key_file = \"/k\"\ntoken_command = [\"x\"]\ntoken_file = \"/t\"\n": "both token_file and token_command",
		team + "key_file = \"/k\"\ntoken_command = \"x\"\n":                        "is not a list of strings",
		team + "key_file = \"/k\"\ntoken_command = [1]\n":                          "is not a list of strings",
		team + "key_file = \"/k\"\nnames = [\"[a\"]\n":                             "is not a pattern",
		team + "key_file = \"/k\"\nnames = [\"![a\"]\n":                            "is not a pattern",
		team + "key_file = \"/k\"\nsince = \"7d\"\n":                               `since: "7d" is not a date`,
		team + "key_file = \"/k\"\nsince = \"24h\"\n":                              `since: "24h" is not a date`,
		team + "key_file = \"/k\"\nsince = 3\n":                                    "3 is not a date",
		team + "key_file = \"/k\"\nsince = \"2026-11-01\"\n":                       "",
		team + "[ship.team.fields]\nnonsense = \"drop\"\n":                         `unknown key "nonsense" in [ship.team.fields]`,
		"[ship]\nteam = 3\n":                                                       "ship.team is not a table",
		"ship = 3\n":                                                               "ship is not a table of tables",
		"[ship.\"a b\"]\nto = \"dir:/x\"\n":                                        "cannot be the name",
		"[ship.key]\nto = \"dir:/x\"\n":                                            `"key" is a word of`,
		"[source.all]\n":                                                           "from is missing",
		"[source.all]\nfrom = \"dir:/x\"\nnames = []\n":                            `unknown key "names" in [source.all]`,
	} {
		if got := refused(text); !strings.Contains(got, want) || (got == "") != (want == "") {
			t.Errorf("%s:\n%s, want %s", text, got, want)
		}
	}
}

// Details of single keys that are easily turned round.
func TestConfigDetails(t *testing.T) {
	const shim = "[[shim]]\nname = \"x\"\n"
	for text, want := range map[string]string{
		"[settings]\nrefresh = 1\n":                                    "f:3: refresh: 1 is not true or false",
		"[settings]\nlog = \"/a/\"\n":                                  "is a directory",
		"[pi]\ntool = 1\n":                                             "f:3: tool: 1 is not true or false",
		"[pi]\nzzz = true\n":                                           `f:3: unknown key "zzz" in [pi]`,
		"[defaults]\ntask_arg = \"-\"\n":                               "is not an option",
		"[defaults]\ntask_arg = \"--a=b\"\n":                           "is not an option",
		"[defaults]\ntask_arg = \"--a b\"\n":                           "is not an option",
		"[defaults]\ntask_arg = \"-a\"\n":                              "",
		"settings = 3\n":                                               "f:2: settings: 3 is not a table",
		shim + "command = \"'' x\"\n":                                  "names no program",
		shim + "command = \"a \\u0000\"\n":                             "contains a NUL character",
		shim + "command = \"a $B `c` #d\"\n":                           "",
		shim + "command = \"dir/x\"\n":                                 "is a relative path",
		shim + "env = { A = \"\\u0000\" }\n":                           `env: "A" cannot be set`,
		shim + "force = 1\n":                                           "f:4: force: 1 is not true or false",
		"[[shim]]\nname = \"bash\"\nforce = false\n":                   "is refused",
		"[[shim]]\nname = \"env\"\n":                                   "is refused",
		"[[shim]]\nname = \"pi-track-shim\"\n":                         "reserved for pi-track",
		"shim = [3]\n":                                                 "not a list of tables",
		shim + "[shim.env]\nA = 1\n":                                   "f:4: env: 1 is not a table of strings",
		shim + "[[shim]]\nname = \"y\"\n[shim.env]\n\"A B\" = \"1\"\n": "f:6: env: ",
		shim + "kind = 3\nkind2 = 3\n":                                 "f:4: kind: 3 is not a string\nf:5: unknown key",
		"[shim.x]\nname = \"x\"\n":                                     "not a list of tables",
	} {
		if got := refused(text); !strings.Contains(got, want) || (got == "") != (want == "") {
			t.Errorf("%s:\n%s, want %s", text, got, want)
		}
	}
	cfg, err := ParseConfig("f", []byte("version = 1\n[settings]\nrefresh = false\nlog = \"~/a/../b.jsonl\"\n[pi]\ntool = true\nnotify = false\n[[shim]]\nname = \"x\"\nforce = true\n"), "/h")
	if err != nil || !cfg.NoRefresh || cfg.Log != "/h/b.jsonl" || !cfg.Pi.Tool || !cfg.Pi.Silent || len(cfg.Forced) != 1 {
		t.Errorf("%v %+v", err, cfg)
	}
	cfg, err = ParseConfig("f", []byte("version = 1\n[settings]\nrefresh = true\n[pi]\nnotify = true\n"), "/h")
	if err != nil || cfg.NoRefresh || cfg.Pi.Tool || cfg.Pi.Silent || len(cfg.Forced) != 0 || cfg.Log != "" {
		t.Errorf("%v %+v", err, cfg)
	}
	if got := (&ConfigError{File: "f", Msg: "m"}).Error(); got != "f: m" {
		t.Errorf("without a line: %s", got)
	}
	if _, err := ParseConfig("f", []byte("version = 1\nx = \"a\nb\"\n"), "/h"); err == nil || !strings.HasPrefix(err.Error(), "f:2: ") {
		t.Errorf("a newline in a string: %v", err)
	}
}

// Lines of keys as people write them.
func TestLinesOfKeys(t *testing.T) {
	x := newLineIndex([]byte(`# version = 0
version = 1
# settings = 3
settings.log = "x"
[ship.team]
to = "x"
to = "again"
[ship.team.fields]
cwd = "drop"
[[shim]]
name = "a"
env.X = "1"
[[shim]]
'name' = "b"
[shim.env]
Y = "1"
[defaults]
kind = "job"
`))
	for _, c := range []struct {
		at   tableKey
		key  string
		want int
	}{
		{tableKey{}, "version", 2}, {tableKey{}, "settings", 4}, {tableKey{}, "settings.log", 4}, {tableKey{}, "ship", 5}, {tableKey{table: "ship"}, "team", 5},
		{tableKey{table: "ship.team"}, "to", 6}, {tableKey{table: "ship.team"}, "from", 5}, {tableKey{table: "ship.team.fields"}, "cwd", 9}, {tableKey{table: "ship"}, "team.fields", 8},
		{tableKey{table: "shim"}, "name", 11}, {tableKey{table: "shim"}, "env", 12}, {tableKey{table: "shim", index: 1}, "name", 14},
		{tableKey{table: "shim", index: 1}, "env", 15}, {tableKey{table: "shim", index: 1}, "kind", 13}, {tableKey{table: "shim"}, "", 10}, {tableKey{}, "shim", 10},
		{tableKey{table: "defaults"}, "kind", 18}, {tableKey{table: "shim.env"}, "Y", 16}, {tableKey{table: "nowhere"}, "x", 1}, {tableKey{}, "nothing", 1},
	} {
		if got := x.find(c.at, c.key); got != c.want {
			t.Errorf("%+v %q: line %d, not %d", c.at, c.key, got, c.want)
		}
	}
}

// A table within a shim that stands alone has a line for the shim, too.
func TestLineOfATableAlone(t *testing.T) {
	if n := newLineIndex([]byte("version = 1\n[shim.env]\nX = \"1\"\n")).find(tableKey{}, "shim"); n != 2 {
		t.Errorf("line %d", n)
	}
}

// TestQuoted: what TOML forbids in a string is escaped, and nothing else is.
func TestQuoted(t *testing.T) {
	for in, want := range map[string]string{
		"a b": `"a b"`, `"\`: `"\"\\"`, "\x00\x1f ": `"\u0000\u001F "`, "~\x7f\u0080": `"~\u007F` + "\u0080\"",
	} {
		if got := quoted(in); got != want {
			t.Errorf("%q: %s, not %s", in, got, want)
		}
	}
}
