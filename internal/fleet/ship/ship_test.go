package ship

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/klauspost/compress/zstd"
	"golang.org/x/sys/unix"

	"pi-track/internal/event"
	"pi-track/internal/fleet"
	"pi-track/internal/fleet/sink"
	"pi-track/internal/log"
	"pi-track/internal/log/segment"
)

// store is a sink in memory: what it took, by token and by line.
type store struct {
	batches map[string]string
	lines   map[string]int           // how often each came, in batches of different tokens
	before  func(b sink.Batch) error // may fail or panic, as a kill does
	after   func(b sink.Batch) error
}

func newStore() *store { return &store{batches: map[string]string{}, lines: map[string]int{}} }

func (s *store) Put(_ context.Context, b sink.Batch) error {
	if s.before != nil {
		if err := s.before(b); err != nil {
			return err
		}
	}
	if _, again := s.batches[b.Token()]; !again {
		s.batches[b.Token()] = string(b.Lines)
		for line := range strings.Lines(string(b.Lines)) {
			s.lines[line]++
		}
	}
	if s.after != nil {
		return s.after(b)
	}
	return nil
}
func (s *store) Check(context.Context) error { return nil }
func (s *store) Close() error                { return nil }

// world is a home with a log, and a sink that takes everything as it is.
type world struct {
	t      *testing.T
	home   string
	log    string
	sink   *fleet.Sink
	store  *store
	n      int
	expect map[string]bool
}

func newWorld(t *testing.T) *world {
	to, err := fleet.ParseAddress("dir:/nowhere")
	if err != nil {
		t.Fatal(err)
	}
	home := t.TempDir()
	fields := map[string]fleet.Mode{}
	for _, f := range fleet.Fields {
		fields[f.Key] = fleet.Keep
	}
	return &world{t: t, home: home, log: filepath.Join(home, "events.jsonl"), store: newStore(), expect: map[string]bool{},
		sink: &fleet.Sink{Name: "team", To: to, Fields: fields, Batch: 16 << 10}}
}

// write appends runs to the log.
func (w *world) write(runs int) {
	w.t.Helper()
	for range runs {
		w.n++
		e := event.Event{TS: time.UnixMilli(1764500000000 + int64(w.n)), ID: fmt.Sprintf("019ad4a0-0000-7000-8000-%012x", w.n), Kind: event.Script, Name: "x", Status: event.Started}
		w.line(e.Append(nil))
		e.Status, e.DurationMS = event.Succeeded, int64(w.n)
		w.line(e.Append(nil))
	}
}

func (w *world) line(line []byte) {
	w.t.Helper()
	if err := log.Append(w.log, line); err != nil {
		w.t.Fatal(err)
	}
	w.expect[string(line)] = true
}

// ship runs once; a panic of the store is a kill.
func (w *world) ship() (r *Result, err error) {
	defer func() {
		if p := recover(); p == "killed" {
			err = errors.New("killed")
		} else if p != nil {
			panic(p)
		}
	}()
	return Run(context.Background(), Options{Home: w.home, Log: w.log, Sink: w.sink, Until: time.Now().Add(50 * time.Millisecond),
		Open: func() (sink.Sink, error) { return w.store, nil }})
}

// same fails unless the store holds exactly what was written.
func (w *world) same() {
	w.t.Helper()
	missing, strange := 0, 0
	for line := range w.expect {
		if w.store.lines[line] == 0 {
			missing++
		}
	}
	for line := range w.store.lines {
		if !w.expect[line] {
			strange++
		}
	}
	if missing+strange > 0 {
		w.t.Errorf("of %d lines %d are missing, and %d are none of ours", len(w.expect), missing, strange)
	}
}

// doubled is how many lines came in batches of different names.
func (w *world) doubled() int {
	n := 0
	for _, times := range w.store.lines {
		n += times - 1
	}
	return n
}

func TestKilledAnywhereNothingIsLostOrDoubled(t *testing.T) {
	w := newWorld(t)
	kill := 0
	at := func(side int) func(sink.Batch) error {
		return func(sink.Batch) error {
			if kill++; kill%3 == side {
				panic("killed")
			}
			return nil
		}
	}
	w.store.before, w.store.after = at(0), at(1)
	for range 25 {
		w.write(70)
		if kill%2 == 0 {
			w.write(200)
		}
		_, _ = w.ship()
	}
	w.store.before, w.store.after = nil, nil
	if _, err := w.ship(); err != nil {
		t.Fatal(err)
	}
	w.same()
	if n := w.doubled(); n > 0 {
		t.Errorf("%d lines came twice under different names", n)
	}
	if kill < 30 {
		t.Errorf("only %d chances to kill", kill)
	}
}

func TestRotationCompressionAndHalfLinesBetween(t *testing.T) {
	w := newWorld(t)
	for i := range 6 {
		w.write(40)
		if _, err := w.ship(); err != nil {
			t.Fatal(err)
		}
		w.write(5) // sealed before they are sent
		half := []byte(fmt.Sprintf(`{"ts":"2025-11-30T10:00:00.000Z","v":1,"id":"half-%d","kind":"script","name":"x","status":"started"}`+"\n", i))
		f, err := os.OpenFile(w.log, os.O_WRONLY|os.O_APPEND, 0)
		if err != nil {
			t.Fatal(err)
		}
		f.Write(half[:40])
		if _, err := w.ship(); err != nil {
			t.Fatal(err)
		}
		f.Write(half[40:])
		f.Close()
		w.expect[string(half)] = true
		if i%2 == 0 {
			name, err := log.Seal(w.log)
			if err != nil {
				t.Fatal(err)
			}
			if i > 2 {
				old := time.Now().Add(-time.Hour)
				os.Chtimes(name, old, old)
				if done, _, err := segment.Compress(w.log, time.Now().Add(time.Hour)); err != nil || len(done) == 0 {
					t.Fatal(done, err)
				}
			}
		}
	}
	for range 2 {
		r, err := w.ship()
		if err != nil || len(r.Notes) > 0 {
			t.Fatal(r, err)
		}
	}
	w.same()
	if n := w.doubled(); n > 0 {
		t.Errorf("%d lines came twice", n)
	}
	if r, err := w.ship(); err != nil || r.Batches > 0 {
		t.Errorf("an idle run sent %d batches: %v", r.Batches, err)
	}
}

func TestRewrittenLogsAreSentAgain(t *testing.T) {
	for name, spoil := range map[string]func(w *world){
		"truncated to nothing, then longer": func(w *world) {
			os.Truncate(w.log, 0)
			w.write(500)
		},
		"its first lines taken out": func(w *world) {
			data, _ := os.ReadFile(w.log)
			at := bytes.IndexByte(data, '\n') + 1
			at += bytes.IndexByte(data[at:], '\n') + 1
			os.WriteFile(w.log, data[at:], 0o600)
			w.write(100)
		},
		"a line in the middle taken out": func(w *world) {
			data, _ := os.ReadFile(w.log)
			lines := bytes.SplitAfter(data, []byte{'\n'})
			os.WriteFile(w.log, bytes.Join(append(slices.Clone(lines[:7]), lines[8:]...), nil), 0o600)
			w.write(100)
		},
		"an older copy put back": func(w *world) {
			data, _ := os.ReadFile(w.log)
			os.WriteFile(w.log, data[:bytes.LastIndexByte(data[:len(data)/2], '\n')+1], 0o600)
			w.write(300)
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.write(200)
			if _, err := w.ship(); err != nil {
				t.Fatal(err)
			}
			spoil(w)
			if _, err := w.ship(); err != nil {
				t.Fatal(err)
			}
			w.same()
		})
	}
}

// Two sealed segments begin with the same line: a backup of the log was put back
// after the log had been sealed, and went on.
func TestABackupBesideItsSealedSegment(t *testing.T) {
	w := newWorld(t)
	compress := func() {
		name, err := log.Seal(w.log)
		if err != nil {
			t.Fatal(err)
		}
		old := time.Now().Add(-time.Hour)
		os.Chtimes(name, old, old)
		if done, _, err := segment.Compress(w.log, time.Now().Add(time.Hour)); err != nil || len(done) == 0 {
			t.Fatal(done, err)
		}
	}
	ship := func() {
		if _, err := w.ship(); err != nil {
			t.Fatal(err)
		}
	}
	w.write(40)
	backup, err := os.ReadFile(w.log)
	if err != nil {
		t.Fatal(err)
	}
	compress()
	ship()
	if err := os.WriteFile(w.log, backup, 0o600); err != nil {
		t.Fatal(err)
	}
	w.write(20)
	ship()
	w.write(10) // not sent before the segment is sealed and compressed
	compress()
	ship()
	w.same()
}

// TestTwoSegmentsOfOneSize: two compressed segments begin alike and have the same size,
// and differ in a line. Both are sent.
func TestTwoSegmentsOfOneSize(t *testing.T) {
	w := newWorld(t)
	w.write(40)
	first, err := os.ReadFile(w.log)
	if err != nil {
		t.Fatal(err)
	}
	at := bytes.LastIndex(first, []byte(`"id":"`)) + len(`"id":"`)
	pack := func(text []byte) []byte {
		z, err := zstd.NewWriter(nil)
		if err != nil {
			t.Fatal(err)
		}
		defer z.Close()
		return z.EncodeAll(text, nil)
	}
	scatter := func(text []byte) {
		for i := range 8 {
			text[at+i] = "0123456789abcdef"[rand.IntN(16)]
		}
	}
	second := bytes.Clone(first)
	for len(pack(second)) != len(pack(first)) || bytes.Equal(second, first) {
		scatter(first)
		scatter(second)
	}
	if err := os.Remove(w.log); err != nil {
		t.Fatal(err)
	}
	clear(w.expect)
	for i, text := range [][]byte{first, second} {
		name := log.SealedName(w.log, time.Now().Add(time.Duration(i-10)*time.Hour), "") + segment.Ext
		if err := os.WriteFile(name, pack(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := w.ship(); err != nil {
			t.Fatal(err)
		}
		for line := range bytes.Lines(text) {
			w.expect[string(line)] = true
		}
		w.same()
	}
	if r, err := w.ship(); err != nil || r.Batches > 0 {
		t.Errorf("an idle run sent %d batches: %v", r.Batches, err)
	}
}

// TestTwoSegmentsThatBeginAlike: a backup that went on beside the segment it was made
// of is sent once, and so is that segment.
func TestTwoSegmentsThatBeginAlike(t *testing.T) {
	w := newWorld(t)
	w.write(40)
	backup, err := os.ReadFile(w.log)
	if err != nil {
		t.Fatal(err)
	}
	w.write(10)
	for _, text := range []string{"", string(backup), string(backup)} { // three that begin alike
		if text != "" {
			if _, err := log.Seal(w.log); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(w.log, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			w.write(20)
		}
		if r, err := w.ship(); err != nil || r.Lines == 0 || len(r.Notes) > 0 {
			t.Fatalf("%+v: %v", r, err)
		}
		if r, err := w.ship(); err != nil || r.Lines != 0 || len(r.Notes) > 0 {
			t.Errorf("sent again: %+v: %v", r, err)
		}
		if st, err := StatusOf(w.home, w.log, w.sink); err != nil || st.Waiting != 0 {
			t.Errorf("waiting: %+v: %v", st, err)
		}
	}
	w.write(3)
	if r, err := w.ship(); err != nil || r.Lines > 6 {
		t.Errorf("more than was new: %+v: %v", r, err)
	}
	w.same()
	a, _, err := readAccount(w.home, w.sink.Name, w.sink.To.String())
	if err != nil || len(a.Segments) != 1 {
		t.Fatal(a, err)
	}
	for _, list := range a.Segments {
		if len(list) != 3 {
			t.Errorf("%d segments in the account, not 3", len(list))
		}
	}
	files, err := log.Segments(w.log)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files[:len(files)-1] {
		os.Remove(name)
	}
	if r, err := w.ship(); err != nil || r.Lines != 0 {
		t.Errorf("sent again: %+v: %v", r, err)
	}
	if a, _, _ = readAccount(w.home, w.sink.Name, w.sink.To.String()); len(slices.Collect(maps.Values(a.Segments))[0]) != 1 {
		t.Error("the account keeps what is gone")
	}
}

func TestACopiedHomeSendsWhatIsItsOwn(t *testing.T) {
	a := newWorld(t)
	a.write(100)
	if _, err := a.ship(); err != nil {
		t.Fatal(err)
	}
	a.write(10)
	b := newWorld(t)
	if err := os.CopyFS(b.home, os.DirFS(a.home)); err != nil {
		t.Fatal(err)
	}
	b.store, b.n, b.expect = a.store, 5000, maps.Clone(a.expect)
	b.write(20)
	maps.Copy(a.expect, b.expect)
	for _, w := range []*world{a, b, a} {
		if _, err := w.ship(); err != nil {
			t.Fatal(err)
		}
	}
	a.same()
}

func TestPoisonIsSetAside(t *testing.T) {
	w := newWorld(t)
	w.write(300)
	poison := map[string]bool{}
	for line := range w.expect {
		if poison[line] = true; len(poison) == 3 {
			break
		}
	}
	calls := 0
	w.store.before = func(b sink.Batch) error {
		calls++
		for line := range strings.Lines(string(b.Lines)) {
			if poison[line] {
				return &sink.Refused{Err: errors.New("no")}
			}
		}
		return nil
	}
	r, err := w.ship()
	if err != nil || r.Rejected != 3 || calls > 200 {
		t.Fatalf("%+v in %d calls: %v", r, calls, err)
	}
	aside, err := os.ReadFile(RejectedFile(w.home, "team"))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(aside)) {
		if !poison[line] {
			t.Errorf("set aside without a reason: %s", line)
		}
		delete(poison, line)
		delete(w.expect, line)
	}
	if len(poison) > 0 {
		t.Errorf("lost: %v", poison)
	}
	w.same()
}

// A fifo in the place of what is set aside is not waited for, and nothing is lost.
func TestPoisonIsNotSetAsideInAFifo(t *testing.T) {
	w := newWorld(t)
	w.write(10)
	bad := ""
	for line := range w.expect {
		bad = line
		break
	}
	w.store.before = func(b sink.Batch) error {
		if strings.Contains(string(b.Lines), bad) {
			return &sink.Refused{Err: errors.New("no")}
		}
		return nil
	}
	fifo := RejectedFile(w.home, "team")
	if err := errors.Join(os.MkdirAll(filepath.Dir(fifo), 0o700), unix.Mkfifo(fifo, 0o600)); err != nil {
		t.Fatal(err)
	}
	if _, err := w.ship(); err == nil {
		t.Error("it wrote into a fifo")
	}
	if err := os.Remove(fifo); err != nil {
		t.Fatal(err)
	}
	if r, err := w.ship(); err != nil || r.Rejected != 1 {
		t.Errorf("then: %+v, %v", r, err)
	}
}

func TestASinkThatRefusesEverythingGetsNothingSetAside(t *testing.T) {
	w := newWorld(t)
	w.write(300)
	calls := 0
	w.store.before = func(sink.Batch) error { calls++; return &sink.Refused{Err: errors.New("no")} }
	_, err := w.ship()
	if denied := new(sink.Denied); !errors.As(err, &denied) || calls > 100 {
		t.Fatalf("%v after %d calls", err, calls)
	}
	if _, err := os.Stat(RejectedFile(w.home, "team")); err == nil {
		t.Error("lines were set aside")
	}
	w.store.before = nil
	if _, err := w.ship(); err != nil {
		t.Fatal(err)
	}
	w.same()
}

func TestAwayThenTheSameBatchAgain(t *testing.T) {
	w := newWorld(t)
	w.write(50)
	var first string
	w.store.before = func(b sink.Batch) error { first = b.Token(); return &sink.Away{Err: errors.New("500 for an hour")} }
	if _, err := w.ship(); err == nil {
		t.Fatal("no error")
	}
	w.write(50) // would make the batch longer
	w.store.before = nil
	if _, err := w.ship(); err != nil {
		t.Fatal(err)
	}
	if _, ok := w.store.batches[first]; !ok {
		t.Error("another batch was sent than the one that may have been taken")
	}
	w.same()
}

func TestNothingIsSentWithoutAnAccount(t *testing.T) {
	w := newWorld(t)
	w.write(50)
	if err := os.MkdirAll(filepath.Join(dirOf(w.home), "team.json", "in the way"), 0o700); err != nil {
		t.Fatal(err)
	}
	if _, err := w.ship(); err == nil || len(w.store.batches) > 0 {
		t.Errorf("%d batches, %v", len(w.store.batches), err)
	}
}

func TestTwoAtOnce(t *testing.T) {
	w := newWorld(t)
	w.write(50)
	w.store.before = func(sink.Batch) error {
		other := *w
		other.store = newStore()
		if _, err := other.ship(); !errors.Is(err, ErrBusy) {
			t.Errorf("the second one: %v", err)
		}
		return nil
	}
	if _, err := w.ship(); err != nil {
		t.Fatal(err)
	}
	w.same()
}

func TestDamagedLinesStay(t *testing.T) {
	w := newWorld(t)
	w.write(3)
	f, _ := os.OpenFile(w.log, os.O_WRONLY|os.O_APPEND, 0)
	fmt.Fprintf(f, "\n\n{\"torn\n%s\n{}\n\x00\x00\n", strings.Repeat("long", 50000))
	f.Close()
	w.write(3)
	r, err := w.ship()
	if err != nil || r.Bad != 4 {
		t.Fatalf("%+v %v", r, err)
	}
	w.same()
}

func TestWhatACollectorRefusesIsSaidAndNotSentAgain(t *testing.T) {
	w := newWorld(t)
	w.write(300)
	sent := 0
	w.store.after = func(sink.Batch) error { sent++; return &sink.Partial{Rejected: 2, Err: errors.New("too old")} }
	r, err := w.ship()
	if err != nil || r.Dropped != int64(2*sent) || r.Rejected != 0 || len(r.Notes) != 1 || !strings.Contains(r.Notes[0], "too old") {
		t.Fatalf("%+v of %d batches: %v", r, sent, err)
	}
	w.same()
	if r, err := w.ship(); err != nil || r.Batches > 0 {
		t.Errorf("sent again: %+v %v", r, err)
	}
	if st, err := StatusOf(w.home, w.log, w.sink); err != nil || st.Dropped != int64(2*sent) || st.Waiting > 0 {
		t.Errorf("%+v %v", st, err)
	}
}
