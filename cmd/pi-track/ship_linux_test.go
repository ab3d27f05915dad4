package main

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// While a sender waits for the server's answer, nobody who sees its arguments and environment sees its
// token; the server gets it in the header alone.
func TestTokenIsInNoArgumentOrEnvironment(t *testing.T) {
	bin := programs(t)
	const token = "canary-user:canary-password"
	asked, answer := make(chan *http.Request, 8), make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked <- r
		<-answer
		http.Error(w, "no", http.StatusForbidden)
	}))
	defer server.Close()
	home := t.TempDir()
	for name, text := range map[string]string{
		"pi-track/shims.toml": fmt.Sprintf("version = 1\n[ship.file]\nto = \"clickhouse+%s/pitrack\"\ntoken_file = %q\n[ship.file.fields]\nhost = \"drop\"\ntask_id = \"drop\"\nsession_id = \"drop\"\n"+
			"[ship.command]\nto = \"clickhouse+%[1]s/pitrack\"\ntoken_command = [\"cat\", %[2]q]\n[ship.command.fields]\nhost = \"drop\"\ntask_id = \"drop\"\nsession_id = \"drop\"\n", server.URL, filepath.Join(home, "token")),
		"token": token + "\n",
	} {
		path := filepath.Join(home, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	env := append(os.Environ(), "PI_TRACK_HOME="+filepath.Join(home, "home"), "XDG_CONFIG_HOME="+home, "PI_TRACK_LOG=")
	run := func(args ...string) *exec.Cmd {
		cmd := exec.Command(filepath.Join(bin, "pi-track"), args...)
		cmd.Env = env
		return cmd
	}
	if out, err := run("emit", "event", "--name", "n").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	var senders []*exec.Cmd
	for _, name := range []string{"file", "command"} {
		cmd := run("ship", name, "--for", "1m")
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		senders = append(senders, cmd)
		r := <-asked
		if user, password, ok := r.BasicAuth(); !ok || user+":"+password != token {
			t.Errorf("%s: the header has no token", name)
		}
		if bytes.Contains([]byte(r.URL.String()), []byte("canary")) {
			t.Errorf("%s: %s", name, r.URL)
		}
		for _, of := range []string{"cmdline", "environ"} {
			text, err := os.ReadFile(fmt.Sprintf("/proc/%d/%s", cmd.Process.Pid, of))
			if err != nil || len(text) == 0 || bytes.Contains(text, []byte("canary")) {
				t.Errorf("%s: %s: %q %v", name, of, text, err)
			}
		}
	}
	close(answer)
	for _, cmd := range senders {
		if err := cmd.Wait(); err == nil {
			t.Error("a sender that was refused succeeded")
		}
	}
}
