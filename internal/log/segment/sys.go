package segment

import (
	"os"
	"syscall"
)

// tryLock takes the writers' lock on f, unless somebody holds it.
func tryLock(f *os.File) bool {
	return syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) == nil
}

// sameOwner gives to what belongs to the owner of from: under sudo nothing is
// left in a user's directory that is root's.
func sameOwner(from, to *os.File) error {
	st, err := from.Stat()
	if err != nil {
		return err
	}
	if s, ok := st.Sys().(*syscall.Stat_t); ok && os.Geteuid() == 0 {
		return to.Chown(int(s.Uid), int(s.Gid))
	}
	return nil
}
