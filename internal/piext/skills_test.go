package piext

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
)

func TestResources(t *testing.T) {
	home := t.TempDir()
	write := func(text string, at ...string) {
		t.Helper()
		path := filepath.Join(append([]string{home}, at...)...)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	const skill = "---\ndescription: \"does it\"\n---\ntext"
	agent := filepath.Join(home, ".pi", "agent")
	write(skill, ".pi/agent/skills/pdf/SKILL.md")
	write(skill, ".pi/agent/skills/pdf/inner/SKILL.md")                                     // a part of pdf
	write("---\r\nname: named\r\ndescription: d\r\n---\r\n", ".pi/agent/skills/x/SKILL.md") // by the name it gives itself
	write(skill, ".pi/agent/skills/deep/er/SKILL.md")
	write("no description", ".pi/agent/skills/draft/SKILL.md")
	write(skill, ".pi/agent/skills/loose.md")
	write(skill, ".pi/agent/skills/node_modules/m/SKILL.md")
	write("do", ".pi/agent/prompts/review.md")
	write("do", ".pi/agent/prompts/below/no.md")
	write(skill, ".agents/skills/shared/SKILL.md")
	write(skill, ".agents/skills/no.md")
	write(`{"skills":["~/more"],"packages":["npm:@a/pack@1.2.0",{"source":"../local"},"git:github.com/u/r@v1","git@github.com:u/bad",7]}`,
		".pi/agent/settings.json")
	write(skill, "more/listed/SKILL.md")
	write(`{"pi":{"skills":["./s"]}}`, ".pi/agent/npm/node_modules/@a/pack/package.json")
	write(skill, ".pi/agent/npm/node_modules/@a/pack/s/packed/SKILL.md")
	write(skill, ".pi/agent/npm/node_modules/@a/pack/skills/unlisted/SKILL.md")
	write(skill, ".pi/local/skills/local/SKILL.md")
	write("do", ".pi/local/prompts/plan.md")
	write(skill, ".pi/agent/git/github.com/u/r/skills/cloned/SKILL.md")
	write("", "work/repo/.git/HEAD")
	write(skill, "work/repo/.pi/skills/project/SKILL.md")
	write(skill, "work/repo/.agents/skills/pdf/SKILL.md") // of the same name: once
	write(skill, "work/.pi/skills/outside/SKILL.md")
	write("", "work/repo/a/b/file")
	t.Setenv("HOME", home)

	var got []string
	for _, r := range Resources(agent, home, filepath.Join(home, "work/repo/a/b")) {
		got = append(got, r.Kind+" "+r.Name)
	}
	want := []string{
		"prompt plan", "prompt review", "skill cloned", "skill er", "skill listed", "skill local", "skill loose",
		"skill named", "skill packed", "skill pdf", "skill project", "skill shared",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	if got := Resources("", "", ""); len(got) != 0 {
		t.Errorf("without directories: %v", got)
	}
}
