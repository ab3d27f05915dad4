package report

// newSections are the collectors of the sections that were asked for.
func newSections(s *shared) []section {
	q := s.q
	var out []section
	if len(q.By) > 0 && q.sections[SectionHelpers] {
		out = append(out, newGroups(s))
	}
	if q.sections[SectionTrend] {
		out = append(out, &trend{s: s})
	}
	if q.sections[SectionUnused] {
		out = append(out, unused{})
	}
	if q.sections[SectionContext] {
		out = append(out, &places{s: s, of: map[place]*placeSum{}})
	}
	if q.sections[SectionWhy] {
		out = append(out, newWhy(s))
	}
	return out
}

// reporter is a section that puts itself into the Report.
type reporter interface {
	report(t *totals, r *Report)
}
