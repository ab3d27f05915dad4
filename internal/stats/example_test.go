package stats_test

import (
	"fmt"

	"pi-track/internal/stats"
)

// Three successes in 15 runs: the rate that they prove.
func ExampleWilson() {
	low, high := stats.Wilson(3, 15)
	fmt.Printf("%.2f to %.2f\n", low, high)
	// Output: 0.07 to 0.45
}

func ExampleNewcombe() {
	diff, _ := stats.Newcombe(56, 70, 48, 80)
	fmt.Printf("%+.2f [%+.2f, %+.2f]\n", diff.Value, diff.Low, diff.High)
	// Output: +0.20 [+0.05, +0.33]
}

func ExampleQuantile() {
	fmt.Println(stats.Quantile([]int64{100, 200, 400}, .5))
	// Output: 200
}

// With the helper fewer tasks get done on the whole, because it is used in hard
// ones. Within easy and within hard tasks more get done.
func ExampleCompare() {
	c := stats.Compare([]stats.Table{
		{OKWith: 27, NWith: 30, OKWithout: 56, NWithout: 70}, // easy: 90 % and 80 %
		{OKWith: 35, NWith: 70, OKWithout: 12, NWithout: 30}, // hard: 50 % and 40 %
	})
	fmt.Printf("%+.2f %+.2f\n", c.Naive.Value, c.Stratified.Value)
	// Output: -0.06 +0.10
}

// An experiment may be looked at after every task: the verdict allows for that.
func ExampleArms_Verdict() {
	early := stats.Arms{OK1: 21, N1: 30, OK2: 16, N2: 30}
	late := stats.Arms{OK1: 210, N1: 300, OK2: 160, N2: 300}
	fmt.Println(early.Verdict(), "–", late.Verdict())
	// Output: not yet – helps
}
