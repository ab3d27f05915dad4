package fleet

import (
	"bytes"
	"errors"
	"fmt"
	"os"

	"golang.org/x/sys/unix"

	"pi-track/internal/safefile"
)

// MinKey is the least length of a team's key in bytes.
const MinKey = 32

// secretLimit is more than a token or a key has, in bytes.
const secretLimit = 64 << 10

// Errors of files that hold secrets.
var (
	ErrOpen  = errors.New("others may read or write it")
	ErrOwner = errors.New("it belongs to somebody else")
)

// ReadSecret returns the content of a file that holds a secret, without the
// blanks around it. The file has to be a regular one of this user or root, and
// nobody else may read it. Errors never quote the content.
func ReadSecret(path string) ([]byte, error) {
	if err := checkSecret(path); err != nil {
		return nil, err
	}
	data, err := safefile.Read(path, secretLimit)
	if err != nil {
		return nil, err
	}
	data = bytes.TrimSpace(data)
	if len(data) == 0 {
		return nil, fmt.Errorf("%s: it is empty", path)
	}
	return data, nil
}

func checkSecret(path string) error {
	var st unix.Stat_t
	if err := unix.Stat(path, &st); err != nil {
		return &os.PathError{Op: "read", Path: path, Err: err}
	}
	switch {
	case st.Mode&unix.S_IFMT != unix.S_IFREG:
		return &os.PathError{Op: "read", Path: path, Err: safefile.ErrNotRegular}
	case st.Mode&0o077 != 0:
		return fmt.Errorf("%s: %w", path, ErrOpen)
	case int(st.Uid) != os.Geteuid() && st.Uid != 0:
		return fmt.Errorf("%s: %w", path, ErrOwner)
	}
	return nil
}

// ReadKey returns the team's key, at least [MinKey] bytes.
func ReadKey(path string) ([]byte, error) {
	key, err := ReadSecret(path)
	if err == nil && len(key) < MinKey {
		err = fmt.Errorf("%s: a key has at least %d bytes, this has %d", path, MinKey, len(key))
	}
	return key, err
}

// Token returns what the server wants to see, "" when the access names none.
// run carries out token_command and returns its output.
func (a Access) Token(run func(argv []string) ([]byte, error)) (string, error) {
	var token []byte
	var err error
	switch {
	case a.TokenFile != "":
		token, err = ReadSecret(a.TokenFile)
	case len(a.TokenCommand) > 0:
		token, err = run(a.TokenCommand)
		token = bytes.TrimSpace(token)
		if err == nil && len(token) == 0 {
			err = fmt.Errorf("%s printed nothing", a.TokenCommand[0])
		}
	}
	if err != nil {
		return "", err
	}
	if bytes.ContainsFunc(token, func(r rune) bool { return r < ' ' || r == 0x7f }) {
		return "", errors.New("the token has more than one line, or control characters")
	}
	return string(token), nil
}
