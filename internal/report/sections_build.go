package report

// newSections are the collectors of the sections that were asked for.
func newSections(s *shared) []section { return nil }
