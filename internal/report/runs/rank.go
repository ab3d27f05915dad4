package runs

import (
	"hash/crc32"
	"math"
	"strconv"

	"pi-track/internal/event/decode"
)

// rank orders the lines of one id; the lowest one is the run. It depends on
// the line alone, so that neither the order of the lines nor their place in
// one log or another matters. A ClickHouse decides alike: see "best" in
// package fleet/schema.
type rank struct {
	class   uint8 // 0 an end, 1 a reaped end, 2 a start
	ts      int64
	code    decode.Code
	content uint32
}

// ranker makes ranks. It is used by one goroutine at a time.
type ranker struct{ text []byte }

func (r *ranker) of(l *decode.Line) rank {
	r.text = content(r.text[:0], l)
	x := rank{ts: l.TS, code: l.Code, content: crc32.ChecksumIEEE(r.text)}
	switch {
	case !isEnd(l.Code):
		x.class = 2
	case string(l.Bytes(l.Src)) == "reaped":
		x.class = 1
	}
	return x
}

func (a rank) less(b rank) bool {
	switch {
	case a.class != b.class:
		return a.class < b.class
	case a.ts != b.ts:
		return a.ts < b.ts
	case a.code != b.code:
		return a.code < b.code
	}
	return a.content < b.content
}

// content appends what a line says beside its id, time and status, as far as a report tells it: the
// same text as in the column best of the schema. What stands on lines of another status only is
// not there.
func content(dst []byte, l *decode.Line) []byte {
	text := func(t decode.Text, there bool) {
		if there {
			dst = append(dst, l.Bytes(t)...)
		}
		dst = append(dst, 0)
	}
	number := func(n int64) { dst = append(strconv.AppendInt(dst, n, 10), 0) }
	end := isEnd(l.Code)
	bad := end && l.Code != decode.CodeSucceeded
	if end {
		number(l.DurationMS)
		number(int64(l.ExitCode))
	} else {
		number(0)
		number(-1)
	}
	text(l.Signal, end)
	text(l.Error, bad)
	text(l.Stderr, bad)
	for _, t := range [...]decode.Text{
		l.Kind, l.Name, l.CWD, l.Scope, l.Repo, l.Session, l.Task, l.Host, l.Src, l.CallID,
		l.Ext, l.Rev, l.Agent, l.AgentModel, l.Experiment, l.Arm, l.Model,
	} {
		text(t, true)
	}
	for _, n := range [...]int64{l.Tokens, l.Input, l.Output, l.CacheRead, l.CacheWrite} {
		number(n)
	}
	dst = append(strconv.AppendUint(dst, math.Float64bits(l.Cost), 10), 0)
	if l.HasRusage {
		number(l.UserMS)
		number(l.SysMS)
		number(l.MaxRSSKB)
	}
	return dst
}
