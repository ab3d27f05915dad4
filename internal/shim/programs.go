package shim

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"pi-track/internal/lookup"
	"pi-track/internal/version"
)

// Programs are the files that install copies.
type Programs struct {
	Main string // the running pi-track
	Shim string // the lean shim program, or Main where there is none that works

	Version  string // of Main, without a leading v
	CalledAs string // Main by the path it was called by, which outlives an upgrade

	// Damaged is why the shim program beside Main was not taken; nil if it was,
	// or is not there.
	Damaged error
}

// FindPrograms locates the running pi-track and the shim program beside it. One
// that is damaged would keep every helper from running, some damaged ones without
// a word: an empty file is a script that succeeds.
func FindPrograms(l Layout) (Programs, error) {
	exe, err := os.Executable()
	if err != nil {
		return Programs{}, err
	}
	if exe, err = filepath.EvalSymlinks(exe); err != nil {
		return Programs{}, err
	}
	return programsOf(l, exe), nil
}

// programsOf are the running program exe and the shim program beside it.
func programsOf(l Layout, exe string) Programs {
	p := Programs{Main: exe, Version: version.Number, CalledAs: calledAs(exe), Shim: filepath.Join(filepath.Dir(exe), lookup.ShimProgram)}
	if _, err := os.Stat(p.Shim); os.IsNotExist(err) {
		p.Shim = exe
		return p
	}
	if p.Damaged = checkShimProgram(l, p.Shim); p.Damaged != nil {
		p.Shim = exe
	}
	return p
}

// calledAs is the absolute path by which the running program was called, exe
// where that is not known. A package manager's link stays where it is when the
// files behind it change their place.
func calledAs(exe string) string {
	path := os.Args[0]
	if !strings.Contains(path, "/") {
		found, ok := lookup.Find(path, os.Getenv("PATH"), nil, nil)
		if !ok {
			return exe
		}
		path = found.Path
	}
	if abs, err := filepath.Abs(path); err == nil {
		return abs
	}
	return exe
}

// checkShimProgram says what is wrong with a shim program. An installed one has
// to be what was installed: it may run and be damaged all the same.
func checkShimProgram(l Layout, path string) error {
	if path == l.ShimProgram() {
		rec, err := ReadReceipt(l)
		if err != nil {
			rec = &Receipt{}
		}
		for _, f := range rec.Files {
			if f.Path == path && !f.holds(Sum(path)) {
				return fmt.Errorf("%s is not the file that was installed", path)
			}
		}
	}
	_, err := ShimVersion(path)
	return err
}

// versionLimit is how long a shim program may take to say its version.
const versionLimit = 10 * time.Second

// ShimVersion is what the shim program at path says when it is asked for its
// version, and an error when it does not answer as such a program does.
func ShimVersion(path string) (string, error) {
	if st, err := os.Stat(path); err != nil || !st.Mode().IsRegular() {
		return "", fmt.Errorf("%s is not a program", path)
	}
	r, w, err := os.Pipe()
	if err != nil {
		return "", err
	}
	defer r.Close()
	p, err := os.StartProcess(path, []string{path, "--version"}, &os.ProcAttr{
		Env: []string{}, Files: []*os.File{nil, w, nil}, Sys: &syscall.SysProcAttr{Setsid: true},
	})
	w.Close()
	if err != nil {
		return "", err
	}
	r.SetReadDeadline(time.Now().Add(versionLimit))
	text, _ := io.ReadAll(io.LimitReader(r, 1<<10))
	p.Kill() // it has ended, or is none of ours
	p.Wait()
	if !strings.HasPrefix(string(text), lookup.ShimProgram+" go") {
		return "", fmt.Errorf("%s does not work: it may be damaged", path)
	}
	return strings.TrimSpace(string(text)), nil
}
