//go:build linux || darwin || freebsd || openbsd

package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"pi-track/internal/event"
	"pi-track/internal/home"
	"pi-track/internal/launch"
	"pi-track/internal/log"
	"pi-track/internal/log/box"
	"pi-track/internal/redact"
)

// kinds and outcomes are what --kind and --status take.
var (
	kinds    = []string{"script", "job", "loop", "extension_tool", "extension_command"}
	outcomes = []string{"succeeded", "failed", "cancelled"}
)

// identity is what the options say about who runs.
type identity struct {
	name, kind, scope, session, task, parent string
}

func (w *identity) register(flags *pflag.FlagSet) {
	flags.StringVar(&w.name, "name", "", "the helper's `NAME`, as the report is to show it")
	flags.StringVar(&w.kind, "kind", "script", "script, job, loop, extension_tool or extension_command")
	flags.StringVar(&w.scope, "scope", "global", "global or project")
	flags.StringVar(&w.session, "session", "", "Pi session (default PI_SESSION_ID)")
	flags.StringVar(&w.task, "task", "", "task (default PI_TASK_ID, else PI_JOB_ID)")
	flags.StringVar(&w.parent, "parent", "", "the run that this one belongs to (default PI_TRACK_PARENT)")
}

// start is the start event, as of now.
func (w *identity) start() (event.Event, error) {
	if w.name == "" {
		return event.Event{}, usageErrorf("give the helper's name with --name", "no name given")
	}
	if _, err := oneOf("kind", w.kind, kinds); err != nil {
		return event.Event{}, err
	}
	if _, err := oneOf("scope", cmp.Or(w.scope, "global"), []string{"global", "project"}); err != nil {
		return event.Event{}, err
	}
	now := time.Now()
	e := event.Event{
		TS:        now,
		ID:        event.NewID(now),
		Kind:      event.Kind(w.kind),
		Name:      w.name,
		Status:    event.Started,
		Scope:     cmp.Or(w.scope, "global"),
		SessionID: cmp.Or(w.session, os.Getenv("PI_SESSION_ID"), os.Getenv(home.EnvSession)),
		TaskID:    cmp.Or(w.task, os.Getenv("PI_TASK_ID"), os.Getenv("PI_JOB_ID")),
		ParentID:  cmp.Or(w.parent, os.Getenv(home.EnvParent)),
		Src:       "emit",
	}
	e.RootID = os.Getenv(home.EnvRoot)
	if e.ParentID != os.Getenv(home.EnvParent) {
		e.RootID = rootOf(e.ParentID)
	}
	if e.RootID == "" {
		e.RootID = e.ParentID
	}
	e.CWD = launch.WorkingDir()
	p, err := findInstallation()
	if err == nil {
		e.Host = p.host()
	}
	var later *launch.Search
	if e.Repo, later = launch.FindRepo(p.Home, e.CWD); later != nil {
		e.Repo, _ = later.Answer()
	}
	return e, nil
}

// outcome is what the options say about how a run ended.
type outcome struct {
	status, errorText, usageText string
	exitCode                     int
	duration                     time.Duration

	hasCode, hasDuration, errorGiven bool
	usage                            *event.Usage
}

func (h *outcome) register(flags *pflag.FlagSet) {
	flags.StringVar(&h.status, "status", "", "succeeded, failed or cancelled (default: by --exit-code)")
	flags.IntVar(&h.exitCode, "exit-code", 0, "exit status of the program, 0 to 255")
	flags.DurationVar(&h.duration, "duration", 0, "how long it ran, such as 1m30s")
	flags.StringVar(&h.errorText, "error", "", "error `TEXT` to record, instead of standard input")
	flags.StringVar(&h.usageText, "usage", "", "what it spent on models: a `JSON` object with tokens, input, output, cache_read, cache_write, cost, model")
}

// complete checks the options and reads the error text.
func (h *outcome) complete(cmd *cobra.Command, a *app) error {
	h.hasCode, h.hasDuration = cmd.Flags().Changed("exit-code"), cmd.Flags().Changed("duration")
	h.errorGiven = cmd.Flags().Changed("error")
	if h.exitCode < 0 || h.exitCode > 255 {
		return usageErrorf("an exit status is a number from 0 to 255", "--exit-code %d is out of range", h.exitCode)
	}
	if h.duration < 0 {
		return usageErrorf("", "--duration %v is negative", h.duration)
	}
	if h.usageText != "" {
		var err error
		if h.usage, err = parseUsage(h.usageText); err != nil {
			return err
		}
	}
	if h.status == "" {
		h.status = string(event.OfExit(h.exitCode))
	}
	if _, err := oneOf("status", h.status, outcomes); err != nil {
		return err
	}
	if h.status != string(event.Succeeded) && !h.errorGiven && !isDevice(a.stdin) {
		text, err := lastBytes(a.stdin, box.RingSize)
		if err != nil {
			return fmt.Errorf("cannot read the error text: %w", err)
		}
		h.errorText = text
	}
	return nil
}

// usageKeys are what a run may have spent.
var usageKeys = []string{"tokens", "input", "output", "cache_read", "cache_write", "cost", "model"}

// parseUsage reads a JSON object. A key that means nothing is an error here,
// where a person may have mistyped it.
func parseUsage(text string) (*event.Usage, error) {
	usage, ok := event.ParseUsage([]byte(text))
	var keys map[string]json.RawMessage
	if !ok || json.Unmarshal([]byte(text), &keys) != nil {
		return nil, usageErrorf(`write it like '{"input":1200,"output":80,"cost":0.004,"model":"m"}'`, "--usage is not an object of this kind: %q", text)
	}
	for _, key := range slices.Sorted(maps.Keys(keys)) {
		if !slices.Contains(usageKeys, key) {
			return nil, usageErrorf(meant(key, usageKeys), "--usage has an unknown key %q", key)
		}
	}
	return &usage, nil
}

// end is the end event of the run that began with start, as of now.
func (h *outcome) end(start event.Event) event.Event {
	e := start
	e.TS = time.Now()
	e.Status = event.Status(h.status)
	e.DurationMS = h.duration.Milliseconds()
	if !h.hasDuration {
		e.DurationMS = max(0, e.TS.Sub(start.TS).Milliseconds())
	}
	if h.hasCode {
		e.ExitCode = &h.exitCode
	}
	if h.status != string(event.Succeeded) && h.errorText != "" {
		if h.errorGiven {
			e.Error = redact.Message(h.errorText, os.Environ())
		} else {
			e.Error = redact.Summary([]byte(h.errorText), os.Environ())
		}
	}
	e.Usage = h.usage
	e.Extra = nil
	return e
}

// lastBytes reads r to its end and keeps the last limit bytes.
func lastBytes(r io.Reader, limit int) (string, error) {
	var kept []byte
	buf := make([]byte, 32<<10)
	for {
		n, err := r.Read(buf)
		kept = append(kept, buf[:n]...)
		kept = append(kept[:0], kept[max(len(kept)-limit, 0):]...)
		if err == io.EOF {
			return string(kept), nil
		}
		if err != nil {
			return "", err
		}
	}
}

// isDevice says whether r is a device (a terminal, /dev/null) rather than a
// file or a pipe.
func isDevice(r io.Reader) bool {
	f, ok := r.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// recordingDisabled says whether the environment switches all recording off.
func recordingDisabled() bool { return home.Disabled(os.Getenv(home.EnvDisable)) }

// appendEvents writes the events to the log, in order.
func appendEvents(events ...event.Event) error {
	if recordingDisabled() {
		return nil
	}
	p, err := findInstallation()
	if err != nil {
		return err
	}
	for i := range events {
		clean := log.Clean(events[i])
		if err := log.Append(p.Log, clean.Append(nil)); err != nil {
			return withHint(exitFailed, fmt.Errorf("cannot write the log: %w", err), "see 'pi-track doctor'")
		}
	}
	return nil
}
