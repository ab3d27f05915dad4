// Package event is one line of the log: its keys, their order and meaning, how
// it is written and read.
//
// A line is one JSON object in UTF-8, without blanks, ended by a newline, at
// most [MaxLine] bytes. A run of a helper writes two lines with the same id:
// first one with the status started, then exactly one with succeeded, failed or
// cancelled. The end line repeats what identifies the run, so that it stands
// alone. (id, status) is the unique key: logs are merged as sets of lines.
//
// The keys, in the order in which they are written. What is empty or not known
// is left out; ts, v, id, kind, name and status are always there.
//
//	ts            string  UTC, 2006-01-02T15:04:05.000Z: byte order is time order.
//	                      Start line: when the run started; end line: when the
//	                      line was written. A run ended at its start plus
//	                      duration_ms.
//	v             1       schema version. Readers take lines up to their own
//	                      version, count and skip newer ones.
//	id            string  UUIDv7 of the run, UUIDv5 of an imported one.
//	kind          string  extension_tool, extension_command, script, job, loop.
//	name          string  the helper's name as the user calls it.
//	status        string  started, succeeded, failed, cancelled.
//	duration_ms   int     end lines; from the monotonic clock.
//	exit_code     int     end lines; 0–255; not for a tool without a process, nor
//	                      after death by a signal.
//	signal        string  end lines; TERM, KILL, … when it died of one.
//	error_summary string  failed and cancelled lines; redacted, one line, at most
//	                      [MaxError] characters.
//	cwd           string  working directory at the start.
//	scope         string  project when the helper lives in the repository that it
//	                      runs in or in the project's .pi, else global.
//	repo          string  root of the git work tree that holds cwd.
//	session_id    string  Pi's session.
//	task_id       string  the task.
//	parent_id     string  the run that started this one.
//	root_id       string  the outermost run.
//	host          string  random id of the installation, not the host's name.
//	pid           int     of the program.
//	src           string  who wrote the line: shim, run, extension, emit, import,
//	                      or reaped (the end of a run whose supervisor was killed).
//	usage         object  what the run spent on models: tokens (total), input,
//	                      output, cache_read, cache_write, cost (USD), model.
//	rusage        object  user_ms, sys_ms, max_rss_kb of the program and the
//	                      children it waited for.
//	call_id       string  extension tools: Pi's tool call id.
//	ext           string  extension tools and commands: the extension's name.
//	rev           string  which file ran: size, time of change, device and inode,
//	                      in short; of an alias the script. Another rev is
//	                      another file.
//	agent         string  the agent that ran it, with its version.
//	model         string  the model that the agent used.
//	experiment    string  id of the experiment that the run is part of.
//	arm           string  and its arm: on, off, a, b. Off lines stand for calls that
//	                      were switched off: nothing ran.
//	writer        string  start lines that have no black box: the process that
//	                      wrote it, so that its death can be proved.
//	inferred      string  end lines of extension tools whose status was inferred
//	                      from what the tool returned: the rule, such as
//	                      details.error.
//
// Keys of other names are kept when a line is read and written again. The keys
// that reports need come first, and the layout is fixed, so that a scanner can
// find them without parsing. docs/event.schema.json says the same as a JSON
// Schema.
//
// Status: exit 0 is succeeded. Death by INT, TERM, HUP or QUIT, or the exit
// status 128+n after the supervisor had passed signal n on, or the exit status
// 130 whoever caught the signal ([OfExit]), is cancelled. Any
// other exit, and death by any other signal, is failed. A run whose supervisor
// was killed with it is cancelled. Arguments are never logged.
//
// The package is linked into every shim: it imports neither encoding/json nor
// reflect nor regexp.
package event
