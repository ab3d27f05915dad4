//go:build linux || darwin || freebsd || openbsd

package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"pi-track/internal/fleet/schema"
)

func newShipSchemaCmd(a *app) *cobra.Command {
	var database string
	cmd := &cobra.Command{
		Use:   "schema clickhouse|grafana",
		Short: "print what a team's ClickHouse needs, or a dashboard for those who have Grafana",
		Long: `With clickhouse it prints SQL for ClickHouse 24.8 or later: the tables, the
views, roles for those who send and those who read, a quota. Every statement may
be run again. With grafana it prints a dashboard of four panels on the views,
for Grafana's data source for ClickHouse. It runs nothing.

Exit status: 0; 2 wrong usage.`,
		Example:   "  pi-track ship schema clickhouse | clickhouse-client --multiquery\n  pi-track ship schema grafana > dashboard.json",
		Args:      exactArgs(1, "clickhouse or grafana"),
		ValidArgs: []string{"clickhouse", "grafana"},
		RunE: func(_ *cobra.Command, args []string) error {
			printed, ok := map[string]func(string) (string, error){"clickhouse": schema.ClickHouse, "grafana": schema.Grafana}[args[0]]
			if !ok {
				return usageErrorf(meant(args[0], []string{"clickhouse", "grafana"}), "there is no schema %q", args[0])
			}
			sql, err := printed(database)
			if err != nil {
				return usageErrorf("letters, digits and _", "--database: %w", err)
			}
			_, err = fmt.Fprint(a.stdout, sql)
			return err
		},
	}
	cmd.Flags().StringVar(&database, "database", "pitrack", "the `NAME` of the database")
	return cmd
}
