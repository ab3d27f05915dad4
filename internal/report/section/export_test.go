package section

import "pi-track/internal/report/query"

// All are the names of all sections.
func All() (out []query.Section) {
	for _, k := range kinds {
		out = append(out, k.name)
	}
	return out
}
