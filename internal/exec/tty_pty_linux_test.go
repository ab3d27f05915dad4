package exec_test

import (
	"io"
	"os"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/creack/pty"
	"golang.org/x/sys/unix"
)

// onTerminal starts the wrapper as the leader of a session on a new terminal,
// in front of which it puts a pty, and returns what the terminal shows.
func onTerminal(t *testing.T, p *program) (keyboard *os.File, screen *output) {
	t.Helper()
	return onTerminalWith(t, p, "pty")
}

func onTerminalWith(t *testing.T, p *program, capture string) (keyboard *os.File, screen *output) {
	t.Helper()
	master, slave, err := pty.Open()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { master.Close(); slave.Close() })
	pty.Setsize(master, &pty.Winsize{Rows: 30, Cols: 90})
	p.Stdin, p.Stdout, p.Stderr = slave, slave, slave
	p.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	p.Env = append(p.Env, "EXEC_CAPTURE="+capture)
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	screen = &output{}
	go io.Copy(screen, master)
	return master, screen
}

func modes(t *testing.T, f *os.File) unix.Termios {
	t.Helper()
	m, err := unix.IoctlGetTermios(int(f.Fd()), unix.TCGETS)
	if err != nil {
		t.Fatal(err)
	}
	return *m
}

func TestPTYKeepsTheTail(t *testing.T) {
	p := wrapped(t, "/bin/sh", "-c", `stty size; tty; echo out; echo bad >&2; exit 5`)
	keyboard, screen := onTerminal(t, p)
	if ws := p.result(); ws.ExitStatus() != 5 {
		t.Errorf("ended with %#x", ws)
	}
	screen.waitFor(t, "out\r\nbad\r\n")
	if got := screen.String(); strings.Contains(got, "\r\r") || !strings.HasPrefix(got, "30 90\r\n") {
		t.Errorf("the terminal shows %q", got)
	}
	if !strings.Contains(p.reported(), `out\r\nbad\r\n"`) {
		t.Errorf("reported %q", p.reported())
	}
	if m := modes(t, keyboard); m.Lflag&unix.ICANON == 0 || m.Lflag&unix.ECHO == 0 {
		t.Error("the terminal is left raw")
	}
}

func TestPTYKeys(t *testing.T) {
	p := wrapped(t, "/bin/sh", "-c", `trap 'echo interrupted' INT; echo ready; until [ "$line" = hello ]; do read line; done; echo "read $line"`)
	keyboard, screen := onTerminal(t, p)
	screen.waitFor(t, "ready")
	keyboard.WriteString("\x03")
	screen.waitFor(t, "interrupted")
	keyboard.WriteString("\nhello\n")
	screen.waitFor(t, "read hello")
	if ws := p.result(); ws.ExitStatus() != 0 {
		t.Errorf("ended with %#x", ws)
	}
	if n := strings.Count(screen.String(), "interrupted"); n != 1 {
		t.Errorf("interrupted %d times", n)
	}
}

// TestTerminalIsNotKept: only a pty of ours keeps what goes to a terminal.
func TestTerminalIsNotKept(t *testing.T) {
	for capture, want := range map[string]string{
		"off": `tail="" terminal=true`, "auto": `tail="" terminal=true`, "pty": `tail="bad\r\n" terminal=false`,
	} {
		p := wrapped(t, "/bin/sh", "-c", "echo bad >&2; exit 3")
		onTerminalWith(t, p, capture)
		p.result()
		if !strings.Contains(p.reported(), want) {
			t.Errorf("capture %s: reported %q, want %q", capture, p.reported(), want)
		}
	}
}

// TestPTYKeysCountAsPassed: the program gets these signals from its own terminal,
// and its exit status means them.
func TestPTYKeysCountAsPassed(t *testing.T) {
	for key, want := range map[string]string{"\x03": "code=130 signal=0 passed=0x2 ", "\x1c": "code=131 signal=0 passed=0x4 "} {
		p := wrapped(t, "/bin/sh", "-c", `trap 'exit 130' INT; trap 'exit 131' QUIT; echo ready; while :; do sleep 0.05; done`)
		keyboard, screen := onTerminal(t, p)
		screen.waitFor(t, "ready")
		keyboard.WriteString(key)
		p.result()
		if !strings.HasPrefix(p.reported(), want) {
			t.Errorf("reported %q, want %q", p.reported(), want)
		}
	}
}

// TestPTYKeysThroughTwo: a script that runs on a pty runs a program on another.
// Ctrl-C ends all of them.
func TestPTYKeysThroughTwo(t *testing.T) {
	p := wrapped(t, "/bin/bash", "-c", `for i in 1 2; do EXEC_WRAP=1 "$WRAPPER" /bin/sh -c 'echo ready; exec sleep 1000'; echo again; done`)
	wrapper := p.Path
	p.Path, p.Args = "/bin/bash", append([]string{"bash", "--norc", "-c", `EXEC_WRAP=1 "$WRAPPER" /bin/bash -c "$1"; echo again`, "bash"}, p.Args[3])
	p.Env = append(p.Env, "WRAPPER="+wrapper)
	keyboard, screen := onTerminal(t, p)
	screen.waitFor(t, "ready")
	keyboard.WriteString("\x03")
	if ws := p.result(); ws.Signal() != syscall.SIGINT {
		t.Errorf("ended with %#x: %q", ws, screen.String())
	}
	if strings.Contains(screen.String(), "again") {
		t.Errorf("a script went on: %q", screen.String())
	}
}

// TestPTYSignalsFromElsewhere: who looks for processes by name finds the monitor
// and the witness as well. They go on, and nobody else gets the signal.
func TestPTYSignalsFromElsewhere(t *testing.T) {
	p := wrapped(t, "/bin/sh", "-c", `trap 'echo got' USR1; echo ready; until [ "$line" = end ]; do read line; done`)
	keyboard, screen := onTerminal(t, p)
	screen.waitFor(t, "ready")
	children, err := os.ReadFile("/proc/" + strconv.Itoa(p.Process.Pid) + "/task/" + strconv.Itoa(p.Process.Pid) + "/children")
	if err != nil {
		t.Fatal(err)
	}
	for _, child := range strings.Fields(string(children)) {
		syscall.Kill(atoi(t, child), syscall.SIGTERM)
		syscall.Kill(atoi(t, child), syscall.SIGUSR1)
	}
	syscall.Kill(p.Process.Pid, syscall.SIGUSR1)
	screen.waitFor(t, "got")
	keyboard.WriteString("end\n")
	if ws := p.result(); ws != 0 {
		t.Errorf("ended with %#x", ws)
	}
	if n := strings.Count(screen.String(), "got"); n != 1 {
		t.Errorf("got %d signals", n)
	}
}

// TestPTYRestoredAfterDeath: the program sets raw mode and is killed, or the
// wrapper is; the terminal is as it was.
func TestPTYRestoredAfterDeath(t *testing.T) {
	for _, victim := range []string{"program", "wrapper"} {
		t.Run(victim, func(t *testing.T) {
			p := wrapped(t, "/bin/sh", "-c", `stty raw -echo; echo "pid $$."; while :; do sleep 0.1; done`)
			keyboard, screen := onTerminal(t, p)
			screen.waitFor(t, ".")
			if victim == "wrapper" {
				p.Process.Kill()
			} else {
				_, rest, _ := strings.Cut(screen.String(), "pid ")
				number, _, _ := strings.Cut(rest, ".")
				if err := syscall.Kill(atoi(t, number), syscall.SIGKILL); err != nil {
					t.Fatal(err)
				}
			}
			if ws := p.result(); ws.Signal() != syscall.SIGKILL {
				t.Errorf("ended with %#x", ws)
			}
			until(t, "the old modes", func() bool {
				m := modes(t, keyboard)
				return m.Lflag&(unix.ICANON|unix.ECHO|unix.ISIG) == unix.ICANON|unix.ECHO|unix.ISIG && m.Oflag&unix.OPOST != 0
			})
		})
	}
}

func TestPTYSettingsPersist(t *testing.T) {
	p := wrapped(t, "/bin/sh", "-c", `stty erase X -ixon`)
	keyboard, _ := onTerminal(t, p)
	if ws := p.result(); ws.ExitStatus() != 0 {
		t.Errorf("ended with %#x", ws)
	}
	if m := modes(t, keyboard); m.Cc[unix.VERASE] != 'X' || m.Iflag&unix.IXON != 0 {
		t.Errorf("the settings are lost: %+v", m)
	}
}

// TestPTYForegroundAgain: after fg the keys go to the program at once, without a
// tick that would look for the SIGCONT.
func TestPTYForegroundAgain(t *testing.T) {
	// No loop around a short sleep: a child that is stopped between the shell's
	// vfork and its own exec keeps the shell from being stopped, shim or not.
	p := wrapped(t, "/bin/sh", "-c", "echo ready; exec sleep 1000")
	wrapper := p.Args
	p.Path, p.Args = "/bin/bash", []string{"bash", "--norc", "--noprofile", "-i"}
	p.Env = append(p.Env, "WRAPPER="+wrapper[0], "SCRIPT="+wrapper[3], "PS1=$ ")
	keyboard, screen := onTerminal(t, p)
	screen.waitFor(t, "$ ")
	keyboard.WriteString("\"$WRAPPER\" /bin/sh -c \"$SCRIPT\"\n")
	screen.waitFor(t, "ready")
	for i := 1; i <= 5; i++ {
		until(t, "keys for the program", func() bool { return modes(t, keyboard).Lflag&unix.ISIG == 0 })
		keyboard.WriteString("\x1a")
		until(t, "stop", func() bool { return strings.Count(screen.String(), "Stopped") == i })
		keyboard.WriteString("fg\n")
	}
	until(t, "keys for the program", func() bool { return modes(t, keyboard).Lflag&unix.ISIG == 0 })
	keyboard.WriteString("\x03")
	keyboard.WriteString("exit\n")
	p.result()
}

// TestTerminalInAGroupOfItsOwn: a program that makes a process group of its own
// leads the foreground's already when it is run bare.
func TestTerminalInAGroupOfItsOwn(t *testing.T) {
	for _, capture := range []string{"off", "auto", "pty"} {
		p := wrapped(t, "/bin/sh", "-c", `exec perl -e 'setpgrp; $| = 1; print "ready"; print "read ", scalar <STDIN>'`)
		keyboard, screen := onTerminalWith(t, p, capture)
		screen.waitFor(t, "ready")
		keyboard.WriteString("hello\n")
		screen.waitFor(t, "read hello")
		if ws := p.result(); ws != 0 {
			t.Errorf("capture %s: ended with %#x", capture, ws)
		}
	}
}

// TestNobodyToContinue: the leader of a session, the command of ssh -t or of a
// terminal's window, is not stopped by Ctrl-Z: no shell could continue it.
func TestNobodyToContinue(t *testing.T) {
	const script = `$| = 1; print "ready\n"; print "got $_" while <STDIN>`
	for _, c := range []struct{ capture, group string }{{"off", ""}, {"auto", "setpgrp; "}, {"pty", ""}, {"pty", "setpgrp; "}} {
		p := wrapped(t, "/usr/bin/perl", "-e", c.group+script)
		keyboard, screen := onTerminalWith(t, p, c.capture)
		screen.waitFor(t, "ready")
		for _, line := range []string{"one", "two", "three"} {
			keyboard.WriteString(line + "\n")
			screen.waitFor(t, "got "+line)
			keyboard.WriteString("\x1a")
		}
		keyboard.WriteString("end\n")
		screen.waitFor(t, "got end")
		p.Process.Kill()
		p.result()
	}
}

// TestPTYContinuedAgainAndAgain: a SIGCONT that comes while the last one is being
// seen to. The keys still reach the program.
func TestPTYContinuedAgainAndAgain(t *testing.T) {
	busy(t)
	p := wrapped(t, "/usr/bin/perl", "-e", `$| = 1; print "ready\n"; print "got $_" while <STDIN>`)
	p.Path = withEntry(t)
	keyboard, screen := onTerminal(t, p)
	screen.waitFor(t, "ready")
	for i := range 400 {
		pause(i)
		if i%3 == 0 {
			time.Sleep(time.Millisecond)
		}
		syscall.Kill(p.Process.Pid, syscall.SIGCONT)
	}
	keyboard.WriteString("hello\n")
	screen.waitFor(t, "got hello")
	p.Process.Kill()
	p.result()
}

// TestResizedWhileItStarts: whenever the window changes, the program gets to know it.
func TestResizedWhileItStarts(t *testing.T) {
	for delay := time.Duration(0); delay < 16*time.Millisecond; delay += 400 * time.Microsecond {
		p := wrapped(t, "/bin/sh", "-c", `until [ "$(stty size)" = "31 91" ]; do sleep 0.01; done; echo seen`)
		keyboard, screen := onTerminal(t, p)
		time.Sleep(delay)
		pty.Setsize(keyboard, &pty.Winsize{Rows: 31, Cols: 91})
		screen.waitFor(t, "seen")
		p.result()
	}
}

// TestSignalledWhileItStarts: the program's first act is to have its supervisor
// signalled. The signal comes back to it.
func TestSignalledWhileItStarts(t *testing.T) {
	for range 20 {
		p := wrapped(t, "/bin/sh", "-c", `trap 'exit 7' USR1; read -r _ _ _ above _ <"/proc/$PPID/stat"; kill -USR1 "$above"
			while :; do sleep 0.01; done`)
		onTerminal(t, p)
		if ws := p.result(); ws.ExitStatus() != 7 {
			t.Fatalf("ended with %#x", ws)
		}
	}
}
