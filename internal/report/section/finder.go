package section

import (
	"pi-track/internal/report/sum"
	"pi-track/internal/stats"
)

// finder finds changes in outcomes.
type finder struct {
	*shared
	changes stats.Changes
	trials  []stats.Trial
}

// find finds them in the latest runs and, of a busy helper, in a sample of all the time.
// Each is searched by itself: of thinned runs, fewer follow another one in their
// session, which is what makes a failure a retry.
func (f *finder) find(r *runsOf) []stats.Change {
	latest, sample := r.ends.Finished.Searched(r.Finished())
	found := f.findIn(latest)
	if sample != nil {
		return stats.Together(found, f.findIn(sample))
	}
	return found
}

// findIn finds changes in a list. Where the helper fails with one model, runs with it are
// compared with each other: sessions with that model come in any order, which looks like
// a change. Other files and agents come one after the other: they are what a change is
// told beside.
func (f *finder) findIn(list []sum.Outcome) []stats.Change {
	f.trials = trialsOf(f.trials[:0], list, nil)
	found := f.changes.Find(f.trials)
	if len(found) == 0 {
		return found
	}
	models := f.valuesFor(list)[len(withNames)-1]
	tie, ok := stats.FindTie(f.trials, [][]uint32{models})
	if !ok {
		return found
	}
	for i, model := range models {
		f.trials[i].Tied = int(model) == tie.Value
	}
	return f.changes.Find(f.trials)
}

// among are the outcomes in which a change was found.
func (h *helper) among(sampled bool) []sum.Outcome {
	latest, sample := h.searched()
	if sampled {
		return sample
	}
	return latest
}
