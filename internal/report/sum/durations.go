package sum

import (
	"math"
	"math/bits"
	"slices"

	"pi-track/internal/stats"
)

// Durations describe succeeded runs, in milliseconds. Quantiles are linearly
// interpolated (type 7) and exact while Exact holds, else within 1 %.
type Durations struct {
	N     int64   `json:"n"`
	Avg   float64 `json:"avg_ms"`
	Min   float64 `json:"min_ms"`
	P50   float64 `json:"p50_ms"`
	P95   float64 `json:"p95_ms"`
	P99   float64 `json:"p99_ms"`
	Max   float64 `json:"max_ms"`
	Exact bool    `json:"exact"`
	// Histogram counts the durations in buckets that double: 1, 2, 4, … ms.
	// Only buckets from the first to the last that holds a run are listed.
	Histogram []Bucket `json:"histogram,omitempty"`
}

// Bucket counts durations d with Low ≤ d < High (milliseconds; the first
// bucket is [0, 1)).
type Bucket struct {
	Low  float64 `json:"low_ms"`
	High float64 `json:"high_ms"`
	N    int64   `json:"n"`
}

// MaxExact is up to how many durations quantiles are exact.
const MaxExact = 10000

// durationTally sums up durations in milliseconds. The order in which they are
// added, or in which several sums are merged, does not matter.
type durationTally struct {
	N, sum   int64
	min, max int64
	buckets  [54]uint32 // by bits.Len64: bucket i holds [2^(i−1), 2^i)
	values   []uint32   // all of them, while n ≤ MaxExact
	large    []int64    // those of them that do not fit
	sorted   int        // so many of the values at the begin are in order
	sketch   sketch     // all of them, once n > MaxExact
}

func (d *durationTally) Add(ms int64) {
	if d.N == 0 || ms < d.min {
		d.min = ms
	}
	d.max = max(d.max, ms)
	d.N++
	d.sum += ms
	d.buckets[bits.Len64(uint64(ms))]++
	switch {
	case d.N > MaxExact:
		if d.N == MaxExact+1 {
			d.toSketch()
		}
		d.sketch.Add(ms, 1)
	case ms <= math.MaxUint32:
		d.values = append(d.values, uint32(ms))
	default:
		d.large = append(d.large, ms)
	}
}

func (d *durationTally) toSketch() {
	for _, v := range d.values {
		d.sketch.Add(int64(v), 1)
	}
	for _, v := range d.large {
		d.sketch.Add(v, 1)
	}
	d.values, d.large, d.sorted = nil, nil, 0
}

// Merge adds all of o, which must not be used any more.
func (d *durationTally) Merge(o *durationTally) {
	switch {
	case o.N == 0:
		return
	case d.N == 0:
		*d = *o
		return
	}
	if o.min < d.min {
		d.min = o.min
	}
	d.max = max(d.max, o.max)
	exactBefore, exact := d.N <= MaxExact, d.N+o.N <= MaxExact
	d.N += o.N
	d.sum += o.sum
	for i, n := range o.buckets {
		d.buckets[i] += n
	}
	d.values = append(d.values, o.values...)
	d.large = append(d.large, o.large...)
	if exact {
		return
	}
	if exactBefore || len(o.values)+len(o.large) > 0 {
		d.toSketch()
	}
	d.sketch.Merge(&o.sketch)
}

// Quantiles are at several q, ascending or not.
func (d *durationTally) Quantiles(qs ...float64) []float64 {
	out := make([]float64, len(qs))
	if d.N == 0 {
		return out
	}
	if d.N > MaxExact {
		for i, q := range qs {
			out[i] = min(max(d.sketch.quantile(q, d.N), float64(d.min)), float64(d.max))
		}
		return out
	}
	d.sort()
	slices.Sort(d.large)
	all := make([]int64, 0, d.N)
	for _, v := range d.values {
		all = append(all, int64(v))
	}
	all = append(all, d.large...)
	for i, q := range qs {
		out[i] = stats.Quantile(all, q)
	}
	return out
}

// sort puts the values in order; an index stores them so.
func (d *durationTally) sort() {
	if d.sorted == len(d.values) {
		return
	}
	slices.Sort(d.values[d.sorted:])
	if a, b := d.values[:d.sorted], d.values[d.sorted:]; len(a) > 0 {
		all := make([]uint32, 0, len(d.values))
		for len(a) > 0 && len(b) > 0 {
			if a[0] <= b[0] {
				all, a = append(all, a[0]), a[1:]
			} else {
				all, b = append(all, b[0]), b[1:]
			}
		}
		d.values = append(append(all, a...), b...)
	}
	d.sorted = len(d.values)
}

// Result is the Report's form.
func (d *durationTally) Result() Durations {
	r := Durations{N: d.N, Exact: d.N <= MaxExact}
	if d.N == 0 {
		return r
	}
	r.Avg = float64(d.sum) / float64(d.N)
	r.Min, r.Max = float64(d.min), float64(d.max)
	q := d.Quantiles(0.5, 0.95, 0.99)
	r.P50, r.P95, r.P99 = q[0], q[1], q[2]
	first, last := bits.Len64(uint64(d.min)), bits.Len64(uint64(d.max))
	for i := first; i <= last; i++ {
		r.Histogram = append(r.Histogram, Bucket{Low: bucketLow(i), High: math.Ldexp(1, i), N: int64(d.buckets[i])})
	}
	return r
}

func bucketLow(i int) float64 {
	if i == 0 {
		return 0
	}
	return math.Ldexp(1, i-1)
}

// sketch is a DDSketch (Masson, Rim and Lee, VLDB 2019): counts of values in
// buckets whose bounds grow by a factor, so that every quantile is within 1 %
// of a value at its rank. Merging sketches adds their counts; nothing depends
// on the order.
type sketch struct {
	zeros  int64
	counts []uint32 // of bucket i: gamma^(i−1) < v ≤ gamma^i
}

// relative is the largest relative error of a sketch's quantile.
const relative = 0.01

const gamma = (1 + relative) / (1 - relative)

func (s *sketch) Add(ms, n int64) {
	if ms <= 0 {
		s.zeros += n
		return
	}
	i := sketchBucket(ms)
	s.room(i)
	s.counts[i] += uint32(n)
}

// logGamma is the natural logarithm of gamma.
var logGamma = math.Log(gamma)

func sketchBucket(ms int64) int {
	return int(math.Ceil(math.Log(float64(ms)) / logGamma))
}

func (s *sketch) room(i int) {
	if i >= len(s.counts) {
		s.counts = append(s.counts, make([]uint32, i+1-len(s.counts))...)
	}
}

func (s *sketch) Merge(o *sketch) {
	s.zeros += o.zeros
	s.room(len(o.counts) - 1)
	for i, n := range o.counts {
		s.counts[i] += n
	}
}

// quantile is the q-quantile of the n values in the sketch, interpolated
// between ranks as stats.Quantile does.
func (s *sketch) quantile(q float64, n int64) float64 {
	at := q * float64(n-1)
	low := s.at(int64(at))
	if f := at - math.Floor(at); f > 0 {
		low += f * (s.at(int64(at)+1) - low)
	}
	return low
}

// at is about the value of a rank, from 0.
func (s *sketch) at(rank int64) float64 {
	if rank < s.zeros {
		return 0
	}
	seen := s.zeros
	for i, n := range s.counts {
		if seen += int64(n); rank < seen {
			return 2 * math.Pow(gamma, float64(i)) / (1 + gamma)
		}
	}
	return 0
}
