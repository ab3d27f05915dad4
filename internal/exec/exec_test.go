package exec_test

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

func TestExitStatus(t *testing.T) {
	for _, code := range []int{0, 1, 2, 126, 127, 255} {
		p := wrapped(t, "/bin/sh", "-c", fmt.Sprint("exit ", code))
		if ws := p.run(); !ws.Exited() || ws.ExitStatus() != code {
			t.Errorf("exit %d became %#x", code, ws)
		}
		if want := fmt.Sprintf("code=%d signal=0 ", code); !strings.HasPrefix(p.reported(), want) {
			t.Errorf("exit %d: reported %q", code, p.reported())
		}
	}
}

// TestFaultIsAPanic: a fault of the supervisor itself is the Go runtime's to handle, in
// whose place it catches signals.
func TestFaultIsAPanic(t *testing.T) {
	p := wrapped(t, "/bin/sh", "-c", "exit 7")
	p.Env = append(p.Env, "EXEC_FAULT=1")
	if ws := p.run(); ws.ExitStatus() != 7 {
		t.Errorf("ended with %#x", ws)
	}
}

func TestDeathBySignal(t *testing.T) {
	for _, sig := range []syscall.Signal{1, 2, 3, 6, 9, 10, 11, 13, 14, 15} {
		p := wrapped(t, "/bin/sh", "-c", fmt.Sprintf("ulimit -c 0; kill -%d $$", sig))
		if ws := p.run(); !ws.Signaled() || ws.Signal() != sig {
			t.Errorf("death by %v became %#x", sig, ws)
		}
	}
}

func TestCannotBeStarted(t *testing.T) {
	dir := t.TempDir()
	plain := filepath.Join(dir, "plain")
	if err := os.WriteFile(plain, []byte("data"), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		path   string
		code   int
		reason string
	}{
		{filepath.Join(dir, "none"), 127, "No such file or directory"},
		{filepath.Join(plain, "below"), 127, "Not a directory"},
		{plain, 126, "Permission denied"},
		{dir, 126, "Permission denied"},
	} {
		p := wrapped(t, c.path)
		if ws := p.run(); ws.ExitStatus() != c.code {
			t.Errorf("%s: %#x, not exit status %d", c.path, ws, c.code)
		}
		if want := "err=" + c.path + ": " + c.reason + " "; !strings.Contains(p.reported(), want) {
			t.Errorf("%s: reported %q, not %q", c.path, p.reported(), want)
		}
	}
}

func TestTail(t *testing.T) {
	long := strings.Repeat("0123456789abcdef", 1000)
	t.Run("pipe", func(t *testing.T) {
		p := wrapped(t, "/bin/sh", "-c", `echo out; printf %s "$0" >&2`, long)
		var out, errs output
		p.Stdout, p.Stderr = &out, &errs
		p.run()
		if errs.String() != long || out.String() != "out\n" {
			t.Errorf("%d bytes of stderr, stdout %q", len(errs.String()), out.String())
		}
		if !strings.Contains(p.reported(), fmt.Sprintf("tail=%q", long[len(long)-4096:])) {
			t.Error("the tail is another")
		}
	})
	t.Run("one pipe", func(t *testing.T) {
		p := wrapped(t, "/bin/sh", "-c", `for i in 1 2 3 4 5; do echo o$i; echo e$i >&2; done`)
		var both output
		p.Stdout = &both
		p.Stderr = p.Stdout
		p.run()
		const want = "o1\ne1\no2\ne2\no3\ne3\no4\ne4\no5\ne5\n"
		if both.String() != want || !strings.Contains(p.reported(), fmt.Sprintf("tail=%q", want)) {
			t.Errorf("got %q, reported %q", both.String(), p.reported())
		}
	})
	t.Run("file", func(t *testing.T) {
		name := filepath.Join(t.TempDir(), "errors")
		if err := os.WriteFile(name, []byte("before\n"), 0o644); err != nil {
			t.Fatal(err)
		}
		f, err := os.OpenFile(name, os.O_WRONLY|os.O_APPEND, 0)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		p := wrapped(t, "/bin/sh", "-c", `echo bad >&2`)
		p.Stderr = f
		p.run()
		if b, _ := os.ReadFile(name); string(b) != "before\nbad\n" || !strings.Contains(p.reported(), `tail="bad\n"`) {
			t.Errorf("file %q, reported %q", b, p.reported())
		}
	})
	t.Run("null", func(t *testing.T) { // os/exec opens /dev/null for nil
		for _, c := range []struct {
			capture string
			stdout  io.Writer
			want    string
		}{
			{"auto", &output{}, `tail="bad\n"`}, {"pty", &output{}, `tail="bad\n"`}, {"off", &output{}, `tail=""`}, {"auto", nil, `tail=""`},
		} {
			p := wrapped(t, "/bin/sh", "-c", `echo bad >&2`)
			p.Env = append(p.Env, "EXEC_CAPTURE="+c.capture)
			p.Stdout = c.stdout
			if ws := p.run(); ws != 0 || !strings.Contains(p.reported(), c.want) {
				t.Errorf("%+v: ended with %#x, reported %q", c, ws, p.reported())
			}
		}
	})
	t.Run("off", func(t *testing.T) {
		p := wrapped(t, "/bin/sh", "-c", `echo bad >&2`)
		p.Env = append(p.Env, "EXEC_CAPTURE=off")
		var errs output
		p.Stderr = &errs
		p.run()
		if errs.String() != "bad\n" || !strings.Contains(p.reported(), `tail=""`) {
			t.Errorf("stderr %q, reported %q", errs.String(), p.reported())
		}
	})
}
