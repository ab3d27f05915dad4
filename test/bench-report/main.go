// Command bench-report measures the report on synthetic logs of one and ten
// million lines. It prints CPU time, wall time and peak memory of a cold scan
// beside those of wc -l, DuckDB, jq and a plain program on encoding/json, in
// turns on the same file, and of a report after a thousand new lines.
//
//	bench-report run [-lines N] [-rounds N] PI-TRACK DUCKDB-MODULE
//	bench-report gen FILE RUNS
//	bench-report json FILE
//
// What jq and encoding/json would take too long for is measured on the first
// million lines only.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"strconv"
	"time"

	"pi-track/internal/report/synth"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "bench-report:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) < 2 {
		return errors.New("usage: bench-report run|gen|json …")
	}
	switch args[0] {
	case "gen":
		n, err := strconv.Atoi(args[2])
		if err != nil {
			return err
		}
		return generate(args[1], n)
	case "json":
		return plain(args[1])
	}
	flags := flag.NewFlagSet("run", flag.ContinueOnError)
	lines := flags.Int("lines", 10_000_000, "lines of the large log")
	rounds := flags.Int("rounds", 3, "how often each program is run")
	if err := flags.Parse(args[1:]); err != nil {
		return err
	}
	return bench(*lines, *rounds, flags.Arg(0), flags.Arg(1))
}

// generate writes a log of about 2 × runs lines.
func generate(path string, runs int) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	defer f.Close()
	_, err = synth.Write(f, synth.Options{
		Seed: 1, Runs: runs, Start: time.Date(2026, 5, 20, 0, 0, 0, 0, time.UTC), Span: 180 * 24 * time.Hour, Dirty: 1,
	})
	return err
}
