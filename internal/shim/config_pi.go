package shim

import "pi-track/internal/manifest"

// pi reads what the extension in Pi does beside recording.
func (p *parser) pi(table map[string]any) manifest.Pi {
	at := tableKey{table: "pi"}
	p.known(table, at, "tool", "notify", "ship")
	return manifest.Pi{Tool: p.boolean(table, at, "tool"), Silent: has(table, "notify") && !p.boolean(table, at, "notify"),
		Ship: p.boolean(table, at, "ship")}
}
