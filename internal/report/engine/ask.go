package engine

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"pi-track/internal/event"
	"pi-track/internal/event/decode"
	"pi-track/internal/report/query"
	"pi-track/internal/report/section"
	"pi-track/internal/report/sum"
)

// asker asks an engine, and tells a collector.
type asker struct {
	*query.Engine
	ctx   context.Context
	q     *query.Plan
	c     *section.Collector
	table string
	day   string // the number of a run's day: see dayOf

	numbers             map[uint64]section.Key // of the helpers
	finished, cancelled map[uint64]int64       // ends of the first of the latest runs of each, Unix ms; 0: of all
	all                 map[uint64]int64       // how many of each succeeded or failed

	settings string // of every query, none while the engine may not know them
}

// settings go with every query but the one for the version. FINAL may read the months one by one: both lines of a run
// have its id, and by that they stand in one.
const settings = " SETTINGS do_not_merge_across_partitions_select_final = 1, output_format_json_quote_64bit_integers = 0, output_format_json_named_tuples_as_objects = 0, output_format_json_escape_forward_slashes = 0"

// rows carries out a query and calls take for each row of its answer.
func rows[T any](a *asker, sql string, take func(*T)) error {
	answer, err := a.Select(a.ctx, sql+" FORMAT JSONEachRow"+a.settings)
	if err != nil {
		return err
	}
	defer answer.Close()
	d := json.NewDecoder(bufio.NewReaderSize(answer, 1<<16))
	for {
		row := new(T)
		if err := d.Decode(row); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return fmt.Errorf("the answer breaks off: %w", err)
		}
		take(row)
	}
}

// runs carries out a query for [runLine] and calls take for each run.
func (a *asker) runs(sql string, take func(*decode.Line)) error {
	answer, err := a.Select(a.ctx, sql+" FORMAT TSVRaw"+a.settings)
	if err != nil {
		return err
	}
	defer answer.Close()
	s := bufio.NewScanner(answer)
	s.Buffer(make([]byte, 1<<16), 2*event.MaxLine)
	var l decode.Line
	for s.Scan() {
		if err := l.Decode(s.Bytes()); err != nil {
			return fmt.Errorf("the answer breaks off: %w", err)
		}
		take(&l)
	}
	return s.Err()
}

// tallyRow is how the engine says a [sum.State].
type tallyRow struct {
	Name, Kind  string
	Counts      [5]int64
	LastRun     int64 `json:"last_run"`
	LastFailure int64 `json:"last_failure"`
	Current     int64
	Previous    int64
	Min         int64 `json:"min_ms"`
	Max         int64 `json:"max_ms"`
	Sum         int64 `json:"sum_ms"`
	Durations   []int64
	Bucket      []int64
	BucketRuns  []int64 `json:"bucket_runs"`
	Spent       [7]int64
	Consumed    [4]int64
}

func (r *tallyRow) state() *sum.State {
	s := &sum.State{
		Counts: r.Counts, LastRun: r.LastRun, LastFailure: r.LastFailure, Current: r.Current, Previous: r.Previous,
		Min: r.Min, Max: r.Max, Sum: r.Sum, Values: r.Durations, CostNano: r.Spent[6],
		Usage: sum.Usage{Runs: r.Spent[0], Tokens: r.Spent[1], Input: r.Spent[2], Output: r.Spent[3], CacheRead: r.Spent[4], CacheWrite: r.Spent[5]},
	}
	s.Rusage.Runs, s.Rusage.User, s.Rusage.Sys, s.Rusage.MaxRSS = r.Consumed[0], r.Consumed[1], r.Consumed[2], r.Consumed[3]
	if len(r.Bucket) > 0 && len(r.Bucket) == len(r.BucketRuns) {
		s.Buckets = map[int64]int64{}
		for i, ms := range r.Bucket {
			s.Buckets[ms] = r.BucketRuns[i]
		}
	}
	return s
}

// outcomeRow is how the engine says an Outcome: in the order of units' query.
type outcomeRow section.Outcome

// UnmarshalJSON reads a tuple.
func (o *outcomeRow) UnmarshalJSON(text []byte) error {
	var ok, taken, stated int
	tuple := []any{&o.End, &o.ID, &o.Start, &ok, &o.Repo, &o.Name, &o.Kind, &taken, &stated}
	n := len(tuple)
	if err := json.Unmarshal(text, &tuple); err != nil {
		return err
	}
	if len(tuple) != n {
		return errors.New("an outcome has other columns")
	}
	o.End, o.OK, o.Taken, o.Stated = -o.End, ok == 1, taken == 1, stated == 1
	return nil
}
