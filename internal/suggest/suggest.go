// Package suggest finds the valid name that a user most likely meant.
package suggest

import "github.com/agnivade/levenshtein"

// Nearest returns the candidate with the smallest edit distance to name, if it
// is near enough to be a typing error: two edits (two letters changed places), a
// third of a longer name, one edit of a name of two letters. It returns "" when
// nothing is near. Of equals the first one wins.
func Nearest(name string, candidates []string) string {
	best, bestDistance := "", 0
	for _, c := range candidates {
		d := levenshtein.ComputeDistance(name, c)
		longer := max(len(name), len(c))
		if d > max(2, longer/3) || d >= longer {
			continue
		}
		if best == "" || d < bestDistance {
			best, bestDistance = c, d
		}
	}
	return best
}
