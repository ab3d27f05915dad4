package event_test

import (
	"fmt"
	"time"

	"pi-track/internal/event"
)

func ExampleEvent_Append() {
	code := 0
	e := event.Event{
		TS: time.Date(2026, 11, 22, 21, 22, 32, 123e6, time.UTC), ID: "019ab0c3-7d01-7abc-8def-0123456789ab",
		Kind: event.Script, Name: "deploy", Status: event.OfExit(0), DurationMS: 1234, ExitCode: &code,
	}
	fmt.Printf("%s", e.Append(nil))
	// Output:
	// {"ts":"2026-11-22T21:22:32.123Z","v":1,"id":"019ab0c3-7d01-7abc-8def-0123456789ab","kind":"script","name":"deploy","status":"succeeded","duration_ms":1234,"exit_code":0}
}
