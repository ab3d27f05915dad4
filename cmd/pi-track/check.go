//go:build linux || darwin || freebsd || openbsd

package main

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"pi-track/internal/redact"
	"pi-track/internal/report/query"
	"pi-track/internal/report/section"
	"pi-track/internal/stats"
)

func newCheckCmd(a *app) *cobra.Command {
	f := &selectFlags{}
	var maxRate string
	var failEmpty, changed bool
	cmd := &cobra.Command{
		Use:   "check --max-fail-rate PERCENT | --changed",
		Short: "fail when a helper fails too often or got worse: for cron and CI",
		Long: `Exits with 1 and says why when a helper fails more often than allowed, is broken
or has become worse.

A helper counts when it has at least --min-n finished runs in the period.

With --changed it exits with 1 and prints those sentences of 'pi-track report
digest' that were not yet true at the time of --since (default: yesterday). It
prints nothing else, so that cron's mail is the alert.

Exit status:
  0  no helper fails too often, or none got worse
  1  one does, or nothing was checked and --fail-empty was given
  2  the command line is wrong
  3  no log could be read`,
		Example: `  pi-track check --max-fail-rate 20% --last 7d
  pi-track check --max-fail-rate 5% --name 'deploy*' --min-n 20
  pi-track check --changed --since yesterday`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if changed && maxRate != "" {
				return usageErrorf("run check twice", "--changed and --max-fail-rate cannot be used together")
			}
			if changed {
				return f.checkChanged(a, cmd)
			}
			limit, err := parseRate(maxRate)
			if err != nil {
				return err
			}
			return f.check(a, cmd, limit, failEmpty)
		},
	}
	f.register(cmd)
	cmd.Flags().StringVar(&maxRate, "max-fail-rate", "", "highest failure rate allowed, a `PERCENT` such as 20% or 0.2 ")
	cmd.Flags().BoolVar(&changed, "changed", false, "fail when a helper got worse since --since")
	cmd.Flags().IntVar(&f.minN, "min-n", 10, "skip helpers with fewer than `N` finished runs")
	cmd.Flags().BoolVar(&failEmpty, "fail-empty", false, "exit with 1 when no helper has enough runs")
	return cmd
}

// parseRate reads 20% or 0.2.
func parseRate(s string) (float64, error) {
	if s == "" {
		return 0, usageErrorf("for instance --max-fail-rate 20%, or --changed", "--max-fail-rate is required")
	}
	number, isPercent := strings.CutSuffix(s, "%")
	x, err := strconv.ParseFloat(strings.TrimSpace(number), 64)
	if isPercent {
		x /= 100
	}
	if err != nil || !(x >= 0 && x <= 1) {
		return 0, usageErrorf("write 20% or 0.2", "invalid value %q for --max-fail-rate", s)
	}
	return x, nil
}

func (f *selectFlags) check(a *app, cmd *cobra.Command, limit float64, failEmpty bool) error {
	o, err := f.options(time.Now())
	if err != nil {
		return err
	}
	if f.minN < 0 {
		return usageErrorf("0 checks every helper", "--min-n cannot be negative")
	}
	if len(o.Filter.Status) > 0 {
		return usageErrorf("leave it out", "--status cannot be used with check: a failure rate counts all runs")
	}
	o.Sections = []query.Section{section.SectionOverview, section.SectionHelpers}
	o.Sort = query.SortRate
	r, err := buildReport(cmd.Context(), a, o)
	if err != nil {
		return err
	}
	a.tellUnread(r)
	if r.Overview.Runs == 0 {
		if err := a.explainEmpty(cmd.Context(), o); err != nil {
			return err
		}
	}
	var b strings.Builder
	checked, over := 0, 0
	for _, h := range r.Helpers.Rows {
		n := h.Finished()
		if n == 0 || n < int64(f.minN) {
			continue
		}
		checked++
		rate := float64(h.Failed) / float64(n)
		switch {
		case h.Verdict.Class == stats.BrokenSince || h.Verdict.Class == stats.WorseSince:
			over++
			fmt.Fprintf(&b, "%s: %s %s, %d of %d runs failed (%.1f%%)\n", redact.Text(h.Label(h.Name)), h.Verdict.Class,
				h.Verdict.From.In(o.Location).Format("2006-01-02 15:04"), h.Failed, n, 100*rate)
		case rate > limit:
			over++
			fmt.Fprintf(&b, "%s: %d of %d runs failed (%.1f%%), more than %s\n",
				redact.Text(h.Label(h.Name)), h.Failed, n, 100*rate, percentWords(limit))
		}
	}
	switch {
	case over > 0:
	case checked == 0:
		fmt.Fprintf(&b, "nothing checked: no helper has %d finished runs\n", f.minN)
	default:
		fmt.Fprintf(&b, "%d checked, none fails more than %s\n", checked, percentWords(limit))
	}
	if _, err := io.WriteString(a.stdout, b.String()); err != nil {
		return withHint(exitFailed, err, "")
	}
	if over > 0 || checked == 0 && failEmpty {
		return errSilent
	}
	return nil
}

// percentWords is a rate as short as it can be written: 20%, 0.5%.
func percentWords(x float64) string { return strconv.FormatFloat(100*x, 'g', 4, 64) + "%" }
