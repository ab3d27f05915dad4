package launch

import (
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

// WorkingDir is the working directory without symlinks, "" when it has been
// deleted.
func WorkingDir() string {
	dir, err := syscall.Getwd()
	if err != nil || !strings.HasPrefix(dir, "/") {
		return ""
	}
	return dir
}

// RepoOf walks up from dir, an absolute path, to the root of the git work tree
// that holds it, "" outside one. In linked work trees and submodules .git is a file.
func RepoOf(dir string) string {
	for strings.HasPrefix(dir, "/") {
		if isWorkTree(unix.AT_FDCWD, dir+"/.git") {
			return dir
		}
		dir = parent(dir)
	}
	return ""
}

// isWorkTree tells whether the file is there and could be that of a work tree.
func isWorkTree(dirfd int, git string) bool {
	var st unix.Stat_t
	if unix.Fstatat(dirfd, git, &st, unix.AT_SYMLINK_NOFOLLOW) != nil {
		return false
	}
	kind := st.Mode & unix.S_IFMT
	return kind == unix.S_IFDIR || kind == unix.S_IFREG
}

// parent is the directory that holds dir, an absolute path; "" is the root.
func parent(dir string) string { return dir[:strings.LastIndexByte(dir, '/')] }

// scopeOf is what configured says, unless that is auto: then "project" when
// the program lies inside the repository, or in the .pi directory of the
// working directory where there is no repository, else "global".
func scopeOf(configured, program, repo, cwd string) string {
	if configured != "" && configured != "auto" {
		return configured
	}
	inside := func(dir string) bool { return strings.HasPrefix(program, dir+"/") }
	if repo != "" && inside(repo) || repo == "" && cwd != "" && inside(cwd+"/.pi") {
		return "project"
	}
	return "global"
}
