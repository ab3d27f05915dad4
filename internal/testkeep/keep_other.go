//go:build !linux

package testkeep

import (
	"errors"
	"os"
	"os/exec"
)

// Run runs a program; only Linux lets it keep what that leaves.
func Run(argv []string) (code int, left []string) {
	cmd := exec.Command(argv[0], argv[1:]...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	cmd.Env = append(os.Environ(), kept+"=1")
	var exit *exec.ExitError
	switch err := cmd.Run(); {
	case errors.As(err, &exit):
		return exit.ExitCode(), nil
	case err != nil:
		return 2, []string{err.Error()}
	}
	return 0, nil
}
