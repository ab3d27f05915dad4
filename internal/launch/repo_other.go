//go:build portable || !linux || !(amd64 || arm64)

package launch

// FindRepo is [RepoOf] of dir; a directory on a mount that hangs is waited for.
func FindRepo(_, dir string) (repo string, later *Search) { return RepoOf(dir), nil }

// A Search does not exist here.
type Search struct{}

// Answer is not known.
func (*Search) Answer() (repo string, known bool) { return "", false }

func searchFor([]string) bool { return false }
