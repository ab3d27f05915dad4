// Package fleet is what the machines of a team agree on when they send their
// runs to one place: where to (a [Sink]), what of a line may leave a machine (a
// [Policy]), and how the secrets that this needs are read.
//
// A line leaves as it is in the log, but for what its policy hashes or drops:
// it is still an event, so that every reader of a log can read what was sent.
// The policy is an allow-list. A key that this version does not know stays at
// home until its user says otherwise.
//
// Package ship reads the log and keeps account of what was sent, package sink
// takes batches, package origin reads them back for a report.
package fleet
