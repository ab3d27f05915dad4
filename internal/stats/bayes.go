package stats

// Beta is a Beta distribution of a failure rate.
type Beta struct {
	A float64 `json:"a"` // weight of failures
	B float64 `json:"b"` // weight of successes
}
