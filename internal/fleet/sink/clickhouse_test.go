package sink

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/klauspost/compress/zstd"

	"pi-track/internal/fleet"
	"pi-track/internal/safefile"
)

const canary = "canary-secret-4711"

// engine is a server that answers inserts as it is told.
type engine struct {
	mu       sync.Mutex
	answer   func(w http.ResponseWriter, r *http.Request)
	requests []request
}

type request struct {
	url, body, raw string
	header         http.Header
}

func (e *engine) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	raw, _ := io.ReadAll(r.Body)
	body := raw
	switch r.Header.Get("Content-Encoding") {
	case "zstd":
		d, _ := zstd.NewReader(nil)
		body, _ = d.DecodeAll(raw, nil)
		d.Close()
	case "gzip":
		z, err := gzip.NewReader(bytes.NewReader(raw))
		if err == nil {
			body, _ = io.ReadAll(z)
		}
	}
	e.mu.Lock()
	e.requests = append(e.requests, request{r.URL.String(), string(body), string(raw), r.Header.Clone()})
	e.mu.Unlock()
	if e.answer != nil {
		e.answer(w, r)
	}
}

// seen is what arrived. A test may ask before ServeHTTP has returned.
func (e *engine) seen() []request {
	e.mu.Lock()
	defer e.mu.Unlock()
	return slices.Clone(e.requests)
}

func open(t *testing.T, url string, a fleet.Access) Sink {
	t.Helper()
	to, err := fleet.ParseAddress("clickhouse+" + url + "/team")
	if err != nil {
		t.Fatal(err)
	}
	s, err := Open(to, a, Options{Token: "host7:" + canary, Version: "1"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

var batch = Batch{Host: "h", Lines: []byte(`{"ts":"2026-11-30T14:58:37.454Z","v":1}` + "\n"), Count: 1}

func TestTheTokenIsInTheHeaderAlone(t *testing.T) {
	e := &engine{}
	srv := httptest.NewServer(e)
	defer srv.Close()
	if err := open(t, srv.URL, fleet.Access{}).Put(context.Background(), batch); err != nil {
		t.Fatal(err)
	}
	r := e.seen()[0]
	if user, password, ok := (&http.Request{Header: r.header}).BasicAuth(); !ok || user != "host7" || password != canary {
		t.Errorf("no basic authorization: %v", r.header)
	}
	if strings.Contains(r.url+r.body+r.raw, canary) || r.body != string(batch.Lines) {
		t.Errorf("sent %s %s", r.url, r.body)
	}
	if !strings.Contains(r.url, "insert_deduplication_token=pt1-"+batch.Token()) || !strings.Contains(r.url, "INSERT+INTO+team.lines") {
		t.Error(r.url)
	}
}

func TestWhatAnAnswerMeans(t *testing.T) {
	say := func(status, code int, text string) func(http.ResponseWriter, *http.Request) {
		return func(w http.ResponseWriter, _ *http.Request) {
			if code > 0 {
				w.Header().Set("X-ClickHouse-Exception-Code", fmt.Sprint(code))
			}
			w.WriteHeader(status)
			io.WriteString(w, text)
		}
	}
	for name, c := range map[string]struct {
		answer func(http.ResponseWriter, *http.Request)
		want   string
	}{
		"taken":                {say(200, 0, ""), "<nil>"},
		"200 and an error":     {say(200, 0, "Code: 241. DB::Exception: Memory limit"), "*sink.Away"},
		"overloaded":           {say(503, 0, ""), "*sink.Away"},
		"too many requests":    {say(429, 0, ""), "*sink.Away"},
		"time over":            {say(408, 0, ""), "*sink.Away"},
		"read only table":      {say(500, 242, "Code: 242"), "*sink.Away"},
		"too many parts":       {say(500, 252, "Code: 252"), "*sink.Away"},
		"quota":                {say(500, 201, "Code: 201"), "*sink.Away"},
		"unparsable":           {say(400, 27, "Code: 27"), "*sink.Refused"},
		"constraint":           {say(500, 469, "Code: 469"), "*sink.Refused"},
		"a bad UUID":           {say(400, 376, "Code: 376"), "*sink.Refused"},
		"a proxy's limit":      {say(413, 0, ""), "*sink.Refused"},
		"no password":          {say(401, 0, ""), "*sink.Denied"},
		"wrong password":       {say(403, 516, "Code: 516"), "*sink.Denied"},
		"no right":             {say(500, 497, "Code: 497"), "*sink.Denied"},
		"no table":             {say(404, 60, "Code: 60"), "*sink.Denied"},
		"no column":            {say(500, 16, "Code: 16"), "*sink.Denied"},
		"unknown setting":      {say(404, 115, "Code: 115"), "*sink.Denied"},
		"no zstd, before 24.8": {say(500, 89, "Code: 89"), "*sink.Denied"},
		"no header":            {say(500, 0, "Code: 89, e.displayText() = DB::Exception"), "*sink.Denied"},
		"another server":       {say(404, 0, "not found"), "*sink.Denied"},
		"a redirection elsewhere": {func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://127.0.0.1:1/", http.StatusFound)
		}, "*sink.Denied"},
		"cut off": {cutOff, "*sink.Away"},
		"chunks cut off": {func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(200)
			io.WriteString(w, " ")
			w.(http.Flusher).Flush()
			panic(http.ErrAbortHandler)
		}, "*sink.Away"},
		"hung up":             {func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, "*sink.Away"},
		"says the token back": {say(403, 0, "no user host7:"+canary), "*sink.Denied"},
	} {
		t.Run(name, func(t *testing.T) {
			e := &engine{answer: c.answer}
			srv := httptest.NewServer(e)
			defer srv.Close()
			err := open(t, srv.URL, fleet.Access{}).Put(context.Background(), batch)
			if got := fmt.Sprintf("%T", err); got != c.want {
				t.Errorf("%s: %v, want %s", got, err, c.want)
			}
			if err != nil && (strings.Contains(err.Error(), canary) || strings.Contains(err.Error(), "query=")) {
				t.Errorf("it says %v", err)
			}
			if len(e.seen()) != 1 {
				t.Errorf("%d requests", len(e.seen()))
			}
		})
	}
}

func TestNobodyThere(t *testing.T) {
	srv := httptest.NewServer(nil)
	url := srv.URL
	srv.Close()
	err := open(t, url, fleet.Access{}).Put(context.Background(), batch)
	if away := new(Away); !errors.As(err, &away) || strings.Contains(err.Error(), "query") {
		t.Errorf("%T %v", err, err)
	}
}

// What is no file is refused, and not waited for.
func TestACertificateThatIsNoFile(t *testing.T) {
	dir := t.TempDir()
	fifo, device, huge := filepath.Join(dir, "fifo"), filepath.Join(dir, "device"), filepath.Join(dir, "huge")
	if err := errors.Join(syscall.Mkfifo(fifo, 0o600), os.Symlink("/dev/zero", device), os.WriteFile(huge, nil, 0o600), os.Truncate(huge, 300<<30)); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{fifo, device, dir, huge} {
		_, err := newWire(fleet.Access{CAFile: path}, Options{})
		if denied := new(Denied); !errors.As(err, &denied) || !errors.Is(err, safefile.ErrNotRegular) && !errors.Is(err, safefile.ErrTooLarge) {
			t.Errorf("%s: %v", path, err)
		}
	}
}

func TestACertificateOfOnesOwn(t *testing.T) {
	e := &engine{}
	srv := httptest.NewTLSServer(e)
	defer srv.Close()
	err := open(t, srv.URL, fleet.Access{}).Put(context.Background(), batch)
	if denied := new(Denied); !errors.As(err, &denied) || !strings.Contains(denied.Hint, "ca_file") || len(e.seen()) > 0 {
		t.Errorf("untrusted: %T %v, %d requests", err, err, len(e.seen()))
	}
	ca := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(ca, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: srv.Certificate().Raw}), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := open(t, srv.URL, fleet.Access{CAFile: ca}).Put(context.Background(), batch); err != nil {
		t.Error(err)
	}

}

func TestCompatibleWithOldServers(t *testing.T) {
	e := &engine{}
	srv := httptest.NewServer(e)
	defer srv.Close()
	if err := open(t, srv.URL, fleet.Access{Compatible: true}).Put(context.Background(), batch); err != nil {
		t.Fatal(err)
	}
	r := e.seen()[0]
	if r.header.Get("Content-Encoding") != "gzip" || strings.Contains(r.url, "token") || r.body != string(batch.Lines) {
		t.Errorf("%s %v", r.url, r.header)
	}
}

func TestADeadlineEndsAHangingServer(t *testing.T) {
	stop := make(chan struct{})
	e := &engine{answer: func(_ http.ResponseWriter, r *http.Request) {
		select {
		case <-r.Context().Done():
		case <-stop:
		}
	}}
	srv := httptest.NewServer(e)
	defer srv.Close()
	defer close(stop)
	ctx, cancel := context.WithTimeout(context.Background(), 100*time.Millisecond)
	defer cancel()
	if err := open(t, srv.URL, fleet.Access{}).Put(ctx, batch); err == nil {
		t.Error("taken")
	}
}
