package view

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/jedib0t/go-pretty/v6/text"
)

// packed is a digest of digestLines: what the table tells as well in one line for
// each verdict, then as many sentences in full as leave room to name the weighty
// ones among the others in a few words each.
func packed(said []named, width int) (full []named, more []string) {
	if width == 0 || width > digestWidth {
		width = digestWidth
	}
	if said = together(said, width); len(said) <= digestLines {
		return said, nil
	}
	least := len(said)
	for n := digestLines - 1; n >= 2; n-- {
		lines, left := moreWords(said[n:], width, digestLines-n)
		if left < least {
			full, more, least = said[:n], lines, left
		}
	}
	return full, more
}

// together puts the sentences that need no line of their own into one for each
// verdict, at the place of the first.
func together(said []named, width int) []named {
	var out []named
	for _, s := range said {
		if s.weight > 0 {
			out = append(out, s)
			continue
		}
		same := func(x named) bool { return x.weight == 0 && x.code == s.code }
		if slices.ContainsFunc(out, same) {
			continue
		}
		all := slices.DeleteFunc(slices.Clone(said), func(x named) bool { return !same(x) })
		if len(all) > 1 {
			s.text, s.tight, s.look, s.count = listWords(all, width), "", "report flaky", len(all)
			s.short = fmt.Sprintf("%d %s", len(all), s.code)
		}
		out = append(out, s)
	}
	return out
}

// listWords is one line for several sentences: as many names, with their numbers,
// as there is room for.
func listWords(all []named, width int) string {
	line := strings.ToUpper(all[0].code[:1]) + all[0].code[1:] + ": "
	for i, s := range all {
		end := "."
		if left := len(all) - i - 1; left > 0 {
			end = fmt.Sprintf(" and %d more.", left)
		}
		next := line + s.list
		if i > 0 && text.StringWidth(next+end) > width {
			return strings.TrimSuffix(line, ", ") + fmt.Sprintf(" and %d more.", len(all)-i)
		}
		line = next + ", "
	}
	return strings.TrimSuffix(line, ", ") + "."
}

// moreWords says how many sentences are left out, and of what as far as there is
// room for it in so many lines; left is how many weighty ones it does not name.
func moreWords(out []named, width, most int) (lines []string, left int) {
	out = slices.Clone(out)
	slices.SortStableFunc(out, func(a, b named) int { return -cmp.Compare(a.weight, b.weight) })
	n := 0
	for _, s := range out {
		n += max(1, s.count)
	}
	line := fmt.Sprintf("%d more: report digest", n)
	next := " ("
	for i, s := range out {
		end := ", …)"
		if i+1 == len(out) {
			end = ")"
		}
		switch {
		case text.StringWidth(line+next+s.short+end) <= width:
			line += next + s.short
		case next == ", " && len(lines)+1 < most && text.StringWidth("  "+s.short+end) <= width:
			lines, line = append(lines, line+","), "  "+s.short
		default:
			if next == ", " {
				line += ", …)"
			}
			for _, x := range out[i:] {
				left += min(x.weight, 1)
			}
			return append(lines, line), left
		}
		next = ", "
	}
	return append(lines, line+")"), 0
}
