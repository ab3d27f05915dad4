//go:build !portable

package exec

import "syscall"

const sysFstatat = syscall.SYS_FSTATAT
