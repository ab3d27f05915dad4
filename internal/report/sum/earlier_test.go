package sum

import (
	"math/rand/v2"
	"path/filepath"
	"slices"
	"testing"

	"pi-track/internal/report/index"
)

// busy are n runs, at irregular times, nearly in order.
func busy(n int, r *rand.Rand) []Outcome {
	out := make([]Outcome, n)
	at := int64(1_790_000_000_000)
	for i := range out {
		at += r.Int64N(300_000)
		out[i] = Outcome{At: at, ID: r.Uint32()}
	}
	return out
}

// TestEarlierRunsAreThinned: a sample has what lies in every so-many-th slot of time, in
// whatever order and parts the runs come, and through an index.
func TestEarlierRunsAreThinned(t *testing.T) {
	r := rand.New(rand.NewPCG(8, 1))
	for _, n := range []int{0, 1, 1999, 2000, 2001, 2600, 3000, 3001, 4400, 9000, 31000} {
		all := busy(n, r)
		var want []Outcome
		from, earlier := max(0, n-MaxHistory), 0
		for i, x := range all {
			if x.At/Slot%Every(int64(n)) == 0 {
				want = append(want, x)
				if i < from {
					earlier++
				}
			}
		}
		whole := all[from:]
		if from <= MaxEarlier {
			whole, want = all, nil
		}
		if earlier > MaxEarlier*5/4 || n > MaxHistory+MaxEarlier && earlier < MaxEarlier*2/5 || from <= MaxEarlier && earlier != from {
			t.Fatalf("%d runs: %d earlier ones are left", n, earlier)
		}
		check := func(what string, e *Ends) {
			t.Helper()
			latest, sample := e.Finished.Searched(int64(n))
			if !slices.Equal(latest, whole) || !slices.Equal(sample, want) {
				t.Errorf("%d runs, %s: %d and a sample of %d, want %d and %d", n, what, len(latest), len(sample), len(whole), len(want))
			}
		}
		add := func(list []Outcome) *Ends {
			e := NewEnds(false)
			for _, x := range list {
				e.Finished.Add(x)
			}
			return &e
		}
		check("in order", add(all))
		mixed := slices.Clone(all)
		r.Shuffle(n, func(i, j int) { mixed[i], mixed[j] = mixed[j], mixed[i] })
		check("in any order", add(mixed))
		for _, cut := range []int{0, n / 7, n / 2, n - n/9} {
			e := add(all[:cut])
			e.Merge(add(all[cut:]))
			check("two parts", e)
			e = add(mixed[:cut])
			e.Merge(add(mixed[cut:]))
			check("two mixed parts", e)

			// what an index kept goes on with the rest
			stored := stored(t, add(all[:cut]))
			for _, x := range all[cut:] {
				stored.Finished.Add(x)
			}
			check("from an index", stored)
		}
	}
}

// stored is what an index keeps of e.
func stored(t *testing.T, e *Ends) *Ends {
	w, file := index.NewWriter("ends"), filepath.Join(t.TempDir(), "i", "x")
	e.Encode(w)
	if err := index.Write(file, w, nil); err != nil {
		t.Fatal(err)
	}
	f, d := index.Open(file, "ends")
	if d == nil {
		t.Fatal("the index cannot be read")
	}
	defer f.Close()
	out := NewEnds(false)
	out.Decode(d)
	return &out
}
