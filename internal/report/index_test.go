package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/klauspost/compress/zstd"

	"pi-track/internal/manifest"
	"pi-track/internal/report/index"
	"pi-track/internal/report/query"
	"pi-track/internal/report/runs"
	"pi-track/internal/report/section"
)

// shapes are queries that an index answers, each with one of its own.
func shapes(path string) map[string]query.Options {
	out := map[string]query.Options{
		"default":       {},
		"trend":         {Sections: []query.Section{section.SectionTrend}},
		"context":       {Sections: []query.Section{section.SectionContext}},
		"effect":        {Sections: []query.Section{section.SectionEffect}},
		"everything":    {Sections: everything, By: []query.Key{query.ByHost}},
		"why":           {Sections: []query.Section{section.SectionWhy}, Why: "run-tests"},
		"why another":   {Sections: []query.Section{section.SectionWhy}, Why: "no-such-helper"},
		"filter":        {Filter: query.Filter{Repo: []string{"*a*"}, Status: []string{"failed", "cancelled"}}},
		"filter effect": {Sections: []query.Section{section.SectionEffect}, Filter: query.Filter{Name: []string{"*e*"}}},
		"nested":        {By: []query.Key{query.ByHost, query.ByRepo, query.ByMonth}},
		"zone":          {Location: time.FixedZone("Kiritimati", 14*3600)},
	}
	for _, k := range query.Keys {
		out["by "+string(k)] = query.Options{By: []query.Key{k}}
	}
	for name, o := range out {
		o.Logs, o.Now = []string{path}, noon
		if o.Location == nil {
			o.Location = time.UTC
		}
		out[name] = o
	}
	return out
}

// sameWithout checks that a report is the same without an index.
func sameWithout(t *testing.T, what string, o query.Options) { same(t, what, o, 1) }

// same asks several times: an index that the first report makes is used by the
// next.
func same(t *testing.T, what string, o query.Options, times int) {
	t.Helper()
	var got [][]byte
	for range times {
		one, err := json.Marshal(build(t, o))
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, one)
	}
	o.NoIndex = true
	want, err := json.Marshal(build(t, o))
	if err != nil {
		t.Fatal(err)
	}
	for i := range got {
		if !bytes.Equal(got[i], want) {
			t.Errorf("%s: the index changes the report, the %dth time", what, i+1)
		}
	}
}

func appendLines(t *testing.T, path string, lines ...[]byte) {
	t.Helper()
	f, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := f.Write(bytes.Join(lines, nil)); err != nil {
		t.Fatal(err)
	}
}

// indexFiles are the files of the log's index.
func indexFiles(t *testing.T, path string) []string {
	t.Helper()
	files, err := filepath.Glob(path + ".index/*")
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// scanned is how many bytes a report read of the log.
func scanned(t *testing.T, o query.Options) int64 {
	t.Helper()
	if o.Sections == nil {
		o.Sections = section.DefaultSections
	}
	q, err := query.New(o)
	if err != nil {
		t.Fatal(err)
	}
	n, err := runs.Unread(readOptionsOf(q), func() runs.Totals { return section.Collect(q) })
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// indexSoon has indexes written of a tenth of the usual: so many lines say as much.
func indexSoon(t *testing.T) {
	indexFrom = 400 << 10
	t.Cleanup(func() { indexFrom = 0 })
}

func TestIndexAnswersEveryShape(t *testing.T) {
	lines := bytes.SplitAfter(synthetic(t, 1200, 100), []byte("\n"))
	indexSoon(t)
	path := filepath.Join(t.TempDir(), "events.jsonl")
	for name, o := range shapes(path) {
		t.Run(name, func(t *testing.T) {
			write(t, path, lines[:2000]...)
			sameWithout(t, "made", o)
			if n := scanned(t, o); n > 4096 {
				t.Errorf("an index was not used: %d bytes to scan", n)
			}
			sameWithout(t, "used", o)
			appendLines(t, path, lines[2000:2100]...)
			sameWithout(t, "a hundred lines more", o)
			if n := scanned(t, o); n < 10<<10 || n > 100<<10 {
				t.Errorf("%d bytes to scan for a hundred lines", n)
			}
			next := o
			next.Now = o.Now.AddDate(0, 0, 3)
			sameWithout(t, "three days later", next)
		})
	}
	if n := len(indexFiles(t, path)); n == 0 || n > index.MaxFiles {
		t.Errorf("%d files are kept, want up to %d", n, index.MaxFiles)
	}
}

// TestIndexGrows: what was written since is added to an index once it is large
// enough to be worth it, and the grown index answers as well as a new one.
func TestIndexGrows(t *testing.T) {
	lines := bytes.SplitAfter(synthetic(t, 16000, 10), []byte("\n"))
	half := len(lines) / 2
	path := filepath.Join(t.TempDir(), "events.jsonl")
	for _, name := range []string{"default", "everything", "nested", "why", "filter"} {
		o := shapes(path)[name]
		write(t, path, lines[:half]...)
		for _, more := range [][][]byte{nil, lines[half:]} {
			appendLines(t, path, more...)
			sameWithout(t, name+", made or grown", o)
			if n := scanned(t, o); n > 4096 {
				t.Errorf("%s: an index was not written: %d bytes to scan", name, n)
			}
			sameWithout(t, name+", used", o)
		}
	}
}

func TestIndexOfEveryLog(t *testing.T) {
	lines := bytes.SplitAfter(synthetic(t, 1200, 100), []byte("\n"))
	indexSoon(t)
	dir := t.TempDir()
	path := filepath.Join(dir, "events.jsonl")
	for _, name := range []string{"default", "nested", "everything", "why", "filter"} {
		o := shapes(path)[name]
		same := func(what string) {
			t.Helper()
			same(t, name+", "+what, o, 2)
		}
		write(t, path, lines[:1800]...)
		same("made")
		appendLines(t, path, lines[10], lines[1799], []byte("{\"torn"))
		same("copies and an unfinished line")
		appendLines(t, path, []byte("\n"))
		appendLines(t, path, lines[1800:1900]...)
		same("a torn line")

		sealed := filepath.Join(dir, "events-20261001T000000000Z.jsonl")
		if err := os.Rename(path, sealed); err != nil {
			t.Fatal(err)
		}
		write(t, path, lines[1900:2000]...)
		if n := scanned(t, o); n > 200<<10 {
			t.Errorf("%s: a rotation makes an index useless: %d bytes to scan", name, n)
		}
		same("rotated")
		plain, err := os.ReadFile(sealed)
		if err != nil {
			t.Fatal(err)
		}
		z, err := zstd.NewWriter(nil)
		if err != nil {
			t.Fatal(err)
		}
		write(t, sealed+".zst", z.EncodeAll(plain, nil))
		os.Remove(sealed)
		same("compressed")
		os.Remove(sealed + ".zst")
		same("pruned")

		other := append([][]byte(nil), lines...)
		rand.New(rand.NewPCG(1, 2)).Shuffle(len(other), func(i, j int) { other[i], other[j] = other[j], other[i] })
		write(t, path, other...)
		same("shuffled")
		write(t, path, lines[:1500]...)
		same("cut")
		write(t, path, lines[500:2000]...)
		same("replaced")

		second := write(t, filepath.Join(dir, "second.jsonl"), lines[1500:]...)
		o.Logs = []string{path, second}
		same("two logs")
		if n := scanned(t, o); n > 4096 {
			t.Errorf("%s: an index was not used for two logs: %d bytes to scan", name, n)
		}
		appendLines(t, path, lines[2000:2100]...)
		same("two logs, one grown")
		o.Logs = []string{second, path}
		same("two logs the other way round")
		o.Logs = []string{dir, path}
		same("one that is no log")
		if _, err := os.Stat(dir + ".index"); err == nil {
			t.Error("an index stands beside what is no log")
		}
	}
}

func TestDamagedIndexIsMadeAnew(t *testing.T) {
	lines := bytes.SplitAfter(synthetic(t, 1200, 100), []byte("\n"))
	indexSoon(t)
	path := write(t, filepath.Join(t.TempDir(), "events.jsonl"), lines[:2000]...)
	for _, name := range []string{"default", "everything", "nested", "why"} {
		os.RemoveAll(path + ".index")
		o := shapes(path)[name]
		write(t, path, lines[:2000]...)
		sameWithout(t, "made", o)
		index := indexFiles(t, path)[0]
		text, err := os.ReadFile(index)
		if err != nil {
			t.Fatal(err)
		}
		if info, err := os.Stat(index); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("the index's mode is %v (%v)", info.Mode(), err)
		}
		appendLines(t, path, lines[10], lines[1900])
		for what, damage := range map[string]func([]byte) []byte{
			"cut":       func(b []byte) []byte { return b[:len(b)/3] },
			"a bit":     func(b []byte) []byte { b[len(b)/20] ^= 1; return b },
			"the pages": func(b []byte) []byte { clear(b[len(b)-8192:]); return b },
			"foreign":   func([]byte) []byte { return []byte("hello") },
		} {
			write(t, index, damage(bytes.Clone(text)))
			sameWithout(t, name+", index damaged: "+what, o)
		}
	}
	o := shapes(path)["default"]
	sameWithout(t, "made", o)
	for _, index := range indexFiles(t, path) {
		os.Remove(index)
		if err := syscall.Mkfifo(index, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	sameWithout(t, "fifos for indexes, which hold nobody up", o)
	os.RemoveAll(path + ".index")
	write(t, path+".index", []byte("pi-track index 1\none file of an earlier version"))
	sameWithout(t, "a file in the directory's place", o)
	if n := scanned(t, o); n > 4096 {
		t.Error("a file in the directory's place stays there")
	}
	// What is not an index stays.
	os.RemoveAll(path + ".index")
	write(t, path+".index", []byte("my notes"))
	sameWithout(t, "somebody's file in the directory's place", o)
	os.Remove(path + ".index")
	os.Mkdir(path+".index", 0o700)
	past := time.Now().Add(-time.Hour)
	for i := range 2 * index.MaxFiles {
		mine := filepath.Join(path+".index", fmt.Sprint("note", i))
		write(t, mine, []byte("my notes"))
		os.Chtimes(mine, past, past)
	}
	sameWithout(t, "somebody's files in the directory", o)
	if files, _ := filepath.Glob(path + ".index/note*"); len(files) != 2*index.MaxFiles {
		t.Error("left of somebody's files:", files)
	}
}

func TestReportsMakeOneIndexAtOnce(t *testing.T) {
	path := write(t, filepath.Join(t.TempDir(), "events.jsonl"), synthetic(t, 12000, 10))
	var wg sync.WaitGroup
	for range 4 {
		for _, name := range []string{"default", "by repo"} {
			wg.Go(func() {
				if _, err := Build(t.Context(), shapes(path)[name]); err != nil {
					t.Error(err)
				}
			})
		}
	}
	wg.Wait()
	for _, name := range []string{"default", "by repo"} {
		o := shapes(path)[name]
		if n := scanned(t, o); n > 4096 {
			t.Errorf("%s: no whole index is left", name)
		}
		sameWithout(t, name, o)
	}
	for _, f := range indexFiles(t, path) {
		if strings.Contains(filepath.Base(f), ".") {
			t.Error("a temporary file is left:", f)
		}
	}
}

// TestIndexOfTrialsAndTroubles: an index holds what experiments and digests need.
func TestIndexOfTrialsAndTroubles(t *testing.T) {
	indexSoon(t)
	indexFrom = 1
	x := &manifest.Experiment{ID: "x1", Unit: "task", Share: 50}
	for name, log := range map[string]string{"trials": trialLog(t, x, 120), "troubles": furtherTroubles(t)} {
		text, err := os.ReadFile(log)
		if err != nil {
			t.Fatal(err)
		}
		lines := bytes.SplitAfter(text, []byte("\n"))
		for _, sections := range [][]query.Section{{section.SectionExperiment}, {section.SectionDigest, section.SectionOverview}, {section.SectionWhy, section.SectionUnused}} {
			write(t, log, lines[:len(lines)/2]...)
			o := query.Options{Logs: []string{log}, Sections: sections, Why: "slow", Now: changeStart.AddDate(0, 0, 40), Location: time.UTC,
				Experiments: []query.Experiment{{ID: "x1", Unit: "task", Share: 50}}}
			same(t, name+", half", o, 2)
			appendLines(t, log, lines[len(lines)/2:]...)
			same(t, name+", whole", o, 2)
			if n := scanned(t, o); n != 0 {
				t.Errorf("%s: %d bytes to scan", name, n)
			}
		}
	}
}
