package view

import (
	"bufio"
	"encoding/json"
	"io"

	"pi-track/internal/report/query"
	"pi-track/internal/report/section"
)

// renderNDJSON writes one object a line: the query and the overview first,
// then every row of every section, each with the section's name.
func renderNDJSON(w io.Writer, r *section.Report) error {
	b := bufio.NewWriter(w)
	e := json.NewEncoder(b)
	e.SetEscapeHTML(false)
	line := func(section string, row any) error {
		data, err := json.Marshal(row)
		if err != nil {
			return err
		}
		var fields map[string]json.RawMessage
		if err := json.Unmarshal(data, &fields); err != nil {
			return err
		}
		fields["section"], _ = json.Marshal(section)
		return e.Encode(fields)
	}
	head := struct {
		Schema      int         `json:"schema"`
		GeneratedAt any         `json:"generated_at"`
		Query       query.Query `json:"query"`
	}{r.Schema, r.GeneratedAt, r.Query}
	if err := line("report", head); err != nil {
		return err
	}
	if r.Overview != nil {
		if err := line("overview", r.Overview); err != nil {
			return err
		}
	}
	for _, s := range sectionRows(r) {
		for _, row := range s.rows {
			if err := line(s.name, row); err != nil {
				return err
			}
		}
	}
	for _, x := range r.Warnings {
		if err := line("warning", x); err != nil {
			return err
		}
	}
	return b.Flush()
}

type rowsOf struct {
	name string
	rows []any
}

// sectionRows is every section that consists of rows.
func sectionRows(r *section.Report) []rowsOf {
	var out []rowsOf
	if r.Digest != nil {
		out = append(out, rowsOf{"digest", anys(r.Digest.Rows)})
	}
	if r.Helpers != nil {
		out = append(out, rowsOf{"helpers", anys(r.Helpers.Rows)})
	}
	if r.Groups != nil {
		out = append(out, rowsOf{"groups", anys(r.Groups.Rows)})
	}
	if r.Flaky != nil {
		out = append(out, rowsOf{"flaky", anys(r.Flaky.Rows)})
	}
	if r.Failures != nil {
		out = append(out, rowsOf{"failures", anys(r.Failures.Rows)})
	}
	if r.Effect != nil {
		out = append(out, rowsOf{"effect", anys(r.Effect.Rows)})
	}
	if r.Experiment != nil {
		out = append(out, rowsOf{"experiment", anys(r.Experiment.Rows)})
	}
	if r.Trend != nil {
		out = append(out, rowsOf{"trend", anys(r.Trend.Rows)})
	}
	if r.Unused != nil {
		out = append(out, rowsOf{"unused", anys(r.Unused.Rows)})
	}
	if r.Context != nil {
		out = append(out, rowsOf{"context", anys(r.Context.Rows)})
	}
	if r.Why != nil {
		out = append(out, rowsOf{"why", []any{r.Why}})
	}
	return out
}

func anys[T any](rows []T) []any {
	out := make([]any, len(rows))
	for i := range rows {
		out[i] = rows[i]
	}
	return out
}
