package view

import (
	"strings"
	"testing"
	"time"

	"pi-track/internal/report/query"
	"pi-track/internal/report/section"
)

// TestAgentIsToldSinceWhen: what to expect of a helper says since when, and where,
// it fails, as the table of helpers does.
func TestAgentIsToldSinceWhen(t *testing.T) {
	r := build(t, query.Options{Logs: []string{plantedLog(t)}, Sections: []query.Section{section.SectionDigest, section.SectionHelpers, section.SectionFailures}})
	var out strings.Builder
	if err := ForAgent(&out, r, []string{"run-tests", "plan-infra", "fetch-fixtures"}, time.UTC); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"run-tests: ", ", broken since Nov 16; usually", ", only in infra; usually", ", flaky (web); usually"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is not in\n%s", want, out.String())
		}
	}
}
