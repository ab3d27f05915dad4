package runs

import (
	"testing"
	"time"

	"pi-track/internal/event"
	"pi-track/internal/report/hash"
)

// An id's time is that of the UUID, and a scan is done with a group of pages
// before it comes back to it.
func TestBloomFollowsTime(t *testing.T) {
	from := time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC)
	const days = 100
	b := newBloom(1<<30, from.UnixMilli(), from.AddDate(0, 0, days).UnixMilli())
	groups, last := 0, -1
	for i := range days * 24 * 60 {
		at := from.Add(time.Duration(i) * time.Minute)
		id := []byte(event.NewID(at))
		made := idMade(id)
		if want := uint32(at.UnixMilli() >> madeShift); made != want {
			t.Fatalf("%s: %d, want %d", id, made, want)
		}
		if group := int(made >> b.shift); group != last {
			groups, last = groups+1, group
		}
		if b.add(made, hash.Of(id)); !b.has(made, hash.Of(id)) {
			t.Fatalf("%s is lost", id)
		}
	}
	if all := len(b.pages) / groupPages; groups < all || groups > 2*all+1 {
		t.Errorf("%d groups in a row of %d, want all once or twice", groups, all)
	}
	used := 0
	for _, p := range b.pages {
		if p != nil {
			used++
		}
	}
	if used != len(b.pages) {
		t.Errorf("%d of %d pages are used", used, len(b.pages))
	}
	wrong := 0
	for i := range 100000 {
		id := []byte(event.NewID(from.Add(time.Duration(i) * time.Minute)))
		if b.has(idMade(id), hash.Of(id)) {
			wrong++
		}
	}
	if wrong > 50 {
		t.Errorf("%d of 100000 ids are found that were never added", wrong)
	}
}
