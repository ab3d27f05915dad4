package shim

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"pi-track/internal/log/sys"
	"pi-track/internal/safefile"
)

// The lines around our block in a shell's startup file.
const (
	blockBegin = "# >>> pi-track >>>"
	blockEnd   = "# <<< pi-track <<<"
)

// Shells are the shells that `env` and `install --rc` know.
var Shells = []string{"bash", "zsh", "fish"}

// EnvCode is shell code that puts the shim directory first on PATH. Running it
// twice changes nothing.
func EnvCode(shell, shimDir string) (string, error) {
	q := quote(shimDir)
	switch shell {
	case "bash", "zsh":
		// An empty PATH gets no colon: the empty entry after it would be the
		// working directory.
		return fmt.Sprintf("case \"$PATH\" in %s|%s:*) ;; *) export PATH=%s\"${PATH:+:$PATH}\" ;; esac\n", q, q, q), nil
	case "fish":
		q = "'" + strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(shimDir) + "'"
		return fmt.Sprintf("if test \"$PATH[1]\" != %s; set -gx PATH %s $PATH; end\n", q, q), nil
	}
	return "", fmt.Errorf("shell %q is not known", shell)
}

func quote(s string) string { return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'" }

// RCFile is the startup file of a shell's interactive sessions, for fish of all.
func RCFile(shell, home string, getenv func(string) string) (string, error) {
	switch shell {
	case "bash":
		return filepath.Join(home, ".bashrc"), nil
	case "zsh":
		dir := getenv("ZDOTDIR")
		if dir == "" {
			dir = home
		}
		if !filepath.IsAbs(dir) {
			return "", fmt.Errorf("ZDOTDIR: %q is not an absolute path", dir)
		}
		return filepath.Join(dir, ".zshrc"), nil
	case "fish":
		dir := getenv("XDG_CONFIG_HOME")
		if !filepath.IsAbs(dir) {
			dir = filepath.Join(home, ".config")
		}
		return filepath.Join(dir, "fish", "config.fish"), nil
	}
	return "", fmt.Errorf("shell %q is not known", shell)
}

// LoginFiles are the startup files of login shells that are not interactive, such as
// 'bash -lc', which Pi and others start commands with: those do not get to the end of
// ~/.bashrc, or do not read it. They are what bash reads first of its three, what sh
// reads, and for zsh its own.
func LoginFiles(shell, home string, getenv func(string) string) []string {
	files := []string{filepath.Join(home, ".profile")}
	for _, name := range []string{".bash_profile", ".bash_login"} {
		if path := filepath.Join(home, name); exists(path) {
			files = append(files, path)
			break
		}
	}
	if rc, err := RCFile(shell, home, getenv); shell == "zsh" && err == nil {
		files = append(files, filepath.Join(filepath.Dir(rc), ".zprofile"))
	}
	return files
}

// AddBlock adds our block to a startup file, once, and notes it. It reports
// whether the file changed. The caller holds the lock.
func AddBlock(l Layout, file, code string) (bool, error) {
	rec, err := ReadReceipt(l)
	if err != nil {
		return false, err
	}
	old, existed, err := readStartup(file)
	if err != nil {
		return false, err
	}
	text := withoutBlock(old, rec.rcBlock(file).JoinedLine)
	entry := RCBlock{Path: file, Created: !existed || rec.rcBlock(file).Created}
	block := blockBegin + "\n" + code + blockEnd + "\n"
	if len(text) > 0 && text[len(text)-1] != '\n' {
		block, entry.JoinedLine = "\n"+block, true
	}
	text = append(text, block...)
	rec.setRCBlock(entry)
	if err := rec.makeDir(l, filepath.Dir(file), 0o755); err != nil {
		return false, err
	}
	if err := rec.write(l); err != nil {
		return false, err
	}
	if bytes.Equal(old, text) {
		return false, nil
	}
	if err := rewrite(file, old, text); err != nil {
		return true, err
	}
	if target, err := filepath.EvalSymlinks(file); !existed && err == nil {
		sys.Adopt(target)
	}
	return true, nil
}

// isStartup tells whether path may be a shell's startup file that AddBlock has
// changed.
func isStartup(path string) bool {
	switch filepath.Base(path) {
	case ".bashrc", ".bash_profile", ".bash_login", ".profile", ".zshrc", ".zshenv", ".zprofile", "config.fish":
		return filepath.IsAbs(path)
	}
	return false
}

// removeBlock takes our block out of a startup file and leaves every other
// byte. A file that AddBlock created and that holds nothing else is removed.
// left says that the file still has a line of ours without its counterpart.
func removeBlock(f RCBlock) (changed, left bool, err error) {
	old, existed, err := readStartup(f.Path)
	if err != nil || !existed {
		return false, false, err
	}
	text := withoutBlock(old, f.JoinedLine)
	left = bytes.Contains(text, []byte(blockBegin))
	if len(text) == 0 && len(old) > 0 && f.Created {
		target, err := filepath.EvalSymlinks(f.Path) // a link to it is the user's
		if err != nil {
			return false, left, err
		}
		return true, left, os.Remove(target)
	}
	if bytes.Equal(old, text) {
		return false, left, nil
	}
	return true, left, rewrite(f.Path, old, text)
}

// withoutBlock returns a copy of text without our block, whatever an editor
// did to the ends of its lines. A first line without its last one is left
// alone: what follows it is the user's. joined says that the newline before
// the block belongs to it, because the text did not end in one.
func withoutBlock(text []byte, joined bool) []byte {
	var out []byte
	begin := -1 // of our first line in out
	ended := false
	for line := range bytes.Lines(text) {
		at := len(out)
		out = append(out, line...)
		ended = false
		switch string(bytes.TrimRight(line, "\r\n")) {
		case blockBegin:
			begin = at
		case blockEnd:
			if begin >= 0 {
				out, begin, ended = out[:begin], -1, true
			}
		}
	}
	if joined && ended {
		out = bytes.TrimSuffix(bytes.TrimSuffix(out, []byte("\n")), []byte("\r"))
	}
	return out
}

// readStartup reads a startup file. existed tells an empty file from none; what
// is not a regular file is an error.
func readStartup(file string) (text []byte, existed bool, err error) {
	st, err := os.Stat(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, err
	}
	if !st.Mode().IsRegular() {
		return nil, true, fmt.Errorf("%s is not a regular file", file)
	}
	text, err = safefile.Read(file, safefile.Limit)
	return text, true, err
}

// BlockLine tells in which line of a startup file our block would begin. there
// says that the file already puts the shim directory on PATH, by our block or by
// a line of the user's.
func BlockLine(file, shimDir string) (line int, there bool, err error) {
	text, _, err := readStartup(file)
	if err != nil {
		return 0, false, err
	}
	line = bytes.Count(text, []byte("\n")) + 1
	if len(text) > 0 && text[len(text)-1] != '\n' {
		line++
	}
	return line, bytes.Contains(text, []byte(shimDir)), nil
}

// CheckStartup tells why a startup file could not be changed.
func CheckStartup(file string) error {
	_, existed, err := readStartup(file)
	if err != nil || !existed {
		return err
	}
	f, err := os.OpenFile(file, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	return f.Close()
}

// rewrite gives a startup file that holds old the content text. It is changed
// in place, from the first byte that differs: links to it, owner, mode and
// attributes stay, and where our block is last, which it is unless somebody
// added to the file, one system call does it. When the disk is too full for an
// addition the file is as it was.
func rewrite(file string, old, text []byte) error {
	f, err := os.OpenFile(file, os.O_WRONLY|os.O_CREATE, 0o644)
	if err != nil {
		return err
	}
	same := 0
	for same < len(old) && same < len(text) && old[same] == text[same] {
		same++
	}
	if same < len(text) {
		_, err = f.WriteAt(text[same:], int64(same))
	}
	if err == nil && len(text) < len(old) {
		err = f.Truncate(int64(len(text)))
	}
	if err != nil && same == len(old) {
		f.Truncate(int64(same))
	}
	return errors.Join(err, f.Close())
}
