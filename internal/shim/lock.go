package shim

import (
	"errors"
	"io/fs"
	"os"

	"github.com/rogpeppe/go-internal/lockedfile"

	"pi-track/internal/log"
)

// Lock keeps two installations from mixing; whoever installs or uninstalls holds
// it all the time. Uninstall removes the lock's file, so a lock on one that is
// gone by then is none.
func Lock(l Layout) (unlock func(), err error) {
	for {
		f, err := lockedfile.Edit(l.lockFile())
		if err != nil {
			return nil, err
		}
		log.Adopt(l.lockFile())
		held, err1 := f.Stat()
		named, err2 := os.Stat(l.lockFile())
		if err1 == nil && err2 == nil && os.SameFile(held, named) {
			return func() { f.Close() }, nil
		}
		f.Close()
	}
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
