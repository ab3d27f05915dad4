// Package suggest finds the valid name that a user most likely meant.
package suggest

import "github.com/agnivade/levenshtein"

// Nearest returns the candidate with the smallest edit distance to name, if it
// is near enough to be a typing error: at most a third of the longer name, and
// always one edit. It returns "" when nothing is near. Of equals the first one
// wins.
func Nearest(name string, candidates []string) string {
	best, bestDistance := "", 0
	for _, c := range candidates {
		d := levenshtein.ComputeDistance(name, c)
		if d > max(1, max(len(name), len(c))/3) {
			continue
		}
		if best == "" || d < bestDistance {
			best, bestDistance = c, d
		}
	}
	return best
}
