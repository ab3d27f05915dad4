package launch

import (
	"strings"
	"syscall"
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
	var st syscall.Stat_t
	for strings.HasPrefix(dir, "/") {
		if syscall.Lstat(dir+"/.git", &st) == nil {
			if kind := st.Mode & syscall.S_IFMT; kind == syscall.S_IFDIR || kind == syscall.S_IFREG {
				return dir
			}
		}
		dir = dir[:strings.LastIndexByte(dir, '/')]
	}
	return ""
}

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
