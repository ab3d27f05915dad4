package log

import (
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
)

func TestFate(t *testing.T) {
	me := Writer()
	if f := Fate(me); f != WriterAlive {
		t.Fatalf("this process, %q: %v", me, f)
	}
	p, ok := parseWriter(me)
	if !ok || p.pid != os.Getpid() {
		t.Fatalf("%q: %+v", me, p)
	}
	child := exec.Command("sleep", "100")
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	start, known := startTime(child.Process.Pid)
	if !known || start == "" {
		t.Fatal("the child has no start time")
	}
	of := func(change func(*process)) string {
		q := p
		q.pid, q.start = child.Process.Pid, start
		change(&q)
		return strings.Join([]string{strconv.Itoa(q.pid), q.start, q.namespace, q.boot, q.machine}, ":")
	}
	living := of(func(*process) {})
	child2 := of(func(q *process) { q.start += "1" })
	for text, want := range map[string]WriterFate{
		living: WriterAlive,
		child2: WriterDead, // another process had its id before
		of(func(q *process) { q.namespace = "1" }):                                                WriterUnknown,
		of(func(q *process) { q.boot = "00000000-0000-0000-0000-000000000000" }):                  restartedHere(p),
		of(func(q *process) { q.boot, q.machine = "00000000-0000-0000-0000-000000000000", "" }):   WriterUnknown,
		of(func(q *process) { q.boot, q.machine = "00000000-0000-0000-0000-000000000000", "ab" }): WriterUnknown,
		"": WriterUnknown, "4711": WriterUnknown, "x:1:1:b:": WriterUnknown, "-1:1:1:b:": WriterUnknown, "0:1:1:b:": WriterUnknown,
		me + ":more": WriterUnknown,
	} {
		if got := Fate(text); got != want {
			t.Errorf("%q: %v, want %v", text, got, want)
		}
	}
	child.Process.Kill()
	if _, known := startTime(child.Process.Pid); !known {
		t.Error("a killed process is not known")
	}
	child.Wait()
	if f := Fate(living); f != WriterDead {
		t.Errorf("after its death: %v", f)
	}
}

// restartedHere is what another boot of this machine means: nothing where the
// machine has no id.
func restartedHere(p process) WriterFate {
	if p.machine == "" {
		return WriterUnknown
	}
	return WriterRestarted
}

// A process is dead from the moment at which it is a zombie.
func TestZombieIsDead(t *testing.T) {
	child := exec.Command("true")
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	out.Read(make([]byte, 1)) // until it has ended
	start, known := startTime(child.Process.Pid)
	for range 1000 {
		if start == "" {
			break
		}
		start, known = startTime(child.Process.Pid) // its descriptors go first
	}
	if start != "" || !known {
		t.Errorf("%q, %v", start, known)
	}
	child.Wait()
}

func TestMachineHash(t *testing.T) {
	if got := machineHash("0123456789abcdef0123456789abcdef\n"); got != "01527c9731f0ff55" {
		t.Error(got)
	}
	if machineHash("uninitialized\n") != "" || machineHash("") != "" {
		t.Error("a machine without an id has one")
	}
}
