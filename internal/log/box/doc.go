// Package box is the black box of a run: a file that holds everything known about
// the run until its end line is in the log.
//
// A supervisor may be killed together with its program. Pi, for instance, ends
// commands by sending SIGKILL to the process group. So every run has a file
// home/open/ID, from before its program starts until its end line is in the log. The
// file holds:
//
//   - the start line and the path of the log,
//   - a heartbeat, and the id of the boot,
//   - the end line, as soon as it is known,
//   - a ring with the last 4 KiB of stderr.
//
// The first few writes to the ring go to the file ([Box.Store]), later ones to shared
// mapped memory. Either way, what was stored is in the file however the process dies.
// The byte count is stored after the bytes.
//
// # Who owns a box
//
// The supervisor holds an exclusive flock on the file, close-on-exec. The kernel
// releases it with the process. So if the lock of a box can be taken, nobody is left
// to end its run. No process ids are compared, so a reused id cannot mislead.
//
// # The life of a box
//
//   - [Box.Start] writes the start line to the box, then to the log, then marks it as
//     logged.
//   - [Box.Finish] writes the end line to the box, then to the log, then removes the
//     box. If it dies in between, a reaper appends that same line. Readers drop the
//     duplicate, because (id, status) is unique.
//   - Package reap takes the lock and checks that the file still has its name: it may
//     have been removed, or have become another run's box. If the box has no end line,
//     reap makes one: cancelled, with the error text from the ring. The duration ends
//     halfway between the last heartbeat and the next one, which never came.
//   - When root acts under sudo, it ends a user's box only in a log of that user,
//     because the box says where to write, and what.
//   - A box is allocated in full from the beginning. If a full disk keeps the end line
//     out of the log, it waits in the box for a reaper.
//
// If stderr is a regular file, the supervisor reads it back only once a second, and
// most runs are shorter. So the box names the file ([Box.Watch]). The reaper reads the
// text from there, from where the supervisor stopped, if it is the same file and was
// not changed after the run can have ended.
//
// # What may be removed
//
// A file that is empty or all zeros is a box that is being made, or was emptied. It is
// left alone for a minute.
//
// Only files that are provably ours are removed. Such a file lies directly in
// home/open, which is a real directory and belongs to the owner of home (the user, or
// the user for whom root acts). The file belongs to that owner and has a run's id or a
// spare's name. It has a box's size, with its magic or a start line in place, or it is
// empty. Package reap reports a damaged box and ends its run.
//
// # Spare boxes
//
// A box is made by one write of its full size, never sparse, so on file systems that
// write in place a store into the mapping cannot meet a full disk. Making and removing
// a file costs several times as much as renaming it. So on Linux the box of an ended
// run is emptied and kept as home/open/.spare-N for a later run. Readers skip names
// that begin with a dot.
//
// A spare is renamed only under its lock. It gets a run's name after it holds that
// run's start, and is emptied before it loses the name. So whenever a process is
// killed, a file with a run's name is that run's box, or is empty and means nothing.
//
// # Logs on other file systems
//
// A log on a file system other than home's may be on a mount that hangs, where a
// system call can wait for ever. The supervisor then only keeps its lines in the box,
// and another process logs them (hand.go, [Elsewhere]). The supervisor does wait for
// home itself, because the shims are there, too.
//
// # Usage
//
// Programs that know what a run has spent on models, such as Pi's extension, append
// lines to home/open/ID.usage ([event.ParseUsage]). Their sum goes into the end line.
package box
