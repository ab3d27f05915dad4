package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"pi-track/internal/testbin"
)

// A suite is the tests of a package and of those below it, and what is known
// of them from a run on the sound code.
type suite struct {
	packages []*tested
	outside  bool       // the tests run programs, whose lines no coverage shows
	partly   bool       // some of them do
	conform  *conformer // nil where test/conformance does not count
	mu       sync.Mutex
	kills    map[string]int // of each test so far
}

// tested is one package with tests.
type tested struct {
	path, dir string
	names     []string                 // its tests, quick ones first
	took      map[string]time.Duration // each of them
	covers    map[string][]block       // by test
	on        map[string]bool          // the directories of the tree that its tests are linked with
}

// block is a part of a file that a test ran, or did not.
type block struct {
	file     string
	from, to int // lines
	ran      bool
}

func (b block) holds(m mutant) bool {
	return strings.HasSuffix(m.file, b.file) && b.from <= m.line && m.line <= b.to
}

// outside are the packages whose tests run programs, partly those of which some do.
var (
	outside = []string{"launch", "exec"}
	partly  = []string{"log", "shim"}
)

type goPackage struct {
	ImportPath, Dir, Name     string
	GoFiles                   []string
	TestGoFiles, XTestGoFiles []string
}

// support are packages that no program links: their faults would be those of tests.
var support = []string{"pi-track/internal/log/logtest", "pi-track/internal/report/synth", "pi-track/internal/event/schematest"}

// listed are the packages of a tree; programs that stand there, to measure it, and what
// only tests use are none.
func listed(pattern string) (list []goPackage, err error) {
	out, err := exec.Command("go", "list", "-json=ImportPath,Dir,Name,GoFiles,TestGoFiles,XTestGoFiles", pattern).Output()
	for d := json.NewDecoder(bytes.NewReader(out)); err == nil && d.More(); {
		var p goPackage
		if err = d.Decode(&p); p.Name != "main" && !slices.Contains(support, p.ImportPath) {
			list = append(list, p)
		}
	}
	return list, err
}

// newSuite runs the tests once as they are. It fails if one of them does.
func newSuite(name string, list []goPackage, short string) (*suite, error) {
	s := &suite{outside: slices.Contains(outside, name), partly: slices.Contains(partly, name), kills: map[string]int{}}
	for _, p := range list {
		if len(p.TestGoFiles)+len(p.XTestGoFiles) == 0 {
			continue
		}
		t := &tested{path: p.ImportPath, dir: p.Dir, covers: map[string][]block{}, on: map[string]bool{}}
		if err := t.measure("./internal/"+name+"/...", short, s.outside); err != nil {
			return nil, err
		}
		s.packages = append(s.packages, t)
	}
	return s, nil
}

var passed = regexp.MustCompile(`(?m)^--- PASS: (\S+) \(([0-9.]+)s\)`)

// measure learns how long each test takes and, unless the tests run programs,
// which lines of the tree each of them runs.
func (t *tested) measure(tree, short string, programs bool) error {
	deps, err := exec.Command("go", "list", "-deps", "-test", "-f", "{{.Dir}}", t.path).Output()
	if err != nil {
		return err
	}
	for dir := range strings.Lines(string(deps)) {
		t.on[strings.TrimSpace(dir)] = true
	}
	dir, err := os.MkdirTemp("", "mutants")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	binary := filepath.Join(dir, "test")
	env := []string{testbin.Shared + "=" + filepath.Join(dir, "bin")}
	build := exec.Command("go", "test", "-c", "-vet=off", "-cover", "-coverpkg="+tree, "-o", binary, t.path)
	if programs {
		build = exec.Command("go", "test", "-c", "-vet=off", "-o", binary, t.path)
	}
	if out, err := build.CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w\n%s", t.path, err, out)
	}
	out, err := t.run(binary, env, short, "", 20*time.Minute)
	if err != nil {
		return fmt.Errorf("the tests of %s fail as they are: %w\n%s", t.path, err, out)
	}
	took := map[string]time.Duration{}
	defer func() { t.took = took }() // from then on nothing may take much longer
	for _, m := range passed.FindAllStringSubmatch(string(out), -1) {
		seconds, _ := strconv.ParseFloat(m[2], 64)
		took[m[1]] = time.Duration(seconds * float64(time.Second))
		t.names = append(t.names, m[1])
	}
	slices.SortStableFunc(t.names, func(a, b string) int { return int(took[a] - took[b]) })
	if programs {
		return nil
	}
	for _, name := range t.names {
		if took[name] > most {
			continue
		}
		profile := filepath.Join(dir, "profile")
		if out, err := t.run(binary, env, short, "^"+name+"$", 20*time.Minute, "-test.coverprofile="+profile); err != nil {
			return fmt.Errorf("%s of %s fails alone: %w\n%s", name, t.path, err, out)
		}
		if t.covers[name], err = covered(profile); err != nil {
			return err
		}
	}
	return nil
}

// covered reads a profile: "path/file.go:from.column,to.column statements count".
func covered(profile string) (blocks []block, err error) {
	text, err := os.ReadFile(profile)
	for line := range strings.Lines(string(text)) {
		var b block
		var column, statements, count int
		name, rest, _ := strings.Cut(line, ":")
		if n, _ := fmt.Sscanf(rest, "%d.%d,%d.%d %d %d", &b.from, &column, &b.to, &column, &statements, &count); n == 6 {
			_, b.file, _ = strings.Cut(name, "/")
			b.ran = count > 0
			blocks = append(blocks, b)
		}
	}
	return blocks, err
}

// most is how long a test may take to be asked with others. Slower ones are asked last;
// what only those of more than slowest would notice counts as missed.
const (
	most    = 10 * time.Second
	slowest = time.Minute
)

// rounds are the tests to try on a fault in a line, in turn: first those that
// run that line, or have noticed faults before, then what else there is, slow ones last.
func (s *suite) rounds(t *tested, m mutant) (rounds [][]string) {
	var likely, others, slow []string
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, name := range t.names {
		runs := slices.ContainsFunc(t.covers[name], func(b block) bool { return b.ran && b.holds(m) })
		counted := slices.ContainsFunc(t.covers[name], func(b block) bool { return b.holds(m) })
		switch {
		case t.took[name] > slowest:
		case t.took[name] > most:
			slow = append(slow, name)
		case runs || s.outside && (s.kills[name] > 1 || t.took[name] < quick):
			likely = append(likely, name)
		case s.outside || s.partly || t.took[name] == 0 || !counted: // coverage does not count constants and the conditions of a case
			others = append(others, name)
		}
	}
	slices.SortStableFunc(likely, func(a, b string) int { return s.kills[b] - s.kills[a] })
	first := min(6, len(likely))
	if s.outside {
		first = len(likely) // all of them are quick
	}
	for _, part := range [][]string{likely[:first], likely[first:], others, slow} {
		if len(part) > 0 {
			rounds = append(rounds, part)
		}
	}
	return rounds
}

// quick tests are asked together, before the others.
const quick = 300 * time.Millisecond

// limit is how long tests may take with a fault in the code: what takes that much
// longer than without hangs.
func (t *tested) limit(tests []string) time.Duration {
	sum := 30 * time.Second
	for _, name := range tests {
		sum += 4 * t.took[name]
	}
	return sum
}

var failedTest = regexp.MustCompile(`(?m)^--- FAIL: (\S+)`)

// try builds the tests with the fault in the code, and what the tests build
// too, and runs those that may notice.
func (s *suite) try(m mutant, short string) verdict {
	dir, err := os.MkdirTemp("", "mutant")
	if err != nil {
		return verdict{what: noBuild}
	}
	defer os.RemoveAll(dir)
	overlay, err := m.overlay(dir)
	if err != nil {
		return verdict{what: noBuild}
	}
	env := []string{"GOFLAGS=-overlay=" + overlay, testbin.Shared + "=" + filepath.Join(dir, "bin")}
	if (s.outside || s.partly) && build(filepath.Join(dir, "bin"), append(os.Environ(), env...)) != nil {
		return verdict{what: noBuild} // else the first test that runs them would take longer
	}
	packages := slices.Clone(s.packages)
	slices.SortStableFunc(packages, func(a, b *tested) int { // the fault's own first
		return strings.Count(filepath.Dir(m.file)+a.dir, a.dir) - strings.Count(filepath.Dir(m.file)+b.dir, b.dir)
	})
	slices.Reverse(packages)
	for i, t := range packages {
		if !t.on[filepath.Dir(m.file)] {
			continue
		}
		binary := filepath.Join(dir, "test"+strconv.Itoa(i))
		build := exec.Command("go", "test", "-c", "-vet=off", "-o", binary, t.path)
		build.Env = append(os.Environ(), env...)
		if build.Run() != nil {
			return verdict{what: noBuild}
		}
		for _, tests := range s.rounds(t, m) {
			pattern := "^(" + strings.Join(tests, "|") + ")$"
			if short != "" {
				pattern = ""
			}
			out, err := t.run(binary, env, short, pattern, t.limit(tests))
			if err == nil {
				continue
			}
			by := "a test that hangs"
			if f := failedTest.FindSubmatch(out); f != nil {
				by = string(f[1])
			} else if bytes.Contains(out, []byte("FAIL: left running")) {
				by = "what was left running"
			} else if bytes.Contains(out, []byte("panic: ")) {
				by = "a panic"
			}
			s.mu.Lock()
			s.kills[by]++
			s.mu.Unlock()
			return verdict{noticed, by}
		}
	}
	if s.conform != nil {
		if row := s.conform.notices(filepath.Join(dir, "bin")); row != "" {
			return verdict{noticed, row}
		}
	}
	return verdict{what: missed}
}
