//go:build linux || darwin || freebsd || openbsd

package main

import (
	"bytes"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"pi-track/internal/report/query"
	"pi-track/internal/report/section"
	"pi-track/internal/report/view"
)

// notForAgent are the options that shape what --for-agent has in one shape only.
var notForAgent = []string{"format", "json", "output", "no-header", "color", "width", "watch", "open", "by", "sort", "limit", "status"}

// registerForAgent gives report a short text for a model.
func (f *reportFlags) registerForAgent(a *app, cmd *cobra.Command) {
	forAgent := false
	cmd.Use = "report [--for-agent [NAME…]]"
	cmd.Flags().BoolVar(&forAgent, "for-agent", false, "print at most 1,200 characters of plain text for a model: the digest, or what to expect of each NAME")
	run := cmd.RunE
	cmd.Args = func(cmd *cobra.Command, args []string) error {
		if forAgent {
			return nil
		}
		return noArgs(cmd, args)
	}
	cmd.ValidArgsFunction = func(cmd *cobra.Command, args []string, prefix string) ([]string, cobra.ShellCompDirective) {
		if !forAgent {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		return completion(helperNames)(cmd, args, prefix)
	}
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if !forAgent {
			return run(cmd, args)
		}
		for _, name := range notForAgent {
			if cmd.Flags().Changed(name) {
				return usageErrorf("leave --"+name+" out", "--for-agent and --%s cannot be used together", name)
			}
		}
		return f.forAgent(a, cmd, args)
	}
}

// forAgent prints what a model should know before it uses helpers.
func (f *reportFlags) forAgent(a *app, cmd *cobra.Command, names []string) error {
	o, err := f.selectFlags.options(time.Now())
	if err != nil {
		return err
	}
	o.Sections = []query.Section{section.SectionDigest, section.SectionHelpers, section.SectionFailures}
	r, err := buildReport(cmd.Context(), a, o)
	if err != nil {
		return err
	}
	var known []string
	for i := range r.Helpers.Rows {
		known = append(known, r.Helpers.Rows[i].Name)
	}
	if len(known) == 0 {
		if err := a.explainEmpty(cmd.Context(), o); err != nil {
			return err
		}
	} else {
		known = append(known, configuredNames(o)...)
	}
	for _, name := range names {
		if len(known) > 0 && !slices.Contains(known, name) {
			return noSuch("helper", name, known)
		}
	}
	if len(known) == 0 {
		names = nil
	}
	var b bytes.Buffer
	if err := view.ForAgent(&b, r, names, o.Location); err != nil {
		return err
	}
	if _, err := a.stdout.Write(b.Bytes()); err != nil {
		return withHint(exitFailed, err, "")
	}
	return nil
}
