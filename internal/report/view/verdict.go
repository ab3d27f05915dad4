package view

import (
	"fmt"

	"pi-track/internal/stats"
)

// verdict is a verdict in at most 23 characters; only names in it are cut.
func (w *writer) verdict(v *stats.Verdict) cell {
	where := ""
	switch v.Level {
	case stats.LevelRepo:
		where = middle(w.names.repo(v.Repo), 14)
	case stats.LevelTask:
		where = middle("task "+v.Task, 14)
	}
	switch v.Class {
	case stats.Broken:
		return cell{"broken", bad}
	case stats.BrokenSince:
		return cell{"broken since " + w.clock.day(*v.From), bad}
	case stats.WorseSince:
		return cell{"worse since " + w.clock.day(*v.From), bad}
	case stats.BetterSince:
		return cell{"better since " + w.clock.day(*v.From), good}
	case stats.AlwaysCancelled:
		return cell{string(v.Class), bad}
	case stats.OftenCancelled:
		return cell{string(v.Class), doubt}
	case stats.ContextBound:
		if !stats.Sound(v.Elsewhere()) {
			return cell{"mostly in " + where, bad}
		}
		return cell{"only in " + where, bad}
	case stats.FailsOften:
		if where != "" {
			return cell{"fails often (" + middle(where, 9) + ")", bad}
		}
		return cell{string(v.Class), bad}
	case stats.FlakyClass:
		if where != "" {
			return cell{"flaky (" + where + ")", doubt}
		}
		return cell{"flaky", doubt}
	case stats.Outage:
		return cell{"outage " + w.days(v), doubt}
	case stats.Used, stats.Unjudged:
		return cell{nothing, faint}
	case stats.Solid:
		return cell{"solid", good}
	}
	return cell{string(v.Class), faint}
}

// days is when an outage was: Nov 3, Nov 3–5 or Oct 30–Nov 2.
func (w *writer) days(v *stats.Verdict) string {
	from, to := v.From.In(w.clock.loc), v.To.In(w.clock.loc)
	a, b := w.clock.day(from), w.clock.day(to)
	switch {
	case a == b:
		return a
	case from.Year() == to.Year() && from.Month() == to.Month() && len(a) <= len("Jan 22"):
		return a + "–" + to.Format("2")
	}
	return a + "–" + b
}

func (w *writer) verdictCell(v *stats.Verdict) htmlCell {
	c := w.verdict(v)
	return htmlCell{Text: c.text, Class: styleClass(c.style), Badge: true, Tip: fmt.Sprintf("%d of %d runs failed", v.Failures, v.N)}
}
