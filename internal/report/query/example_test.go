package query_test

import (
	"fmt"
	"time"

	"pi-track/internal/report/query"
)

// What --since takes.
func ExampleParseTime() {
	now := time.Date(2026, 11, 24, 15, 30, 0, 0, time.UTC)
	for _, text := range []string{"7d", "36h", "yesterday", "2026-11-01", "2026-11-01 14:30", "90"} {
		at, err := query.ParseTime(text, now, time.UTC)
		if err != nil {
			fmt.Println(err)
			continue
		}
		fmt.Println(at.Format("Jan 2 15:04"))
	}
	// Output:
	// Nov 17 15:30
	// Nov 23 03:30
	// Nov 23 00:00
	// Nov 1 00:00
	// Nov 1 14:30
	// "90" has no unit: write 90d for days, 90h for hours
}
