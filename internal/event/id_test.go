package event_test

import (
	"testing"
	"time"

	"pi-track/internal/event"
)

func TestIDTime(t *testing.T) {
	now := time.Now().Truncate(time.Millisecond)
	id := event.NewID(now)
	for cut, within := range map[int]time.Duration{36: 0, 18: 0, 13: 0, 11: 300 * time.Millisecond, 8: 66 * time.Second} {
		if got := event.IDTime(id[:cut]); got.After(now) || now.Sub(got) > within {
			t.Errorf("%s: %v, want at most %v before %v", id[:cut], got, within, now)
		}
	}
	for _, other := range []string{"", "wild", "01a196", "zzzzzzzz-zzzz", "01a1968d-3900-5000-8000-000000000001"} {
		if got := event.IDTime(other); !got.IsZero() {
			t.Errorf("%q: %v", other, got)
		}
	}
}
