//go:build linux || darwin || freebsd || openbsd

package main

import (
	"fmt"
	"path"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"pi-track/internal/fleet"
	"pi-track/internal/fleet/sink"
)

func newShipForgetCmd(a *app, f *shipFlags) *cobra.Command {
	return &cobra.Command{
		Use:   "forget NAME",
		Short: "print how to remove everything that this machine has sent",
		Long: `Prints the command, or the SQL, that removes everything that this machine has
sent to [ship.NAME]. It runs nothing: a sender has no permission to remove.
Remove [ship.NAME] from shims.toml first, or everything is sent again.

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
			p, err := findInstallation()
			if err != nil {
				return err
			}
			policy, err := fleet.NewPolicy(sinks[0])
			if err != nil {
				return shipError(sinks[0], err)
			}
			a.printForget(sinks[0], policy.Host(p.shipOptions(sinks[0]).Host))
			return nil
		},
	}
}

// printForget prints what removes the rows of a host.
func (a *app) printForget(s *fleet.Sink, host string) {
	dir := filepath.Dir(filepath.Dir(sink.ObjectName(sink.Batch{Host: host})))
	switch to := s.To; to.Kind {
	case fleet.Dir:
		fmt.Fprintf(a.stdout, "rm -r -- %s\n", shellQuote(filepath.Join(to.Path, dir)))
	case fleet.S3:
		endpoint := ""
		if to.Base != "" {
			endpoint = " --endpoint-url " + shellQuote(to.Base)
		}
		fmt.Fprintf(a.stdout, "aws s3 rm --recursive%s %s\n", endpoint, shellQuote("s3://"+path.Join(to.Bucket, to.Path, dir)+"/"))
	case fleet.OTLP:
		fmt.Fprintf(a.stdout, "# what a collector was sent lies where it sends it: remove the spans with host.id = %s there\n", host)
	case fleet.ClickHouse:
		for _, table := range []string{"lines", "runs"} {
			fmt.Fprintf(a.stdout, "DELETE FROM %s.%s WHERE host = '%s';\n", to.Database, table, strings.ReplaceAll(strings.ReplaceAll(host, `\`, `\\`), "'", `\'`))
		}
	}
}

// shellQuote is text as one word of a shell.
func shellQuote(text string) string { return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'" }
