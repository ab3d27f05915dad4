// Package section has the sections of a report, one file each: its rows, what it
// collects from the runs, how that is stored, and how it answers. A Report holds the
// answers of all sections.
package section

import (
	"fmt"
	"math"

	"pi-track/internal/report/index"
	"pi-track/internal/report/query"
	"pi-track/internal/report/sum"
)

// section puts its answer into the Report.
type section interface {
	Report(t *totals, r *Report)
}

// part is what a section adds up of the runs beyond what the collector does.
type part interface {
	Add(r *sum.Run)
	Fork() part // an empty one for another worker
	Join()      // adds all to the one it was forked from; it is not used any more
	Encode(e *index.Writer)
	Decode(d *index.Reader) // into an empty one, what encode wrote
}

// kind is a section: what it needs, and how it is made.
type kind struct {
	name     query.Section
	verb     string                              // a line of help for its verb; "": it has none, or one of its own
	wanted   func(q *query.Plan) bool            // when to make it, once its name was asked for; nil: always
	uses     []query.Section                     // whose parts it needs, too
	before   bool                                // it needs the runs before the period, too
	everyRun bool                                // its part takes every run of a context: see collector.add
	daily    bool                                // it counts by the compared days while reading: an index of it lasts for a day
	key      func(k *kind, q *query.Plan) string // tells its part in an index from others; nil: it has none
	make     func(s *shared) (section, part)     // the part is nil where the collector's sums are enough
}

// asked are the kinds that a query asks for, and those whose parts they need, which
// answer first.
func asked(q *query.Plan) []*kind {
	var out []*kind
	used := map[query.Section]bool{}
	for i := range kinds {
		if k := &kinds[i]; k.isWanted(q) {
			for _, name := range k.uses {
				used[name] = true
			}
		}
	}
	for _, needing := range []bool{false, true} {
		for i := range kinds {
			if k := &kinds[i]; (k.isWanted(q) || used[k.name]) && len(k.uses) > 0 == needing {
				out = append(out, k)
			}
		}
	}
	return out
}

// Collecting are the sections asked for, for themselves or for another one, that add
// up something of their own.
func Collecting(q *query.Plan) []query.Section {
	var out []query.Section
	for _, k := range asked(q) {
		if _, p := k.make(&shared{q: q}); p != nil {
			out = append(out, k.name)
		}
	}
	return out
}

func (k *kind) isWanted(q *query.Plan) bool {
	return q.Wanted[k.name] && (k.wanted == nil || k.wanted(q))
}

// plainKey is the key of a section that the query shapes no further.
func plainKey(k *kind, _ *query.Plan) string { return string(k.name) }

// Needed is the earliest start of a run that matters, Unix ms.
func Needed(q *query.Plan) int64 {
	for _, k := range asked(q) {
		if k.before {
			return math.MinInt64
		}
	}
	if q.Bounded {
		return q.Previous.From
	}
	return q.Period.From
}

// IndexKey tells indexes apart that the same program would fill differently:
// name those that stand beside each other, content what a name's index holds
// at a time. What the collector adds up is in every index.
func IndexKey(q *query.Plan) (name, content string) {
	name = q.Shape()
	daily := false
	for _, k := range asked(q) {
		if k.key != nil {
			name += " " + k.key(k, q)
			daily = daily || k.daily
		}
	}
	if content = name; daily {
		content += fmt.Sprintf(" of %d %d", q.Previous.From, q.Current.To)
	}
	return name, content
}
