package launch_test

import (
	"os"
	"syscall"
	"testing"
)

// TestManifestOfOthersDecidesNothing: who can write the manifest decides what
// is executed, so one that everyone may write is as good as none.
func TestManifestOfOthersDecidesNothing(t *testing.T) {
	for name, spoil := range map[string]func(*world){
		"trusted":                  func(w *world) {},
		"manifest for everyone":    func(w *world) { w.must(os.Chmod(w.path("home/manifest"), 0o666)) },
		"directory for everyone":   func(w *world) { w.must(os.Chmod(w.path("home"), 0o777)) },
		"parent for everyone":      func(w *world) { w.must(os.Chmod(w.dir, 0o777)) },
		"foreign manifest":         func(w *world) { w.must(os.Chown(w.path("home/manifest"), 12345, -1)) },
		"foreign directory":        func(w *world) { w.must(os.Chown(w.path("home"), 12345, -1)) },
		"foreign parent":           func(w *world) { w.must(os.Chown(w.dir, 12345, -1)) },
		"sticky parent, a trusted": func(w *world) { w.must(os.Chmod(w.dir, 0o777|os.ModeSticky)) },
	} {
		t.Run(name, func(t *testing.T) {
			if name[:7] == "foreign" && os.Geteuid() != 0 {
				t.Skip("needs root")
			}
			w := newWorld(t)
			w.script("pinned", "#!/bin/sh\necho pinned\n")
			w.manifest.Shims[0].Real = w.path("pinned")
			w.writeManifest()
			spoil(w)
			got := w.run(w.path("home/shims")+":"+w.path("real")+":/usr/bin:/bin", nil, "sh", "-c", "tool x")
			want, runs := result{stdout: "real " + w.path("real/tool") + " x\n"}, 0
			if name[len(name)-7:] == "trusted" {
				want, runs = result{stdout: "pinned\n"}, 2
			}
			if got != want {
				t.Errorf("got %+v, want %+v", got, want)
			}
			if e := w.events(); len(e) != runs {
				t.Errorf("%v", e)
			}
			if _, err := os.Stat(w.path("home/open")); (err == nil) != (runs > 0) {
				t.Errorf("the directory for black boxes: %v", err)
			}
		})
	}
}

// TestOddFilesInPlaceOfOurs: whatever lies where a shim reads, the helper runs
// at once.
func TestOddFilesInPlaceOfOurs(t *testing.T) {
	odd := map[string]func(w *world, path string){
		"fifo":      func(w *world, path string) { w.must(syscall.Mkfifo(path, 0o600)) },
		"directory": func(w *world, path string) { w.must(os.MkdirAll(path, 0o700)) },
		"sparse": func(w *world, path string) {
			w.must(os.WriteFile(path, nil, 0o600))
			w.must(os.Truncate(path, 300<<30))
		},
		"zero":     func(w *world, path string) { w.must(os.Symlink("/dev/zero", path)) },
		"terminal": func(w *world, path string) { w.must(os.Symlink("/dev/ptmx", path)) },
		"loop":     func(w *world, path string) { w.must(os.Symlink(path, path)) },
	}
	for kind, make := range odd {
		for _, file := range []string{"manifest", "notes", "events.jsonl", "open", "open/.spare-0", "open/.spare-1", "open/.spare-2", "open/.spare-3", "host", "install.json"} {
			t.Run(kind+" "+file, func(t *testing.T) {
				w := newWorld(t)
				w.script("real/tool", "#!/bin/sh\necho out; echo err >&2; exit 7\n")
				path := w.parent("home/" + file)
				os.RemoveAll(path)
				make(w, path)
				if file == "notes" { // which is written when no box can be made
					w.must(os.WriteFile(w.path("home/open"), nil, 0o600))
				}
				got := w.ends(w.path("home/shims")+":"+w.path("real")+":/usr/bin:/bin", nil, "sh", "-c", "ulimit -v 8000000; tool")
				if want := (result{"out\n", "err\n", 7}); got != want {
					t.Errorf("got %+v, want %+v", got, want)
				}
			})
		}
	}
}
