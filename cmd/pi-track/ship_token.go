//go:build linux || darwin || freebsd || openbsd

package main

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"pi-track/internal/fleet"
)

// tokenWait is how long a token_command may take.
const tokenWait = 30 * time.Second

// tokenOf runs a token_command. What it prints is shown to nobody.
func tokenOf(argv []string) ([]byte, error) {
	ctx, cancel := context.WithTimeout(context.Background(), tokenWait)
	defer cancel()
	cmd := exec.CommandContext(ctx, argv[0], argv[1:]...)
	cmd.WaitDelay = time.Second
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("token_command %s: %w", argv[0], err)
	}
	return out, nil
}

func newShipKeyCmd(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "key FILE",
		Short: "create the team's key, which hashes tasks, sessions and hosts",
		Long: `Creates FILE with a new random key, readable by you alone. Create it on one
machine and copy it to every machine of the team. Equal tasks then stay equal
across machines, and nobody without the key can find out which they are. A key
that exists is never replaced.

Exit status: 0; 1 it could not be made; 2 wrong usage.`,
		Example: "  pi-track ship key ~/.config/pi-track/team.key",
		Args:    exactArgs(1, "FILE"),
		RunE: func(_ *cobra.Command, args []string) error {
			if err := os.MkdirAll(filepath.Dir(args[0]), 0o700); err != nil {
				return err
			}
			f, err := os.OpenFile(args[0], os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
			if os.IsExist(err) {
				return withHint(exitFailed, fmt.Errorf("%s already exists", args[0]), "with a new key no task or host matches what was sent before: name another file if you want that")
			}
			if err != nil {
				return err
			}
			key := make([]byte, fleet.MinKey)
			_, _ = rand.Read(key) // it never fails
			_, err = f.WriteString(base64.StdEncoding.EncodeToString(key) + "\n")
			if err == nil {
				err = f.Sync()
			}
			if cerr := f.Close(); err == nil {
				err = cerr
			}
			if err != nil {
				os.Remove(args[0])
				return err
			}
			fmt.Fprintf(a.stdout, "made %s: copy it to every machine of the team, and put key_file into [ship.NAME]\n", args[0])
			return nil
		},
	}
}
