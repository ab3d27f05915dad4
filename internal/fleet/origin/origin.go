// Package origin reads back what package ship has sent, for a report.
package origin

// Unread is something that should be there to be read, and is not as it was sent.
type Unread struct{ Path, Why string }
