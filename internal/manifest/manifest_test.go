package manifest

import (
	"reflect"
	"strings"
	"testing"
)

func sample() *Manifest {
	return &Manifest{
		Log:    "/home/me/log with \"quotes\"\nand newline.jsonl",
		Host:   "5f0c1d2e",
		Config: "/home/me/.config/pi-track/shims.toml",
		Tools: []Tool{
			{Name: "subagent", Experiment: &Experiment{ID: "k3", Unit: "session", Share: 20}},
			{Name: "web search", Experiment: &Experiment{ID: "k4", Unit: "task", Share: 50, Since: 1794000000000, Most: 400, Until: 1795000000000}},
		},
		Shims: []Shim{
			{Name: "plain", Kind: "script", Scope: "auto", Capture: "auto"},
			{
				Name: "tried", Kind: "script", Scope: "auto", Capture: "auto",
				Experiment: &Experiment{ID: "x4k2m9", Unit: "task", Share: 50, Versus: []string{"pi-loop-v2", "", "--fast"}, Skip: true},
			},
			{
				Name: "full", Kind: "loop", Scope: "project", Capture: "pty", Real: "/opt/x/full",
				Command:    []string{"node", "--flag", "", "/path with space/x.js"},
				SessionEnv: []string{"A", "B"}, TaskEnv: []string{"C"}, TaskArg: "--task",
				Env: []string{"K=v w", "L=\xff"}, Disabled: true,
			},
		},
	}
}

func TestDecodeIsTheInverseOfEncode(t *testing.T) {
	for _, m := range []*Manifest{{}, sample()} {
		got, err := Decode(m.Encode())
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(got, m) {
			t.Errorf("got %+v\nwant %+v", got, m)
		}
	}
}

// A shim must not run on half a configuration: whatever is cut off, the
// manifest counts as broken.
func TestEveryTruncationIsBroken(t *testing.T) {
	full := sample().Encode()
	for n := range full {
		if m, err := Decode(full[:n]); err == nil {
			t.Errorf("the first %d bytes were accepted: %+v", n, m)
		}
	}
}

func TestUnknownKeysAreSkipped(t *testing.T) {
	text := strings.Replace(string(sample().Encode()), "kind ", "later \"x\"\nkind ", 1)
	got, err := Decode([]byte("pi-track manifest 1\nfuture \"y\"\n" + strings.TrimPrefix(text, "pi-track manifest 1\n")))
	if err != nil || !reflect.DeepEqual(got, sample()) {
		t.Errorf("got %+v, %v", got, err)
	}
}

func TestFind(t *testing.T) {
	m := sample()
	if s, ok := m.Find("full"); !ok || s.Kind != "loop" {
		t.Errorf("full: %+v, %v", s, ok)
	}
	if _, ok := m.Find("ful"); ok {
		t.Error("found a name that is not there")
	}
}

func FuzzDecode(f *testing.F) {
	f.Add(sample().Encode())
	f.Add([]byte("pi-track manifest 1\nend\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := Decode(data)
		if err != nil {
			return
		}
		again, err := Decode(m.Encode())
		if err != nil {
			t.Fatalf("what Decode accepted, Encode cannot write: %v", err)
		}
		if !reflect.DeepEqual(m, again) {
			t.Errorf("%+v\n%+v", m, again)
		}
	})
}
