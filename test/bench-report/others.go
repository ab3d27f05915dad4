package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"time"

	"pi-track/internal/report/synth"
)

// duckdbScript computes about what the default report does.
const duckdbScript = `
const { DuckDBInstance } = await import(process.argv[2]);
const db = await (await DuckDBInstance.create(":memory:", { threads: "2" })).connect();
const columns = "ts: 'VARCHAR', v: 'BIGINT', id: 'VARCHAR', kind: 'VARCHAR', name: 'VARCHAR', status: 'VARCHAR', " +
  "duration_ms: 'BIGINT', exit_code: 'BIGINT', error_summary: 'VARCHAR', repo: 'VARCHAR', session_id: 'VARCHAR', " +
  "task_id: 'VARCHAR', host: 'VARCHAR'";
const log = "read_json('" + process.argv[3] + "', format = 'newline_delimited', ignore_errors = true, columns = {" + columns + "})";
const r = await db.runAndReadAll(
  "SELECT name, count(*) AS runs, count(*) FILTER (status = 'failed') AS failed, avg(duration_ms) AS avg, " +
  "approx_quantile(duration_ms, [0.5, 0.95]) AS q, approx_count_distinct(repo) AS repos, " +
  "approx_count_distinct(session_id) AS sessions, approx_count_distinct(task_id) AS tasks, max(ts) AS last, " +
  "max(error_summary) AS error FROM " + log + " WHERE status <> 'started' AND v = 1 GROUP BY name");
if (r.getRows().length < 10) throw new Error("too few helpers");
`

// jqProgram counts runs and failures by helper.
const jqProgram = `reduce (inputs | fromjson? | select(.status != "started" and .v == 1)) as $e ({};
  .[$e.name].runs += 1 | .[$e.name].ms += $e.duration_ms | if $e.status == "failed" then .[$e.name].failed += 1 else . end)`

// plain does with encoding/json what most programs would.
func plain(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	type sum struct {
		runs, failed int64
		ms           []int64
	}
	helpers := map[string]*sum{}
	in := bufio.NewScanner(f)
	in.Buffer(make([]byte, 1<<16), 1<<20)
	for in.Scan() {
		var e struct {
			V          int    `json:"v"`
			Name       string `json:"name"`
			Status     string `json:"status"`
			DurationMS int64  `json:"duration_ms"`
		}
		if json.Unmarshal(in.Bytes(), &e) != nil || e.V != 1 || e.Status == "started" {
			continue
		}
		s := helpers[e.Name]
		if s == nil {
			s = &sum{}
			helpers[e.Name] = s
		}
		s.runs++
		if e.Status == "failed" {
			s.failed++
		}
		s.ms = append(s.ms, e.DurationMS)
	}
	for name, s := range helpers {
		slices.Sort(s.ms)
		fmt.Println(name, s.runs, s.failed, s.ms[len(s.ms)/2])
	}
	return in.Err()
}

// appendLines appends a thousand lines that are later than all others.
func appendLines(path string, i int) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_APPEND, 0)
	if err != nil {
		return err
	}
	defer f.Close()
	_, err = synth.Write(f, synth.Options{
		Seed: uint64(100 + i), Runs: 500, Start: time.Date(2026, 11, 20, i, 0, 0, 0, time.UTC), Span: time.Hour / 2,
	})
	return err
}
