package report

import (
	"cmp"
	"slices"
	"strconv"
	"time"

	"pi-track/internal/event"
)

// maxFailures is how many fingerprints are kept; beyond it the half that has
// not been seen for longest goes.
const maxFailures = 20000

// failures groups failed runs by helper and fingerprint.
type failures struct {
	q       *query
	byPrint map[failureKey]*failure
	masker  masker
	recent  [4096]struct { // by the hash of helper and text
		hash uint64
		x    *failure
	}
}

type failureKey struct {
	name  uint32
	print uint64
}

type failure struct {
	count       int64
	first, last int64 // ends, Unix ms
	id          uint64
	repo, task  uint32
	kind        string
	exitCode    int16
	signal      string
	text, rawID []byte
	print       string
}

func newFailures(q *query) *failures {
	return &failures{q: q, byPrint: map[failureKey]*failure{}}
}

func (f *failures) add(r *run) {
	x := f.find(r)
	x.count++
	x.first = min(x.first, r.end)
	if r.end < x.last || r.end == x.last && r.id <= x.id {
		return
	}
	l := r.line
	x.last, x.id, x.repo, x.task, x.exitCode = r.end, r.id, r.repo, r.task, l.ExitCode
	if b := l.Bytes(l.Kind); string(b) != x.kind {
		x.kind = string(b)
	}
	if b := l.Bytes(l.Signal); string(b) != x.signal {
		x.signal = string(b)
	}
	x.text = append(x.text[:0], l.Bytes(l.Error)...)
	x.rawID = append(x.rawID[:0], l.Bytes(l.ID)...)
}

// find is the group of a failed run.
func (f *failures) find(r *run) *failure {
	l := r.line
	h := hash(l.Bytes(l.Error)) + uint64(r.name)*0x9e3779b97f4a7c15 + uint64(l.ExitCode)<<32
	recent := &f.recent[h&4095]
	if recent.hash == h && !l.Error.Empty() {
		return recent.x
	}
	print := f.masker.mask(l.Bytes(l.Error))
	if len(print) == 0 {
		print = appendHow(f.masker.a[:0], l)
	}
	key := failureKey{r.name, hash(print)}
	x := f.byPrint[key]
	if x == nil {
		f.room()
		x = &failure{first: r.end, print: string(print)}
		f.byPrint[key] = x
	}
	recent.hash, recent.x = h, x
	return x
}

// appendHow says how a run without an error text failed.
func appendHow(dst []byte, l *event.Line) []byte {
	switch {
	case !l.Signal.Empty():
		return append(append(dst, "signal "...), l.Bytes(l.Signal)...)
	case l.ExitCode >= 0:
		return strconv.AppendInt(append(dst, "exit "...), int64(l.ExitCode), 10)
	}
	return append(dst, "failed"...)
}

// room drops the older half when there are too many.
func (f *failures) room() {
	if len(f.byPrint) < maxFailures {
		return
	}
	ends := make([]int64, 0, len(f.byPrint))
	for _, x := range f.byPrint {
		ends = append(ends, x.last)
	}
	slices.Sort(ends)
	clear(f.recent[:])
	for key, x := range f.byPrint {
		if x.last < ends[len(ends)/2] {
			delete(f.byPrint, key)
		}
	}
}

func (f *failures) merge(o *failures) {
	for key, b := range o.byPrint {
		a := f.byPrint[key]
		if a == nil {
			f.byPrint[key] = b
			continue
		}
		count, first := a.count+b.count, min(a.first, b.first)
		if b.last > a.last || b.last == a.last && b.id > a.id {
			*a = *b
		}
		a.count, a.first = count, first
	}
}

// result are all rows, the latest first.
func (f *failures) result(s *shared) []Failure {
	keys := make([]failureKey, 0, len(f.byPrint))
	for key := range f.byPrint {
		keys = append(keys, key)
	}
	slices.SortFunc(keys, func(a, b failureKey) int {
		x, y := f.byPrint[a], f.byPrint[b]
		return cmp.Or(-cmp.Compare(x.last, y.last), -cmp.Compare(x.id, y.id), cmp.Compare(a.print, b.print))
	})
	rows := make([]Failure, 0, len(keys))
	for _, key := range keys {
		x := f.byPrint[key]
		row := Failure{
			Time: time.UnixMilli(x.last).In(f.q.location), First: time.UnixMilli(x.first).In(f.q.location),
			Helper: s.names.text(key.name), Kind: x.kind, Repo: s.repos.text(x.repo), Task: s.tasks.text(x.task),
			ID: string(x.rawID), Signal: x.signal, Text: string(x.text), Fingerprint: x.print, Count: x.count,
		}
		if x.exitCode >= 0 {
			code := int(x.exitCode)
			row.ExitCode = &code
		}
		rows = append(rows, row)
	}
	return rows
}
