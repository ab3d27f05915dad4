// Command bench-log measures what recording costs: an append to the log beside
// a bare open–write–close, the same with fdatasync, and an insert into SQLite;
// and a black box. All are done in turn, so that they meet the same machine.
// It exits with 1 when a limit is exceeded.
package main

import (
	"database/sql"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"syscall"
	"time"

	_ "modernc.org/sqlite"

	"pi-track/internal/event"
	"pi-track/internal/log"
	"pi-track/internal/log/box"
)

// The limits.
const (
	maxBare   = 2.6  // append to open–write–close
	maxSync   = 0.05 // append to the same with fdatasync
	maxSQLite = 0.02 // append to open–insert–close
	maxBox    = 100 * time.Microsecond
)

func main() {
	dir := flag.String("dir", "", "measure on the file system of `DIR` (default: the directory for temporary files)")
	rounds := flag.Int("rounds", 20000, "`N` rounds")
	flag.Parse()
	tmp, err := os.MkdirTemp(*dir, "bench-log-")
	check(err)
	good := bench(tmp, *rounds)
	check(os.RemoveAll(tmp))
	if !good {
		os.Exit(1)
	}
}

// check ends the program on an error.
func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench-log: error:", err)
		os.Exit(1)
	}
}

// step is one thing that is measured, every so many rounds, beginning with one.
type step struct {
	name  string
	every int
	first int // so that what is rare does not follow what empties the caches
	do    func()
	took  []time.Duration
}

func bench(dir string, rounds int) bool {
	code := 1
	now := time.Now()
	id := event.NewID(now)
	e := event.Event{TS: now, ID: id, Kind: event.Script, Name: "remember-session", Status: event.Failed, DurationMS: 512,
		ExitCode: &code, Error: "error: no space left on device", CWD: "/home/someone/project", Scope: "global",
		Repo: "/home/someone/project", SessionID: id, Host: "5b1d6a7e90c24f38", PID: 4711, Src: "shim"}
	line := e.Append(nil)
	e.Status = event.Started
	start := e.Append(nil)

	db := filepath.Join(dir, "log.db")
	check(createTable(db))
	bare := &step{name: "open, write, close", every: 1, do: func() { appendBare(filepath.Join(dir, "bare"), line, false) }}
	appended := &step{name: "append", every: 1, do: func() { check(log.Append(filepath.Join(dir, "log"), line)) }}
	synced := &step{name: "open, write, fdatasync, close", every: 100, first: 20, do: func() { appendBare(filepath.Join(dir, "synced"), line, true) }}
	inserted := &step{name: "SQLite (WAL): open, insert, close", every: 100, first: 40, do: func() { check(insert(db, line)) }}
	// Rarely, so that they meet caches as cold as a run of a helper does.
	two := &step{name: "two appends", every: 100, first: 70, do: func() {
		check(log.Append(filepath.Join(dir, "two"), start))
		check(log.Append(filepath.Join(dir, "two"), line))
	}}
	boxed := &step{name: "two appends with a black box", every: 100, first: 90, do: func() {
		box(dir, id, start, line, "")
	}}
	told := &step{name: "the same, with text on stderr", every: 100, first: 60, do: func() {
		box(dir, id, start, line, "error: no space left on device\n")
	}}
	steps := []*step{bare, appended, synced, inserted, two, boxed, told}
	for round := range rounds {
		for _, s := range steps {
			if round%s.every == s.first {
				begin := time.Now()
				s.do()
				s.took = append(s.took, time.Since(begin))
			}
		}
	}
	fmt.Printf("%-36s %10s %10s %10s\n", "", "median", "p25", "p75")
	for _, s := range steps {
		slices.Sort(s.took)
		fmt.Printf("%-36s %10s %10s %10s\n", s.name, s.quantile(0.5), s.quantile(0.25), s.quantile(0.75))
	}
	fmt.Println()
	a := appended.quantile(0.5)
	good := ratio("append : open, write, close", a, bare, maxBare)
	good = ratio("append : with fdatasync", a, synced, maxSync) && good
	good = ratio("append : SQLite", a, inserted, maxSQLite) && good
	cost := boxed.quantile(0.5) - two.quantile(0.5)
	fmt.Printf("%-36s %10s  (at most %s)\n", "black box, per run", cost, maxBox)
	text := told.quantile(0.5) - two.quantile(0.5)
	fmt.Printf("%-36s %10s  (at most %s)\n", "black box, text on stderr", text, maxBox)
	return good && cost <= maxBox && text <= maxBox
}

// box logs a run with a black box, which gets the text from its stderr.
func box(dir, id string, start, end []byte, text string) {
	b, err := box.New(dir, id, filepath.Join(dir, "boxed"), start)
	check(err)
	check(b.Start(start))
	if text != "" {
		check(b.Store(0, []byte(text)))
	}
	b.Usage()
	check(b.Finish(end))
	b.Unmap()
}

func (s *step) quantile(q float64) time.Duration {
	return s.took[int(q*float64(len(s.took)-1))].Round(10 * time.Nanosecond)
}

func ratio(name string, a time.Duration, to *step, limit float64) bool {
	r := float64(a) / float64(to.quantile(0.5))
	fmt.Printf("%-36s %10.4f  (at most %v)\n", name, r, limit)
	return r <= limit
}

func appendBare(path string, line []byte, sync bool) {
	fd, err := syscall.Open(path, syscall.O_WRONLY|syscall.O_APPEND|syscall.O_CREAT|syscall.O_CLOEXEC, 0o600)
	check(err)
	_, err = syscall.Write(fd, line)
	check(err)
	if sync {
		check(syscall.Fdatasync(fd))
	}
	check(syscall.Close(fd))
}

func createTable(path string) error {
	db, err := sql.Open("sqlite", path)
	if err != nil {
		return err
	}
	defer db.Close()
	_, err = db.Exec("PRAGMA journal_mode = WAL; CREATE TABLE events (line TEXT)")
	return err
}

func insert(path string, line []byte) error {
	db, err := sql.Open("sqlite", path)
	if err != nil {
		return err
	}
	if _, err := db.Exec("INSERT INTO events VALUES (?)", string(line)); err != nil {
		return err
	}
	return db.Close()
}
