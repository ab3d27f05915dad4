package ship

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/klauspost/compress/zstd"

	"pi-track/internal/event"
	"pi-track/internal/fleet"
	"pi-track/internal/fleet/sink"
)

// canaryToken lets in; it may stand in the Authorization header alone.
const canaryToken = "user:canary-token-4711"

// canaryRun has something private in every text of a run.
func canaryRun() []event.Event {
	code := 7
	end := event.Event{TS: time.UnixMilli(1764500000000).UTC(), ID: "019ad4a0-0000-7000-8000-000000000001", Kind: event.ExtensionTool, Name: "deploy", Status: event.Failed,
		DurationMS: 5, ExitCode: &code, Error: "canary-error password=canary-hunter2", CWD: "/home/canary-user/canary-dir", Scope: "project", Repo: "/home/canary-user/web",
		SessionID: "canary-session", TaskID: "canary-task", PID: 4712, Src: "extension", CallID: "canary-call", Ext: "ext", Rev: "rev", Agent: "pi 1", Model: "m",
		Usage: &event.Usage{Tokens: 5, Model: "m"}, Rusage: &event.Rusage{UserMS: 1},
		Extra: []event.Member{{Key: "canary_key", Raw: []byte(`"canary-extra"`)}}}
	start := end
	start.Status, start.Writer = event.Started, "1:2:3:canary-boot:canary-machine"
	return []event.Event{start, end}
}

// sniffer keeps every byte that reaches a server: as it came, and unpacked.
type sniffer struct {
	mu            sync.Mutex
	all           bytes.Buffer
	authorization []string
	refuse        bool
}

func (s *sniffer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	raw, _ := io.ReadAll(r.Body)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.authorization = append(s.authorization, r.Header.Get("Authorization"))
	h := r.Header.Clone()
	h.Del("Authorization")
	fmt.Fprintf(&s.all, "%s %s %s %v\n%s\n%s\n", r.Method, r.Host, r.RequestURI, h, raw, unpacked(raw))
	if s.refuse {
		w.WriteHeader(http.StatusForbidden)
		fmt.Fprintf(w, "no %s, no %s", canaryToken, r.Header.Get("Authorization"))
	}
}

func unpacked(raw []byte) []byte {
	if z, err := gzip.NewReader(bytes.NewReader(raw)); err == nil {
		text, _ := io.ReadAll(z)
		return text
	}
	z, _ := zstd.NewReader(nil)
	defer z.Close()
	text, err := z.DecodeAll(raw, nil)
	if err != nil {
		return raw
	}
	return text
}

// files are all bytes below a directory, names too, as they are and unpacked.
func files(t *testing.T, root string) string {
	t.Helper()
	var all strings.Builder
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		fmt.Fprintf(&all, "%s\n%s\n%s\n", strings.TrimPrefix(path, root), data, unpacked(data))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all.String()
}

// With the default fields nothing private is in any byte that any sink gets, nor in
// what is kept of sending; what is meant to arrive does.
func TestNoCanaryLeavesByAnySink(t *testing.T) {
	const teamKey = "canary-team-key-of-more-than-thirty-two-bytes"
	keyFile := filepath.Join(t.TempDir(), "team.key")
	if err := os.WriteFile(keyFile, []byte(teamKey), 0o600); err != nil {
		t.Fatal(err)
	}
	share := t.TempDir()
	for name, address := range map[string]string{"dir": "dir:" + share, "clickhouse": "clickhouse+URL/db", "s3": "s3+URL/bucket/prefix", "otlp": "otlp+URL"} {
		for _, refuse := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s refused %v", name, refuse), func(t *testing.T) {
				s := &sniffer{refuse: refuse}
				srv := httptest.NewServer(s)
				defer srv.Close()
				w := newWorld(t)
				for _, e := range canaryRun() {
					w.line(e.Append(nil))
				}
				w.sink.Fields, w.sink.KeyFile = nil, keyFile
				to, err := fleet.ParseAddress(strings.Replace(address, "URL", srv.URL, 1))
				if err != nil {
					t.Fatal(err)
				}
				w.sink.To = to
				r, err := Run(context.Background(), Options{Home: w.home, Log: w.log, Host: "canary-host", Sink: w.sink, Until: time.Now().Add(time.Minute),
					Open: func() (sink.Sink, error) {
						return sink.Open(to, fleet.Access{}, sink.Options{Token: canaryToken, Version: "1"})
					}})
				if (err != nil) != (refuse && name != "dir") {
					t.Fatalf("%+v %v", r, err)
				}
				sent := s.all.String() + files(t, share)
				kept := files(t, dirOf(w.home))
				for what, text := range map[string]string{"sent": sent, "kept": kept, "said": fmt.Sprint(err, r.Notes), "environment": fmt.Sprint(os.Environ(), os.Args)} {
					text = strings.ReplaceAll(text, "TestNoCanary", "")
					for _, bad := range []string{"canary", "hunter2", "4712", "/home", teamKey} {
						if strings.Contains(text, bad) {
							t.Errorf("%s: %s stands in %s", what, bad, text)
						}
					}
				}
				if !refuse && (!strings.Contains(sent, "deploy") || !strings.Contains(sent, "web")) {
					t.Errorf("what is to arrive does not: %s", sent)
				}
				if name == "s3" && strings.Contains(fmt.Sprint(s.authorization), "canary") {
					t.Errorf("the secret is sent: %v", s.authorization)
				}
			})
		}
	}
}
