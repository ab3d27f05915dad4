package launch

import (
	"os"
	"path/filepath"
	"strings"

	"pi-track/internal/lookup"
)

// setName finds the helper's name: that of the shim which the executed path is
// or leads to, since argv[0] is whatever a caller likes (exec -a). Only where no
// shim was executed, but the program behind them, argv[0] tells it.
//
// The caller's argv[0] is the program's own when it is not the shim's name, or
// when a link of the caller's led to the shim: it would be the link's with the
// bare program, too.
func (c *call) setName(path string) {
	if path == "" {
		path = c.args[0]
	}
	shim := shimOf(path)
	c.name = filepath.Base(shim)
	c.own = shim != path || filepath.Base(c.args[0]) != c.name
	if isOurName(c.name) || strings.HasPrefix(path, "/proc/") || strings.HasPrefix(path, "/dev/") {
		c.name, c.own = filepath.Base(shimOf(c.args[0])), false
	}
}

// shimOf follows the links at path, a step at a time, to the shim: the one that
// leads to a program of ours, or the program itself under a name of its own.
func shimOf(path string) string {
	at := path
	for range 40 {
		text, err := os.Readlink(at)
		if err != nil || lookup.IsOurLink(text) {
			return at
		}
		if !filepath.IsAbs(text) {
			text = filepath.Join(filepath.Dir(at), text)
		}
		at = text
	}
	return path
}

// isOurName tells whether a file of this name is one of our programs, not a
// helper.
func isOurName(name string) bool { return lookup.IsOurLink(name) }
