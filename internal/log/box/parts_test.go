package box

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"pi-track/internal/event"
)

// Boxes outlive an upgrade: what is where in them does not change without another
// magic.
func TestLayoutIsThatOfEarlierBoxes(t *testing.T) {
	got := fmt.Sprintf("%s %v", Magic, []int{AtState, AtTotal, AtBeat, AtBoot, AtPath, AtFile, AtFilePath, AtRing, AtStart, AtEnd, Size, StartLogged, SpareSlots})
	if want := "pi-trk-1 [8 16 24 32 96 3072 3096 4096 8192 12288 16384 1 4]"; got != want {
		t.Errorf("%s, not %s", got, want)
	}
}

func TestNamesOfBoxes(t *testing.T) {
	const id = "019ab0c3-7d01-7abc-8def-0123456789ab"
	for at := range id {
		for _, c := range "-0/9:`afgFG" {
			name := id[:at] + string(c) + id[at+1:]
			dash := id[at] == '-'
			if want := dash == (c == '-') && (dash || strings.ContainsRune("0123456789abcdef", c)); IsRunID(name) != want {
				t.Errorf("%s is a run's id: %t", name, !want)
			}
		}
	}
	for name, want := range map[string]bool{"": false, id + "0": false, id[:35]: false} {
		if IsRunID(name) != want {
			t.Errorf("%q: %t", name, !want)
		}
	}
	for name, want := range map[string]bool{".spare-0": true, ".spare-3": true, ".spare-4": false, ".spare-/": false, ".spare-": false, ".spare-00": false, "spare-0": false} {
		if IsSpareName(name) != want {
			t.Errorf("%s is a spare's: %t", name, !want)
		}
	}
	if got, ok := UsageOf(id + ".usage"); !ok || got != id {
		t.Error(got, ok)
	}
	for _, name := range []string{id, id + ".usag", "x.usage", ".usage"} {
		if _, ok := UsageOf(name); ok {
			t.Errorf("%s is a usage file's", name)
		}
	}
	for got, want := range map[string]string{SparePath("/h", 7): "/h/open/.spare-3", SparePath("/h", 4): "/h/open/.spare-0", Path("/h", "x"): "/h/open/x", UsagePath("/h", "x"): "/h/open/x.usage"} {
		if got != want {
			t.Errorf("%s, not %s", got, want)
		}
	}
	for line, want := range map[string]bool{"{}\n": true, "x\n": true, "\n": false, "": false, "{}": false, "{}\n\n": false, "{\n}\n": false,
		strings.Repeat("x", event.MaxLine-1) + "\n": true, strings.Repeat("x", event.MaxLine) + "\n": false} {
		if isLine([]byte(line)) != want {
			t.Errorf("%.20q of %d bytes is a line: %t", line, len(line), !want)
		}
	}
}

// The path of a log and the usage of programs below, as long as they may be.
func TestLimitsOfABox(t *testing.T) {
	const id = "019ab0c3-7d01-7abc-8def-0123456789ab"
	home := t.TempDir()
	for n, want := range map[int]bool{AtFile - AtPath - 1: true, AtFile - AtPath: false} {
		b, err := New(home, id, "/"+strings.Repeat("x", n-1), []byte("{}\n"))
		if (err == nil) != want {
			t.Errorf("a path of %d bytes: %v", n, err)
		}
		b.Discard()
	}
	if b, err := New(home, id, "/x", []byte("{}")); err == nil {
		t.Error("a start that is no line")
	} else if err := b.Start([]byte("{}")); err == nil {
		t.Error("a start that is no line")
	} else if err := b.Store(0, []byte("x")); err == nil {
		t.Error("there is no box to store in")
	}
	b, err := New(home, id, home+"/e.jsonl", []byte("{}\n"))
	if err != nil {
		t.Fatal(err)
	}
	if err := b.Finish([]byte("{}")); err == nil {
		t.Error("an end that is no line")
	}
	if u := b.Usage(); u != (event.Usage{}) || !b.noUsage {
		t.Errorf("%+v", u)
	}
	os.WriteFile(UsagePath(home, id), []byte("{\"tokens\":1,\"cost\":0.5}\nhalf\n{\"tokens\":2,\"model\":\"m\"}\n{\"tokens\":4"), 0o600)
	if u := b.Usage(); u != (event.Usage{Tokens: 3, Cost: .5, Model: "m"}) || b.noUsage {
		t.Errorf("%+v", u)
	}
	for n, want := range map[int64]bool{16 << 20: true, 16<<20 + 1: false} {
		os.Truncate(UsagePath(home, id), n)
		if _, err := ReadUsage(home, id); (err == nil) != want {
			t.Errorf("a usage file of %d bytes: %v", n, err)
		}
	}
	ring, total := b.Ring()
	if len(ring) != RingSize || cap(ring) != RingSize || *total != 0 {
		t.Error(len(ring), cap(ring), *total)
	}
	if err := b.Store(3, []byte("abc")); err != nil || *total != 6 || string(ring[3:6]) != "abc" {
		t.Error(err, *total, ring[:8])
	}
	b.Discard()
	if left, _ := os.ReadDir(home + "/open"); len(left) > 1 || len(left) == 1 && !IsSpareName(left[0].Name()) {
		t.Errorf("left: %v", left)
	}
}

// TestNotGivenBack: a box that could not be emptied, or renamed, is no spare one.
func TestNotGivenBack(t *testing.T) {
	const id = "019ab0c3-7d01-7abc-8def-0123456789ab"
	for _, what := range []string{"closed", "gone", "taken", ""} {
		home := t.TempDir()
		b, err := New(home, id, home+"/e.jsonl", []byte("{}\n"))
		if err != nil {
			t.Fatal(err)
		}
		fd := b.fd
		switch what {
		case "closed":
			b.fd = -1
		case "gone":
			os.Remove(Path(home, id))
		case "taken":
			os.WriteFile(SparePath(home, os.Getpid()), nil, 0o600)
		}
		if got := b.giveBack(); got != (what == "") {
			t.Errorf("%q: %t", what, got)
		}
		b.fd = fd
		b.Discard()
	}
}
