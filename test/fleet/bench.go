package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"pi-track/internal/fleet/schema"
	"pi-track/internal/report/synth"
)

// benchmark prints what the default report costs over so many runs in the engine, in processor
// time of both sides, beside one over a log of so many runs on this machine without an index.
func benchmark(sizes string) error {
	dir, err := os.MkdirTemp("", "pi-track-fleet-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	e, err := startEngine(filepath.Join(dir, "engine"), 0)
	if err != nil {
		return err
	}
	defer e.stop()
	if err := e.makeTables(*track); err != nil {
		return err
	}
	*runs = 1 // its log is made here
	h, err := newHost(dir, 0, e.url, dir, &bucket{})
	if err != nil {
		return err
	}
	if err := os.WriteFile(h.config, fmt.Appendf(nil, "version = 1\n[source.ch]\nfrom = \"clickhouse+%s/pitrack\"\n", e.url), 0o600); err != nil {
		return err
	}
	first, have := 0, 0
	var local time.Duration
	for size := range strings.SplitSeq(sizes, ",") {
		n, err := strconv.Atoi(size)
		if err != nil {
			return err
		}
		if first == 0 {
			first, have = n, n
			if err := fill(h, e, n); err != nil {
				return err
			}
			if local, _, err = h.cheapest(nil, "report", "--no-index", "--json", "--log", h.log); err != nil {
				return err
			}
			fmt.Printf("local report over %d runs: %.1f s of processor time, %.2f µs a run\n", n, local.Seconds(), micros(local, n))
		} else if err := e.multiply(have/first, n/first); err != nil {
			return err
		}
		have = n / first * first
		own, engine, err := h.cheapest(e, "report", "--json", "--from", "ch")
		if err != nil {
			return err
		}
		fmt.Printf("%d runs in the engine: %.1f s there and %.2f s here, %.2f µs a run: %.2f times a local report, %.2f times on this machine\n",
			have, engine.Seconds(), own.Seconds(), micros(own+engine, have), micros(own+engine, have)/micros(local, first), micros(own, have)/micros(local, first))
	}
	return nil
}

func micros(d time.Duration, n int) float64 { return d.Seconds() * 1e6 / float64(n) }

// fill makes a log of n runs and sends it, past ship.
func fill(h *host, e *engine, n int) error {
	f, err := os.Create(h.log)
	if err != nil {
		return err
	}
	defer f.Close()
	if _, err := synth.Write(f, synth.Options{Seed: 1, Runs: n, Start: time.Now().Add(-30 * 24 * time.Hour), Span: 30 * 24 * time.Hour}); err != nil {
		return err
	}
	text, err := os.ReadFile(h.log)
	if err != nil {
		return err
	}
	cost, lines, err := e.insert("pitrack", text)
	if err != nil {
		return err
	}
	fmt.Printf("taking lines: %.1f µs a line\n", micros(cost, lines))
	return nil
}

// insert sends lines in batches as ship does, and says what of the engine's processor time
// that took.
func (e *engine) insert(database string, text []byte) (cost time.Duration, lines int, err error) {
	before := e.processor()
	q := url.Values{"query": {"INSERT INTO " + database + ".lines FORMAT JSONEachRow"}, "date_time_input_format": {"best_effort"}, "precise_float_parsing": {"1"}, "input_format_skip_unknown_fields": {"1"}}
	for len(text) > 0 {
		part := text[:min(len(text), 4<<20)]
		part = part[:bytes.LastIndexByte(part, '\n')+1]
		text = text[len(part):]
		lines += bytes.Count(part, []byte{'\n'})
		answer, err := http.Post(e.url+"/?"+q.Encode(), "application/x-ndjson", bytes.NewReader(part))
		if err != nil {
			return 0, 0, err
		}
		said, err := io.ReadAll(answer.Body)
		answer.Body.Close()
		if err != nil || answer.StatusCode != http.StatusOK {
			return 0, 0, errors.Join(err, fmt.Errorf("%d: %s", answer.StatusCode, said))
		}
	}
	return e.processor() - before, lines, nil
}

// multiply makes n times as many runs of those that there were first, of which there are some already: with other ids, at
// the same times. The parts are merged, or not yet, as the engine sees fit.
func (e *engine) multiply(some, n int) error {
	if _, err := e.ask("CREATE TABLE IF NOT EXISTS pitrack.seed ENGINE = MergeTree ORDER BY id AS SELECT * FROM pitrack.runs FINAL"); err != nil {
		return err
	}
	for i := some; i < n; i++ {
		if _, err := e.ask(fmt.Sprintf("INSERT INTO pitrack.runs SELECT * REPLACE (toUUID(concat(substring(toString(id), 1, 24), substring(lower(hex(cityHash64(id, %d))), 1, 12))) AS id) FROM pitrack.seed", i)); err != nil {
			return err
		}
	}
	return nil
}

// processor is what the engine has used of a processor so far, start included.
func (e *engine) processor() time.Duration {
	e.mu.Lock()
	pid := e.cmd.Process.Pid
	e.mu.Unlock()
	text, _ := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	f := strings.Fields(string(text[bytes.LastIndexByte(text, ')')+1:]))
	if len(f) < 13 {
		return 0
	}
	user, _ := strconv.Atoi(f[11])
	system, _ := strconv.Atoi(f[12])
	return time.Duration(user+system) * 10 * time.Millisecond // ticks: 100 a second on Linux
}

// cheapest runs a command three times and returns the least that it, and the engine, took.
func (h *host) cheapest(e *engine, args ...string) (own, engine time.Duration, err error) {
	for i := range 3 {
		before := time.Duration(0)
		if e != nil {
			before = e.processor()
		}
		cmd := h.command(args...)
		if _, err := cmd.Output(); err != nil {
			if exit := new(exec.ExitError); errors.As(err, &exit) {
				err = fmt.Errorf("%w: %s", err, exit.Stderr)
			}
			return 0, 0, fmt.Errorf("%v: %w", args, err)
		}
		a, b := cmd.ProcessState.UserTime()+cmd.ProcessState.SystemTime(), time.Duration(0)
		if e != nil {
			b = e.processor() - before
		}
		if i == 0 || a+b < own+engine {
			own, engine = a, b
		}
	}
	return own, engine, nil
}

// cost is what the engine spends on taking the lines of one host once more, in tables of
// another database.
func (e *engine) cost(h *host) (time.Duration, int, error) {
	sql, err := schema.Tables("cost")
	if err != nil {
		return 0, 0, err
	}
	for _, s := range schema.Statements(sql) {
		if strings.Contains(s, "REFRESH EVERY") { // it would add days up meanwhile
			continue
		}
		if _, err := e.ask(s); err != nil {
			return 0, 0, err
		}
	}
	set := map[string]bool{}
	if err := h.written(set); err != nil {
		return 0, 0, err
	}
	var text []byte
	for line := range set {
		text = append(text, line...)
	}
	return e.insert("cost", text)
}
