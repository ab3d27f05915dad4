//go:build linux && (amd64 || arm64) && !portable

package exec

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

// The assembly finds the fields of a step by the names that the compiler gives it
// (go_asm.h): a bare offset would make a child run garbage once a field is added.
func TestScriptHasNoBareOffsets(t *testing.T) {
	bare := regexp.MustCompile(`(\s|\$)(0x)?[0-9]+\((R12|R19)\)|\$(64|8|16|24|32|40|48|56), (R12|R19)`)
	for _, file := range []string{"proc_start_linux_amd64.s", "proc_start_linux_arm64.s"} {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		_, clone, ok := strings.Cut(string(text), "TEXT ·cloneScript(SB)")
		if !ok || !strings.Contains(clone, "step__size") {
			t.Errorf("%s has no cloneScript that asks for the size of a step", file)
		}
		for line := range strings.Lines(clone) {
			if bare.MatchString(line) {
				t.Errorf("%s: %s", file, line)
			}
		}
		for _, field := range []string{"step_nr", "step_args", "step_args+8", "step_args+16", "step_args+24", "step_args+32", "step_mode", "step_result"} {
			if !strings.Contains(clone, field+"(") {
				t.Errorf("%s does not use %s", file, field)
			}
		}
	}
	if n := len(step{}.args); n != 5 {
		t.Errorf("a step has %d arguments, and the assembly loads 5", n)
	}
}
