//go:build linux || darwin

package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"pi-track/internal/fleet/schema"
)

func newShipSchemaCmd(a *app) *cobra.Command {
	var database string
	cmd := &cobra.Command{
		Use:   "schema clickhouse",
		Short: "print the tables, views, roles and quotas that a team's ClickHouse needs",
		Long: `Prints SQL for ClickHouse 24.8 or later: the tables, the view that fills them, roles
for those who send and those who read, a quota. It runs nothing; every statement may be run
again.

Exit status: 0; 2 wrong usage.`,
		Example:   "  pi-track ship schema clickhouse | clickhouse-client --multiquery",
		Args:      exactArgs(1, "clickhouse"),
		ValidArgs: []string{"clickhouse"},
		RunE: func(_ *cobra.Command, args []string) error {
			if _, err := oneOf("schema", args[0], []string{"clickhouse"}); err != nil {
				return usageErrorf("pi-track ship schema clickhouse", "there is no schema %q", args[0])
			}
			sql, err := schema.ClickHouse(database)
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
