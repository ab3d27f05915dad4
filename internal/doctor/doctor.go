// Package doctor looks at an installation and says what is wrong with it.
//
// Every check yields findings: plain data with a level, what was seen and,
// unless all is well, what to do about it. The package prints nothing. It repairs
// only one thing: it records the end of runs whose supervisor was killed.
package doctor

import (
	"fmt"
	"runtime"

	"pi-track/internal/audit"
	"pi-track/internal/fleet"
	"pi-track/internal/home"
	"pi-track/internal/log/reap"
	"pi-track/internal/redact"
	"pi-track/internal/shim"
)

// Level says how bad a finding is.
type Level uint8

// The levels, in ascending order.
const (
	OK      Level = iota // as it should be
	Note                 // worth knowing, nothing to do
	Warning              // some runs may be missed, or something is out of date
	Broken               // runs are not recorded
)

// String is the level's name as it is printed.
func (l Level) String() string {
	switch l {
	case OK:
		return "ok"
	case Note:
		return "note"
	case Warning:
		return "warning"
	}
	return "broken"
}

// MarshalText makes the name the level's JSON value.
func (l Level) MarshalText() ([]byte, error) { return []byte(l.String()), nil }

// Finding is what one check saw.
type Finding struct {
	Check string `json:"check"` // what was looked at: program, links, path, …
	Level Level  `json:"level"`
	Text  string `json:"text"`           // one line, lower case, no full stop
	Hint  string `json:"hint,omitempty"` // what to do; always set for Warning and Broken
}

// Worst is the highest level among the findings, OK without any.
func Worst(findings []Finding) Level {
	worst := OK
	for _, f := range findings {
		worst = max(worst, f.Level)
	}
	return worst
}

// Config says what to look at.
type Config struct {
	Layout shim.Layout
	Log    string // the log that is written
	Getenv func(string) string
	Path   string // where helpers are looked up, as PATH is written

	// Running is the file of the running pi-track, "" where that is not known.
	Running string

	// Verify reads every line of the log, while those runs go on; nil result means
	// that there is no log yet.
	Verify func(running []reap.RunningRun) (*audit.Result, error)

	// Sinks are the [ship.NAME] of the configuration; Ask says why a sink would
	// take nothing now, and how to mend it.
	Sinks []*fleet.Sink
	Ask   func(s *fleet.Sink) (hint string, err error)
}

func (c Config) getenv(name string) string {
	if c.Getenv == nil {
		return ""
	}
	return c.Getenv(name)
}

// Run carries out all checks, in the order in which they are to be read.
func Run(c Config) []Finding {
	var fs findings
	if value := c.getenv(home.EnvDisable); home.Disabled(value) {
		fs.broken("environment", "unset it to record again", "PI_TRACK_DISABLE=%s turns all recording off", value)
	}
	fs.checkSystem(runtime.GOOS)
	fs.checkTrust(c)
	fs.checkProgram(c)
	if m := fs.checkManifest(c); m != nil {
		fs.checkConfig(c, m)
		fs.checkLinks(c, m)
		fs.checkHelpers(c, m)
		fs.checkExperiments(m)
		var names []string
		for i := range m.Shims {
			names = append(names, m.Shims[i].Name)
		}
		fs.checkPath(c, names)
	}
	fs.checkLog(c, fs.checkBoxes(c))
	fs.checkRedactor(redact.Text, redact.Summary)
	fs.checkPi(c)
	fs.checkSinks(c)
	fs.checkNotes(c)
	return fs
}

// findings collects what the checks see.
type findings []Finding

func (fs *findings) add(check string, level Level, hint, format string, a ...any) {
	*fs = append(*fs, Finding{Check: check, Level: level, Text: redact.Text(fmt.Sprintf(format, a...)), Hint: hint})
}

func (fs *findings) ok(check, format string, a ...any) { fs.add(check, OK, "", format, a...) }

func (fs *findings) note(check, hint, format string, a ...any) {
	fs.add(check, Note, hint, format, a...)
}

func (fs *findings) warn(check, hint, format string, a ...any) {
	fs.add(check, Warning, hint, format, a...)
}

func (fs *findings) broken(check, hint, format string, a ...any) {
	fs.add(check, Broken, hint, format, a...)
}

// count is "1 thing" or "3 things".
func count[N int | int64](n N, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}
