package log

import (
	"pi-track/internal/event"
	"pi-track/internal/redact"
)

// Clean is e as it may be written: its names, ids and directories, which
// callers choose, without control characters and tokens, see [redact.Field].
func Clean(e event.Event) event.Event {
	for _, s := range [...]*string{&e.Name, &e.CWD, &e.Repo, &e.SessionID, &e.TaskID, &e.ParentID, &e.RootID,
		&e.CallID, &e.Ext, &e.Rev, &e.Agent, &e.Model, &e.Trial.Experiment, &e.Trial.Arm, &e.Writer, &e.Inferred} {
		if *s != "" {
			*s = redact.Field(*s)
		}
	}
	if e.Name == "" {
		e.Name = "?" // of control characters alone; a line has a name
	}
	if e.Usage != nil && e.Usage.Model != "" {
		usage := *e.Usage
		usage.Model = redact.Field(usage.Model)
		e.Usage = &usage
	}
	return e
}
