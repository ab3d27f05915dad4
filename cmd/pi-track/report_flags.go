//go:build linux || darwin || freebsd || openbsd

package main

import (
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"pi-track/internal/report/query"
	"pi-track/internal/report/section"
	"pi-track/internal/report/view"
)

// reportFlags are the options of the report verb and its sub-commands.
type reportFlags struct {
	selectFlags
	by        []string
	sort      string
	limit     int
	format    string
	json      bool
	output    string
	noHeader  bool
	color     string
	width     int
	watch     time.Duration
	failEmpty bool
	open      bool
	trial     string // the helper of report experiment, "" for all
}

func (f *reportFlags) register(cmd *cobra.Command) {
	f.selectFlags.register(cmd)
	p := cmd.PersistentFlags()
	p.StringArrayVar(&f.by, "by", nil, "group by `KEY`, repeated for groups within groups: "+join(query.Keys))
	p.StringVar(&f.sort, "sort", "", "`ORDER` of helpers or groups: "+join(query.Sorts)+" (default: risk; for days, weeks and months the latest first)")
	p.IntVar(&f.limit, "limit", -1, "at most `N` rows per section and group, 0 for all (default: 15 in the whole report as table or md, else all)")
	p.IntVar(&f.minN, "min-n", query.FewRuns, "list helpers with fewer than `N` finished runs together, on one line")
	p.Lookup("limit").DefValue = "0" // which help leaves out: the text says what the default is
	p.StringVar(&f.format, "format", string(view.Table), "`FORMAT`: "+join(view.Formats))
	p.BoolVar(&f.json, "json", false, "the same as --format json")
	p.StringVarP(&f.output, "output", "o", "", "write to `FILE`, replacing it as a whole; its extension sets the format: .html, .json, .csv, .md …")
	p.BoolVar(&f.noHeader, "no-header", false, "omit titles and column names")
	p.StringVar(&f.color, "color", "auto", "`WHEN` to use colours: auto, always, never; auto respects NO_COLOR")
	p.IntVar(&f.width, "width", 0, "`COLUMNS` to fit the tables to (default: the terminal's, else COLUMNS, else unlimited)")
	p.DurationVar(&f.watch, "watch", 0, "redraw in place every `INTERVAL`, such as 2s; q quits")
	p.BoolVar(&f.open, "open", false, "write the page (to --output or a temporary file) and show it in the browser")
	p.BoolVar(&f.failEmpty, "fail-empty", false, "exit with 1 when nothing matched")
}

// registerAt lets trend compare the time since any moment with as much before it.
func (f *reportFlags) registerAt(cmd *cobra.Command) {
	at := ""
	cmd.Flags().StringVar(&at, "at", "", "compare before and after this `TIME`, such as 'Nov 24 12:58'")
	cmd.Example += "\n  pi-track report trend --at 'Nov 24 12:58'"
	run := cmd.RunE
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if at != "" {
			if f.since != "" || f.last != "" {
				return usageErrorf("--at compares the time since it with as much before", "--at cannot be used with --since or --last")
			}
			if _, err := query.ParseTime(at, time.Now(), time.Local); err != nil {
				return usageErrorf(timeHint(at), "invalid value for --at: %w", err)
			}
			f.since = at
		}
		return run(cmd, args)
	}
}

// join lists values for the help text.
func join[T ~string](values []T) string {
	words := make([]string, len(values))
	for i, v := range values {
		words[i] = string(v)
	}
	return strings.Join(words, ", ")
}

// oneOf checks that the value of a flag is one of those valid.
func oneOf[T ~string](flag, value string, valid []T) (T, error) {
	words := make([]string, len(valid))
	for i, v := range valid {
		if string(v) == value {
			return v, nil
		}
		words[i] = string(v)
	}
	return "", usageErrorf(meant(value, words), "invalid value %q for --%s", value, flag)
}

// terminalLimit is how many rows a section of the plain report shows.
const terminalLimit = 15

// options turns all flags into what Build and Render take.
func (f *reportFlags) options(a *app, cmd *cobra.Command, sections []query.Section, why string) (query.Options, view.Options, error) {
	var v view.Options
	o, err := f.selectFlags.options(time.Now())
	if slices.Contains(sections, section.SectionUnused) {
		o.Configured = append(o.Configured, piResources()...)
	}
	if err != nil {
		return o, v, err
	}
	if v.Format, err = f.chooseFormat(cmd); err != nil {
		return o, v, err
	}
	if err := f.chooseOrder(cmd, &o); err != nil {
		return o, v, err
	}
	if err := f.checkTogether(cmd, sections, o, v.Format); err != nil {
		return o, v, err
	}
	if o.MinN == 0 {
		o.MinN = -1 // none is too few; 0 is the default
	}
	o.Why, o.Limit, o.Trial = why, f.limit, f.trial
	o.Sections = sections
	if sections == nil {
		o.Sections = v.Format.Sections()
	}
	if f.limit < 0 {
		o.Limit = 0
		if sections == nil && (v.Format == view.Table || v.Format == view.Markdown) {
			o.Limit = terminalLimit
		}
	}
	if len(sections) != 1 || sections[0] != section.SectionDigest || v.Format == view.JSON || v.Format == view.NDJSON {
		o.Sections = withOverview(o.Sections)
	}
	v.NoHeader, v.Location = f.noHeader, o.Location
	if v.Color, err = f.useColor(a); err != nil {
		return o, v, err
	}
	v.Width = f.terminalWidth(a)
	if f.watch > 0 {
		err = f.checkWatch(a, v.Format)
	}
	return o, v, err
}

// chooseOrder takes --sort and --by.
func (f *reportFlags) chooseOrder(cmd *cobra.Command, o *query.Options) (err error) {
	if cmd.Flags().Changed("sort") {
		if o.Sort, err = oneOf("sort", f.sort, query.Sorts); err != nil {
			return err
		}
	}
	for _, k := range f.by {
		key, err := oneOf("by", k, query.Keys)
		if err != nil {
			return err
		}
		o.By = append(o.By, key)
	}
	return nil
}

// checkTogether refuses flags that are valid one by one but not with each other, or
// not with the section.
func (f *reportFlags) checkTogether(cmd *cobra.Command, sections []query.Section, o query.Options, format view.Format) error {
	if f.limit < 0 && cmd.Flags().Changed("limit") || f.minN < 0 || f.width < 0 || f.watch < 0 {
		return usageErrorf("0 is allowed: --limit 0 shows all rows, --min-n 0 gives every helper a row, --width 0 sets no width", "--limit, --min-n, --width and --watch cannot be negative")
	}
	if err := checkSections(sections, o.By, format); err != nil {
		return err
	}
	if o.Sort != "" && sections != nil && sections[0] != section.SectionHelpers {
		return usageErrorf("'pi-track report helpers --sort "+string(o.Sort)+"' orders the helpers", "report %s has an order of its own: --sort cannot be used with it", sections[0])
	}
	if f.from != "" && f.watch > 0 {
		return usageErrorf("run it again, or leave --from out", "--watch follows the log of this machine: it cannot be used with --from")
	}
	return checkOutput(f.output, o.Logs)
}

// checkSections refuses what would be left out without a word: groups of
// anything but the helpers, metrics of anything but the helpers.
func checkSections(sections []query.Section, by []query.Key, format view.Format) error {
	only := "" // the sub-command
	if sections != nil && sections[0] != section.SectionHelpers {
		only = string(sections[0])
	}
	switch {
	case format == view.Prom && len(by) > 0:
		return usageErrorf("use csv or json", "--format prom has no groups: --by cannot be used with it")
	case format == view.Prom && only != "":
		return usageErrorf("'pi-track report --format prom' has all there is", "--format prom has no %s", only)
	case len(by) > 0 && only != "":
		return usageErrorf("'pi-track report helpers --by "+string(by[0])+"' groups the runs", "report %s has no groups: --by cannot be used with it", only)
	}
	return nil
}

// withOverview adds the overview: every report says what it rests on.
func withOverview(sections []query.Section) []query.Section {
	for _, s := range sections {
		if s == section.SectionOverview {
			return sections
		}
	}
	return append([]query.Section{section.SectionOverview}, sections...)
}

// useColor decides by --color, NO_COLOR, TERM and where the output goes.
func (f *reportFlags) useColor(a *app) (bool, error) {
	when, err := oneOf("color", f.color, []string{"auto", "always", "never"})
	if err != nil {
		return false, err
	}
	if when != "auto" {
		return when == "always", nil
	}
	_, terminal := isTerminal(a.stdout)
	return terminal && f.output == "" && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb", nil
}

// terminalWidth is --width, else the terminal's, else COLUMNS, else unlimited.
func (f *reportFlags) terminalWidth(a *app) int {
	if f.width > 0 || f.output != "" {
		return f.width
	}
	if w := terminalWidth(a.stdout); w > 0 {
		return w
	}
	w, err := strconv.Atoi(os.Getenv("COLUMNS"))
	if err != nil || w < 0 {
		return 0
	}
	return w
}

func (f *reportFlags) checkWatch(a *app, format view.Format) error {
	if _, ok := isTerminal(a.stdout); !ok || f.output != "" {
		return usageErrorf("run it in a terminal, or use watch(1)", "--watch needs a terminal to draw on")
	}
	if format != view.Table && format != view.Wide {
		return usageErrorf("leave --format out, or run the report again", "--watch draws tables, not %s", format)
	}
	if f.watch < 100*time.Millisecond {
		return usageErrorf("for instance --watch 2s", "--watch %s is too often: at least 100ms", f.watch)
	}
	return nil
}
