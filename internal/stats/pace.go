package stats

import (
	"math"
	"slices"
)

// Timed is a run that succeeded, as the search for a change of durations sees it.
type Timed struct {
	At      int64  // end, Unix ms
	Repo    uint32 // number of the context
	Session uint32 // number of the session, 0 is none
	MS      int64  // duration
}

// Pace is a moment since which the runs of a helper take longer, or less long.
type Pace struct {
	Class Class    // SlowerSince or FasterSince
	P     float64  // of a change as clear as this in a history without any
	From  int64    // end of the first run since, Unix ms
	Ratio Interval // of the medians, since ÷ before, of durations in units of their repo's median
	N     int64    // runs since

	Sampled bool // it was found in a sample of the runs
}

const (
	minPaceSide = 5   // stretches of a session that each side of a change needs
	minPace     = 1.5 // ratio of the medians that is worth a word
)

// Paces finds changes of durations in histories, one after the other. The zero
// value is ready. It is not for concurrent use.
type Paces struct {
	units  []stretch
	order  []ranked
	ms     []int64
	number map[uint32]int // of the repos
	repos  []drawn
}

// Find returns the moment at which the durations of a history in time order
// changed for good, with a p-value below 0.01. Each row of runs in one session
// counts once, by its median, as its runs do alike work; it is compared with
// those of its own repo, by normal scores of the ranks (van der Waerden 1952).
// The moment is the split with the largest standardised difference; its p-value
// is that of the maximum of a standardised Brownian bridge (Miller and Siegmund
// 1982).
func (s *Paces) Find(list []Timed) (Pace, bool) {
	s.findStretches(list)
	n := len(s.units)
	if n < 4*minPaceSide {
		return Pace{}, false
	}
	s.setScores()
	at, z := s.split()
	p := maximumTail(math.Abs(z), float64(minPaceSide)/float64(n))
	if p >= maxP {
		return Pace{}, false
	}
	border := s.units[at].first
	relative := inRepoMedians(list)
	ratio, ok := MedianRatio(sorted(relative[:border]), sorted(relative[border:]))
	x := Pace{Class: SlowerSince, P: p, From: list[border].At, Ratio: ratio, N: int64(len(list) - border)}
	least := ratio
	if z < 0 {
		x.Class = FasterSince
		least = Interval{Value: 1 / ratio.Value, Low: 1 / ratio.High}
	}
	return x, ok && least.Value >= minPace && least.Low > 1
}

// inRepoMedians are the durations in thousandths of the median of their repo.
func inRepoMedians(list []Timed) []int64 {
	byRepo := map[uint32][]int64{}
	for _, x := range list {
		byRepo[x.Repo] = append(byRepo[x.Repo], x.MS)
	}
	median := map[uint32]float64{}
	for repo, ms := range byRepo {
		median[repo] = max(Quantile(sorted(ms), 0.5), 1)
	}
	out := make([]int64, len(list))
	for i, x := range list {
		out[i] = int64(1000 * float64(x.MS) / median[x.Repo])
	}
	return out
}

func sorted(list []int64) []int64 { return slices.Sorted(slices.Values(list)) }

// stretch is a row of runs in one session.
type stretch struct {
	first  int // index of its first run
	repo   int // number of the repo
	median float64
	score  float64 // normal score of its rank in the repo
}

// ranked is what puts a stretch among those of its repo.
type ranked struct {
	median     float64
	repo, unit int32
}

// drawn is how much of a repo's stretches lies before a split.
type drawn struct{ n, taken, squares float64 }

// variance is that of the sum of the scores of as many drawn at random.
func (d *drawn) variance() float64 {
	if d.n < 2 {
		return 0
	}
	return d.squares / (d.n - 1) * d.taken * (d.n - d.taken) / d.n
}

// findStretches finds the rows and numbers their repos; those of repos with too
// few are number 0 together.
func (s *Paces) findStretches(list []Timed) {
	if s.number == nil {
		s.number = map[uint32]int{}
	}
	clear(s.number)
	s.units, s.repos = s.units[:0], append(s.repos[:0], drawn{})
	for i := 0; i < len(list); {
		j := i + 1
		s.ms = append(s.ms[:0], list[i].MS)
		for j < len(list) && list[i].Session != 0 && list[j].Session == list[i].Session && list[j].Repo == list[i].Repo {
			s.ms = append(s.ms, list[j].MS)
			j++
		}
		repo, ok := s.number[list[i].Repo]
		if !ok {
			repo = len(s.repos)
			s.number[list[i].Repo], s.repos = repo, append(s.repos, drawn{})
		}
		s.repos[repo].n++
		slices.Sort(s.ms)
		s.units = append(s.units, stretch{first: i, repo: repo, median: Quantile(s.ms, 0.5)})
		i = j
	}
	for i := range s.units {
		if x := &s.units[i]; s.repos[x.repo].n < minPaceSide {
			x.repo = 0
			s.repos[0].n++
		}
	}
}

// setScores ranks the stretches of each repo.
func (s *Paces) setScores() {
	s.putInOrder()
	rank := 0
	for i := 0; i < len(s.order); {
		x := s.order[i]
		if i == 0 || x.repo != s.order[i-1].repo {
			rank = 0
		}
		j := i + 1
		for j < len(s.order) && s.order[j].repo == x.repo && s.order[j].median == x.median {
			j++
		}
		d := &s.repos[x.repo]
		ties := float64(j - i) // which share the mean of their ranks
		score := normalQuantile((float64(rank) + (ties+1)/2) / (d.n + 1))
		d.squares += ties * score * score
		rank += j - i
		for ; i < j; i++ {
			s.units[s.order[i].unit].score = score
		}
	}
}

// putInOrder puts the stretches in the order of the repos, and of the medians in
// each. To sort many short lists takes less time than to sort one long list.
func (s *Paces) putInOrder() {
	s.order = slices.Grow(s.order[:0], len(s.units))[:len(s.units)]
	begin := make([]int, len(s.repos)+1) // of each repo
	for i := range s.units {
		begin[s.units[i].repo+1]++
	}
	for repo := range s.repos {
		begin[repo+1] += begin[repo]
	}
	next := slices.Clone(begin)
	for i := range s.units {
		x := &s.units[i]
		s.order[next[x.repo]] = ranked{x.median, int32(x.repo), int32(i)}
		next[x.repo]++
	}
	for repo := range s.repos {
		slices.SortFunc(s.order[begin[repo]:begin[repo+1]], func(a, b ranked) int {
			switch {
			case a.median < b.median:
				return -1
			case a.median > b.median:
				return 1
			}
			return 0
		})
	}
}

// normalQuantile is that of the standard normal distribution.
func normalQuantile(p float64) float64 { return math.Sqrt2 * math.Erfinv(2*p-1) }

// split is the border between two units with the largest standardised sum of the
// scores behind it, and that sum: its variance is that of drawing each repo's
// units at random.
func (s *Paces) split() (at int, z float64) {
	sum, all := 0.0, 0.0
	for i := range len(s.units) - minPaceSide {
		x := &s.units[i]
		d := &s.repos[x.repo]
		all -= d.variance()
		d.taken++
		all += d.variance()
		sum -= x.score // those behind have the rest: all sum to 0
		if z2 := sum / math.Sqrt(all); i+1 >= minPaceSide && all > 0 && math.Abs(z2) > math.Abs(z) {
			at, z = i+1, z2
		}
	}
	return at, z
}

// maximumTail is the probability that a standardised Brownian bridge exceeds b
// somewhere between the shares e and 1−e of its time.
func maximumTail(b, e float64) float64 {
	if b < 2 {
		return 1
	}
	density := math.Exp(-b*b/2) / math.Sqrt(2*math.Pi)
	return min(1, density*((b-1/b)*2*math.Log((1-e)/e)+4/b))
}
