// Package manifest reads and writes the manifest: the compiled form of shims.toml, which
// `pi-track install` writes. A shim can parse it in microseconds, and never parses TOML.
//
// The manifest is a text file. Its first line is "pi-track manifest 1" and its last line
// is "end". If either is missing, the manifest counts as broken, and shims run their
// helpers unrecorded. Each line between has a key, a blank and a value, quoted as a Go
// string:
//
//	pi-track manifest 1
//	log "/home/me/runtime/tool-usage/events.jsonl"
//	host "5f0c1d…"
//	shim "pi-loop"
//	kind "loop"
//	task_arg "--task"
//	end
//
// Keys before the first shim are settings. Keys after a shim belong to that shim. A tool
// of Pi begins an entry of its own, with the keys of its experiment. A list is a repeated
// key. Unknown keys are skipped, so that an older shim program can read a newer manifest.
package manifest

import (
	"errors"
	"slices"
	"strconv"
	"strings"
)

// File is the manifest's name inside $PI_TRACK_HOME.
const File = "manifest"

const (
	header = "pi-track manifest 1"
	footer = "end"
)

// ErrBroken says that a manifest is incomplete or not one at all.
var ErrBroken = errors.New("broken manifest")

// Manifest is the configuration of all shims.
type Manifest struct {
	Log    string // absolute path of the log; "" for the default
	Host   string // random id of this installation
	Config string // the shims.toml it was compiled from
	Pi     Pi
	Tools  []Tool // extension tools in an experiment
	Shims  []Shim
}

// Pi is what the extension in Pi does beside recording.
type Pi struct {
	Tool   bool // offers the model a tool that tells what to expect of helpers
	Silent bool // says nothing at the start of a session
	Ship   bool // sends what is new to every sink when it quits
}

// Tool is an extension tool in an experiment.
type Tool struct {
	Name       string
	Experiment *Experiment
}

// Shim is one supervised helper.
type Shim struct {
	Name       string
	Kind       string   // script, job or loop
	Scope      string   // auto, global or project
	Capture    string   // auto, pty or off
	Real       string   // absolute path that pins the program; "" looks it up on PATH
	Command    []string // command line of an alias; nil for none
	SessionEnv []string // variables that may hold the session id, first set one wins
	TaskEnv    []string // variables that may hold the task id, first set one wins
	TaskArg    string   // option whose value is the task id; "" for none
	Env        []string // extra environment for the helper, "key=value"
	Disabled   bool
	Experiment *Experiment // nil for none
}

// DefaultShim is what holds where neither a configuration nor a command line
// says otherwise.
func DefaultShim() Shim {
	return Shim{
		Kind: "script", Scope: "auto", Capture: "auto",
		SessionEnv: []string{"PI_SESSION_ID"}, TaskEnv: []string{"PI_TASK_ID", "PI_JOB_ID"},
	}
}

// Find returns the shim called name.
func (m *Manifest) Find(name string) (*Shim, bool) {
	for i := range m.Shims {
		if m.Shims[i].Name == name {
			return &m.Shims[i], true
		}
	}
	return nil, false
}

// Encode returns the manifest as a file's content.
func (m *Manifest) Encode() []byte {
	b := []byte(header + "\n")
	list := func(key string, values []string) {
		for _, v := range values {
			b = append(b, key...)
			b = append(b, ' ')
			b = strconv.AppendQuote(b, v)
			b = append(b, '\n')
		}
	}
	put := func(key, value string) {
		if value != "" {
			list(key, []string{value})
		}
	}
	put("log", m.Log)
	put("host", m.Host)
	put("config", m.Config)
	if m.Pi.Tool {
		put("pi_tool", "true")
	}
	if m.Pi.Silent {
		put("pi_notify", "false")
	}
	if m.Pi.Ship {
		put("pi_ship", "true")
	}
	for i := range m.Tools {
		put("tool", m.Tools[i].Name)
		m.Tools[i].Experiment.encode(put, list)
	}
	for i := range m.Shims {
		s := &m.Shims[i]
		put("shim", s.Name)
		put("kind", s.Kind)
		put("scope", s.Scope)
		put("capture", s.Capture)
		put("real", s.Real)
		list("command", s.Command)
		list("session_env", s.SessionEnv)
		list("task_env", s.TaskEnv)
		put("task_arg", s.TaskArg)
		list("env", s.Env)
		if s.Disabled {
			put("disabled", "true")
		}
		s.Experiment.encode(put, list)
	}
	return append(b, footer+"\n"...)
}

// Decode parses a manifest. It returns ErrBroken for anything that Encode
// cannot have written in full.
func Decode(data []byte) (*Manifest, error) {
	body, ok := strings.CutPrefix(string(data), header+"\n")
	if !ok {
		return nil, ErrBroken
	}
	body, ok = strings.CutSuffix(body, footer+"\n")
	if !ok || body != "" && body[len(body)-1] != '\n' {
		return nil, ErrBroken
	}
	m := &Manifest{Shims: slices.Grow([]Shim(nil), strings.Count(body, "\nshim "))}
	for body != "" {
		line, rest, _ := strings.Cut(body, "\n")
		body = rest
		key, quoted, ok := strings.Cut(line, " ")
		if !ok {
			return nil, ErrBroken
		}
		value, err := strconv.Unquote(quoted)
		if err != nil {
			return nil, ErrBroken
		}
		if key == "shim" {
			if value == "" {
				return nil, ErrBroken
			}
			m.Shims = append(m.Shims, Shim{Name: value})
		} else if len(m.Shims) == 0 {
			m.set(key, value)
		} else {
			m.Shims[len(m.Shims)-1].set(key, value)
		}
	}
	return m, nil
}

func (m *Manifest) set(key, value string) {
	switch key {
	case "log":
		m.Log = value
	case "host":
		m.Host = value
	case "config":
		m.Config = value
	case "pi_tool":
		m.Pi.Tool = value == "true"
	case "pi_notify":
		m.Pi.Silent = value == "false"
	case "pi_ship":
		m.Pi.Ship = value == "true"
	case "tool":
		m.Tools = append(m.Tools, Tool{Name: value})
	default:
		if n := len(m.Tools); n > 0 {
			m.Tools[n-1].Experiment = m.Tools[n-1].Experiment.set(key, value)
		}
	}
}

func (s *Shim) set(key, value string) {
	switch key {
	case "kind":
		s.Kind = value
	case "scope":
		s.Scope = value
	case "capture":
		s.Capture = value
	case "real":
		s.Real = value
	case "command":
		s.Command = append(s.Command, value)
	case "session_env":
		s.SessionEnv = append(s.SessionEnv, value)
	case "task_env":
		s.TaskEnv = append(s.TaskEnv, value)
	case "task_arg":
		s.TaskArg = value
	case "env":
		s.Env = append(s.Env, value)
	case "disabled":
		s.Disabled = value == "true"
	default:
		s.Experiment = s.Experiment.set(key, value)
	}
}
