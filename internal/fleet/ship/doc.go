// Package ship sends what is new in a log to a sink, and keeps account of it.
//
// The log is read only, and never locked: writers, rotation, compression and
// prune may be at work. What was sent is known by content, not by name:
//
//   - A segment is identified by the hash of its first event line, so renaming or
//     compressing it changes nothing. How far it was sent is an offset in the
//     uncompressed stream, with a hash of the bytes before it. If these bytes have
//     changed (a truncated log, one whose damaged lines were set aside, a restored
//     backup, an account of another home), the segment is sent again from the
//     beginning. Segments that begin with the same line (a backup that went on beside
//     its original) have an offset each. A compressed segment that was sent to its end
//     is not unpacked again while its size and its last bytes, zstd's checksum among
//     them, are the same. The sink keeps each line only once.
//   - A batch is named by the hash of its content. Two machines with copies of
//     one home use different names where their logs differ, and the same names
//     where they do not.
//   - Before a batch is sent, one atomic write records its span (pending) and what
//     was taken before. After a crash the same bytes go out under the same name. A
//     batch counts as taken only when the sink has said so.
//   - When the account cannot be written, nothing more is sent.
//
// So nothing is lost by kill -9 at any moment, a full disk, two runs at once (there
// is a lock, and the second run leaves) or an engine that dies. At worst, a batch is
// sent twice under one name.
//
// A batch that the sink refuses is halved, down to the line; that line goes to
// NAME.rejected.jsonl beside the account, and the rest is sent. Lines that are not events
// stay; `pi-track verify` names them.
package ship
