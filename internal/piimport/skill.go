package piimport

import (
	"encoding/json"
	"path"
	"strings"

	"pi-track/internal/event"
	"pi-track/internal/redact"
)

// arguments are those of a call that matter here.
type arguments struct {
	Path string `json:"path"`
}

// UnmarshalJSON takes arguments of any form.
func (a *arguments) UnmarshalJSON(text []byte) error {
	var known struct {
		Path any `json:"path"`
	}
	_ = json.Unmarshal(text, &known)
	a.Path, _ = known.Path.(string)
	a.Path = strings.TrimPrefix(a.Path, "@") // as the read tool does
	return nil
}

// skillFile is the path of the skill that a call of a tool reads, "" if none.
func skillFile(tool string, a arguments) string {
	if tool == "read" && skillName(a.Path) != "" {
		return a.Path
	}
	return ""
}

// skillName is the name of the skill in a file: of …/NAME/SKILL.md, or of
// …/skills/NAME.md.
func skillName(file string) string {
	dir, base := path.Split(path.Clean(strings.ReplaceAll(file, `\\`, "/")))
	parent := path.Base(dir)
	if base == "SKILL.md" && parent != "." && parent != "/" {
		return parent
	}
	if name, ok := strings.CutSuffix(base, ".md"); ok && parent == "skills" && name != "README" {
		return name
	}
	return ""
}

// scopeOf says whether a skill belongs to the directory that the session runs
// in.
func (s *session) scopeOf(file string) string {
	if strings.Contains(file, "/.pi/agent/") || path.IsAbs(file) && !strings.HasPrefix(file, strings.TrimSuffix(s.head.cwd, "/")+"/") || strings.HasPrefix(file, "~") {
		return "global"
	}
	return "project"
}

// readSkill adds a skill that the model read.
func (s *session) readSkill(c *call) {
	e := s.event(event.Skill, skillName(c.skill), c.session, c.id)
	e.CallID, e.Scope = c.id, s.scopeOf(c.skill)
	status := event.Cancelled // Pi was killed
	if m := c.result; m != nil {
		e.DurationMS = duration(c.start, m)
		status = event.Succeeded
		switch {
		case c.aborted:
			status = event.Cancelled
		case m.IsError:
			status = event.Failed
			e.Error = redact.Message(textOf(m.Content), s.im.Env)
		}
	}
	s.im.add(e, c.start, status)
}

// prompt adds the skill that the person called with /skill:NAME: Pi puts its
// text in front of the message.
func (s *session) prompt(e *entry) {
	name, location, ok := calledSkill(textOf(e.Message.Content))
	if !ok {
		return
	}
	run := s.event(event.Skill, name, s.im.origin(s.head, e.at), shellID(e, 0))
	run.Scope = s.scopeOf(location)
	s.im.add(run, e.at, event.Succeeded)
}

// calledSkill reads <skill name="NAME" location="PATH">.
func calledSkill(text string) (name, location string, ok bool) {
	rest, ok := strings.CutPrefix(text, `<skill name="`)
	if !ok {
		return "", "", false
	}
	name, rest, ok = strings.Cut(rest, `" location="`)
	if !ok || strings.ContainsAny(name, "\"\n") {
		return "", "", false
	}
	location, _, ok = strings.Cut(rest, "\">\n")
	return name, location, ok && name != "" && !strings.ContainsAny(location, "\"\n")
}
