//go:build linux || darwin || freebsd || openbsd

package main

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"pi-track/internal/event"
	"pi-track/internal/redact"
)

// cleaned is e with every text made fit for a terminal: what comes out of a
// log may have been written by anybody, and new redaction rules heal old
// lines.
func cleaned(e event.Event) event.Event {
	for _, s := range []*string{
		&e.ID, &e.Name, &e.Signal, &e.Error, &e.CWD, &e.Scope, &e.Repo, &e.SessionID, &e.TaskID,
		&e.ParentID, &e.RootID, &e.Host, &e.Src, &e.CallID, &e.Ext, &e.Rev, &e.Agent, &e.Model,
		&e.Trial.Experiment, &e.Trial.Arm, &e.Writer,
	} {
		if *s != "" {
			*s = redact.Text(*s)
		}
	}
	e.Kind = event.Kind(redact.Text(string(e.Kind)))
	e.Status = event.Status(redact.Text(string(e.Status)))
	if e.Usage != nil && e.Usage.Model != "" {
		usage := *e.Usage
		usage.Model = redact.Text(usage.Model)
		e.Usage = &usage
	}
	extra := make([]event.Member, len(e.Extra))
	for i, m := range e.Extra {
		extra[i] = event.Member{Key: redact.Text(m.Key), Raw: cleanedValue(m.Raw)}
	}
	e.Extra = extra
	return e
}

// cleanText makes one text of the log fit to be printed.
func cleanText(s string) string { return redact.Text(s) }

// cleanedValue is a raw JSON value, or, where its text is not fit to be
// printed, the cleaned text as a JSON string.
func cleanedValue(raw []byte) []byte {
	text := redact.Text(string(raw))
	if text == string(raw) {
		return raw
	}
	quoted, err := json.Marshal(text)
	if err != nil {
		return []byte("null")
	}
	return quoted
}

// eventJSON is e as one line of JSON, newline included: the line of the log,
// cleaned.
func eventJSON(e *event.Event) []byte {
	c := cleaned(*e)
	return c.Append(nil)
}

// eventLine is e on one line of aligned text: local time, id, status, name,
// duration, result, then where it ran and why it failed.
func eventLine(e *event.Event) string {
	c := cleaned(*e)
	line := fmt.Sprintf("%s  %-13s  %-9s  %-18s  %8s  %-8s", c.TS.Local().Format(time.DateTime),
		shortID(c.ID), c.Status, c.Name, durationText(&c), resultText(&c))
	for _, field := range []string{keyed("repo", baseOf(c.Repo)), keyed("task", c.TaskID), keyed("session", shortID(c.SessionID)), c.Error} {
		if field != "" {
			line += "  " + field
		}
	}
	return strings.TrimRight(line, " ")
}

// durationText is how long the run took, "" for a start line.
func durationText(e *event.Event) string {
	if e.Status == event.Started {
		return ""
	}
	return shortDuration(time.Duration(e.DurationMS) * time.Millisecond)
}

// shortDuration has at most three significant figures: 340ms, 1.2s, 2m03s,
// 3h04m, 5d06h.
func shortDuration(d time.Duration) string {
	switch {
	case d < time.Second:
		return fmt.Sprintf("%dms", d.Milliseconds())
	case d < time.Minute:
		return fmt.Sprintf("%.1fs", d.Truncate(100*time.Millisecond).Seconds())
	case d < time.Hour:
		return fmt.Sprintf("%dm%02ds", int(d.Minutes()), int(d.Seconds())%60)
	case d < 24*time.Hour:
		return fmt.Sprintf("%dh%02dm", int(d.Hours()), int(d.Minutes())%60)
	}
	return fmt.Sprintf("%dd%02dh", int(d.Hours())/24, int(d.Hours())%24)
}

// resultText is how the program ended: its exit status or its signal.
func resultText(e *event.Event) string {
	switch {
	case e.Signal != "":
		return "SIG" + e.Signal
	case e.ExitCode != nil && *e.ExitCode != 0:
		return fmt.Sprintf("exit %d", *e.ExitCode)
	}
	return ""
}

// baseOf is the last element of a path, "" of none.
func baseOf(path string) string {
	if path == "" {
		return ""
	}
	return filepath.Base(path)
}

func keyed(key, value string) string {
	if value == "" {
		return ""
	}
	return key + "=" + value
}

// shortID shortens a UUID to its two ends: the first says when it was made,
// the last tells it from those made at the same time.
func shortID(id string) string {
	if len(id) == 36 && strings.Count(id, "-") == 4 {
		return id[:8] + "…" + id[len(id)-4:]
	}
	return id
}
