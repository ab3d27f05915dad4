// Package testdoc reads the documents whose commands tests execute.
package testdoc

import (
	"regexp"
	"strings"
)

// Blocks are the code blocks of a section of a Markdown text, headed by "## " and the
// section's name, that are marked with a language ("" for none), in order and without the
// indentation of a list. It returns nil where there is no such section.
func Blocks(text, section, language string) (out []string) {
	_, text, _ = strings.Cut(text, "\n## "+section+"\n")
	text, _, _ = strings.Cut(text, "\n## ")
	for _, m := range regexp.MustCompile("(?s)( *)```"+language+"\n(.*?)\n *```\n").FindAllStringSubmatch(text, -1) {
		out = append(out, strings.ReplaceAll(strings.TrimPrefix(m[2], m[1]), "\n"+m[1], "\n")+"\n")
	}
	return out
}
