package safefile

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"syscall"
	"testing"
)

func TestReadRefusesWhatIsNoFile(t *testing.T) {
	dir := t.TempDir()
	p := func(name string) string { return filepath.Join(dir, name) }
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(os.WriteFile(p("file"), []byte("text"), 0o600))
	must(os.Symlink("file", p("link")))
	must(syscall.Mkfifo(p("fifo"), 0o600))
	must(os.Mkdir(p("directory"), 0o700))
	must(os.WriteFile(p("sparse"), nil, 0o600))
	must(os.Truncate(p("sparse"), 300<<30))
	must(os.WriteFile(p("limit"), make([]byte, 100), 0o600))
	must(os.WriteFile(p("over"), make([]byte, 101), 0o600))
	must(os.Symlink("loop", p("loop")))

	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for _, c := range []struct {
		name string
		n    int
		err  error
	}{
		{p("file"), 4, nil},
		{p("link"), 4, nil},
		{p("limit"), 100, nil},
		{p("over"), 0, ErrTooLarge},
		{p("fifo"), 0, ErrNotRegular},
		{p("directory"), 0, ErrNotRegular},
		{p("sparse"), 0, ErrTooLarge},
		{p("loop"), 0, syscall.ELOOP},
		{p("nothing"), 0, os.ErrNotExist},
		{"/dev/zero", 0, ErrNotRegular},
		{"/dev/tty", 0, nil}, // or no such device: any error will do
	} {
		data, err := Read(c.name, 100)
		if c.name == "/dev/tty" {
			if err == nil {
				t.Error("a terminal was read")
			}
			continue
		}
		if len(data) != c.n || !errors.Is(err, c.err) {
			t.Errorf("%s: %d bytes, %v; want %d, %v", c.name, len(data), err, c.n, c.err)
		}
	}
	runtime.ReadMemStats(&after)
	if used := after.TotalAlloc - before.TotalAlloc; used > 1<<20 {
		t.Errorf("%d bytes were taken", used)
	}
}

func TestTrusted(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Log("not root: other owners are not tried")
	}
	for _, c := range []struct {
		name string
		mode os.FileMode // of the parent
		own  int         // of the parent, -1 for this user
		file os.FileMode
		fown int
		sudo string
		want error
	}{
		{name: "usual", mode: 0o700, own: -1, file: 0o600, fown: -1},
		{name: "readable", mode: 0o755, own: -1, file: 0o644, fown: -1},
		{name: "group", mode: 0o775, own: -1, file: 0o664, fown: -1},
		{name: "sticky", mode: 0o777 | os.ModeSticky, own: -1, file: 0o600, fown: -1},
		{name: "parent for everyone", mode: 0o777, own: -1, file: 0o600, fown: -1, want: ErrWorldWritable},
		{name: "parent for others", mode: 0o702, own: -1, file: 0o600, fown: -1, want: ErrWorldWritable},
		{name: "file for everyone", mode: 0o700, own: -1, file: 0o666, fown: -1, want: ErrWorldWritable},
		{name: "sticky means nothing to a file", mode: 0o700, own: -1, file: 0o666 | os.ModeSticky, fown: -1, want: ErrWorldWritable},
		{name: "foreign parent", mode: 0o755, own: 12345, file: 0o600, fown: -1, want: ErrForeign},
		{name: "foreign file", mode: 0o755, own: -1, file: 0o600, fown: 12345, want: ErrForeign},
		{name: "sudo", mode: 0o755, own: 12345, file: 0o600, fown: 12345, sudo: "12345"},
		{name: "sudo of somebody else", mode: 0o755, own: 12345, file: 0o600, fown: 12345, sudo: "12346", want: ErrForeign},
		{name: "no sudo", mode: 0o755, own: 12345, file: 0o600, fown: 12345, sudo: "x", want: ErrForeign},
	} {
		if os.Geteuid() != 0 && (c.own != -1 || c.fown != -1) {
			continue
		}
		t.Run(c.name, func(t *testing.T) {
			t.Setenv("SUDO_UID", c.sudo)
			dir, err := filepath.EvalSymlinks(t.TempDir())
			if err != nil {
				t.Fatal(err)
			}
			parent := filepath.Join(dir, "parent")
			file := filepath.Join(parent, "inner", "file")
			for _, err := range []error{
				os.Chmod(filepath.Dir(dir), 0o700), os.Chmod(dir, 0o700), // whatever the umask
				os.MkdirAll(filepath.Dir(file), 0o700), os.WriteFile(file, []byte("x"), 0o600),
				os.Chown(parent, c.own, -1), os.Chown(file, c.fown, -1), os.Chmod(file, c.file), os.Chmod(parent, c.mode),
			} {
				if err != nil {
					t.Fatal(err)
				}
			}
			if err := Trusted(file); !errors.Is(err, c.want) {
				t.Errorf("Trusted: %v, want %v", err, c.want)
			}
			data, err := ReadTrusted(file, 10)
			if !errors.Is(err, c.want) || (err == nil) != (string(data) == "x") {
				t.Errorf("ReadTrusted: %q, %v, want %v", data, err, c.want)
			}
		})
	}
}
