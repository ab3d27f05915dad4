package piext

import (
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"pi-track/internal/safefile"
)

// Resource is a skill or a prompt template that Pi would offer.
type Resource struct {
	Kind string // skill or prompt
	Name string // as it is called: /skill:NAME, /NAME
}

// maxDepth bounds how deep skills are looked for below a directory of skills.
const maxDepth = 6

// Resources finds the installed skills and prompt templates, by kind and name,
// each once: those of the user (below agentDir, and ~/.agents in home), of the
// projects around cwd, of the settings of both, and of the packages in these.
// What cannot be read is left out.
func Resources(agentDir, home, cwd string) []Resource {
	found := map[Resource]bool{}
	addDirs(found, agentDir)
	addSkills(found, filepath.Join(home, ".agents", "skills"), false)
	for dir := cwd; filepath.IsAbs(dir); dir = filepath.Dir(dir) {
		addDirs(found, filepath.Join(dir, ".pi"))
		addSkills(found, filepath.Join(dir, ".agents", "skills"), false)
		if _, err := os.Lstat(filepath.Join(dir, ".git")); err == nil || dir == home || dir == filepath.Dir(dir) {
			break
		}
	}
	all := make([]Resource, 0, len(found))
	for r := range found {
		all = append(all, r)
	}
	slices.SortFunc(all, func(a, b Resource) int {
		return strings.Compare(a.Kind+"\x00"+a.Name, b.Kind+"\x00"+b.Name)
	})
	return all
}

// settings are the parts of Pi's settings.json that name resources.
type settings struct {
	Skills   []string          `json:"skills"`
	Prompts  []string          `json:"prompts"`
	Packages []json.RawMessage `json:"packages"` // a source, or an object with one
}

// addDirs adds what lies in a directory of settings, the user's or a project's.
func addDirs(found map[Resource]bool, dir string) {
	addSkills(found, filepath.Join(dir, "skills"), true)
	addPrompts(found, filepath.Join(dir, "prompts"))
	var s settings
	readJSON(filepath.Join(dir, "settings.json"), &s)
	for _, path := range s.Skills {
		addSkills(found, resolve(dir, path), true)
	}
	for _, path := range s.Prompts {
		addPrompts(found, resolve(dir, path))
	}
	for _, raw := range s.Packages {
		var source string
		var object struct {
			Source string `json:"source"`
		}
		if json.Unmarshal(raw, &source) != nil && json.Unmarshal(raw, &object) == nil {
			source = object.Source
		}
		if source != "" {
			addPackage(found, packageDir(dir, source))
		}
	}
}

// packageDir is where Pi keeps a package: npm:NAME@VERSION and git sources
// below the directory of the settings, a path where it says.
func packageDir(dir, source string) string {
	name, npm := strings.CutPrefix(source, "npm:")
	switch {
	case npm:
		if i := strings.LastIndexByte(name, '@'); i > 0 {
			name = name[:i]
		}
		return filepath.Join(dir, "npm", "node_modules", name)
	case strings.HasPrefix(source, "git:") || strings.Contains(source, "://"):
		repo := strings.TrimPrefix(source, "git:")
		if _, rest, ok := strings.Cut(repo, "://"); ok {
			repo = rest
		}
		repo, _, _ = strings.Cut(strings.TrimPrefix(repo, "git@"), "@")
		return filepath.Join(dir, "git", strings.TrimSuffix(strings.Replace(repo, ":", "/", 1), ".git"))
	}
	return resolve(dir, source)
}

// addPackage adds what a package's manifest names, or else its directories.
func addPackage(found map[Resource]bool, dir string) {
	var manifest struct {
		Pi *settings `json:"pi"`
	}
	readJSON(filepath.Join(dir, "package.json"), &manifest)
	skills, prompts := []string{"skills"}, []string{"prompts"}
	if p := manifest.Pi; p != nil {
		skills, prompts = p.Skills, p.Prompts
	}
	for _, path := range skills {
		addSkills(found, resolve(dir, path), true)
	}
	for _, path := range prompts {
		addPrompts(found, resolve(dir, path))
	}
}

// addSkills adds the skills below root: a directory with SKILL.md is one, and
// is not looked into any further; files NAME.md in root are skills if loose.
func addSkills(found map[Resource]bool, root string, loose bool) {
	if file, err := os.Stat(root); err != nil || !file.IsDir() {
		if err == nil {
			addSkill(found, root)
		}
		return
	}
	_ = filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return fs.SkipDir
		case !d.IsDir() && loose && filepath.Dir(path) == root && strings.HasSuffix(path, ".md"):
			addSkill(found, path)
		case !d.IsDir():
		case path != root && (strings.HasPrefix(d.Name(), ".") || d.Name() == "node_modules"),
			strings.Count(path[len(root):], string(filepath.Separator)) > maxDepth:
			return fs.SkipDir
		case addSkill(found, filepath.Join(path, "SKILL.md")):
			return fs.SkipDir
		}
		return nil
	})
}

// addSkill adds the skill in a file if it has what Pi demands: a description.
func addSkill(found map[Resource]bool, file string) bool {
	text, err := safefile.Read(file, safefile.Limit)
	if err != nil {
		return false
	}
	head := frontMatter(string(text))
	if head["description"] == "" {
		return false
	}
	name := head["name"]
	switch {
	case name != "":
	case filepath.Base(file) == "SKILL.md":
		name = filepath.Base(filepath.Dir(file))
	default:
		name = strings.TrimSuffix(filepath.Base(file), ".md")
	}
	found[Resource{"skill", name}] = true
	return true
}

// frontMatter reads the simple members of the YAML between the first two
// lines of three hyphens.
func frontMatter(text string) map[string]string {
	head := map[string]string{}
	text = strings.ReplaceAll(text, "\r\n", "\n")
	if !strings.HasPrefix(text, "---\n") {
		return head
	}
	for line := range strings.Lines(text[len("---\n"):]) {
		if strings.TrimSpace(line) == "---" {
			break
		}
		if key, value, ok := strings.Cut(line, ":"); ok {
			head[key] = strings.Trim(strings.TrimSpace(value), `"'`)
		}
	}
	return head
}

// addPrompts adds the prompt templates in a directory, or in a file.
func addPrompts(found map[Resource]bool, path string) {
	files, _ := filepath.Glob(filepath.Join(path, "*.md"))
	if strings.HasSuffix(path, ".md") {
		files = append(files, path)
	}
	for _, file := range files {
		if st, err := os.Stat(file); err == nil && st.Mode().IsRegular() {
			found[Resource{"prompt", strings.TrimSuffix(filepath.Base(file), ".md")}] = true
		}
	}
}

func readJSON(path string, into any) {
	if text, err := safefile.Read(path, safefile.Limit); err == nil {
		_ = json.Unmarshal(text, into)
	}
}

// resolve is path as seen from dir, ~ expanded.
func resolve(dir, path string) string {
	if path == "~" || strings.HasPrefix(path, "~/") {
		if home, err := os.UserHomeDir(); err == nil {
			return filepath.Join(home, path[1:])
		}
	}
	if filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(dir, path)
}
