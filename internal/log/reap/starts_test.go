package reap

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"pi-track/internal/event"
	"pi-track/internal/event/decode"
	"pi-track/internal/log"
	"pi-track/internal/log/box"
)

// world is a home with a log.
type world struct {
	*testing.T
	home, log string
}

func newWorld(t *testing.T) world {
	home := t.TempDir()
	return world{t, home, filepath.Join(home, "events.jsonl")}
}

// start appends the start of a tool call, as Pi's extension writes it.
func (w world) start(id string, at time.Time, writer string) event.Event {
	w.Helper()
	e := event.Event{TS: at.Truncate(time.Millisecond), ID: id, Kind: event.ExtensionTool, Name: "tool-" + id[34:], Status: event.Started, Src: "extension", Writer: writer}
	e.PID, _ = strconv.Atoi(strings.SplitN(writer, ":", 2)[0])
	w.append(e)
	return e
}

func (w world) append(e event.Event) {
	w.Helper()
	if err := log.Append(w.log, e.Append(nil)); err != nil {
		w.Fatal(err)
	}
}

// run reaps and returns the ends in the log, by id.
func (w world) run(o Options, want Result) map[string]event.Event {
	w.Helper()
	o.Home, o.Log = w.home, w.log
	got, err := Run(w.Context(), o)
	if got.Open = (Found{}); !reflect.DeepEqual(got, want) || err != nil {
		w.Errorf("%+v, %v; want %+v", got, err, want)
	}
	return w.ends()
}

func (w world) ends() map[string]event.Event {
	w.Helper()
	data, err := os.ReadFile(w.log)
	if err != nil {
		w.Fatal(err)
	}
	ends := map[string]event.Event{}
	for line := range bytes.Lines(data) {
		var e event.Event
		if err := decode.Event(line, &e); err != nil {
			if len(line) > 1 {
				w.Errorf("%q: %v", line, err)
			}
			continue
		}
		if e.Status == event.Started {
			continue
		}
		if _, twice := ends[e.ID]; twice {
			w.Errorf("%s has two ends", e.ID)
		}
		ends[e.ID] = e
	}
	return ends
}

func id(n int) string {
	return "01a201a2-77d0-7abc-8def-0000000000" + string(rune('0'+n/10)) + string(rune('0'+n%10))
}

// sleeper is a process, and what its start lines name as their writer.
func sleeper(t *testing.T) (writer string, kill func()) {
	t.Helper()
	cmd := exec.Command("sleep", "1000")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var once sync.Once
	kill = func() { once.Do(func() { cmd.Process.Kill(); cmd.Wait() }) }
	t.Cleanup(kill)
	me := strings.Split(log.Writer(), ":")
	stat, err := os.ReadFile("/proc/" + strconv.Itoa(cmd.Process.Pid) + "/stat")
	if err != nil {
		t.Fatal(err)
	}
	me[0] = strconv.Itoa(cmd.Process.Pid)
	me[1] = strings.Fields(string(stat[bytes.LastIndexByte(stat, ')')+1:]))[19]
	return strings.Join(me, ":"), kill
}

// The calls that a killed process left open are ended once, the others stay.
func TestDeadWriter(t *testing.T) {
	w := newWorld(t)
	writer, kill := sleeper(t)
	other, _ := sleeper(t)
	now := time.Now()
	dead := w.start(id(1), now.Add(-time.Hour), writer)
	done := w.start(id(2), now.Add(-time.Hour), writer)
	done.Status, done.TS = event.Succeeded, now.Add(-50*time.Minute)
	w.append(done) // the writer's last sign of life
	w.start(id(3), now.Add(-time.Hour), other)
	w.start(id(4), now.Add(-time.Hour), "")
	old := w.start(id(5), now.Add(-48*time.Hour), writer)
	emitted := event.Event{TS: now.Add(-time.Hour), ID: id(6), Kind: event.Job, Name: "emitted", Status: event.Started, Src: "emit"}
	w.append(emitted)
	elsewhere := strings.Split(writer, ":")
	elsewhere[2], elsewhere[4] = "1", "ffffffffffffffff"
	w.start(id(7), now.Add(-time.Hour), strings.Join(elsewhere, ":"))

	w.run(Options{}, Result{})
	kill()
	ends := w.run(Options{Since: now.Add(-24 * time.Hour)}, Result{Writers: 1})
	e := ends[id(1)]
	if len(ends) != 2 || e.Status != event.Cancelled || e.Src != "reaped" || e.Name != dead.Name || e.Kind != dead.Kind || e.Writer != "" ||
		e.DurationMS != (10*time.Minute).Milliseconds() || e.Error != "the process that recorded it was killed" || time.Since(e.TS) > time.Minute {
		t.Errorf("%+v", ends)
	}
	ends = w.run(Options{}, Result{Writers: 1})
	if e := ends[old.ID]; e.Status != event.Cancelled {
		t.Errorf("%+v", e)
	}
	w.run(Options{}, Result{})
	ends = w.run(Options{Older: now.Add(-30 * time.Minute)}, Result{Older: 3})
	for _, n := range []int{4, 6, 7} {
		if e := ends[id(n)]; e.Status != event.Cancelled || e.Error != "its end was never recorded" {
			t.Errorf("%+v", e)
		}
	}
	if len(ends) != 6 {
		t.Errorf("%+v", ends)
	}
	w.run(Options{Older: now}, Result{})
}

func TestRestartedMachine(t *testing.T) {
	w := newWorld(t)
	writer := strings.Split(log.Writer(), ":")
	writer[3], writer[4] = "00000000-0000-0000-0000-000000000000", "0123456789abcdef"
	w.start(id(1), time.Now().Add(-time.Hour), strings.Join(writer, ":"))
	w.run(Options{}, Result{}) // another machine's
	mine := strings.Split(log.Writer(), ":")[4]
	if mine == "" {
		return // this machine has no id: nothing can be proved
	}
	writer[4] = mine
	w.start(id(2), time.Now().Add(-time.Hour), strings.Join(writer, ":"))
	ends := w.run(Options{}, Result{Writers: 1})
	if e := ends[id(2)]; e.Error != "the machine was restarted while it ran" || e.DurationMS != 0 {
		t.Errorf("%+v", ends)
	}
}

// Reapers at once: each run gets one end.
func TestOnce(t *testing.T) {
	w := newWorld(t)
	writer, kill := sleeper(t)
	for n := range 50 {
		w.start(id(n), time.Now().Add(-time.Minute), writer)
	}
	kill()
	var group sync.WaitGroup
	total := make(chan int, 8)
	for range cap(total) {
		group.Go(func() {
			r, err := Run(t.Context(), Options{Home: w.home, Log: w.log})
			if err != nil {
				t.Error(err)
			}
			total <- r.Runs()
		})
	}
	group.Wait()
	close(total)
	sum := 0
	for n := range total {
		sum += n
	}
	if ends := w.ends(); sum != 50 || len(ends) != 50 {
		t.Errorf("%d ended, %d ends", sum, len(ends))
	}
}

// A damaged box ends its run and leaves a note, once; what is no box by its size
// stays.
func TestDamagedBox(t *testing.T) {
	for name, tc := range map[string]struct {
		damage func(box string) error
		stays  bool
	}{
		"cut":       {func(box string) error { return os.Truncate(box, 5000) }, true},
		"no start":  {func(box string) error { return overwrite(box, 8192, "\x00\x00\x00") }, false},
		"no path":   {func(box string) error { return overwrite(box, 96, "\x00") }, false},
		"no magic":  {func(box string) error { return overwrite(box, 0, "junkjunk") }, false},
		"all ended": {func(box string) error { return overwrite(box, 8192, "\xff") }, false},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			now := time.Now()
			run := event.NewID(now.Add(-time.Hour))
			e := event.Event{TS: now.Add(-time.Hour), ID: run, Kind: event.Job, Name: "job", Status: event.Started, Src: "shim"}
			b, err := box.New(w.home, run, w.log, e.Append(nil))
			if err != nil {
				t.Fatal(err)
			}
			if err := b.Start(e.Append(nil)); err != nil {
				t.Fatal(err)
			}
			file := w.home + "/open/" + run
			image, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			b.Discard()
			if err := os.WriteFile(file, image, 0o600); err != nil {
				t.Fatal(err)
			}
			if err := tc.damage(file); err != nil {
				t.Fatal(err)
			}
			last := now.Add(-20 * time.Minute)
			os.Chtimes(file, last, last)
			want := Result{Damaged: 1}
			if name == "all ended" {
				end := e
				end.Status = event.Failed
				w.append(end)
				want = Result{}
			}
			ends := w.run(Options{Since: now.Add(-24 * time.Hour)}, want)
			got := ends[run]
			if want.Damaged == 1 && (got.Status != event.Cancelled || got.Src != "reaped" || got.DurationMS/1000 != 40*60 || got.Error == "") {
				t.Errorf("%+v", ends)
			}
			w.run(Options{}, Result{})
			if _, err := os.Stat(file); os.IsNotExist(err) == tc.stays {
				t.Errorf("the box: %v", err)
			}
			if notes, err := log.Notes(w.home); err != nil || len(notes) != 1 || !strings.Contains(notes[0].Text, run) {
				t.Errorf("notes: %+v, %v", notes, err)
			}
		})
	}
}

func overwrite(path string, at int64, text string) error {
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	defer f.Close()
	_, err = f.WriteAt([]byte(text), at)
	return err
}

// An emptied box is a normal state: neither end nor note.
func TestEmptiedBox(t *testing.T) {
	w := newWorld(t)
	w.start(id(1), time.Now().Add(-time.Hour), "")
	os.Mkdir(w.home+"/open", 0o700)
	for n, size := range []int{0, 100, 16384} {
		file := w.home + "/open/" + id(n+1)
		os.WriteFile(file, make([]byte, size), 0o600)
		past := time.Now().Add(-time.Hour)
		os.Chtimes(file, past, past)
	}
	w.run(Options{}, Result{})
	if left, _ := os.ReadDir(w.home + "/open"); len(left) != 0 {
		t.Errorf("left: %v", left)
	}
	if notes, _ := log.Notes(w.home); len(notes) != 0 {
		t.Errorf("%+v", notes)
	}
}

// Without a log there is nothing to end, and nothing is made.
func TestNoLog(t *testing.T) {
	w := world{t, filepath.Join(t.TempDir(), "none"), "/nonexistent/events.jsonl"}
	if r, err := Run(t.Context(), Options{Home: w.home, Log: w.log}); r.Runs() != 0 || err != nil {
		t.Errorf("%+v, %v", r, err)
	}
	if _, err := os.Stat(w.home); err == nil {
		t.Error("the home was made")
	}
}
