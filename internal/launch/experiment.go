package launch

import (
	"cmp"
	"os"
	"time"

	"pi-track/internal/event"
)

// draw finds out which arm of the helper's experiment the call is in. A call
// with neither a task nor a session takes no part.
func (c *call) draw() {
	if c.shim == nil || c.shim.Experiment == nil || c.chain.reexec || getenv(c.env, "PI_TRACK_EXPERIMENTS") == "off" {
		return
	}
	x := c.shim.Experiment
	if unit := x.UnitOf(c.taskID(), c.sessionID()); unit != "" && x.Runs(time.Now().UnixMilli()) {
		c.trial = event.Trial{Experiment: x.ID, Arm: x.Arm(unit)}
	}
}

// switchedOff records a call in which nothing runs and ends the process: as if
// the helper had succeeded at once, or were not installed.
func (c *call) switchedOff() {
	r := c.newRecorder()
	r.started(0)
	e := r.event
	e.TS = time.Now()
	e.Status = event.Succeeded
	r.box.Finish(r.line(&e))
	if c.shim.Experiment.Skip {
		os.Exit(0)
	}
	os.Stderr.WriteString(c.name + ": command not found\n")
	os.Exit(127)
}

// second is the command line of the second program of an experiment, nil where
// the helper itself is to run.
func (c *call) second() []string {
	if c.trial.Arm != "b" {
		return nil
	}
	return c.shim.Experiment.Versus
}

// taskID is the task of the call, "" for none.
func (c *call) taskID() string {
	if c.task != "" {
		return c.task
	}
	if id := optionValue(c.args[1:], c.shim.TaskArg); id != "" {
		return id
	}
	return firstSet(c.env, c.shim.TaskEnv)
}

// sessionID is the session of the call, "" for none.
func (c *call) sessionID() string {
	return cmp.Or(c.session, firstSet(c.env, c.shim.SessionEnv), getenv(c.env, ownSession))
}
