package redact_test

import (
	"fmt"

	"pi-track/internal/redact"
)

func ExampleText() {
	fmt.Println(redact.Text("error: GET https://ci:hunter2@example.com/x failed, password=hunter2"))
	// Output: error: GET https://ci:[redacted:url]@example.com/x failed, password=[redacted:key]
}

// Summary finds the line that names the cause.
func ExampleSummary() {
	fmt.Println(redact.Summary([]byte("building\nerror: no such file: main.c\n"), nil))
	// Output: error: no such file: main.c
}
