// Command bench-report measures the report on logs of one and ten million
// lines beside wc, jq, DuckDB and a plain program on encoding/json.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"runtime/pprof"
	"strconv"
	"time"

	"pi-track/internal/report"
	"pi-track/internal/report/synth"
)

func main() {
	var err error
	switch os.Args[1] {
	case "gen":
		err = generate(os.Args[2], os.Args[3])
	case "ours":
		err = ours(os.Args[2])
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func generate(path, runs string) error {
	n, err := strconv.Atoi(runs)
	if err != nil {
		return err
	}
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	defer f.Close()
	lines, err := synth.Write(f, synth.Options{
		Seed: 1, Runs: n, Start: time.Date(2026, 5, 20, 0, 0, 0, 0, time.UTC), Span: 180 * 24 * time.Hour, Dirty: 1,
	})
	fmt.Println(lines, "lines")
	return err
}

func ours(path string) error {
	if p := os.Getenv("PROFILE"); p != "" {
		f, err := os.Create(p)
		if err != nil {
			return err
		}
		pprof.StartCPUProfile(f)
		defer pprof.StopCPUProfile()
	}
	r, err := report.Build(context.Background(), report.Options{
		Logs: []string{path}, Now: time.Date(2026, 11, 16, 12, 0, 0, 0, time.UTC), Location: time.UTC, NoIndex: true,
	})
	if err != nil {
		return err
	}
	if os.Getenv("PRINT") != "" {
		return json.NewEncoder(os.Stdout).Encode(r)
	}
	fmt.Println(r.Overview.Runs)
	return nil
}
