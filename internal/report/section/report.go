package section

import (
	"time"

	"pi-track/internal/report/query"
	"pi-track/internal/report/runs"
)

// Schema is the version of the Report's JSON form. It grows when a key
// changes its meaning or goes away; new keys alone do not change it.
const Schema = 1

// Report is the whole answer. A section that was not asked for is nil and
// left out of the JSON form. Times are RFC 3339 in the query's time zone,
// durations are milliseconds, rates are fractions of 1.
type Report struct {
	Schema      int            `json:"schema"`
	GeneratedAt time.Time      `json:"generated_at"`
	Query       query.Query    `json:"query"`
	Digest      *Digest        `json:"digest,omitempty"`
	Overview    *Overview      `json:"overview,omitempty"`
	Helpers     *Helpers       `json:"helpers,omitempty"`
	Groups      *Groups        `json:"groups,omitempty"` // instead of Helpers with --by
	Flaky       *Flaky         `json:"flaky,omitempty"`
	Failures    *Failures      `json:"failures,omitempty"`
	Effect      *Effect        `json:"effect,omitempty"`
	Trend       *Trends        `json:"trend,omitempty"`
	Unused      *Unused        `json:"unused,omitempty"`
	Context     *Contexts      `json:"context,omitempty"`
	Experiment  *Trials        `json:"experiment,omitempty"`
	Why         *Why           `json:"why,omitempty"`
	WhySorts    []string       `json:"-"` // the sorts between which Options.Why leaves the choice
	Warnings    []runs.Warning `json:"warnings"`
}

// kinds are all sections. A new one is a file of its own, a line here and a
// field of the Report.
var kinds = []kind{
	{name: SectionOverview, make: newOverview},
	{name: SectionHelpers, make: newHelpers, wanted: func(q *query.Plan) bool { return len(q.By) == 0 }},
	{name: SectionHelpers, make: newGroups, wanted: func(q *query.Plan) bool { return len(q.By) > 0 }, key: groupsKey, daily: true},
	{name: SectionFlaky, make: newFlaky},
	{name: SectionFailures, make: newRecent},
	{name: SectionTrend, make: newTrend, key: plainKey, daily: true},
	{name: SectionUnused, make: newUnused, before: true},
	{name: SectionContext, make: newContexts, key: plainKey},
	{name: SectionWhy, make: newWhy, key: whyKey},
	{name: SectionExperiment, make: newTrials, key: trialsKey, everyRun: true},
	{name: SectionEffect, make: newEffect, key: plainKey, everyRun: true},
	{name: SectionDigest, make: newDigest, uses: []query.Section{SectionEffect}, wanted: func(q *query.Plan) bool { return len(q.By) == 0 }},
}

// DefaultSections is what `pi-track report` alone prints.
var DefaultSections = []query.Section{SectionDigest, SectionOverview, SectionHelpers, SectionFlaky, SectionFailures}
