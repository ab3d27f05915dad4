package section

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"pi-track/internal/report/sum"
	"pi-track/internal/stats"
)

// minLoop is from how many failures in a row a session retries in vain.
const minLoop = 5

// loop is a row of failures of one helper in one session with the same error.
type loop struct {
	cause    uint32
	n        int64
	spent    int64 // sum of the durations, ms
	tokens   int64
	micro    int64 // cost in millionths of a dollar
	from, to int64 // start of the first and end of the last, Unix ms
	repo     uint32
}

// retryLoops are the loops in the outcomes of a helper, the longest first.
func retryLoops(list []sum.Outcome) []loop {
	if countFailed(list) < minLoop {
		return nil
	}
	var out []loop
	open := map[uint32]*loop{} // by session
	end := func(session uint32) {
		if x := open[session]; x != nil && x.n >= minLoop {
			out = append(out, *x)
		}
		delete(open, session)
	}
	for i := range list {
		x := &list[i]
		if x.Session == 0 {
			continue
		}
		if now := open[x.Session]; now != nil && (!x.Failed || now.cause != x.Cause) {
			end(x.Session)
		}
		if !x.Failed {
			continue
		}
		now := open[x.Session]
		if now == nil {
			now = &loop{cause: x.Cause, from: x.At - int64(x.Duration), repo: x.Repo}
			open[x.Session] = now
		}
		now.n++
		now.spent += int64(x.Duration)
		now.tokens += int64(x.Tokens)
		now.micro += int64(x.Micro)
		now.to = x.At
	}
	for session := range open {
		end(session)
	}
	slices.SortFunc(out, func(a, b loop) int { return cmp.Or(-cmp.Compare(a.n, b.n), -cmp.Compare(a.to, b.to)) })
	return out
}

// looped is a sentence on a helper that was retried in vain, with its failures
// in loops among all of so many runs.
type looped struct {
	Sentence
	Failed, All, Runs int64
}

// seldomElse says whether the helper hardly fails outside of its loops.
func (x *looped) seldomElse() bool {
	low, _ := stats.Wilson(x.All-x.Failed, x.Runs-x.Failed)
	return low < rareRate
}

// loops are the sentences on helpers that were retried in vain, one for each.
func (t *totals) loops() []looped {
	var out []looped
	for id, h := range t.helpers {
		if h == nil {
			continue
		}
		list := h.ends.Finished.History()
		found := retryLoops(list)
		if len(found) == 0 {
			continue
		}
		x := found[0]
		repo, name, which := t.repos.Text(x.repo), t.name(uint32(id)), t.which(uint32(id))
		s := Sentence{
			Code: RetryLoop, Helper: name, Which: which, Repo: &repo, From: t.q.Moment(x.from), To: t.q.Moment(x.to),
			K: x.n, N: x.n, Loops: int64(len(found)), Look: lookAt(name, which),
		}
		failed := int64(0)
		for _, l := range found {
			s.SpentMS += l.spent
			s.Tokens += l.tokens
			s.Cost += float64(l.micro) / 1e6
			failed += l.n
		}
		out = append(out, looped{s, failed, countFailed(list), int64(len(list))})
	}
	return out
}

// A helper counts as no longer used when it was used on at least minUsedDays of
// the days on which anything ran, and its absence since is longer than twice
// any before, at least minAbsence such days, and less probable than maxAbsent
// over all helpers, were it used on each day with the share it had.
const (
	minUsedDays = 5
	minAbsence  = 5
	maxAbsent   = 0.003
)

// abandoned are the sentences on helpers that are no longer used.
func (t *totals) abandoned() []Sentence {
	var all sum.Days
	helpers := 0
	for _, h := range t.helpers {
		if h != nil && len(h.days) > 0 {
			all.Merge(h.days)
			helpers++
		}
	}
	var out []Sentence
	for id, h := range t.helpers {
		if h == nil || len(h.days) < minUsedDays || t.q.SomeStatus() {
			continue
		}
		used, span, longest, since := absence(h.days, all)
		p := math.Pow(1-float64(used)/float64(span+1), float64(since))
		if since < minAbsence || since <= 2*longest || p*float64(helpers) > maxAbsent {
			continue
		}
		name, which := t.name(uint32(id)), t.which(uint32(id))
		out = append(out, Sentence{
			Code: NotUsed, Helper: name, Which: which, From: t.q.Moment(h.LastRun), K: used, N: span, Other: since,
			Look: lookAt(name, which),
		})
	}
	slices.SortFunc(out, func(a, b Sentence) int {
		return cmp.Or(-cmp.Compare(a.K, b.K), strings.Compare(a.Helper, b.Helper), strings.Compare(a.Sort, b.Sort))
	})
	return out
}

// absence counts in days on which anything ran: those on which a helper was
// used, of those from its first to its last, the longest time without it
// among them, and the days since.
func absence(own, all sum.Days) (used, span, longest, since int64) {
	first, last := own[0].Day, own[len(own)-1].Day
	gap, k := int64(0), 0
	for i := range all {
		switch day := all[i].Day; {
		case day < first:
		case day > last:
			since++
		default:
			span++
			if k < len(own) && own[k].Day == day {
				used++
				k++
				longest, gap = max(longest, gap), 0
			} else {
				gap++
			}
		}
	}
	return used, span, longest, since
}
