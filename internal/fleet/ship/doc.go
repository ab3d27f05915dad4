// Package ship sends what is new in a log to a sink, and keeps account of it.
//
// The log is read only, and never locked: writers, rotation, compression and
// prune may be at work. What was sent is known by content, not by name:
//
//   - A segment is known by the hash of its first event line, so that renaming and
//     compressing it change nothing. How far it was sent is an offset in the
//     uncompressed stream, with a hash of the bytes before it. When they are
//     others by now (a truncated log, one whose damaged lines were set aside, a
//     restored backup, an account of another home), the segment is sent again
//     from its begin: what takes the lines takes each once.
//   - A batch is named by the hash of its content. Two machines with copies of
//     one home send different names where their logs differ, the same where they
//     do not.
//   - Before a batch is sent, its span is written down (pending), with what was
//     taken before, by one atomic write. After a crash the same bytes go out under the
//     same name. A batch counts as taken only when the sink said so.
//   - When the account cannot be written, nothing more is sent.
//
// So kill -9 at any moment, a full disk, two runs at once (a lock: the second
// leaves) and an engine that dies lose nothing, and at worst a batch is sent
// twice under one name.
//
// A batch that the sink refuses is halved, down to the line; that line goes to
// NAME.rejected.jsonl beside the account, and the rest goes on. Lines that are no events
// are not sent; `pi-track verify` names them.
package ship
