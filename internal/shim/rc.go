package shim

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/google/renameio/v2"
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
		return fmt.Sprintf("case \"$PATH\" in %s|%s:*) ;; *) export PATH=%s:\"$PATH\" ;; esac\n", q, q, q), nil
	case "fish":
		q = "'" + strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(shimDir) + "'"
		return fmt.Sprintf("if test \"$PATH[1]\" != %s; set -gx PATH %s $PATH; end\n", q, q), nil
	}
	return "", fmt.Errorf("shell %q is not known", shell)
}

func quote(s string) string { return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'" }

// RCFile is the startup file of a shell's interactive sessions.
func RCFile(shell, home string, getenv func(string) string) (string, error) {
	switch shell {
	case "bash":
		return filepath.Join(home, ".bashrc"), nil
	case "zsh":
		if dir := getenv("ZDOTDIR"); dir != "" {
			return filepath.Join(dir, ".zshrc"), nil
		}
		return filepath.Join(home, ".zshrc"), nil
	case "fish":
		dir := getenv("XDG_CONFIG_HOME")
		if dir == "" {
			dir = filepath.Join(home, ".config")
		}
		return filepath.Join(dir, "fish", "config.fish"), nil
	}
	return "", fmt.Errorf("shell %q is not known", shell)
}

// AddBlock adds our block to a startup file, once, and records it. It reports
// whether the file changed.
func AddBlock(l Layout, file, code string) (bool, error) {
	unlock, err := Lock(l)
	if err != nil {
		return false, err
	}
	defer unlock()
	rec, err := ReadRecord(l)
	if err != nil {
		return false, err
	}
	old, err := os.ReadFile(file)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return false, err
	}
	existed := err == nil
	text := withoutBlock(old, rec.rcFile(file).JoinedLine)
	entry := RCFileRecord{Path: file, Created: !existed || rec.rcFile(file).Created}
	block := blockBegin + "\n" + code + blockEnd + "\n"
	if len(text) > 0 && text[len(text)-1] != '\n' {
		block, entry.JoinedLine = "\n"+block, true
	}
	text = append(append([]byte{}, text...), block...)
	rec.setRCFile(entry)
	if err := rec.makeDir(filepath.Dir(file), 0o755); err != nil {
		return false, err
	}
	if err := rec.write(l); err != nil {
		return false, err
	}
	if bytes.Equal(old, text) {
		return false, nil
	}
	return true, replaceContent(file, text)
}

// removeBlock takes our block out of a startup file and leaves every other
// byte. A file that AddBlock created and that holds nothing else is removed.
func removeBlock(f RCFileRecord) (bool, error) {
	old, err := os.ReadFile(f.Path)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	text := withoutBlock(old, f.JoinedLine)
	if bytes.Equal(old, text) {
		return false, nil
	}
	if len(text) == 0 && f.Created {
		return true, os.Remove(f.Path)
	}
	return true, replaceContent(f.Path, text)
}

// withoutBlock returns text without our block. joined says that the newline
// before the block belongs to it, because the text did not end in one.
func withoutBlock(text []byte, joined bool) []byte {
	begin := bytes.Index(text, []byte(blockBegin+"\n"))
	if begin < 0 || begin > 0 && text[begin-1] != '\n' {
		return text
	}
	length := bytes.Index(text[begin:], []byte(blockEnd+"\n"))
	if length < 0 {
		return text
	}
	rest := text[begin+length+len(blockEnd)+1:]
	if joined && begin > 0 && len(rest) == 0 {
		begin--
	}
	return append(append([]byte{}, text[:begin]...), rest...)
}

// replaceContent writes a file by rename, through a symbolic link, with the
// mode it had.
func replaceContent(file string, data []byte) error {
	if target, err := filepath.EvalSymlinks(file); err == nil {
		file = target
	}
	mode := fs.FileMode(0o644)
	if st, err := os.Stat(file); err == nil {
		mode = st.Mode().Perm()
	}
	return renameio.WriteFile(file, data, mode, renameio.IgnoreUmask())
}
