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
