package publish

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
)

// maxName bounds the name of a file, in bytes.
const maxName = 80

// Names gives each helper a file name of its own, the same each time as long as
// the helpers are asked for in the same order.
type Names struct{ taken map[string]bool }

// File is the name, with the ending .html, of the page about a helper of a sort.
// Letters, digits and -._ of the helper's name stay; what else there is makes a
// short sum of name and sort part of it, and so does a name that another helper
// has, on file systems that ignore case too.
func (n *Names) File(name, sort string) string {
	if n.taken == nil {
		n.taken = map[string]bool{}
	}
	safe := strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', strings.ContainsRune("-._", r):
			return r
		}
		return '_'
	}, name)
	safe = strings.TrimLeft(safe[:min(len(safe), maxName)], ".")
	if safe == "" {
		safe = "_"
	}
	if safe != name || n.taken[strings.ToLower(safe)] {
		sum := sha256.Sum256([]byte(name + "\x00" + sort))
		safe += "-" + hex.EncodeToString(sum[:4])
	}
	n.taken[strings.ToLower(safe)] = true
	return safe + ".html"
}
