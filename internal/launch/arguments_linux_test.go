//go:build (amd64 || arm64) && !portable

package launch

import "testing"

// Processes of ours are known by exactly their arguments.
func TestArgumentsOfOurProcesses(t *testing.T) {
	for _, args := range [][]string{
		nil, {"pi-track"}, {"pi-track", scribeArg, "h", "i"}, {"pi-track", scribeArg, "h", "i", "p", "x"}, {"tool", scribeArg, "h", "i", "p"}, {"pi-track", "x", "h", "i", "p"},
		{"pi-track", searchArg}, {"pi-track", searchArg, "/", "x"}, {"tool", searchArg, "/"}, {"pi-track", "x", "/"},
	} {
		if scribeFor(args) || searchFor(args) {
			t.Errorf("%v", args)
		}
	}
}
