package view

import (
	"fmt"
	"strings"

	"pi-track/internal/report/section"
	"pi-track/internal/stats"
)

// changeWords says what a change comes to: "8 % → 49 % fail (n 110), in every
// repo; another file from Nov 24 12:58".
func (w *writer) changeWords(c *section.HelperChange) string {
	parts := []string{fmt.Sprintf("%s → %s fail (n %s)", failing(c.Before), failing(c.Since), count(c.Since.N))}
	if c.Class == stats.Outage {
		parts[0] = fmt.Sprintf("%s failed (n %s), %s else", failing(c.Since), count(c.Since.N), failing(c.Before))
	}
	if c.Repo != nil {
		parts = append(parts, "only in "+w.names.repo(*c.Repo))
	}
	if r := c.P50Ratio; r != nil && (r.Low > 1 || r.High < 1) {
		parts = append(parts, fmt.Sprintf("p50 × %.1f [%.1f, %.1f]", r.Value, r.Low, r.High))
	}
	words := strings.Join(parts, ", ")
	for i := range c.Beside {
		words += "; " + w.besideWords(&c.Beside[i])
	}
	return words
}

// failing is the failure rate of a rate of success.
func failing(r stats.Rate) string {
	if r.Value == nil {
		return nothing
	}
	return percent(1 - *r.Value)
}

// besideWords names what else changed at about that time.
func (w *writer) besideWords(b *section.Beside) string {
	first := w.clock.moment(b.First)
	switch {
	case b.Only && b.Key == "rev":
		return "with one of its files only, first run " + first
	case b.Only:
		return "with " + b.Key + " " + b.Since + " only"
	case b.Key == "rev":
		return "another file from its first run at " + first + " on"
	case b.Before != "":
		return b.Key + " " + b.Before + " → " + b.Since + " at " + first
	}
	return b.Key + " " + b.Since + " from " + first + " on"
}

// cancelledWords says how runs were cancelled: "60 of 60 by TERM, timed out at
// 30 s".
func cancelledWords(c *stats.Cancelled) string {
	words := fmt.Sprintf("%s of %s", count(c.N), count(c.Ended))
	if c.Signal != "" {
		words += " by " + c.Signal
	}
	if c.TimeoutMS > 0 {
		words += ", timed out at " + span(float64(c.TimeoutMS))
	}
	return words
}

// changeLine is a change in a line of its own.
func (w *writer) changeLine(c *section.HelperChange) cell {
	v := stats.Verdict{Class: c.Class, From: &c.From, To: c.To}
	head := w.verdict(&v)
	at := w.clock.minute(c.From)
	if c.To != nil {
		at += " to " + w.clock.minute(*c.To)
	}
	return cell{strings.TrimSpace(string(c.Class) + " " + at + ": " + w.changeWords(c)), head.style}
}
