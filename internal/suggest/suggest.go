// Package suggest finds the valid name that a user most likely meant.
package suggest

import (
	"strings"

	"github.com/agnivade/levenshtein"
)

// Nearest returns the candidate with the smallest edit distance to name, if it
// is near enough to be a typing error: one edit for every three letters of the
// longer one, at least one edit, or two neighbouring letters that changed
// places. Capitals count as small letters. It returns "" when nothing is near. Of equals the first one wins.
func Nearest(name string, candidates []string) string {
	best, bestDistance := "", 0
	name = strings.ToLower(name)
	for _, candidate := range candidates {
		c := strings.ToLower(candidate)
		d := levenshtein.ComputeDistance(name, c)
		longer := max(len(name), len(c))
		if d > max(1, longer/3) && !swapped(name, c) || d >= longer {
			continue
		}
		if best == "" || d < bestDistance {
			best, bestDistance = candidate, d
		}
	}
	return best
}

// swapped says that a becomes b when two neighbouring letters change places.
func swapped(a, b string) bool {
	if len(a) != len(b) {
		return false
	}
	for i := 1; i < len(a); i++ {
		if a[i-1] != b[i-1] {
			return a[i-1] == b[i] && a[i] == b[i-1] && a[i+1:] == b[i+1:]
		}
	}
	return false
}
