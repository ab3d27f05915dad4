package ship

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/google/renameio/v2"

	"pi-track/internal/log/sys"
	"pi-track/internal/safefile"
)

// accountVersion is the version of the account's format.
const accountVersion = 3

// account is what was sent to one sink: the file NAME.json in home/ship.
type account struct {
	V        int                    `json:"v"`
	To       string                 `json:"to"` // another address is another account
	Segments map[string][]*progress `json:"segments"`
	Pending  *span                  `json:"pending,omitempty"`

	Lines       int64  `json:"lines"`    // that were taken
	Rejected    int64  `json:"rejected"` // that were refused, see NAME.rejected.jsonl
	Dropped     int64  `json:"dropped,omitempty"`
	LastSuccess string `json:"last_success,omitempty"`
	LastError   string `json:"last_error,omitempty"`
	ErrorAt     string `json:"error_at,omitempty"`
}

// progress is how far a segment was sent. Several segments may begin with the same
// line, such as a backup that was put back and went on: each has one of its own.
type progress struct {
	At     int64  `json:"at"`               // offset in the uncompressed stream
	Tail   string `json:"tail,omitempty"`   // hash of the bytes before it
	Sealed string `json:"sealed,omitempty"` // seal of the compressed file that was read to its end

	used bool // by a segment of this run
}

// span is a part of a segment.
type span struct {
	Segment string `json:"segment"`
	From    int64  `json:"from"`
	To      int64  `json:"to"`
}

// dirOf is where the accounts of a home are.
func dirOf(home string) string { return filepath.Join(home, "ship") }

func accountFile(home, name string) string { return filepath.Join(dirOf(home), name+".json") }

// RejectedFile holds the lines that the sink refused.
func RejectedFile(home, name string) string {
	return filepath.Join(dirOf(home), name+".rejected.jsonl")
}

func newAccount(to string) *account {
	return &account{V: accountVersion, To: to, Segments: map[string][]*progress{}}
}

// readAccount reads the account of a sink. One that is missing, damaged, or of
// another address is as good as new, and note says so if it is worth a word.
func readAccount(home, name, to string) (a *account, note string, err error) {
	const limit = 64 << 20
	data, err := safefile.Read(accountFile(home, name), limit)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return newAccount(to), "", nil
	case err != nil:
		return nil, "", err
	}
	a = &account{}
	if err := json.Unmarshal(data, a); err != nil || a.V < 1 || a.V > accountVersion || !a.sane() {
		return newAccount(to), accountFile(home, name) + " was damaged: everything is sent again, and counts once", nil
	}
	if a.To != to {
		return newAccount(to), fmt.Sprintf("it was sent to %s before: everything is sent to %s", a.To, to), nil
	}
	if a.Segments == nil {
		a.Segments = map[string][]*progress{}
	}
	return a, "", nil
}

// sane says whether no number is such as nobody wrote.
func (a *account) sane() bool {
	for _, list := range a.Segments {
		if slices.ContainsFunc(list, func(p *progress) bool { return p == nil || p.At < 0 }) {
			return false
		}
	}
	return a.Pending == nil || a.Pending.From >= 0 && a.Pending.To >= a.Pending.From
}

// write replaces the account on the disk.
func (a *account) write(home, name string) error {
	data, err := json.Marshal(a)
	if err != nil {
		return err
	}
	return renameio.WriteFile(accountFile(home, name), append(data, '\n'), 0o600, renameio.WithTempDir(dirOf(home)), renameio.WithStaticPermissions(0o600))
}

// makeDir makes home/ship for this user alone.
func makeDir(home string) error {
	dir := dirOf(home)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	sys.Adopt(dir)
	return nil
}

// forgetUnused removes what was sent of segments that are gone.
func (a *account) forgetUnused() {
	for id, list := range a.Segments {
		list = slices.DeleteFunc(list, func(p *progress) bool { return !p.used })
		a.Segments[id] = list
		if len(list) == 0 {
			delete(a.Segments, id)
		}
	}
}

// resume begins to read a segment where it was sent to; r is nil if all of it was. p
// is where to write down how far it gets. moved says that the segment is not the one
// that was sent, and is read from its beginning.
func (a *account) resume(f *file) (r *lineReader, p *progress, moved bool, err error) {
	seal, err := f.seal()
	if err != nil {
		return nil, nil, false, err
	}
	known := slices.Clone(a.Segments[f.id])
	slices.SortStableFunc(known, func(a, b *progress) int { return cmp.Compare(b.At, a.At) })
	for _, p := range known {
		if seal != "" && seal == p.Sealed && !p.used {
			p.used = true
			return nil, p, false, nil
		}
	}
	for _, p := range known {
		r, err := f.lines(p.At)
		if err == nil && (p.At == 0 || r.last.hash() == p.Tail) {
			return r, a.use(f, p), false, nil
		}
		if err == nil {
			r.close()
		} else if err != errMoved {
			return nil, nil, false, err
		}
	}
	moved = slices.ContainsFunc(known, func(p *progress) bool { return !p.used })
	r, err = f.lines(0)
	return r, a.use(f, &progress{used: true}), moved, err
}

// use returns the progress for a segment to write to: p itself, or a copy if it is
// another segment's.
func (a *account) use(f *file, p *progress) *progress {
	if p.used {
		p = &progress{At: p.At, Tail: p.Tail}
		a.Segments[f.id] = append(a.Segments[f.id], p)
	}
	p.used = true
	return p
}

func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

func parseStamp(s string) time.Time {
	t, _ := time.Parse(time.RFC3339, s)
	return t
}
