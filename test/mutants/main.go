// Command mutants changes the code of packages on purpose, one small fault at
// a time, and looks whether the tests of the package notice. It prints a
// table and the faults that were missed. It draws a sample with a fixed seed
// and changes nothing on disk (go test -overlay).
//
//	go run ./test/mutants [-n 60] [-for 56m] [-v] [package …]
//	go run ./test/mutants -again output package    what was missed in an earlier run
//
// A fault that is missed for a good reason stands with it in survivors.txt.
package main

import (
	"bufio"
	"cmp"
	"flag"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"pi-track/internal/testkeep"
)

// packages are those whose tests have to notice, quick ones first: what they leave of
// their time is for the others.
var packages = []string{"event", "stats", "log", "redact", "shim", "report", "launch", "exec"}

// keep as the first argument makes this program the parent of tests.
const keep = "keep"

var (
	verbose bool
	again   map[string]bool // the ids to try, nil for a sample
)

func main() {
	if len(os.Args) > 2 && os.Args[1] == keep {
		code, left := testkeep.Run(os.Args[2:])
		if len(left) > 0 {
			fmt.Println("FAIL: left running:", left)
		}
		os.Exit(code)
	}
	n := flag.Int("n", 60, "faults per package")
	seed := flag.Int64("seed", 1, "of the sample")
	limit := flag.Duration("for", 56*time.Minute, "time for all packages")
	run := flag.String("run", "", "only the tests that match")
	least := flag.Int("least", 0, "fail below this share of noticed faults, in percent")
	list := flag.Bool("list", false, "only name the faults of the sample")
	earlier := flag.String("again", "", "a file with an earlier `output`: try what was missed in it")
	flag.BoolVar(&verbose, "v", false, "say which test noticed")
	flag.Parse()
	names := flag.Args()
	if len(names) == 0 {
		names = packages
	}
	known := survivors()
	if *earlier != "" {
		again = missedIn(*earlier)
	}
	if *list {
		for _, name := range names {
			listSample(name, *n, *seed)
		}
		return
	}
	ok := true
	var table strings.Builder
	end := time.Now().Add(*limit)
	for i, name := range names {
		share := time.Until(end) / time.Duration(len(names)-i)
		r := tried(name, *n, *seed, share, *run, known)
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
	unbuilt                int
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

// sample are the faults of a package in the order in which they are tried. It depends
// on their names alone: a change of the code leaves the other faults where they are.
func sample(name string, seed int64) (list []goPackage, all []mutant) {
	list, err := listed("./internal/" + name + "/...")
	fatal(err)
	all, err = ofPackages(list, "pi-track/internal/"+name)
	fatal(err)
	slices.SortStableFunc(all, func(a, b mutant) int { return cmp.Compare(a.place(seed), b.place(seed)) })
	if again != nil {
		all = slices.DeleteFunc(all, func(m mutant) bool { return !again[name+"/"+m.id] })
	}
	return list, all
}

// missedIn are the faults that an earlier run says were missed.
func missedIn(file string) map[string]bool {
	text, err := os.ReadFile(file)
	fatal(err)
	ids := map[string]bool{}
	for line := range strings.Lines(string(text)) {
		if f := strings.Fields(line); len(f) > 1 && f[0] == "missed" {
			ids[f[1]] = true
		}
	}
	return ids
}

func listSample(name string, n int, seed int64) {
	_, all := sample(name, seed)
	for _, m := range all[:min(n, len(all))] {
		fmt.Printf("%s/%s\t%s:%d: %s → %s\n", name, m.id, m.file, m.line, m.was, m.text)
	}
}

// tried runs a package's tests on each fault of its sample, for as long as the limit
// lets it begin one.
func tried(name string, n int, seed int64, limit time.Duration, run string, known map[string]string) (r result) {
	end := time.Now().Add(limit)
	list, all := sample(name, seed)
	s, err := newSuite(name, list, run)
	fatal(err)
	if slices.Contains(conforming, name) {
		dir, err := os.MkdirTemp("", "mutants")
		fatal(err)
		defer os.RemoveAll(dir)
		s.conform, err = newConformer(dir)
		fatal(err)
	}
	var mu sync.Mutex
	var workers sync.WaitGroup
	next := make(chan mutant)
	for range runtime.NumCPU() {
		workers.Go(func() {
			for m := range next {
				v := s.try(m, run)
				mu.Lock()
				r.count(name+"/"+m.id, m, v, known)
				mu.Unlock()
			}
		})
	}
	sent := 0
	for _, m := range all {
		mu.Lock()
		enough := sent-r.unbuilt >= n
		mu.Unlock()
		if enough || time.Now().After(end) {
			break
		}
		next <- m
		sent++
	}
	close(next)
	workers.Wait()
	fmt.Printf("%s: %d faults known, %d tried, %d noticed\n", name, len(all), r.tried, r.killed)
	return r
}

// count adds what became of a fault.
func (r *result) count(id string, m mutant, v verdict, known map[string]string) {
	switch {
	case v.what == noBuild:
		r.unbuilt++
		return
	case v.what == noticed:
		r.killed++
		if verbose {
			fmt.Printf("noticed %s\t%s:%d: %s → %s, by %s\n", id, m.file, m.line, m.was, m.text, v.by)
		}
	case known[id] != "":
		r.excused++
		fmt.Printf("excused %s: %s\n", id, known[id])
	default:
		r.missed = append(r.missed, m)
		fmt.Printf("missed  %s\t%s:%d: %s → %s\n", id, m.file, m.line, m.was, m.text)
	}
	r.tried++
}

func fatal(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "mutants:", err)
		os.Exit(2)
	}
}

// ofPackages are the faults in the files of a package and those below it that are built on
// this system.
func ofPackages(list []goPackage, above string) (all []mutant, err error) {
	for _, p := range list {
		below := strings.TrimPrefix(strings.TrimPrefix(p.ImportPath, above), "/")
		for _, file := range p.GoFiles {
			ms, err := mutants(filepath.Join(p.Dir, file), path.Join(below, file))
			if err != nil {
				return nil, err
			}
			all = append(all, ms...)
		}
	}
	return all, nil
}

// verdict is what became of a fault.
type verdict struct {
	what int
	by   string // the test that noticed
}

const (
	noBuild = iota
	noticed
	missed
)

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
