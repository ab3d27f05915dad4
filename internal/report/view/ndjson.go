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
func renderNDJSON(w io.Writer, r *section.Report, o Options) error {
	b := bufio.NewWriter(w)
	e := json.NewEncoder(b)
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
	for _, s := range newWriter(r, o).sections() {
		if s.rows == nil {
			continue
		}
		for _, row := range s.rows() {
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
