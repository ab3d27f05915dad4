package stats

import (
	"math"
	"math/rand/v2"
)

// The scan looks for a stretch of runs that failed more than the rest: the
// temporal scan statistic of Kulldorff (1997, 2001), where each context fails
// at its own rate. A context that is worse than others is no change, however
// its runs lie in time.
const (
	fewPermutations  = 199
	mostPermutations = 999    // of short histories
	permutationWork  = 100000 // windows and runs that these may look at
	morePermutations = 5      // times as many where some but few reach the score
	minScore         = 4      // log likelihood ratio below which no p-value is tried
	maxEnds          = 256    // ends of windows that are looked at
	fixed            = 40     // expected failures are integers of 2^-40: sums are exact
	surely           = 5e-4   // p-value that needs no permutations
)

// scan is a history of runs in time order and what its permutations need. The
// buffers are kept from one history to the next.
type scan struct {
	of       []int32 // the context of each run
	failed   []bool
	n, k     []uint32 // runs and failures of each context
	failures int
	seed     uint64

	expected   []int64 // failures expected before run i
	leftN      []uint32
	leftK      []uint32
	positions  []int32
	begin, end []int64 // expected failures before and up to each end of windows
}

// window is a stretch of runs [from, to) that holds observed failures where
// expected ones were to be expected.
type window struct {
	from, to int
	score    float64 // log likelihood ratio
}

// prepare sums up what the contexts expect.
func (s *scan) prepare() {
	s.expected = append(s.expected[:0], 0)
	sum := int64(0)
	rates := make([]int64, len(s.n))
	for c := range s.n {
		rates[c] = int64(math.Round(float64(s.k[c]) / float64(s.n[c]) * (1 << fixed)))
	}
	s.positions = s.positions[:0]
	for i, c := range s.of {
		sum += rates[c]
		s.expected = append(s.expected, sum)
		if s.failed[i] {
			s.positions = append(s.positions, int32(i))
		}
	}
	s.failures = len(s.positions)
}

// ends sums up what to expect before and up to each end of windows. Windows
// begin and end at failures; of many failures only at every stride-th.
func (s *scan) ends() (stride int) {
	stride = (len(s.positions) + maxEnds - 1) / maxEnds
	s.begin, s.end = s.begin[:0], s.end[:0]
	for i := 0; i < len(s.positions); i += stride {
		s.begin = append(s.begin, s.expected[s.positions[i]])
		s.end = append(s.end, s.expected[s.positions[min(i+stride, len(s.positions))-1]+1])
	}
	return stride
}

// score is the largest score of any window. Of the windows with as many
// failures the one where fewest were expected has the largest.
func (s *scan) score() float64 {
	stride := s.ends()
	best, last := 0.0, len(s.begin)-1
	for w := range s.begin {
		first := last - w // the window up to the end may hold fewer failures
		least := leastExpected(s.begin[:first], s.end[w:])
		best = max(best, logLikelihood((w+1)*stride, least, s.failures),
			logLikelihood(s.failures-first*stride, s.end[last]-s.begin[first], s.failures))
	}
	return best
}

// leastExpected is the smallest end[i] − begin[i].
func leastExpected(begin, end []int64) int64 {
	end = end[:len(begin)]
	least := int64(math.MaxInt64)
	for i, b := range begin {
		least = min(least, end[i]-b)
	}
	return least
}

// best is the window with the largest score, its ends to the failure; of several the
// first.
func (s *scan) best() window {
	stride := s.ends()
	first, last, best := 0, -1, 0.0
	try := func(i, j int) {
		expected := s.expected[s.positions[j]+1] - s.expected[s.positions[i]]
		if x := logLikelihood(j-i+1, expected, s.failures); x > best || x == best && i < first {
			first, last, best = i, j, x
		}
	}
	for w, n := 0, len(s.begin)-1; n >= 0; w, n = w+1, n-1 {
		if least := leastExpected(s.begin[:n], s.end[w:]); n > 0 {
			i := 0
			for s.end[i+w]-s.begin[i] != least {
				i++
			}
			try(i*stride, (i+w+1)*stride-1)
		}
		try(n*stride, s.failures-1) // the window up to the end may hold fewer failures
	}
	if last < 0 {
		return window{}
	}
	if a, b := first, last; stride > 1 {
		for i := max(0, a-stride); i < min(a+stride, s.failures); i++ {
			for j := max(i, b-stride); j < min(b+stride, s.failures); j++ {
				try(i, j)
			}
		}
	}
	return window{int(s.positions[first]), int(s.positions[last]) + 1, best}
}

// since is where the stretch with the largest score begins that ends with the
// history.
func (s *scan) since() int {
	at, best := 0, 0.0
	for i, p := range s.positions {
		if x := logLikelihood(s.failures-i, s.expected[len(s.of)]-s.expected[p], s.failures); x > best {
			at, best = int(p), x
		}
	}
	return at
}

// until is where the stretch with the largest score ends that begins with the
// history.
func (s *scan) until() int {
	at, best := len(s.of), 0.0
	for i, p := range s.positions {
		if x := logLikelihood(i+1, s.expected[p+1], s.failures); x > best {
			at, best = int(p)+1, x
		}
	}
	return at
}

// logLikelihood is the log likelihood ratio of a window with the observed of
// all failures, where expected (in 2^-40) were to be expected; 0 when these
// are no more than expected.
func logLikelihood(observed int, expected int64, all int) float64 {
	o, e, k := float64(observed), float64(expected)/(1<<fixed), float64(all)
	if o <= e {
		return 0
	}
	x := o * math.Log(o/e)
	if observed < all {
		x += (k - o) * math.Log((k-o)/(k-e))
	}
	return x
}

// chance is the p-value of the best window of a history: how often histories
// with the same numbers of failures per context have one with such a score.
// When no permutation is needed to know that it is tiny, it is a bound. Only one
// below the limit, of at most maxP, matters: it is at least the limit when it
// need not be known better.
func (s *scan) chance(w window, limit float64) float64 {
	observed := s.score() // as the permutations are scored
	if observed < minScore {
		return 1
	}
	// Of one window, a score of x has at most the probability e^-x (Chernoff's
	// bound holds for sampling without replacement, too: Hoeffding 1963).
	n := float64(len(s.of))
	if bound := n * n / 2 * math.Exp(-w.score); bound < surely {
		return bound
	}
	source := rand.NewPCG(s.seed, 0)
	permutations := min(max(permutationWork/(len(s.of)+s.failures*s.failures/2), fewPermutations), mostPermutations)
	rare := 1.5 / float64(permutations*morePermutations+1) // the least when one reaches the score
	high := float64(permutations) * meanFor(observed, limit)
	var sum, squares, exceeding float64
	if rare >= limit && high <= 0 {
		return 1
	}
	for i, first := 0, permutations; i < permutations; i++ {
		if i == first-1 && exceeding > 0 { // so few leave open how rare they are
			permutations *= morePermutations
		}
		s.permute(source)
		x := s.score()
		sum += x
		squares += x * x
		switch {
		case x > observed+1e-9:
			exceeding++
		case x > observed-1e-9:
			exceeding += 0.5 // Lancaster's mid-p: scores of few runs are often equal
		default:
			if exceeding == 0 && rare >= limit && sum >= high {
				return 1
			}
			continue
		}
		if (exceeding+1)/float64(first*morePermutations+1) >= limit {
			return 1
		}
		if exceeding+1 >= maxP*float64(permutations+1) {
			return max(maxP, (exceeding+1)/float64(i+2))
		}
	}
	p := (exceeding + 1) / float64(permutations+1)
	if exceeding == 0 {
		p = min(p, gumbelTail(observed, sum, squares, permutations))
	}
	return p
}

const (
	euler      = 0.57721566490153286
	leastScale = 0.9 // a window's score has a tail of e^-x, which few distinct maxima do not show
)

// gumbelTail is the probability of a maximum of at least x by a Gumbel
// distribution with the moments of n maxima, and of at least leastScale.
func gumbelTail(x, sum, squares float64, n int) float64 {
	mean := sum / float64(n)
	deviation := math.Sqrt(max(0, squares/float64(n)-mean*mean))
	scale := max(deviation*math.Sqrt(6)/math.Pi, leastScale)
	return -math.Expm1(-math.Exp(-(x-mean)/scale - euler))
}

// meanFor is the mean of the maxima from which on gumbelTail is surely no less
// than p.
func meanFor(x, p float64) float64 {
	return x + leastScale*(euler+math.Log(-math.Log1p(-p)))
}

// permute puts the failures of each context at random places among its runs:
// selection sampling (Knuth 2, 3.4.2 S), which finds them in time order.
func (s *scan) permute(source *rand.PCG) {
	s.leftN = append(s.leftN[:0], s.n...)
	s.leftK = append(s.leftK[:0], s.k...)
	s.positions = s.positions[:0]
	for i, c := range s.of {
		if uint64(s.leftN[c])*(source.Uint64()>>32) < uint64(s.leftK[c])<<32 {
			s.positions = append(s.positions, int32(i))
			s.leftK[c]--
		}
		s.leftN[c]--
	}
}
