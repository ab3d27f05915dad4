package shim

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"strings"

	"github.com/google/renameio/v2"

	"pi-track/internal/safefile"
)

// ReadHost is the random id of the installation, "" for none.
func ReadHost(l Layout) string {
	data, err := safefile.Read(l.HostFile(), 4096)
	id := strings.TrimSpace(string(data))
	if err != nil || len(id) > 64 || strings.ContainsAny(id, " \t\r\n") {
		return ""
	}
	return id
}

// MakeHost is [ReadHost], and gives a home that has none an id, without an installation. Two that do
// so at once get the same.
func MakeHost(l Layout) (string, error) {
	if id := ReadHost(l); id != "" {
		return id, nil
	}
	id, err := hostID(l)
	if err != nil {
		return "", err
	}
	t, err := renameio.NewPendingFile(l.HostFile(), renameio.WithTempDir(l.Home), renameio.WithStaticPermissions(0o600))
	if err != nil {
		return "", err
	}
	defer t.Cleanup()
	if _, err := t.WriteString(id + "\n"); err != nil {
		return "", err
	}
	if err := t.Sync(); err != nil {
		return "", err
	}
	if err := os.Link(t.Name(), l.HostFile()); err == nil {
		return id, nil
	} else if other := ReadHost(l); errors.Is(err, fs.ErrExist) && other != "" {
		return other, nil
	}
	return id, t.CloseAtomicallyReplace() // no hard links here, or what is there is no id
}

// hostID reads the random id of the installation, or makes one up.
func hostID(l Layout) (string, error) {
	if id := ReadHost(l); id != "" {
		return id, nil
	}
	var b [8]byte
	if _, err := rand.Read(b[:]); err != nil {
		return "", err
	}
	return hex.EncodeToString(b[:]), nil
}
