//go:build linux || darwin || freebsd || openbsd

package main

import (
	"fmt"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"pi-track/internal/fleet"
	"pi-track/internal/fleet/sink"
)

func newShipForgetCmd(a *app, f *shipFlags) *cobra.Command {
	return &cobra.Command{
		Use:   "forget NAME",
		Short: "print what removes all that this machine has sent; run nothing",
		Long: `Prints the command, or the SQL, that removes all that this machine has sent to
[ship.NAME]. It runs nothing: the rights of a sender are not enough for SQL.
Take [ship.NAME] out of shims.toml first, or it is sent again.

Exit status: 0; 2 wrong usage or configuration.`,
		Example: "  pi-track ship forget team",
		Args:    exactArgs(1, "NAME"),
		RunE: func(_ *cobra.Command, args []string) error {
			cfg, _, err := readConfig(f.config)
			if err != nil {
				return err
			}
			sinks, err := chooseSinks(cfg, args)
			if err != nil {
				return err
			}
			p, err := findPlace()
			if err != nil {
				return err
			}
			policy, err := fleet.NewPolicy(sinks[0])
			if err != nil {
				return shipError(sinks[0], err)
			}
			host, to := policy.Host(p.shipOptions(sinks[0]).Host), sinks[0].To
			if to.Kind == fleet.Dir {
				dir := filepath.Join(to.Path, filepath.Dir(filepath.Dir(sink.ObjectName(sink.Batch{Host: host}))))
				fmt.Fprintf(a.stdout, "rm -r -- '%s'\n", strings.ReplaceAll(dir, "'", `'\''`))
				return nil
			}
			for _, table := range []string{"lines", "runs"} {
				fmt.Fprintf(a.stdout, "DELETE FROM %s.%s WHERE host = '%s';\n", to.Database, table, strings.ReplaceAll(strings.ReplaceAll(host, `\`, `\\`), "'", `\'`))
			}
			return nil
		},
	}
}
