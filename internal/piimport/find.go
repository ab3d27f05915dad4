package piimport

import (
	"encoding/json"
	"io/fs"
	"path/filepath"
	"strings"

	"pi-track/internal/safefile"
)

// SessionDir is where Pi keeps its sessions: PI_CODING_AGENT_SESSION_DIR, or
// sessionDir in the settings of the agent directory, or sessions in it. The
// agent directory is PI_CODING_AGENT_DIR or ~/.pi/agent below home.
func SessionDir(home string, getenv func(string) string) string {
	if dir := getenv("PI_CODING_AGENT_SESSION_DIR"); dir != "" {
		return expand(dir, home)
	}
	agent := filepath.Join(home, ".pi", "agent")
	if dir := getenv("PI_CODING_AGENT_DIR"); dir != "" {
		agent = expand(dir, home)
	}
	var settings struct {
		SessionDir string `json:"sessionDir"`
	}
	if data, err := safefile.Read(filepath.Join(agent, "settings.json"), safefile.Limit); err == nil {
		_ = json.Unmarshal(data, &settings) // Pi itself goes on with its defaults then
	}
	if settings.SessionDir != "" {
		dir := expand(settings.SessionDir, home)
		if !filepath.IsAbs(dir) {
			dir = filepath.Join(agent, dir)
		}
		return dir
	}
	return filepath.Join(agent, "sessions")
}

func expand(path, home string) string {
	if path == "~" || strings.HasPrefix(path, "~/") {
		return filepath.Join(home, path[1:])
	}
	return path
}

// Find lists the session files in dirs and below, and those among dirs that
// are files themselves, and sums up their sizes. Each is named once. What is
// below them and cannot be listed is left out and told in unread; an error is
// one of dirs themselves.
func Find(dirs []string) (files []string, bytes int64, unread []error, err error) {
	seen := map[string]bool{}
	for _, dir := range dirs {
		if dir, err = filepath.EvalSymlinks(dir); err != nil {
			return nil, 0, nil, err
		}
		err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
			if err != nil && path != dir {
				unread = append(unread, err)
				return nil
			}
			if err != nil {
				return err
			}
			if !d.Type().IsRegular() || path != dir && filepath.Ext(path) != ".jsonl" || seen[path] {
				return nil
			}
			seen[path] = true
			files = append(files, path)
			if info, err := d.Info(); err == nil {
				bytes += info.Size()
			}
			return nil
		})
		if err != nil {
			return nil, 0, nil, err
		}
	}
	return files, bytes, unread, nil
}
