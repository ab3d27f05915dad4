//go:build linux

package stress

import (
	"bufio"
	"fmt"
	"math/rand"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"pi-track/internal/event"
	"pi-track/internal/log"
	"pi-track/internal/log/segment"
)

// lineOf is line seq of a writer, 100 bytes to 4 KiB long.
func lineOf(r *rand.Rand, writer string, seq int) []byte {
	e := event.Event{TS: time.Now(), ID: writer + "/" + strconv.Itoa(seq), Kind: event.Script, Name: "w", Status: event.Succeeded}
	if n := r.Intn(4000); n > 0 {
		e.CWD = strings.Repeat("x", n)
	}
	return e.Append(nil)
}

// childWriter appends count lines to the log at path, with the lock or, as
// TypeScript does, without. It says when it begins.
func childWriter(args []string) {
	path, writer := args[0], args[1]
	count, err := strconv.Atoi(args[2])
	check(err)
	appendLine := log.Append
	if args[3] == "unlocked" {
		appendLine = appendUnlocked
	}
	seed, _ := strconv.ParseInt(args[4], 10, 64)
	r := rand.New(rand.NewSource(seed))
	fmt.Println("begin")
	for seq := range count {
		check(appendLine(path, lineOf(r, writer, seq)))
	}
}

// appendUnlocked is how a program without flock appends: one write, with a
// newline in front when the last byte is none, once more when the file has
// been removed meanwhile.
func appendUnlocked(path string, line []byte) error {
	for {
		f, err := os.OpenFile(path, os.O_RDWR|os.O_APPEND|os.O_CREATE|syscall.O_NONBLOCK, 0o600)
		if err != nil {
			return err
		}
		st, err := f.Stat()
		check(err)
		last := []byte{'\n'}
		if st.Size() > 0 {
			f.ReadAt(last, st.Size()-1)
		}
		b := line
		if last[0] != '\n' {
			b = append([]byte{'\n'}, line...)
		}
		_, err = f.Write(b)
		check(err)
		st, err = f.Stat()
		check(err)
		f.Close()
		if st.Sys().(*syscall.Stat_t).Nlink > 0 {
			return nil
		}
	}
}

// rotateUntil rotates and compresses the log until stop is closed.
func rotateUntil(t *testing.T, path string, stop chan struct{}) (rotations, compressed int) {
	for {
		select {
		case <-stop:
			return rotations, compressed
		case <-time.After(5 * time.Millisecond):
		}
		name, err := segment.Rotate(path, segment.When{})
		if err != nil {
			t.Error(err)
			return rotations, compressed
		}
		if name != "" {
			rotations++
		}
		if rotations%8 == 0 {
			// As if the segments were old: harder than it ever gets.
			done, _, err := segment.Compress(path, time.Now().Add(segment.Grace))
			if err != nil {
				t.Error(err)
				return rotations, compressed
			}
			compressed += len(done)
		}
	}
}

// wantAll checks that all count lines of a writer are there.
func wantAll(t *testing.T, f found, writer string, count int) {
	t.Helper()
	missing := 0
	for seq := range count {
		if f.count[key{writer + "/" + strconv.Itoa(seq), event.Succeeded}] == 0 {
			missing++
		}
	}
	if missing > 0 {
		t.Errorf("writer %s: %d of %d lines are missing", writer, missing, count)
	}
}

func TestWritersBesideRotation(t *testing.T) {
	path := filepath.Join(t.TempDir(), "events.jsonl")
	const writers = 64
	count := size(150, 20000)
	stop := make(chan struct{})
	rotated := make(chan [2]int)
	go func() {
		n, m := rotateUntil(t, path, stop)
		rotated <- [2]int{n, m}
	}()
	cmds := make([]*exec.Cmd, writers)
	for i := range cmds {
		mode := "locked"
		if i%8 == 0 {
			mode = "unlocked"
		}
		cmds[i] = command("writer", path, fmt.Sprint("w", i), strconv.Itoa(count), mode, strconv.Itoa(i))
		if err := cmds[i].Start(); err != nil {
			t.Fatal(err)
		}
	}
	for i, cmd := range cmds {
		if err := cmd.Wait(); err != nil {
			t.Errorf("writer %d: %v", i, err)
		}
	}
	close(stop)
	n := <-rotated
	f := read(t, path)
	for i := range cmds {
		wantAll(t, f, fmt.Sprint("w", i), count)
	}
	if len(f.count) != writers*count || len(f.torn) > 0 {
		t.Errorf("%d different events of %d, %d torn lines", len(f.count), writers*count, len(f.torn))
	}
	if n[0] == 0 || n[1] == 0 {
		t.Errorf("%d rotations, %d compressed", n[0], n[1])
	}
	twice := 0
	for _, n := range f.count {
		twice += n - 1
	}
	t.Logf("%d events, %d rotations, %d segments compressed, %d lines twice (a writer found its file removed)",
		len(f.count), n[0], n[1], twice)
	if twice > len(f.count)/1000 {
		t.Errorf("%d lines are there twice", twice)
	}
}

// Writers are killed at random moments, others go on.
func TestKilledWriters(t *testing.T) {
	path := filepath.Join(t.TempDir(), "events.jsonl")
	kills, survivors, count := size(60, 2000), 12, size(300, 20000)
	stop := make(chan struct{})
	rotated := make(chan int)
	go func() {
		n, _ := rotateUntil(t, path, stop)
		rotated <- n
	}()
	var wg sync.WaitGroup
	for i := range survivors {
		wg.Go(func() {
			cmd := command("writer", path, fmt.Sprint("s", i), strconv.Itoa(count), "locked", strconv.Itoa(i))
			if err := cmd.Run(); err != nil {
				t.Errorf("survivor %d: %v", i, err)
			}
		})
	}
	jobs := make(chan int)
	for range 4 {
		wg.Go(func() {
			for i := range jobs {
				killWriter(t, path, i)
			}
		})
	}
	for i := range kills {
		jobs <- i
	}
	close(jobs)
	wg.Wait()
	close(stop)
	rotations := <-rotated

	f := read(t, path)
	for i := range survivors {
		wantAll(t, f, fmt.Sprint("s", i), count)
	}
	lines := 0
	for i := range kills {
		n := 0
		for f.count[key{fmt.Sprintf("k%d/%d", i, n), event.Succeeded}] > 0 {
			n++
		}
		lines += n
	}
	if want := lines + survivors*count; len(f.count) != want {
		t.Errorf("%d events stand behind a gap of their killed writer", len(f.count)-want)
	}
	if len(f.torn) > kills {
		t.Errorf("%d torn lines after %d kills", len(f.torn), kills)
	}
	for _, line := range f.torn {
		if !strings.HasPrefix(line, `{"ts":"`[:min(7, len(line)-1)]) || strings.Count(line, `{"ts":`) > 1 {
			t.Errorf("glued: %q", line)
		}
	}
	t.Logf("%d kills, %d lines of the killed, %d torn, %d rotations", kills, lines, len(f.torn), rotations)
}

// killWriter starts a writer and kills it a moment after it has begun.
func killWriter(t *testing.T, path string, i int) {
	r := rand.New(rand.NewSource(int64(i)))
	cmd := command("writer", path, fmt.Sprint("k", i), "1000000", "locked", strconv.Itoa(i))
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Error(err)
		return
	}
	if err := cmd.Start(); err != nil {
		t.Error(err)
		return
	}
	if _, err := bufio.NewReader(out).ReadString('\n'); err != nil {
		t.Error(err)
	}
	time.Sleep(time.Duration(r.Intn(20000)) * time.Microsecond)
	kill(cmd.Process.Pid)
	cmd.Wait()
}

// What has been appended is found by every reader that begins afterwards,
// while the log is rotated, compressed and read.
func TestReadersBesideRotation(t *testing.T) {
	path := filepath.Join(t.TempDir(), "events.jsonl")
	r := rand.New(rand.NewSource(1))
	stop := make(chan struct{})
	rotated := make(chan int)
	go func() {
		n, _ := rotateUntil(t, path, stop)
		rotated <- n
	}()
	count := size(150, 400)
	for seq := range count {
		if err := log.Append(path, lineOf(r, "w", seq)); err != nil {
			t.Fatal(err)
		}
		wantAll(t, read(t, path), "w", seq+1)
		if t.Failed() {
			break
		}
	}
	close(stop)
	t.Logf("%d rotations", <-rotated)
}
