package section

import (
	"cmp"
	"slices"
	"strconv"
	"time"

	"pi-track/internal/event/decode"
	"pi-track/internal/report/hash"
	"pi-track/internal/report/index"
	"pi-track/internal/report/query"
	"pi-track/internal/report/sum"
)

// SectionFailures lists the latest failures.
const SectionFailures query.Section = "failures"

// Failures are the latest failures, one row per helper and fingerprint of the
// error text, the latest first.
type Failures struct {
	Rows    []Failure `json:"rows"`
	Omitted int       `json:"omitted"`
}

// Failure is a set of failures that look alike; the fields describe the latest.
type Failure struct {
	Time   time.Time `json:"time"` // when the latest ended
	First  time.Time `json:"first"`
	Helper string    `json:"helper"`
	Kind   string    `json:"kind"`
	Which
	Repo        string   `json:"repo"`
	Repos       []string `json:"repos"` // of all Count, most failures first
	Task        string   `json:"task,omitempty"`
	ID          string   `json:"id"` // of the latest: pi-track show ID
	ExitCode    *int     `json:"exit_code,omitempty"`
	Signal      string   `json:"signal,omitempty"`
	Text        string   `json:"text"`
	Stderr      string   `json:"stderr,omitempty"` // terminal: it was one, and there is no text
	Fingerprint string   `json:"fingerprint"`      // Text with numbers, ids, paths and quoted strings masked
	Count       int64    `json:"count"`
}

// recent needs no more than the failures that every report collects.
type recent struct{}

func newRecent(*shared) (section, part) { return recent{}, nil }

func (recent) Report(t *totals, r *Report) {
	rows, omitted := cut(t.failures.Result(t), t.q.Limit)
	r.Failures = &Failures{Rows: rows, Omitted: omitted}
}

// maxFailures is how many fingerprints are kept; beyond it the half that has
// not been seen for longest goes.
const maxFailures = 20000

// failures groups failed runs by helper and fingerprint.
type failures struct {
	q       *query.Plan
	byPrint map[failureKey]*failure
	masker  sum.Masker
	recent  [4096]struct { // by the hash of helper and text
		hash uint64
		x    *failure
	}
}

type failureKey struct {
	helper uint32
	print  uint64
}

type failure struct {
	count       int64
	first, last int64 // ends, Unix ms
	id          uint64
	repo, task  uint32
	repos       []repoFailures // in the order in which they came
	kind        string
	stderr      string
	exitCode    int16
	signal      string
	text, rawID []byte
	print       string
	cause       uint32 // of the fingerprint's hash
}

// repoFailures are those of a failure in one repo.
type repoFailures struct {
	repo uint32
	n    int64
}

func (x *failure) addRepo(repo uint32, n int64) {
	for i := range x.repos {
		if x.repos[i].repo == repo {
			x.repos[i].n += n
			return
		}
	}
	x.repos = append(x.repos, repoFailures{repo, n})
}

func newFailures(q *query.Plan) *failures {
	return &failures{q: q, byPrint: map[failureKey]*failure{}}
}

// Add returns a number of the failure's fingerprint.
func (f *failures) Add(r *sum.Run) uint32 {
	x := f.find(r)
	x.count++
	x.addRepo(r.Repo, 1)
	x.first = min(x.first, r.End)
	if r.End < x.last || r.End == x.last && r.ID <= x.id {
		return x.cause
	}
	l := r.Line
	x.last, x.id, x.repo, x.task, x.exitCode = r.End, r.ID, r.Repo, r.Task, l.ExitCode
	if b := l.Bytes(l.Kind); string(b) != x.kind {
		x.kind = string(b)
	}
	if b := l.Bytes(l.Signal); string(b) != x.signal {
		x.signal = string(b)
	}
	if b := l.Bytes(l.Stderr); string(b) != x.stderr {
		x.stderr = string(b)
	}
	x.text = append(x.text[:0], l.Bytes(l.Error)...)
	x.rawID = append(x.rawID[:0], l.Bytes(l.ID)...)
	return x.cause
}

// find is the group of a failed run.
func (f *failures) find(r *sum.Run) *failure {
	l := r.Line
	h := hash.Of(l.Bytes(l.Error)) + uint64(r.Helper)*0x9e3779b97f4a7c15 + uint64(l.ExitCode)<<32
	recent := &f.recent[h&4095]
	if recent.hash == h && !l.Error.Empty() {
		return recent.x
	}
	print := f.print(l)
	key := failureKey{r.Helper, hash.Of(print)}
	x := f.byPrint[key]
	if x == nil {
		f.room()
		x = &failure{first: r.End, print: string(print), cause: uint32(key.print)}
		f.byPrint[key] = x
	}
	recent.hash, recent.x = h, x
	return x
}

// print is the fingerprint of a failed run, until the next call.
func (f *failures) print(l *decode.Line) []byte {
	if print := f.masker.Mask(l.Bytes(l.Error)); len(print) > 0 {
		return print
	}
	return appendHow(nil, l)
}

// appendHow says how a run without an error text failed.
func appendHow(dst []byte, l *decode.Line) []byte {
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

func (f *failures) Merge(o *failures) {
	for key, b := range o.byPrint {
		a := f.byPrint[key]
		if a == nil {
			f.byPrint[key] = b
			continue
		}
		count, first := a.count+b.count, min(a.first, b.first)
		for _, r := range b.repos {
			a.addRepo(r.repo, r.n)
		}
		repos := a.repos
		if b.last > a.last || b.last == a.last && b.id > a.id {
			*a = *b
		}
		a.count, a.first, a.repos = count, first, repos
	}
}

// reposOf are the repos of a failure, most failures first.
func (s *shared) reposOf(list []repoFailures) []string {
	type named struct {
		name string
		n    int64
	}
	all := make([]named, len(list))
	for i, x := range list {
		all[i] = named{s.repos.Text(x.repo), x.n}
	}
	slices.SortFunc(all, func(a, b named) int { return cmp.Or(-cmp.Compare(a.n, b.n), cmp.Compare(a.name, b.name)) })
	out := make([]string, len(all))
	for i, x := range all {
		out[i] = x.name
	}
	return out
}

// Result are all rows, the latest first.
func (f *failures) Result(t *totals) []Failure {
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
			Time: time.UnixMilli(x.last).In(f.q.Location), First: time.UnixMilli(x.first).In(f.q.Location),
			Helper: t.name(key.helper), Which: t.which(key.helper), Kind: x.kind, Repo: t.repos.Text(x.repo), Repos: t.reposOf(x.repos), Task: t.tasks.Text(x.task),
			ID: string(x.rawID), Signal: x.signal, Text: string(x.text), Stderr: x.stderr, Fingerprint: x.print, Count: x.count,
		}
		if x.exitCode >= 0 {
			code := int(x.exitCode)
			row.ExitCode = &code
		}
		rows = append(rows, row)
	}
	return rows
}

func (f *failures) Encode(e *index.Writer) {
	index.Put(e, int64(len(f.byPrint)))
	for key, x := range f.byPrint {
		index.Put(e, key)
		index.Put(e, [3]int64{x.count, x.first, x.last})
		index.Put(e, x.id)
		index.Put(e, [2]uint32{x.repo, x.task})
		index.Put(e, x.exitCode)
		index.PutSlice(e, x.repos)
		for _, s := range []string{x.kind, x.stderr, x.signal, string(x.text), string(x.rawID), x.print} {
			index.PutString(e, s)
		}
	}
}

func (f *failures) Decode(d *index.Reader) {
	for range d.Count() {
		var key failureKey
		var n [3]int64
		var places [2]uint32
		x := &failure{}
		index.Get(d, &key)
		index.Get(d, &n)
		index.Get(d, &x.id)
		index.Get(d, &places)
		index.Get(d, &x.exitCode)
		index.GetSlice(d, &x.repos)
		index.GetString(d, &x.kind)
		index.GetString(d, &x.stderr)
		index.GetString(d, &x.signal)
		index.GetSlice(d, &x.text)
		index.GetSlice(d, &x.rawID)
		index.GetString(d, &x.print)
		x.count, x.first, x.last, x.repo, x.task = n[0], n[1], n[2], places[0], places[1]
		x.cause = uint32(key.print)
		f.byPrint[key] = x
	}
}
