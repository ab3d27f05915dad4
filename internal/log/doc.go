// Package log is the event log on disk: an append-only file of JSON lines that
// many processes write at once. Package box holds the runs that have not ended, and
// package reap ends those that nobody else will end. Packages scan and history
// read, and package segment rotates.
//
// # Appending
//
// A line is appended by one write(2) to a file opened with O_APPEND, which
// Linux and macOS carry out under the inode's lock: lines of writers that are
// not killed neither tear nor overwrite each other. A SIGKILL inside the write
// does tear a line, and a full disk cuts it short. So, around the write:
//
//  1. Open without following a symlink and without blocking; refuse what is
//     not a regular file or belongs to someone else.
//  2. Take the exclusive flock(2), trying for a few milliseconds at most.
//  3. If the path has become another file, a rotation came in between: start
//     again.
//  4. If the last byte is not a newline, a fragment ends there: put a newline
//     before the line, so that the fragment stays alone on its line.
//  5. Write, once. A short write is taken back with ftruncate, unless a
//     writer without a lock has written behind it.
//
// If the lock cannot be had, because its holder is stopped or the file system has
// none, a newline is always put before the line. Readers skip blank lines.
// TypeScript, which has no flock, always writes like this. Such a writer may hold a
// file that is rotated away and later removed. If it finds after its write that the
// file no longer has a name, it writes again.
//
// With RLIMIT_FSIZE, SIGXFSZ would end the process. It is blocked in the writing
// thread during the write, and removed if it was raised. It is never set to ignored,
// because programs that are started would inherit that.
//
// Whatever fails, nothing is printed; the caller gets the error and may ignore it.
// Under sudo, everything that is created is given to the owner of its directory.
//
// # Writers
//
// A run without a box (the disk is full, the directory is not ours, Pi's
// extension never makes one) has a start line that names the process which wrote
// it ([Writer]). When that process is dead, [Fate], nobody will end the run.
//
// # Segments
//
// Rotation renames the log to STEM-TIME.EXT under the writers' lock, where TIME
// is the moment of sealing in UTC, 20060102T150405000Z: no line in the segment
// was written later. A label may follow (STEM-TIME-import.jsonl), .zst is added
// when it has been compressed. Readers take all segments and skip by name what
// is too old, see [OpenSegments].
package log
