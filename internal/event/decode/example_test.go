package decode_test

import (
	"fmt"

	"pi-track/internal/event"
	"pi-track/internal/event/decode"
)

// Other JSON that says the same as the layout of the log is read, too.
func ExampleEvent() {
	var e event.Event
	err := decode.Event([]byte(`{ "v": 1, "ts": "2026-11-22T21:22:32.123Z", "id": "a", "kind": "job", "name": "train", "status": "failed" }`), &e)
	fmt.Println(e.Kind, e.Name, e.Status, err)
	fmt.Println(decode.Event([]byte(`{"ts":"2026-11-22T21`), &e))
	// Output:
	// job train failed <nil>
	// the line ends in the middle of its JSON text
}
