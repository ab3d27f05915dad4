package suggest_test

import (
	"fmt"

	"pi-track/internal/suggest"
)

func ExampleNearest() {
	verbs := []string{"install", "report", "rotate"}
	fmt.Printf("%q %q\n", suggest.Nearest("repotr", verbs), suggest.Nearest("bake", verbs))
	// Output: "report" ""
}
