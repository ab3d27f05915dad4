package section

import (
	"pi-track/internal/report/index"
	"pi-track/internal/report/sum"
)

// helper is what the report says about one helper.
type helper struct {
	sum.Tally
	kind       string // of the latest run
	days       sum.Days
	ends       sum.Ends
	lastBefore int64 // latest start before the period
}

func newHelper(bounded bool) *helper { return &helper{ends: sum.NewEnds(bounded)} }

func (h *helper) AddRun(r *sum.Run, day int32) {
	if r.Start >= h.LastRun {
		if kind := r.Line.Bytes(r.Line.Kind); r.Start > h.LastRun || string(kind) < h.kind {
			if string(kind) != h.kind {
				h.kind = string(kind)
			}
		}
	}
	h.Tally.Add(r)
	h.days.Of(day)[r.Code]++
	h.ends.AddRun(r)
}

// searched are the outcomes that are searched for changes.
func (h *helper) searched() (latest, sample []sum.Outcome) {
	return h.ends.Finished.Searched(h.Finished())
}

func (h *helper) Merge(o *helper) {
	if o.LastRun > h.LastRun || o.LastRun == h.LastRun && o.kind < h.kind || h.kind == "" {
		h.kind = o.kind
	}
	h.Tally.Merge(&o.Tally)
	h.days.Merge(o.days)
	h.ends.Merge(&o.ends)
	h.lastBefore = max(h.lastBefore, o.lastBefore)
}

// between is how many runs there are on the days in [from, to).
func (h *helper) between(from, to int32) int64 {
	n := int64(0)
	for i := range h.days {
		if d := &h.days[i]; d.Day >= from && d.Day < to {
			n += sum.CountsOf(&d.N).Runs
		}
	}
	return n
}

func (h *helper) Encode(e *index.Writer) {
	h.Tally.Encode(e)
	index.PutString(e, h.kind)
	index.PutSlice(e, h.days)
	h.ends.Encode(e)
}

func (h *helper) Decode(d *index.Reader) {
	h.Tally.Decode(d)
	index.GetString(d, &h.kind)
	index.GetSlice(d, (*[]sum.DayCounts)(&h.days))
	h.ends.Decode(d)
}
