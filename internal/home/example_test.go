package home_test

import (
	"fmt"

	"pi-track/internal/home"
)

// A log that was chosen goes before the one in the home.
func ExampleLogOf() {
	fmt.Println(home.LogOf("/home/user/runtime/tool-usage", "", nil))
	fmt.Println(home.LogOf("/home/user/runtime/tool-usage", "/var/log/runs.jsonl", nil))
	// Output:
	// /home/user/runtime/tool-usage/events.jsonl
	// /var/log/runs.jsonl
}
