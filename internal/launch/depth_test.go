package launch_test

import (
	"fmt"
	"strings"
	"testing"
)

// A helper that calls itself on purpose is a run each time, up to the limit of
// 30 runs that are stacked; further ones are handed through unrecorded.
func TestHelperThatCallsItself(t *testing.T) {
	w := newWorld(t)
	w.script("real/tool", "#!/bin/sh\nif [ $1 = 0 ]; then echo end; else tool $(($1 - 1)); fi\n")
	path := w.path("home/shims") + ":" + w.path("real") + ":/usr/bin:/bin"
	for calls, runs := range map[int]int{2: 3, 29: 30, 40: 30} {
		got := w.run(path, nil, "env", "tool", fmt.Sprint(calls))
		if got.stdout != "end\n" || got.code != 0 {
			t.Errorf("%d calls: %+v", calls, got)
		}
		started := 0
		for _, e := range w.events() {
			if e["status"] == "started" {
				started++
			}
		}
		if started != runs {
			t.Errorf("%d calls are %d runs, not %d", calls, started, runs)
		}
	}
}

// A program that executes its own name again, when every file of that name has
// been tried, runs itself: nothing but it can be meant.
func TestProgramExecutesItselfAgain(t *testing.T) {
	w := newWorld(t)
	w.script("real/tool", "#!/bin/sh\n[ -n \"$1\" ] || { echo twice; exit 0; }\nexec tool\n")
	got := w.run(w.path("home/shims")+":"+w.path("real")+":/usr/bin:/bin", nil, "env", "tool", "again")
	if got.stdout != "twice\n" || got.code != 0 || strings.Contains(got.stderr, "not found") {
		t.Errorf("%+v", got)
	}
	w.oneRun()
}
