// Package box is the black box of a run: the file that holds what is known of it
// until its end line is in the log.
//
// A supervisor may be killed together with its program; Pi ends commands with
// SIGKILL to the process group. So every run has a file home/open/ID from
// before the program's start until its end line is in the log. It holds the
// start line, the log's path, a heartbeat with the boot's id, the end line once it
// is known, and a ring of the last 4 KiB of stderr. The first few writes to the
// ring go to the file ([Box.Store]), more to memory that is mapped shared: what
// was stored is in the file however the process dies, and the count of bytes is
// stored after them.
//
// The supervisor holds an exclusive flock on the file, close-on-exec. The
// kernel drops it with the process, so a box whose lock can be taken is a run
// that nobody ended. No process id is compared, so none can be mistaken.
//
//   - [Box.Start] puts the start line into the box, then into the log, then
//     marks it as logged.
//   - [Box.Finish] puts the end line into the box, then into the log, then
//     removes the box. If it dies in between, a reaper appends that very line:
//     a duplicate that readers drop, since (id, status) is unique.
//   - A full disk: the box has had all its blocks from the beginning. If the
//     log cannot take the end line, it waits in the box for a reaper.
//   - Package reap takes the lock, looks whether the file still has its name (it may
//     have been removed or become another run's box), and makes the end line as above if there is
//     none: cancelled, with the error text from the ring, and the duration up
//     to the middle between the last heartbeat and the next one, that never came.
//     Root, under sudo, ends a user's box in a log of that user only: the box
//     says where and what to write.
//   - Stderr that is a regular file is read back once a second only, and most runs are
//     shorter. So the box names the file, and the reaper takes the text from there if it
//     is the same file, goes on from what was read back, and was not changed later than
//     the run can have lived ([Box.Watch]).
//   - A file without contents, or of zeros, is a box in the making or one that was
//     emptied. It is left alone for a minute.
//   - Nothing is removed that is not provably ours: in home/open itself, a real
//     directory of the owner of home, who is the user or for whom root acts; a file of
//     that owner under a run's id, or a spare's name; of a box's size with its magic
//     or a start line in its place, or empty. A box that was damaged is told of,
//     ([DamagedBox]); package reaper ends its run.
//
// The file is made by one write of its full size, never sparse: a store into
// the mapping cannot meet a full disk on file systems that write in place.
//
// Making and removing a file costs several times as much as giving one another
// name. So on Linux the box of a run that has ended is emptied and kept as
// home/open/.spare-N for a run to come; readers pass over names with a dot in
// front. Its name changes only under its lock, it gets a run's name when it
// holds that run's start, and it is empty before it loses it: whenever a
// process is killed, a file with a run's name is that run's box, or empty,
// which is nothing.
//
// A log on another file system than home may be on a mount that hangs, where a
// system call can wait for ever. Then the supervisor only keeps its lines in the
// box, and another process logs them (hand.go, [Elsewhere]). Home itself is waited
// for: the shims lie there, too.
//
// Programs that know what a run has spent on models (Pi's extension) append
// lines to home/open/ID.usage, see [event.ParseUsage]; they are summed into the
// end line.
package box
