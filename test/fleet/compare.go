package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"time"

	"pi-track/internal/fleet/origin"
)

// compare prints what came of it, and fails when anything is missing, too much, or another.
func compare(all []*host, e *engine, share string, b *bucket) error {
	want := map[string]bool{}
	killed, sent := int64(0), time.Duration(0)
	for _, h := range all {
		if err := h.written(want); err != nil {
			return err
		}
		killed += h.killed.Load()
		sent += h.user
	}
	text, err := e.ask(origin.SelectLines("pitrack", -1<<40) + " SETTINGS output_format_json_escape_forward_slashes = 0")
	if err != nil {
		return err
	}
	missing, strange, doubled := difference(want, text+"\n")
	raw, err := e.ask("SELECT count() FROM pitrack.lines")
	if err != nil {
		return err
	}
	bytesOfRun, err := e.ask("SELECT round(sum(bytes_on_disk) / greatest(1, (SELECT count() FROM pitrack.runs FINAL)), 1) FROM system.parts WHERE active AND database = 'pitrack'")
	if err != nil {
		return err
	}
	objects, held, err := objectsOf(share)
	if err != nil {
		return err
	}
	dirMissing, dirStrange, _ := difference(want, held)
	keys, held, err := b.lines()
	if err != nil {
		return err
	}
	s3Missing, s3Strange, _ := difference(want, held)
	ended, spansMissing, spansStrange, err := b.missingSpans(want)
	if err != nil {
		return err
	}
	fmt.Printf("lines written              %d\n", len(want))
	fmt.Printf("kills                      %d of shippers, %d of the engine\n", killed, e.kills)
	fmt.Printf("ClickHouse                 missing %d, doubled %d, not ours %d; %s rows before merging\n", missing, doubled, strange, raw)
	fmt.Printf("directory                  missing %d, not ours %d; %d objects\n", dirMissing, dirStrange, objects)
	fmt.Printf("bucket                     missing %d, not ours %d; %d objects\n", s3Missing, s3Strange, keys)
	fmt.Printf("collector                  missing %d, not ours %d of %d runs that ended\n", spansMissing, spansStrange, ended)
	compared, differing, err := figures(all)
	if err != nil {
		return err
	}
	of, sql, err := checkViews(all[0], e)
	if err != nil {
		return err
	}
	compared, differing = compared+of, differing+sql
	fmt.Printf("figures                    %d compared, %d differ\n", compared, differing)
	fmt.Printf("cost of the senders        %.1f µs a line of CPU, killed ones included\n", float64(sent.Microseconds())/float64(4*len(want)))
	cost, lines, err := e.cost(all[0])
	if err != nil {
		return err
	}
	fmt.Printf("cost of the engine         %.1f µs a line of CPU, whole batches, none of them killed\n", micros(cost, lines))
	fmt.Printf("on the engine's disk       %s bytes a run\n", bytesOfRun)
	if missing+strange+doubled+dirMissing+dirStrange+s3Missing+s3Strange+spansMissing+spansStrange+differing > 0 {
		return errors.New("something is missing, too much, or another")
	}
	if killed == 0 || e.kills < 3 {
		return errors.New("nothing was killed: this shows nothing")
	}
	return nil
}

// difference counts the lines that are missing, not wanted, or there twice.
func difference(want map[string]bool, text string) (missing, strange, doubled int) {
	got := map[string]int{}
	for line := range strings.Lines(text) {
		got[line]++
	}
	shown := 0
	for line := range want {
		if got[line] == 0 {
			if missing++; shown < 3 {
				fmt.Fprint(os.Stderr, "missing: ", line)
				shown++
			}
		}
	}
	for line, n := range got {
		if !want[line] {
			if strange++; shown < 6 {
				fmt.Fprint(os.Stderr, "not ours: ", line)
				shown++
			}
		}
		doubled += n - 1
	}
	return missing, strange, doubled
}

// objectsOf are the lines of all objects of a directory.
func objectsOf(root string) (n int, lines string, err error) {
	var b strings.Builder
	err = filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".zst") {
			return err
		}
		f, err := os.Open(path)
		if err != nil {
			return err
		}
		n++
		text, err := readAll(f)
		b.Write(text)
		return err
	})
	return n, b.String(), err
}

// since is one moment for all reports: a period that ends now moves between two of them.
var since, until = time.Now().Add(-7 * 24 * time.Hour).Format(time.RFC3339), time.Now().Format(time.RFC3339)

// earlier is a moment in the middle of a day.
var earlier = time.Now().Add(-72 * time.Hour).Truncate(24 * time.Hour).Add(11 * time.Hour).Format(time.RFC3339)

// questions are the reports whose figures are compared.
var questions = [][]string{
	{"report"}, {"report", "--since", since, "--until", until}, {"report", "effect"}, {"report", "trend"}, {"report", "flaky"}, {"report", "failures", "--limit", "0"},
	{"report", "context"}, {"report", "helpers", "--by", "repo", "--by", "name"}, {"report", "helpers", "--by", "host", "--by", "day"},
	{"report", "--kind", "job"}, {"report", "--status", "failed"}, {"report", "why", "helper-07"}, {"report", "helpers", "--repo", "*1*", "--since", since, "--until", until},
	{"report", "helpers", "--by", "model"}, {"report", "helpers", "--by", "exit_code"}, {"report", "context", "--since", since, "--until", until},
	{"report", "experiment"}, {"report", "unused", "--last", "1d"}, {"report", "--kind", "skill"}, {"report", "--name", "[n-p]dd-?"}, {"report", "--task", "odd*"}, {"report", "--repo", "r1"},
	{"report", "helpers", "--by", "day", "--by", "cwd", "--tz", "America/New_York"}, {"report", "helpers", "--by", "week", "--by", "agent", "--by", "rev"},
	{"report", "trend", "--since", since, "--until", until, "--ext", "tools"}, {"report", "effect", "--kind", "tool", "--host", "*[02]"}, {"report", "why", "odd-1", "--kind", "command"},
	{"report", "trend", "--until", earlier}, {"report", "helpers", "--by", "kind", "--until", earlier}, {"report", "--until", earlier},
}

// figures compares every value of the reports from all sources with those over the logs.
func figures(all []*host) (compared, differing int, err error) {
	for _, q := range questions {
		local, err := all[0].values(append(append(q[:len(q):len(q)], "--json"), logArgs(all)...))
		if err != nil {
			return 0, 0, err
		}
		for _, from := range [][]string{{"--from", "ch"}, {"--from", "ch", "--exact"}, {"--from", "dir"}, {"--from", "s3"}} {
			got, err := all[0].values(append(append(q[:len(q):len(q)], "--json"), from...))
			if err != nil {
				return 0, 0, err
			}
			for key, value := range local {
				compared++
				if !reflect.DeepEqual(value, got[key]) {
					if differing++; differing < 10 {
						fmt.Fprintf(os.Stderr, "%v from %s: %s is %v, in the logs %v\n", q, from, key, got[key], value)
					}
				}
			}
			if len(got) != len(local) {
				differing++
				fmt.Fprintf(os.Stderr, "%v from %s: %d values, in the logs %d\n", q, from, len(got), len(local))
			}
		}
	}
	return compared, differing, nil
}

// values are the leaves of a report by their path, without what is of the reading: where
// from, how many lines, when.
func (h *host) values(args []string) (map[string]any, error) {
	cmd := h.command(args...)
	out, err := cmd.Output()
	if err != nil {
		if exit := new(exec.ExitError); errors.As(err, &exit) {
			err = fmt.Errorf("%w: %s", err, exit.Stderr)
		}
		return nil, fmt.Errorf("%v: %w", args, err)
	}
	var doc map[string]any
	d := json.NewDecoder(bytes.NewReader(out))
	d.UseNumber()
	if err := d.Decode(&doc); err != nil {
		return nil, err
	}
	delete(doc, "generated_at")
	delete(doc, "warnings")
	delete(doc, "query")
	if o, ok := doc["overview"].(map[string]any); ok {
		delete(o, "lines")
		delete(o, "bad_lines")
		delete(o, "bytes")
	}
	leaves := map[string]any{}
	flatten("", doc, leaves)
	return leaves, nil
}

func flatten(path string, v any, to map[string]any) {
	switch v := v.(type) {
	case map[string]any:
		for k, x := range v {
			flatten(path+"."+k, x, to)
		}
	case []any:
		for i, x := range v {
			flatten(path+"["+strconv.Itoa(i)+"]", x, to)
		}
	default:
		to[path] = v
	}
}
