package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/klauspost/compress/zstd"

	"pi-track/internal/event"
	"pi-track/internal/event/decode"
	"pi-track/internal/fleet"
	"pi-track/internal/fleet/sink"
)

// What the bucket of test/fleet/peers lets in.
const (
	bucketToken  = "AKIDPITRACK:a-secret-that-is-never-sent"
	bucketRegion = "eu-central-1"
)

// bucket is a server of objects that fails until it is calm.
type bucket struct {
	address string // for to and from
	token   string // the file
	calmed  string // the file
	cmd     *exec.Cmd
}

func startBucket(dir string) (*bucket, error) {
	b := &bucket{token: filepath.Join(dir, "bucket.token"), calmed: filepath.Join(dir, "calm")}
	if err := os.WriteFile(b.token, []byte(bucketToken+"\n"), 0o600); err != nil {
		return nil, err
	}
	b.cmd = exec.Command(*peers, "--calm", b.calmed)
	b.cmd.Stderr = io.Discard // it tells of every hang-up
	out, err := b.cmd.StdoutPipe()
	if err == nil {
		err = b.cmd.Start()
	}
	if err != nil {
		return nil, err
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	at, ok := strings.CutPrefix(strings.TrimSpace(line), "ready ")
	if !ok {
		return nil, fmt.Errorf("the bucket does not start: %q %w", line, err)
	}
	b.address = "s3+http://" + at + "/team/pi-track"
	return b, nil
}

// collector is the address of the collector beside the bucket.
func (b *bucket) collector() string {
	at, _, _ := strings.Cut(strings.TrimPrefix(b.address, "s3+"), "/team/")
	return "otlp+" + at
}

// spans are those that the collector has seen, each once.
func (b *bucket) spans() (map[string]bool, error) {
	answer, err := http.Get(strings.TrimPrefix(b.collector(), "otlp+") + "/v1/traces")
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	seen := map[string]bool{}
	in := bufio.NewScanner(answer.Body)
	for in.Scan() {
		seen[in.Text()] = true
	}
	return seen, in.Err()
}

// missingSpans counts the runs that ended and have no span, and the spans that are none of theirs.
func (b *bucket) missingSpans(lines map[string]bool) (of, missing, strange int, err error) {
	seen, err := b.spans()
	want := map[string]bool{}
	for line := range lines {
		var e event.Event
		if decode.Event([]byte(strings.TrimSuffix(line, "\n")), &e) == nil && e.Status != event.Started {
			want[fmt.Sprint(e.ID, " ", e.Status, " ", strings.ReplaceAll(e.ID, "-", "")[16:], " ", e.TS.UnixNano())] = true
		}
	}
	for span := range want {
		if !seen[span] {
			missing++
		}
	}
	for span := range seen {
		if !want[span] {
			strange++
		}
	}
	return len(want), missing, strange, err
}

func (b *bucket) calm() error { return os.WriteFile(b.calmed, nil, 0o600) }

func (b *bucket) stop() {
	_ = b.cmd.Process.Kill()
	_ = b.cmd.Wait()
}

// config are the tables of shims.toml, in which fields keeps all that leaves.
func (b *bucket) config(fields string) string {
	return fmt.Sprintf("[ship.otlp]\nto = %q\nbatch = %q\n[ship.otlp.fields]\n%s", b.collector(), *batch, fields) +
		fmt.Sprintf("[ship.s3]\nto = %q\ntoken_file = %q\nregion = %q\nbatch = %q\n[ship.s3.fields]\n%s", b.address, b.token, bucketRegion, *batch, fields)
}

// lines are those of all objects.
func (b *bucket) lines() (n int, lines string, err error) {
	to, err := fleet.ParseAddress(b.address)
	if err != nil {
		return 0, "", err
	}
	s, err := sink.NewS3(to, fleet.Access{Region: bucketRegion}, sink.Options{Token: bucketToken})
	if err != nil {
		return 0, "", err
	}
	defer s.Close()
	names, err := s.List(context.Background())
	if err != nil {
		return 0, "", err
	}
	var all strings.Builder
	for _, name := range names {
		answer, err := s.Get(context.Background(), name)
		if err != nil {
			return 0, "", err
		}
		z, err := zstd.NewReader(answer)
		if err == nil {
			_, err = io.Copy(&all, z)
			z.Close()
		}
		if err = errors.Join(err, answer.Close()); err != nil {
			return 0, "", err
		}
	}
	return len(names), all.String(), nil
}
