package shim

import "testing"

const edited = `version = 1

# first
[[shim]]
name = "a"
env.X = "[[shim]]"

# the second one
[[shim]]
name = "b"
[shim.env]
Y = "1"

# the third one
[[shim]]
name = "c"
`

func TestRemoveShims(t *testing.T) {
	for name, want := range map[string]string{
		"a": "version = 1\n\n# first\n\n# the second one\n[[shim]]\nname = \"b\"\n[shim.env]\nY = \"1\"\n\n# the third one\n[[shim]]\nname = \"c\"\n",
		"b": "version = 1\n\n# first\n[[shim]]\nname = \"a\"\nenv.X = \"[[shim]]\"\n\n# the second one\n\n# the third one\n[[shim]]\nname = \"c\"\n",
		"c": edited[:len(edited)-len("[[shim]]\nname = \"c\"\n")],
	} {
		got, err := RemoveShims("f", []byte(edited), "/h", []string{name})
		if err != nil || string(got) != want {
			t.Errorf("without %s: %v\n%s\nwant\n%s", name, err, got, want)
		}
	}
	inline := "version = 1\nshim = [{ name = \"a\" }, { name = \"b\" }]\n"
	if got, err := RemoveShims("f", []byte(inline), "/h", []string{"a"}); err == nil {
		t.Errorf("an inline list was cut to %q", got)
	}
}

func TestAppendShims(t *testing.T) {
	shims := []Addition{{Name: "x", Kind: "script"}, {Name: "y", Kind: "job", Real: "/a \"b\"\\\x01/ä"}}
	data := AppendShims([]byte(edited), shims)
	cfg, err := ParseConfig("f", data, "/h")
	if err != nil {
		t.Fatal(err)
	}
	if n := len(cfg.Shims); n != 5 || cfg.Shims[4].Real != shims[1].Real || cfg.Shims[4].Kind != "job" {
		t.Errorf("%+v", cfg.Shims)
	}
	back, err := RemoveShims("f", data, "/h", []string{"x", "y"})
	if err != nil || string(back) != edited {
		t.Errorf("%v\n%q", err, back)
	}
}

// Whatever the file holds, cutting a name out leaves the others as they are or
// is refused.
func FuzzRemoveShims(f *testing.F) {
	f.Add([]byte(edited), "b")
	f.Fuzz(func(t *testing.T, data []byte, name string) {
		out, err := RemoveShims("f", data, "/h", []string{name})
		if err != nil {
			return
		}
		if cfg, err := ParseConfig("f", out, "/h"); err != nil {
			t.Errorf("%v in %q", err, out)
		} else {
			for _, s := range cfg.Shims {
				if s.Name == name {
					t.Errorf("%q is still there", name)
				}
			}
		}
	})
}
