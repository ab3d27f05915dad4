// Command fleet proves that nothing is lost and nothing counted twice between many
// logs and one report: hosts write, rotate and ship to ClickHouse, a directory, a bucket
// and a collector at the same time, while shippers and engine are killed. Then the sets of lines are compared,
// and every figure of the report.
package main

import (
	"bytes"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"pi-track/internal/event"
	"pi-track/internal/event/decode"
	"pi-track/internal/log"
	"pi-track/internal/log/segment"
	"pi-track/internal/report/synth"
)

var (
	runs   = flag.Int("runs", 40000, "runs of each host; a run has two lines")
	hosts  = flag.Int("hosts", 4, "hosts")
	rounds = flag.Int("rounds", 12, "portions in which a host writes")
	die    = flag.Int("die", 10, "insert at which the engine is killed, each time anew")
	batch  = flag.String("batch", "512KiB", "size of a batch")
	track  = flag.String("pi-track", "", "the program")
	peers  = flag.String("peers", "", "the program of test/fleet/peers")
	sizes  = flag.String("bench", "", "instead: what a report costs over these numbers of runs, the least first")
	docs   = flag.String("docs", "", "docs/fleet.md")
	script = flag.String("engine", "", "engine.cjs")
)

func main() {
	flag.Parse()
	do := chaos
	if *sizes != "" {
		do = func() error { return benchmark(*sizes) }
	}
	if err := do(); err != nil {
		fmt.Fprintln(os.Stderr, "fleet:", err)
		os.Exit(1)
	}
}

func chaos() error {
	dir, err := os.MkdirTemp("", "pi-track-fleet-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	e, err := startEngine(filepath.Join(dir, "engine"), *die)
	if err != nil {
		return err
	}
	defer e.stop()
	if err := e.makeTables(*track); err != nil {
		return err
	}
	share := filepath.Join(dir, "share")
	if err := os.Mkdir(share, 0o700); err != nil {
		return err
	}
	b, err := startBucket(dir)
	if err != nil {
		return err
	}
	defer b.stop()
	all := make([]*host, *hosts)
	var wg sync.WaitGroup
	errs := make([]error, *hosts)
	for i := range all {
		h, err := newHost(dir, i, e.url, share, b)
		if err != nil {
			return err
		}
		all[i] = h
		wg.Go(func() { errs[i] = h.live(all) })
	}
	wg.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	for _, h := range all { // the engine still dies
		_, _ = h.command("ship", "--for", "30s").CombinedOutput()
	}
	e.calm()
	if err := b.calm(); err != nil {
		return err
	}
	for _, h := range all {
		if err := h.settle(); err != nil {
			return err
		}
	}
	if err := compare(all, e, share, b); err != nil {
		return err
	}
	n, err := checkDocs(dir, e, b)
	fmt.Printf("commands of the docs       %d\n", n)
	return err
}

// host is a home with a log that it fills from one that was made before.
type host struct {
	n         int
	home, log string
	config    string
	lines     [][]byte // to be written
	killed    atomic.Int64
	rng       *rand.Rand
	user      time.Duration // CPU time of its shippers
}

func newHost(dir string, n int, engine, share string, b *bucket) (*host, error) {
	h := &host{n: n, home: filepath.Join(dir, fmt.Sprintf("home%d", n)), rng: rand.New(rand.NewPCG(7, uint64(n)))}
	h.log, h.config = filepath.Join(h.home, "events.jsonl"), filepath.Join(h.home, "shims.toml")
	if err := os.MkdirAll(h.home, 0o700); err != nil {
		return nil, err
	}
	keep := ""
	for _, key := range []string{"name", "error_summary", "cwd", "repo", "session_id", "task_id", "host", "pid", "call_id", "ext", "experiment", "writer"} {
		keep += key + " = \"keep\"\n"
	}
	config := fmt.Sprintf("version = 1\n[ship.ch]\nto = \"clickhouse+%s/pitrack\"\nbatch = \"%s\"\n[ship.ch.fields]\n%s[ship.dir]\nto = \"dir:%s\"\n[ship.dir.fields]\n%s[source.ch]\nfrom = \"clickhouse+%s/pitrack\"\n", engine, *batch, keep, share, keep, engine) + b.config(keep)
	if err := os.MkdirAll(filepath.Join(h.home, "pi-track"), 0o700); err != nil {
		return nil, err
	}
	h.config = filepath.Join(h.home, "pi-track", "shims.toml")
	if err := os.WriteFile(h.config, []byte(config), 0o600); err != nil {
		return nil, err
	}
	var made bytes.Buffer
	_, err := synth.Write(&made, synth.Options{Seed: uint64(n + 1), Runs: *runs, Start: time.Now().Add(-30 * 24 * time.Hour), Span: 30 * 24 * time.Hour, Dirty: 20})
	h.lines = append(oddLines(n, time.Now().Add(-20*24*time.Hour)), bytes.SplitAfter(made.Bytes(), []byte{'\n'})...)
	return h, err
}

// live writes, rotates and ships, all at once. The last host is offline for the first
// half; the second one gets a part of the first one's log, as a copied home has it.
func (h *host) live(all []*host) error {
	portion := len(h.lines) / *rounds
	for i := range *rounds {
		part := h.lines[i*portion : min(len(h.lines), (i+1)*portion)]
		if i == *rounds-1 {
			part = h.lines[i*portion:]
		}
		var wg sync.WaitGroup
		online := h.n != len(all)-1 || i >= *rounds/2
		if online {
			wg.Go(func() { h.shipKilled() })
		}
		if err := h.write(part); err != nil {
			return err
		}
		if i%3 == 1 {
			if _, err := log.Seal(h.log); err != nil {
				return err
			}
		}
		if i%3 == 2 {
			if _, _, err := segment.Compress(h.log, time.Now().Add(time.Hour)); err != nil {
				return err
			}
		}
		wg.Wait()
	}
	if h.n == 1 {
		return os.WriteFile(log.SealedName(h.log, time.Now(), "copied"), bytes.Join(all[0].lines[:len(all[0].lines)/5], nil), 0o600)
	}
	return nil
}

// write appends the lines as writers do; of each hundredth the first half is there before
// the second.
func (h *host) write(lines [][]byte) error {
	f, err := os.OpenFile(h.log, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return err
	}
	defer f.Close()
	const at = 50
	for i := 0; i < len(lines); i += at {
		chunk := bytes.Join(lines[i:min(len(lines), i+at)], nil)
		half := len(chunk)
		if i/at%100 == 7 {
			half = len(chunk) / 2
		}
		if _, err := f.Write(chunk[:half]); err != nil {
			return err
		}
		if half < len(chunk) {
			time.Sleep(20 * time.Millisecond)
			if _, err := f.Write(chunk[half:]); err != nil {
				return err
			}
		}
	}
	return nil
}

// command is pi-track in this home.
func (h *host) command(args ...string) *exec.Cmd {
	cmd := exec.Command(*track, args...)
	cmd.Env = append(os.Environ(), "PI_TRACK_HOME="+h.home, "XDG_CONFIG_HOME="+h.home, "PI_TRACK_LOG=", "TZ=UTC")
	return cmd
}

// shipKilled ships until it is killed, or ends by itself.
func (h *host) shipKilled() {
	for range 3 {
		cmd := h.command("ship", "--for", "10s")
		if cmd.Start() != nil {
			return
		}
		done := make(chan struct{})
		go h.killWhileItSends(cmd.Process, 1+h.rng.IntN(8), done)
		_ = cmd.Wait() // killed, or the engine was
		close(done)
		h.user += cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	}
}

// killWhileItSends kills a shipper once it has written its account n times, a moment later: it does
// so before each batch.
func (h *host) killWhileItSends(p *os.Process, n int, done chan struct{}) {
	var last time.Time
	pause := time.Duration(h.rng.IntN(30)) * time.Millisecond
	for {
		for _, name := range []string{"ch.json", "dir.json", "s3.json", "otlp.json"} {
			if st, err := os.Stat(filepath.Join(h.home, "ship", name)); err == nil && st.ModTime().After(last) {
				last = st.ModTime()
				n--
			}
		}
		if n < 0 {
			time.Sleep(pause)
		}
		select {
		case <-done:
			return
		case <-time.After(time.Millisecond):
		}
		if n < 0 && p.Kill() == nil {
			h.killed.Add(1)
			return
		}
	}
}

// settle ships the rest.
func (h *host) settle() error {
	var out []byte
	var err error
	for range 5 {
		if out, err = h.command("ship", "--for", "2m").CombinedOutput(); err == nil {
			return nil
		}
	}
	return fmt.Errorf("host %d: %w: %s", h.n, err, out)
}

// written are the lines that the host's log holds, as a reader takes them.
func (h *host) written(set map[string]bool) error {
	files, err := log.OpenSegments(h.log, time.Time{})
	if err != nil {
		return err
	}
	for _, f := range files {
		text, err := readAll(f)
		if err != nil {
			return err
		}
		for line := range bytes.Lines(text) {
			var e event.Event
			if len(line) <= event.MaxLine && decode.Event(line, &e) == nil {
				set[string(e.Append(nil))] = true
			}
		}
	}
	return nil
}

func logArgs(all []*host) []string {
	var args []string
	for _, h := range all {
		args = append(args, "--log", h.log)
	}
	return args
}
