//go:build linux || darwin || freebsd || openbsd

package main

import (
	"bytes"
	"time"

	"github.com/spf13/cobra"

	"pi-track/internal/report/query"
	"pi-track/internal/report/section"
	"pi-track/internal/report/view"
)

// checkChanged compares the digest with that of an earlier moment and prints
// what got worse.
func (f *selectFlags) checkChanged(a *app, cmd *cobra.Command) error {
	if f.until != "" || f.last != "" && f.since != "" {
		return usageErrorf("--since names the moment", "--changed compares a moment with now")
	}
	if f.since == "" && f.last == "" {
		f.since = "yesterday"
	}
	o, err := f.options(time.Now())
	if err != nil {
		return err
	}
	at := o.Since
	if at.After(time.Now()) {
		return inTheFuture(at)
	}
	o.Since, o.Sections = time.Time{}, []query.Section{section.SectionOverview, section.SectionDigest}
	now, err := buildReport(cmd.Context(), a, o)
	if err != nil {
		return err
	}
	a.tellUnread(now)
	if now.Overview.Runs == 0 {
		return a.explainEmpty(cmd.Context(), o)
	}
	now.Overview = nil // only what got worse is printed
	o.Until = at
	before, err := buildReport(cmd.Context(), a, o)
	if err != nil {
		return err
	}
	if now.Digest = now.Digest.WorseThan(before.Digest); len(now.Digest.Rows) == 0 {
		return nil
	}
	var b bytes.Buffer
	if err := view.Render(&b, now, view.Options{Format: view.Table, Location: o.Location}); err != nil {
		return err
	}
	if _, err := a.stdout.Write(b.Bytes()); err != nil {
		return withHint(exitFailed, err, "")
	}
	return errSilent
}
