// Package stress injects the faults that a log has to live through: many
// writers at once, rotation beside them, kills at any moment, a full disk.
//
// `go test` runs a small part of it; with PI_TRACK_STRESS=1 (make stress) all
// of it runs, which takes minutes.
package stress
