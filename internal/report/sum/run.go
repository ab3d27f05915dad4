package sum

import (
	"pi-track/internal/event"
	"pi-track/internal/event/decode"
	"pi-track/internal/report/query"
)

// CodeUsed is the code of a use of a skill or a prompt, whatever its status.
const CodeUsed decode.Code = 0

// Run is one run as the collectors take it. Texts are numbers of the shared
// dicts; what few collectors need is read from line, which is valid during
// the call only.
type Run struct {
	Line *decode.Line
	ID   uint64 // hash of the id
	Code decode.Code

	Start, End int64 // Unix ms
	Now, Prev  bool  // in the query's period, in the one before it
	Taken      bool  // passes the filter
	Nothing    bool  // stands for no run: see RanNothing

	SessionHash uint64 // 0 is none
	Helper      uint32
	Repo        uint32
	Task        uint32
	With        uint32 // what it ran with, of the dict of that; set for runs of the query's period
	Cause       uint32 // of the hash of a failure's fingerprint; of a cancelled run the number of its signal
}

// RanNothing says whether a line of an experiment stands for no run: a call that
// was switched off, or a tool that was offered to a task.
func RanNothing(l *decode.Line) bool {
	if l.Arm.Empty() {
		return false
	}
	return string(l.Bytes(l.Arm)) == "off" ||
		l.CallID.Empty() && event.Kind(l.Bytes(l.Kind)) == event.ExtensionTool
}

// Times are a run's start and end in Unix milliseconds. An end line is written
// when the run ends, so that it started its duration before; a reaped or
// imported one is written later, and the id tells when it was made. A clock
// that was never set, or a duration of centuries, comes to minMoment at least.
func Times(l *decode.Line) (start, end int64) {
	if l.Code == decode.CodeStarted {
		return query.Moment(l.TS), query.Moment(l.TS)
	}
	start = l.TS - l.DurationMS
	if src := l.Bytes(l.Src); string(src) == "reaped" || string(src) == "import" {
		if at, ok := idMillis(l.Bytes(l.ID)); ok && at <= l.TS {
			start = at
		}
	}
	return query.Moment(start), query.Moment(start + l.DurationMS)
}

// idMillis is the time of a UUIDv7 in Unix milliseconds.
func idMillis(id []byte) (int64, bool) {
	if len(id) != 36 || id[8] != '-' || id[14] != '7' {
		return 0, false
	}
	var ms int64
	for i := 0; i < 13; i++ {
		if i == 8 {
			continue
		}
		var d byte
		switch c := id[i]; {
		case c >= '0' && c <= '9':
			d = c - '0'
		case c >= 'a' && c <= 'f':
			d = c - 'a' + 10
		case c >= 'A' && c <= 'F':
			d = c - 'A' + 10
		default:
			return 0, false
		}
		ms = ms<<4 | int64(d)
	}
	return ms, true
}
