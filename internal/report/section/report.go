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

// kinds are all sections, in the order in which help names them. A new one is a file of its own, a line here, which also
// makes its verb, and a field of the Report.
var kinds = []kind{
	{name: SectionDigest, verb: "what there is to know first, in a few sentences", make: newDigest, uses: []query.Section{SectionEffect}, wanted: func(q *query.Plan) bool { return len(q.By) == 0 }},
	{name: SectionOverview, make: newOverview},
	{name: SectionHelpers, verb: "every helper: runs, success, durations, verdict", make: newHelpers, wanted: func(q *query.Plan) bool { return len(q.By) == 0 }},
	{name: SectionHelpers, make: newGroups, wanted: func(q *query.Plan) bool { return len(q.By) > 0 }, key: groupsKey, daily: true},
	{name: SectionFailures, verb: "recent failures, one line per helper and kind of error", make: newRecent},
	{name: SectionFlaky, verb: "helpers that are flaky, broken or bound to a context, with the evidence", make: newFlaky},
	{name: SectionEffect, verb: "task completion with and without each helper: association, not cause", make: newEffect, key: plainKey, everyRun: true},
	{name: SectionExperiment, make: newTrials, key: trialsKey, everyRun: true},
	{name: SectionTrend, verb: "each helper against the period before", make: newTrend, key: plainKey, daily: true},
	{name: SectionUnused, verb: "helpers that are configured but were not used", make: newUnused, before: true},
	{name: SectionContext, verb: "every helper by repo", make: newContexts, key: plainKey},
	{name: SectionWhy, make: newWhy, key: whyKey},
}

// Verb is a subcommand of report that shows one section.
type Verb struct {
	Name  query.Section
	Short string // what the section is, in a line of help
}

// Verbs are those of the sections that need nothing but their name.
func Verbs() []Verb {
	var out []Verb
	for _, k := range kinds {
		if k.verb != "" {
			out = append(out, Verb{k.name, k.verb})
		}
	}
	return out
}

// DefaultSections is what `pi-track report` alone prints.
var DefaultSections = []query.Section{SectionDigest, SectionOverview, SectionHelpers, SectionFlaky, SectionFailures}
