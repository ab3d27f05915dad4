// Package schema holds what a team's ClickHouse needs: tables, the view that fills
// them, rights.
package schema

import (
	_ "embed"
	"fmt"
	"regexp"
	"strings"
)

//go:embed clickhouse.sql
var tables string

//go:embed views.sql
var views string

//go:embed rights.sql
var rights string

//go:embed grafana.json
var grafana string

var name = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

// ClickHouse is the SQL for a database of that name: statements that may be run again.
func ClickHouse(database string) (string, error) {
	sql, err := Tables(database)
	return sql + replace(rights, database), err
}

// Tables is [ClickHouse] without roles, profile and quota, which embedded engines lack.
func Tables(database string) (string, error) {
	if !name.MatchString(database) {
		return "", fmt.Errorf("%q is not the name of a database", database)
	}
	return replace(tables+views, database), nil
}

// Grafana is a dashboard of four panels on the views of a database, for Grafana's data
// source for ClickHouse.
func Grafana(database string) (string, error) {
	if !name.MatchString(database) {
		return "", fmt.Errorf("%q is not the name of a database", database)
	}
	return replace(grafana, database), nil
}

// Statements are the single statements of SQL as this package prints it.
func Statements(sql string) []string {
	var out []string
	for _, s := range strings.Split(regexp.MustCompile(`(?m)^--.*\n`).ReplaceAllString(sql, ""), ";\n") {
		if s = strings.TrimSpace(s); s != "" {
			out = append(out, s)
		}
	}
	return out
}

func replace(sql, database string) string {
	sql = strings.ReplaceAll(sql, "pitrack.", database+".")
	return strings.ReplaceAll(sql, "DATABASE IF NOT EXISTS pitrack", "DATABASE IF NOT EXISTS "+database)
}
