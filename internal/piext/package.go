package piext

import (
	"encoding/json"
	"path/filepath"
	"strings"
)

// Package is the source of the Pi package that brings the extension, as the
// settings in agentDir name it, "" for none. One from npm is known by its name:
// where Pi 0.73 keeps those only npm knows. One from elsewhere is known by its
// files. A package whose extensions the settings leave out brings nothing.
func Package(agentDir string) string {
	if agentDir == "" {
		return ""
	}
	var s settings
	readJSON(filepath.Join(agentDir, "settings.json"), &s)
	for _, raw := range s.Packages {
		var p struct {
			Source     string    `json:"source"`
			Extensions *[]string `json:"extensions"`
		}
		if json.Unmarshal(raw, &p.Source) != nil && json.Unmarshal(raw, &p) != nil {
			continue
		}
		if p.Source == "" || p.Extensions != nil && len(*p.Extensions) == 0 {
			continue
		}
		var manifest struct {
			Name string `json:"name"`
		}
		dir := packageDir(agentDir, p.Source)
		readJSON(filepath.Join(dir, "package.json"), &manifest)
		if strings.HasPrefix(p.Source, "npm:") {
			manifest.Name = filepath.Base(dir)
		}
		if manifest.Name == "pi-track" || manifest.Name == "pi-track-extension" {
			return p.Source
		}
	}
	return ""
}
