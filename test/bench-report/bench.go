package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"pi-track/internal/report/section"
	"pi-track/internal/report/synth"
)

// cost is what a process took.
type cost struct {
	cpu, wall time.Duration
	rss       int64 // KiB
}

func measure(argv []string) (cost, error) {
	cmd := exec.Command(argv[0], argv[1:]...)
	cmd.Stderr = os.Stderr
	start := time.Now()
	if err := cmd.Run(); err != nil {
		return cost{}, fmt.Errorf("%s: %w", strings.Join(argv, " "), err)
	}
	s := cmd.ProcessState
	return cost{s.UserTime() + s.SystemTime(), time.Since(start), s.SysUsage().(*syscall.Rusage).Maxrss}, nil
}

// contender is a program and what it took in each round.
type contender struct {
	name  string
	argv  []string
	costs []cost
}

// median is the middle of one of the figures.
func (c *contender) median(of func(cost) float64) float64 {
	var all []float64
	for _, x := range c.costs {
		all = append(all, of(x))
	}
	slices.Sort(all)
	return all[len(all)/2]
}

func cpu(c cost) float64  { return c.cpu.Seconds() }
func wall(c cost) float64 { return c.wall.Seconds() }
func rss(c cost) float64  { return float64(c.rss) / 1024 }

// race runs all contenders in turns and prints what they took.
func race(title string, rounds int, all ...*contender) error {
	for range rounds {
		for _, c := range all {
			x, err := measure(c.argv)
			if err != nil {
				return err
			}
			c.costs = append(c.costs, x)
		}
	}
	fmt.Printf("\n%s, medians of %d rounds\n%-34s %9s %9s %9s\n", title, rounds, "", "CPU s", "wall s", "peak MB")
	for _, c := range all {
		fmt.Printf("%-34s %9.3f %9.3f %9.1f\n", c.name, c.median(cpu), c.median(wall), c.median(rss))
	}
	return nil
}

func ratio(a, b *contender, of func(cost) float64) float64 { return a.median(of) / b.median(of) }

func bench(lines, rounds int, piTrack, duckdb string) error {
	dir, err := os.MkdirTemp("", "bench-report-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	self, err := os.Executable()
	if err != nil {
		return err
	}
	small, large := filepath.Join(dir, "small", "events.jsonl"), filepath.Join(dir, "large", "events.jsonl")
	for path, n := range map[string]int{small: lines / 10, large: lines} {
		if err := os.Mkdir(filepath.Dir(path), 0o700); err != nil {
			return err
		}
		if err := generate(path, n/2); err != nil {
			return err
		}
	}
	if err := checkVerdicts(piTrack, large); err != nil {
		return err
	}
	script := filepath.Join(dir, "duckdb.mjs")
	if err := os.WriteFile(script, []byte(duckdbScript), 0o600); err != nil {
		return err
	}
	contenders := func(path string) (wc, ours, db *contender) {
		return &contender{name: "wc -l", argv: []string{"wc", "-l", path}},
			&contender{name: "pi-track report --no-index", argv: []string{piTrack, "report", "--no-index", "--tz", "UTC", "--log", path}},
			&contender{name: "DuckDB, explicit columns", argv: []string{"node", script, duckdb, path}}
	}
	wc, ours, db := contenders(small)
	jq := &contender{name: "jq", argv: []string{"jq", "-n", "-R", jqProgram, small}}
	plain := &contender{name: "Go, encoding/json", argv: []string{self, "json", small}}
	if err := race(fmt.Sprintf("%d lines", lines/10), rounds, wc, ours, db); err != nil {
		return err
	}
	if err := race("the same, too slow for more", 1, jq, plain); err != nil {
		return err
	}
	wcLarge, oursLarge, dbLarge := contenders(large)
	// The first one to read the log would else pay for the disk.
	if _, err := measure(wcLarge.argv); err != nil {
		return err
	}
	if err := race(fmt.Sprintf("%d lines", lines), rounds, wcLarge, oursLarge, dbLarge); err != nil {
		return err
	}
	next, err := benchNext(large, rounds, piTrack)
	if err != nil {
		return err
	}
	fmt.Printf("\n%-58s %8s %8s\n", "", "measured", "to reach")
	for _, f := range []struct {
		what        string
		is, toReach float64
	}{
		{"cold scan, CPU ÷ wc -l", ratio(oursLarge, wcLarge, cpu), 4},
		{"cold scan, wall ÷ wc -l", ratio(oursLarge, wcLarge, wall), 2.5},
		{"cold scan, CPU ÷ DuckDB", ratio(oursLarge, dbLarge, cpu), 0.3},
		{"cold scan, wall ÷ DuckDB", ratio(oursLarge, dbLarge, wall), 0.3},
		{"peak memory, MB", oursLarge.median(rss), 64},
		{"peak memory, large ÷ small log", ratio(oursLarge, ours, rss), 1.2},
		{"report after 1000 new lines, wall ÷ cold scan", ratio(next, oursLarge, wall), 0.02},
		{"report after 1000 new lines, wall ms", 1000 * next.median(wall), 60},
	} {
		fmt.Printf("%-58s %8.3f %8.3f\n", f.what, f.is, f.toReach)
	}
	return nil
}

// benchNext measures reports after a thousand new lines each.
func benchNext(path string, rounds int, piTrack string) (*contender, error) {
	argv := []string{piTrack, "report", "--tz", "UTC", "--log", path}
	if _, err := measure(argv); err != nil { // makes the index
		return nil, err
	}
	c := &contender{name: "pi-track report, 1000 new lines", argv: argv}
	for i := range 2*rounds + 1 {
		if err := appendLines(path, i); err != nil {
			return nil, err
		}
		x, err := measure(argv)
		if err != nil {
			return nil, err
		}
		c.costs = append(c.costs, x)
	}
	fmt.Printf("%-34s %9.3f %9.3f %9.1f\n", c.name, c.median(cpu), c.median(wall), c.median(rss))
	return c, nil
}

// checkVerdicts checks that the report names what was planted in a log, and
// nothing else: what is measured is a report that is right.
func checkVerdicts(piTrack, path string) error {
	out, err := exec.Command(piTrack, "report", "flaky", "--json", "--no-index", "--log", path).Output()
	if err != nil {
		return err
	}
	var r section.Report
	if err := json.Unmarshal(out, &r); err != nil {
		return err
	}
	got := map[string]string{}
	for _, row := range r.Flaky.Rows {
		got[row.Helper] = string(row.Verdict.Class)
	}
	if !maps.Equal(got, synth.Troubles) {
		return fmt.Errorf("verdicts are %v, want %v", got, synth.Troubles)
	}
	return nil
}
