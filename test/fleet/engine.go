package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/klauspost/compress/zstd"

	"pi-track/internal/fleet/schema"
)

// engine is a ClickHouse that is started again whenever it is killed.
type engine struct {
	dir, url, port string

	mu      sync.Mutex
	die     int // at which of its inserts; 0 never
	cmd     *exec.Cmd
	stopped bool
	kills   int
	ready   chan struct{} // of the first start
	once    sync.Once
}

func startEngine(dir string, die int) (*engine, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	_, port, _ := net.SplitHostPort(l.Addr().String())
	l.Close()
	e := &engine{dir: dir, port: port, url: "http://127.0.0.1:" + port, ready: make(chan struct{})}
	go e.keep()
	select {
	case <-e.ready:
	case <-time.After(3 * time.Minute):
		return nil, errors.New("the engine does not start")
	}
	e.die = die
	e.restart() // the next one dies
	return e, nil
}

// keep starts the engine until it is stopped.
func (e *engine) keep() {
	for {
		e.mu.Lock()
		if e.stopped {
			e.mu.Unlock()
			return
		}
		cmd := exec.Command("node", *script, e.dir, e.port)
		cmd.Env = append(os.Environ(), fmt.Sprintf("DIE=%d", e.die))
		cmd.Stderr = os.Stderr
		out, err := cmd.StdoutPipe()
		if err == nil {
			err = cmd.Start()
		}
		e.cmd = cmd
		e.mu.Unlock()
		if err != nil {
			return
		}
		if line, _ := bufio.NewReader(out).ReadString('\n'); line == "ready\n" {
			e.once.Do(func() { close(e.ready) })
		}
		_ = cmd.Wait()
		e.mu.Lock()
		e.kills++
		e.mu.Unlock()
	}
}

// restart kills the engine, which comes back with the present order to die.
func (e *engine) restart() {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.cmd != nil && e.cmd.Process != nil {
		_ = e.cmd.Process.Kill()
	}
}

// calm ends the killing.
func (e *engine) calm() {
	e.mu.Lock()
	e.die = 0
	e.mu.Unlock()
	e.restart()
}

func (e *engine) stop() {
	e.mu.Lock()
	e.stopped = true
	e.mu.Unlock()
	e.restart()
}

// ask carries a statement out, once the engine is there.
func (e *engine) ask(query string) (string, error) {
	var last error
	for range 1000 {
		answer, err := http.Post(e.url+"/?"+url.Values{"database": {"default"}}.Encode(), "text/plain", strings.NewReader(query))
		if err != nil {
			last = err
			time.Sleep(200 * time.Millisecond)
			continue
		}
		text, err := io.ReadAll(answer.Body)
		answer.Body.Close()
		if err == nil && answer.StatusCode != http.StatusOK {
			err = fmt.Errorf("%s: %s", query, text)
		}
		return strings.TrimSpace(string(text)), err
	}
	return "", last
}

func (e *engine) makeTables(string) error {
	sql, err := schema.Tables("pitrack")
	if err != nil {
		return err
	}
	for _, s := range schema.Statements(sql) {
		if _, err := e.ask(s); err != nil {
			return err
		}
	}
	return nil
}

// readAll is the content of a segment, and closes it.
func readAll(f *os.File) ([]byte, error) {
	defer f.Close()
	if filepath.Ext(f.Name()) != ".zst" {
		return io.ReadAll(f)
	}
	z, err := zstd.NewReader(f)
	if err != nil {
		return nil, err
	}
	defer z.Close()
	return io.ReadAll(z)
}
