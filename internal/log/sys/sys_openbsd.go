package sys

import (
	"syscall"
	"time"
)

// ModTime is when the file's content changed.
func ModTime(st *syscall.Stat_t) time.Time { return time.Unix(st.Mtim.Unix()) }

// ChangeTime is when the file's content or attributes changed.
func ChangeTime(st *syscall.Stat_t) time.Time { return time.Unix(st.Ctim.Unix()) }
