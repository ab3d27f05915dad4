package view

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/jedib0t/go-pretty/v6/text"
)

// packed is a digest of digestLines: in full, else with what the table tells as
// well in one line for each verdict, else with all that is alike in one line,
// else as many of these lines as leave room to name the weighty sentences among
// the others in a few words each.
func packed(said []named, width int) (full []named, more []string) {
	if width == 0 || width > packWidth {
		width = packWidth
	}
	if said = together(said, width, 0); len(said) <= digestLines {
		return said, nil
	}
	if said = together(said, width, mostWeight); len(said) <= digestLines {
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

// packWidth is up to which column lines name several helpers where there is room.
const packWidth = 140

// mostWeight is the largest weight of a sentence.
const mostWeight = 2

// together puts sentences of one group, of up to a weight, into one line at the
// place of the first. Of a brief group it names as many as there is room for;
// others take further lines.
func together(said []named, width, weight int) []named {
	var out []named
	for _, s := range said {
		if s.weight > weight || s.group == "" {
			out = append(out, s)
			continue
		}
		same := func(x named) bool { return x.weight <= weight && x.group == s.group }
		if slices.ContainsFunc(out, same) {
			continue
		}
		all := slices.DeleteFunc(slices.Clone(said), func(x named) bool { return !same(x) })
		for len(all) > 0 {
			line, n := listed(all, width)
			out, all = append(out, line), all[n:]
		}
	}
	return out
}

// listed is one line for the first of several sentences, and for how many of them;
// one alone is said as it is.
func listed(all []named, width int) (named, int) {
	s := all[0]
	line, n := s.head+s.list, 1
	for n < len(all) {
		end := "."
		if left := len(all) - n - 1; left > 0 && s.brief {
			end = fmt.Sprintf(" and %d more.", left)
		}
		next := line + ", " + all[n].list
		if text.StringWidth(next+end) > width {
			break
		}
		line = next
		n++
	}
	if s.brief && len(all) > 1 {
		if left := len(all) - n; left > 0 {
			line += fmt.Sprintf(" and %d more", left)
		}
		n = len(all)
		s.short = severalWords(all)
	} else if n > 1 {
		s.short = shortWords(all[:n])
	}
	if n > 1 {
		s.text, s.tight, s.look, s.count = line+".", "", s.lookAll, n
	}
	return s, n
}

// shortWords are the short words of several alike sentences, what they begin with said
// once.
func shortWords(all []named) string {
	words, begin := "", ""
	for i, x := range all {
		rest, same := strings.CutPrefix(x.short, x.shortHead)
		switch {
		case i == 0:
			words = x.short
		case same && x.shortHead == begin && begin != "":
			words += " and " + rest
		default:
			words += ", " + x.short
		}
		begin = x.shortHead
	}
	return words
}

// mostNamed is how many of several alike sentences are named where all are left out.
const mostNamed = 3

// severalWords names the weightiest of several alike sentences and says how many
// others there are: a in docs flaky, b flaky, 2 more flaky.
func severalWords(all []named) string {
	words, n := "", 0
	for n < min(len(all), mostNamed) && all[n].weight > 0 {
		words += all[n].short + ", "
		n++
	}
	switch {
	case n == len(all):
		return strings.TrimSuffix(words, ", ")
	case n > 0:
		words += fmt.Sprintf("%d more %s", len(all)-n, all[0].several)
	default:
		words = fmt.Sprintf("%d %s", len(all), all[0].several)
	}
	return words
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
	next, skipped, begin := " (", false, ""
	for i, s := range out {
		if rest, same := strings.CutPrefix(s.short, begin); same && begin != "" && next == ", " {
			if more := " and " + rest; text.StringWidth(line+more+", …)") <= width {
				line += more
				continue
			}
		}
		end := ", …)"
		if i+1 == len(out) && !skipped {
			end = ")"
		}
		switch {
		case text.StringWidth(line+next+s.short+end) <= width:
			line += next + s.short
		case next == ", " && len(lines)+1 < most && text.StringWidth("  "+s.short+end) <= width:
			lines, line = append(lines, line+","), "  "+s.short
		default: // a shorter one may fit
			left += min(s.weight, 1) * max(1, s.count)
			skipped, begin = true, ""
			continue
		}
		next, begin = ", ", s.shortHead
	}
	switch {
	case next == " (":
	case skipped:
		line += ", …)"
	default:
		line += ")"
	}
	return append(lines, line), left
}
