package reap

import (
	"bytes"
	"encoding/binary"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"pi-track/internal/log/box"
	"pi-track/internal/log/sys"
)

// Whether the machine was restarted is told by the boot's id, or before the first
// heartbeat by the start.
func TestRestarted(t *testing.T) {
	boot := sys.BootTime()
	for _, v := range []struct {
		boot  string
		began time.Time
		want  bool
	}{{"", boot.Add(-time.Minute), true}, {"", time.Now(), false}, {"other", time.Now(), true}, {sys.BootID(), boot.Add(-time.Hour), false}} {
		r := boxContents{boot: v.boot}
		if got := r.restarted(v.began); got != v.want && sys.BootID() != "" {
			t.Errorf("%+v: %t", v, got)
		}
	}
}

// What the parts of a box hold.
func TestPartsOfABox(t *testing.T) {
	for in, want := range map[string]string{"abc\x00def": "abc", "abc": "abc", "\x00a": "", "": ""} {
		if got := cString([]byte(in)); got != want {
			t.Errorf("%q: %q", in, got)
		}
	}
	for in, want := range map[string]string{"{}\nrest": "{}\n", "{\n": "{\n", "{}": "", "\n{}\n": "", "x{}\n": "", "": "", "\x00\x00": ""} {
		if got := string(lineIn([]byte(in))); got != want {
			t.Errorf("%q: %q", in, got)
		}
	}
	for total, want := range map[uint64]string{0: "", 3: "abc", 4: "abcd", 5: "bcda", 6: "cdab", 8: "abcd", 9: "bcda"} {
		if got := string(ringEnd([]byte("abcd"), total)); got != want {
			t.Errorf("of %d bytes: %q, not %q", total, got, want)
		}
	}
}

// What a file with a run's name is, for each way in which a box can be spoiled.
func TestKindsOfFiles(t *testing.T) {
	const start = `{"ts":"2026-11-22T21:22:32.123Z","v":1,"id":"a","kind":"job","name":"x","status":"started"}` + "\n"
	whole := func(change func(b []byte)) string {
		b := make([]byte, box.Size)
		copy(b, box.Magic)
		copy(b[box.AtPath:], "/log")
		copy(b[box.AtStart:], start)
		binary.NativeEndian.PutUint64(b[box.AtTotal:], 3)
		copy(b[box.AtRing:], "abcd")
		change(b)
		return string(b)
	}
	blank := string(make([]byte, box.Size))
	for name, v := range map[string]struct {
		text string
		want boxKind
		end  bool
	}{
		"whole":            {whole(func(b []byte) {}), boxWhole, false},
		"with an end":      {whole(func(b []byte) { copy(b[box.AtEnd:], start) }), boxWhole, true},
		"with half an end": {whole(func(b []byte) { copy(b[box.AtEnd:], "{}\n") }), boxWhole, false},
		"nothing in it":    {blank, boxBlank, false},
		"empty":            {"", boxBlank, false},
		"zeros, shorter":   {blank[:100], boxBlank, false},
		"zeros, longer":    {blank + "\x00", boxStrange, false},
		"cut short":        {whole(func(b []byte) {})[:box.Size-1], boxStrange, false},
		"longer":           {whole(func(b []byte) {}) + "x", boxStrange, false},
		"another version":  {whole(func(b []byte) { b[len(box.Magic)-1] = '2' }), boxVersion, false},
		"version 9":        {whole(func(b []byte) { b[len(box.Magic)-1] = '9' }), boxVersion, false},
		"version 0":        {whole(func(b []byte) { b[len(box.Magic)-1] = '0' }), boxDamaged, false},
		"version :":        {whole(func(b []byte) { b[len(box.Magic)-1] = ':' }), boxDamaged, false},
		"another's magic":  {whole(func(b []byte) { b[0] = 'q' }), boxDamaged, false},
		"neither magic":    {whole(func(b []byte) { b[0] = 'q'; b[box.AtStart] = 'q' }), boxStrange, false},
		"no start":         {whole(func(b []byte) { clear(b[box.AtStart:]) }), boxDamaged, false},
		"no event":         {whole(func(b []byte) { copy(b[box.AtStart:], "{}\n") }), boxDamaged, false},
		"no log":           {whole(func(b []byte) { clear(b[box.AtPath:box.AtFile]) }), boxDamaged, false},
		"a relative log":   {whole(func(b []byte) { b[box.AtPath] = 'x' }), boxDamaged, false},
		"a text":           {strings.Repeat("my notes\n", 100), boxStrange, false},
	} {
		file := t.TempDir() + "/x"
		if err := os.WriteFile(file, []byte(v.text), 0o600); err != nil {
			t.Fatal(err)
		}
		f, err := os.Open(file)
		if err != nil {
			t.Fatal(err)
		}
		r, kind := readBox(int(f.Fd()))
		f.Close()
		if kind != v.want || (r.end != nil) != v.end {
			t.Errorf("%s: %d, not %d; an end: %t", name, kind, v.want, r.end != nil)
		}
		if kind == boxWhole && (r.path != "/log" || !bytes.Equal(r.start, []byte(start)) || string(r.tail) != "abc" || r.total != 3) {
			t.Errorf("%s: %+v", name, r)
		}
	}
	if _, kind := readBox(-1); kind != boxStrange {
		t.Error(kind)
	}
	for _, v := range []struct {
		kind boxKind
		age  time.Duration
		want bool
	}{{boxBlank, makingTime, true}, {boxBlank, makingTime - 1, false}, {boxWhole, time.Hour, false}, {boxDamaged, time.Hour, false}} {
		if isOld(v.kind, 0, v.age) != v.want {
			t.Errorf("%+v: %t", v, !v.want)
		}
	}
	if !isUsable(boxBlank, box.Size, 0) || isUsable(boxBlank, box.Size-1, 0) || isUsable(boxStrange, box.Size, 0) || !isUsable(boxWhole, box.Size, 0) {
		t.Error("a spare is what has the size and the image of a box")
	}
	if n := (Result{Boxes: 1, Writers: 2, Damaged: 4, Older: 8}).Runs(); n != 15 {
		t.Error(n)
	}
}

// A box that has another name by the time that it is open is none of this run's: it
// is a spare one, or another run's, or another reaper has ended it.
func TestBoxesThatWereRenamed(t *testing.T) {
	const start = `{"ts":"2026-11-22T21:22:32.123Z","v":1,"id":"019ab0c3-7d01-7abc-8def-0123456789ab","kind":"job","name":"x","status":"started"}` + "\n"
	const id, other = "019ab0c3-7d01-7abc-8def-0123456789ab", "019ab0c3-7d01-7abc-8def-0123456789ac"
	for name, v := range map[string]struct {
		locked bool
		moved  func(dir string) error
		want   boxKind
		runs   int
		alive  int
	}{
		"in its place":             {false, func(string) error { return nil }, boxWhole, 1, 0},
		"in its place, alive":      {true, func(string) error { return nil }, boxNone, 0, 1},
		"removed":                  {false, func(dir string) error { return os.Remove(dir + id) }, boxNone, 0, 0},
		"a spare by now":           {false, func(dir string) error { return os.Rename(dir+id, dir+".spare-0") }, boxNone, 0, 0},
		"another run's by now":     {true, func(dir string) error { return os.Rename(dir+id, dir+other) }, boxNone, 0, 0},
		"another one in its place": {false, func(dir string) error { os.Rename(dir+id, dir+other); return os.WriteFile(dir+id, nil, 0o600) }, boxNone, 0, 0},
	} {
		home := t.TempDir()
		dir := home + "/open/"
		os.Mkdir(dir, 0o700)
		image := make([]byte, box.Size)
		copy(image, box.Magic)
		copy(image[box.AtPath:], home+"/e.jsonl")
		copy(image[box.AtStart:], start)
		if err := os.WriteFile(dir+id, image, 0o600); err != nil {
			t.Fatal(err)
		}
		d, _, err := openBoxes(home)
		if err != nil {
			t.Fatal(err)
		}
		fd, err := d.Open(id, os.O_RDWR)
		if err != nil {
			t.Fatal(err)
		}
		owner, err := os.OpenFile(dir+id, os.O_RDWR, 0)
		if err != nil {
			t.Fatal(err)
		}
		if v.locked {
			sys.Flock(int(owner.Fd()), syscall.LOCK_EX)
		}
		if err := v.moved(dir); err != nil {
			t.Fatal(err)
		}
		var found Found
		kind, err := d.reapOpen(fd, id, time.Now(), &found)
		if kind != v.want || err != nil || found.Runs != v.runs || len(found.Running) != v.alive {
			t.Errorf("%s: %d, %v, %+v", name, kind, err, found)
		}
		log, _ := os.ReadFile(home + "/e.jsonl")
		if lines := bytes.Count(log, []byte("\n")); lines != 2*v.runs {
			t.Errorf("%s: %d lines", name, lines)
		}
		syscall.Close(fd)
		owner.Close()
		d.Close()
	}
}
