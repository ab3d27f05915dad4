package shim

import (
	"errors"
	"io/fs"
	"os"
	"strconv"
	"syscall"
	"time"

	"github.com/rogpeppe/go-internal/lockedfile"

	"pi-track/internal/log"
	"pi-track/internal/log/sys"
)

// Lock keeps two installations from mixing; whoever installs or uninstalls holds
// it all the time. Uninstall removes the lock's file, so a lock on one that is
// gone by then is none. Where the file system has no locks, a link takes their place.
func Lock(l Layout) (unlock func(), err error) {
	for {
		f, err := lockedfile.Edit(l.lockFile())
		if noLocks(err) {
			return lockByLink(l.lockLink())
		}
		if err != nil {
			return nil, err
		}
		sys.Adopt(l.lockFile())
		held, err1 := f.Stat()
		named, err2 := os.Stat(l.lockFile())
		if err1 == nil && err2 == nil && os.SameFile(held, named) {
			return func() { f.Close() }, nil
		}
		f.Close()
	}
}

// noLocks tells whether an error says that the file system has no locks.
func noLocks(err error) bool {
	return errors.Is(err, errors.ErrUnsupported) || errors.Is(err, syscall.ENOLCK) || errors.Is(err, syscall.EINVAL)
}

// ErrHeld says that another installation is, or seems to be, at work.
var ErrHeld = errors.New("another install or uninstall is running, or was killed")

// lockWait is how long a living installation is waited for where there are no
// locks that would wake this one.
const lockWait = time.Minute

// lockByLink takes the lock that a symlink is: its text names the process
// that holds it, see [log.Writer]. One whose process is dead is taken over.
func lockByLink(path string) (unlock func(), err error) {
	me := log.Writer()
	if me == "" {
		me = strconv.Itoa(os.Getpid())
	}
	for until := time.Now().Add(lockWait); ; time.Sleep(50 * time.Millisecond) {
		err := os.Symlink(me, path)
		if err == nil {
			sys.Adopt(path)
			return func() { dropLink(path, me) }, nil
		}
		if !errors.Is(err, fs.ErrExist) {
			return nil, err
		}
		holder, err := os.Readlink(path)
		if err != nil {
			continue // it has just been given back
		}
		switch fate := log.Fate(holder); {
		case fate == log.WriterDead || fate == log.WriterRestarted:
			dropLink(path, holder)
		case fate == log.WriterUnknown || time.Now().After(until):
			return nil, &fs.PathError{Op: "lock", Path: path, Err: ErrHeld}
		}
	}
}

// dropLink removes the lock if holder still has it.
func dropLink(path, holder string) {
	aside := path + "." + strconv.Itoa(os.Getpid())
	if os.Rename(path, aside) != nil {
		return
	}
	if text, err := os.Readlink(aside); err == nil && text != holder {
		_ = os.Symlink(text, path) // somebody else's by now
	}
	os.Remove(aside)
}

// LockNew makes the installation's directory and locks it, and returns the
// directories that it made. An uninstall may take the directory away before
// the lock is had.
func LockNew(l Layout) (made []string, unlock func(), err error) {
	for range 100 {
		if made, err = makeDirs(l.Home, 0o700); err != nil {
			return nil, nil, err
		}
		if unlock, err = Lock(l); !errors.Is(err, fs.ErrNotExist) {
			break
		}
	}
	return made, unlock, err
}
