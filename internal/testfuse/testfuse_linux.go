// Package testfuse mounts a file system that answers nothing when it is told to:
// like a dead network mount, it keeps whoever asks it in an uninterruptible
// sleep. It holds one directory of files in memory. For tests only.
package testfuse

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"syscall"
)

// FS is a mounted file system. A process of its own serves it: one that serves
// itself cannot be ended while it waits for itself.
type FS struct {
	dir      string
	server   *exec.Cmd
	commands io.Writer
	answers  *bufio.Reader
}

// variable holds the directory in the environment of the process that serves.
const variable = "TESTFUSE_DIR"

// Main serves a file system if this process is to, and does not return then. A
// test program that mounts one calls it first.
func Main() {
	dir := os.Getenv(variable)
	if dir == "" {
		return
	}
	s, err := mount(dir)
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	go s.serve()
	fmt.Println("ok")
	for in := bufio.NewScanner(os.Stdin); in.Scan(); {
		switch in.Text() {
		case "hang":
			s.set(true)
		case "resume":
			s.set(false)
		case "await":
			s.await()
		}
		fmt.Println("ok")
	}
	os.Exit(0) // what waits for an answer fails
}

// Mount mounts a new file system at dir, which is empty. It needs root.
func Mount(dir string) (*FS, error) {
	exe, err := os.Executable()
	if err != nil {
		return nil, err
	}
	fs := &FS{dir: dir, server: exec.Command(exe)}
	fs.server.Env = append(os.Environ(), variable+"="+dir)
	if fs.commands, err = fs.server.StdinPipe(); err != nil {
		return nil, err
	}
	out, err := fs.server.StdoutPipe()
	if err != nil {
		return nil, err
	}
	fs.answers = bufio.NewReader(out)
	if err := fs.server.Start(); err != nil {
		return nil, err
	}
	if err := fs.answer(); err != nil {
		fs.server.Wait()
		return nil, err
	}
	return fs, nil
}

func (fs *FS) answer() error {
	line, err := fs.answers.ReadString('\n')
	if err == nil && line != "ok\n" {
		err = errors.New(line[:len(line)-1])
	}
	return err
}

func (fs *FS) command(text string) {
	fmt.Fprintln(fs.commands, text)
	if err := fs.answer(); err != nil {
		panic(err)
	}
}

// Hang stops answering.
func (fs *FS) Hang() { fs.command("hang") }

// Resume answers again, what has been asked meanwhile first.
func (fs *FS) Resume() { fs.command("resume") }

// AwaitRequest returns when somebody waits for an answer.
func (fs *FS) AwaitRequest() { fs.command("await") }

// Unmount takes the file system away without another answer: what waits fails.
func (fs *FS) Unmount() {
	fs.server.Process.Kill()
	fs.server.Wait()
	syscall.Unmount(fs.dir, syscall.MNT_DETACH)
}
