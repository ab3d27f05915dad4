// Command mutants changes the code of packages on purpose, one small fault at
// a time, and looks whether the tests of the package notice. It prints a
// table and the faults that were missed. It draws a sample with a fixed seed
// and changes nothing on disk (go test -overlay).
//
//	go run ./test/mutants [-n 60] [-for 7m] [package …]
//
// A fault that is missed for a good reason stands with it in survivors.txt.
package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"math/rand"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// packages are those whose tests have to notice.
var packages = []string{"event", "log", "redact", "launch", "exec", "stats", "shim", "report"}

func main() {
	n := flag.Int("n", 60, "faults per package")
	seed := flag.Int64("seed", 1, "of the sample")
	limit := flag.Duration("for", 7*time.Minute, "time for each package")
	run := flag.String("run", "", "only the tests that match")
	least := flag.Int("least", 0, "fail below this share of noticed faults, in percent")
	flag.Parse()
	names := flag.Args()
	if len(names) == 0 {
		names = packages
	}
	known := survivors()
	ok := true
	var table strings.Builder
	for _, name := range names {
		r := tried(name, *n, *seed, *limit, *run, known)
		fmt.Fprintf(&table, "%-10s %5d %8d %7d %8d %6.0f %%\n", name, r.tried, r.killed, len(r.missed), r.excused, 100*r.share())
		ok = ok && 100*r.share() >= float64(*least)
	}
	fmt.Printf("\n%-10s %5s %8s %7s %8s %8s\n%s", "package", "tried", "noticed", "missed", "excused", "noticed", table.String())
	if !ok {
		os.Exit(1)
	}
}

// result is what became of a package's sample.
type result struct {
	tried, killed, excused int
	missed                 []mutant
}

// share is the part of the sample that was noticed; what has a reason is not
// counted.
func (r result) share() float64 {
	if r.tried == r.excused {
		return 1
	}
	return float64(r.killed) / float64(r.tried-r.excused)
}

// tried draws a package's sample and runs its tests on each fault.
func tried(name string, n int, seed int64, limit time.Duration, run string, known map[string]string) (r result) {
	all, err := ofPackage(name)
	if err != nil {
		fmt.Fprintln(os.Stderr, "mutants:", err)
		os.Exit(2)
	}
	rand.New(rand.NewSource(seed)).Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	end := time.Now().Add(limit)
	for _, m := range all {
		if r.tried == n || time.Now().After(end) {
			break
		}
		id := name + "/" + m.id
		switch verdict := try(name, m, run); {
		case verdict == noBuild:
			continue
		case verdict == noticed:
			r.killed++
		case known[id] != "":
			r.excused++
			fmt.Printf("excused %s: %s\n", id, known[id])
		default:
			r.missed = append(r.missed, m)
			fmt.Printf("missed  %s\t%s:%d: %s → %s\n", id, m.file, m.line, m.was, m.text)
		}
		r.tried++
	}
	fmt.Printf("%s: %d faults known, %d tried, %d noticed\n", name, len(all), r.tried, r.killed)
	return r
}

// ofPackage are the faults in the files that are built on this system.
func ofPackage(name string) ([]mutant, error) {
	out, err := exec.Command("go", "list", "-f", "{{.Dir}}\n{{range .GoFiles}}{{.}}\n{{end}}", "./internal/"+name).Output()
	if err != nil {
		return nil, fmt.Errorf("go list %s: %w", name, err)
	}
	lines := strings.Fields(string(out))
	var all []mutant
	for _, file := range lines[1:] {
		ms, err := mutants(filepath.Join(lines[0], file))
		if err != nil {
			return nil, err
		}
		all = append(all, ms...)
	}
	return all, nil
}

type verdict int

const (
	noBuild verdict = iota
	noticed
	missed
)

// slow is how long the tests may take on a fault: those that hang notice it.
const slow = 3 * time.Minute

// try runs the tests of the package with the fault in it.
func try(name string, m mutant, run string) verdict {
	src, err := os.ReadFile(m.file)
	if err != nil {
		return noBuild
	}
	dir, err := os.MkdirTemp("", "mutant")
	if err != nil {
		return noBuild
	}
	defer os.RemoveAll(dir)
	changed := filepath.Join(dir, filepath.Base(m.file))
	text := append(append(append([]byte(nil), src[:m.from]...), m.text...), src[m.to:]...)
	overlay := filepath.Join(dir, "overlay.json")
	b, _ := json.Marshal(map[string]any{"Replace": map[string]string{m.file: changed}})
	if os.WriteFile(changed, text, 0o600) != nil || os.WriteFile(overlay, b, 0o600) != nil {
		return noBuild
	}
	ctx, cancel := context.WithTimeout(context.Background(), slow)
	defer cancel()
	args := []string{"test", "-short", "-failfast", "-vet=off", "-count=1", "-timeout", slow.String(), "-overlay", overlay}
	if run != "" {
		args = append(args, "-run", run)
	}
	cmd := exec.CommandContext(ctx, "go", append(args, "./internal/"+name)...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	cmd.WaitDelay = time.Second
	cmd.Env = append(os.Environ(), "PI_TRACK_MUTANT=1")
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	switch err := cmd.Run(); {
	case err == nil:
		return missed
	case bytes.Contains(out.Bytes(), []byte("[build failed]")):
		return noBuild
	}
	return noticed
}

// survivors reads the faults that are missed for a reason.
func survivors() map[string]string {
	known := map[string]string{}
	f, err := os.Open("test/mutants/survivors.txt")
	if err != nil {
		return known
	}
	defer f.Close()
	for sc := bufio.NewScanner(f); sc.Scan(); {
		if id, reason, ok := strings.Cut(sc.Text(), "\t"); ok && !strings.HasPrefix(id, "#") {
			known[id] = strings.TrimSpace(reason)
		}
	}
	return known
}
