//go:build linux || darwin || freebsd || openbsd

package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"pi-track/internal/audit"
	"pi-track/internal/doctor"
	"pi-track/internal/log/reap"
)

func newDoctorCmd(a *app) *cobra.Command {
	var asJSON, brief, selfTest bool
	cmd := &cobra.Command{
		Use:   "doctor",
		Short: "check the installation for problems",
		Long: `Checks the whole installation. Each problem comes with a hint:

system      whether anybody has tried pi-track on it
trust       who else could change which programs run
program     the programs behind the shims: present, content and mode unchanged
manifest    what shims read: present and readable
config      shims.toml: the same as at the last install
links       the shims: missing, or not made by pi-track
helpers     the programs behind the shims: found
experiment  the helpers that are part of an experiment
path        the shim directory on PATH, here, in a login bash and zsh, and for
            what 'bash -lc', 'sh -lc' and 'zsh -lc' start, and
            what hides a shim, in Pi's own bin directory too
boxes       runs that were killed with their supervisors; doctor records them
log         writable, size, last event, bad lines
redactor    whether it removes made-up secrets
pi          Pi, its version, and whether its extension is there and current
ship        each [ship.NAME]: its token and key, what waits, the last error
notes       notes left by runs that could not be recorded

--self-test checks none of these. It makes a temporary installation, tests on
this machine what a shim promises, and prints what to report. It exits with 0 if
everything works and with 1 if something differs.

Levels: ok; note (nothing to do); warning (some runs may be missed, or something
is out of date); broken (runs are not recorded).

Exit status: 0 no problems (notes included); 1 there are warnings; 2 something
is broken, or wrong usage.`,
		Example: `  pi-track doctor
  pi-track doctor --brief
  pi-track doctor --self-test
  pi-track doctor --json | jq '.findings[] | select(.level != "ok")'`,
		Args: noArgs,
		RunE: func(*cobra.Command, []string) error {
			if selfTest {
				return a.selfTest(asJSON)
			}
			l, err := layout()
			if err != nil {
				return err
			}
			p, err := findInstallation()
			if err != nil {
				return err
			}
			running, _ := os.Executable() // "" where it is not known
			findings := doctor.Run(doctor.Config{
				Layout: l,
				Log:    p.Log,
				Getenv: os.Getenv,
				Verify: func(running []reap.RunningRun) (*audit.Result, error) {
					return a.verifyOrNone(p, byID(running))
				},
				Sinks: readSinks(),
				Ask:   askSink,
				Path:  helperPath(),

				Running: running,
			})
			if asJSON {
				err = a.printFindingsJSON(findings)
			} else {
				err = a.printFindings(findings, brief)
			}
			if err != nil {
				return err
			}
			switch doctor.Worst(findings) {
			case doctor.Warning:
				return errSilent
			case doctor.Broken:
				return &failure{code: exitUsage}
			}
			return nil
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print the findings as JSON")
	cmd.Flags().BoolVarP(&brief, "brief", "b", false, "leave out what is ok")
	cmd.Flags().BoolVar(&selfTest, "self-test", false, "test on this machine what a shim promises, in a temporary installation")
	return cmd
}

// verifyOrNone reads the whole log; nil means that there is none yet.
func (a *app) verifyOrNone(p installation, running map[string]reap.RunningRun) (*audit.Result, error) {
	v := verifier{app: a}
	result, err := v.audit(p, running)
	var f *failure
	if errors.As(err, &f) && errors.Is(f.err, errNoLog) {
		return nil, nil
	}
	return result, err
}

func (a *app) printFindingsJSON(findings []doctor.Finding) error {
	out, err := json.MarshalIndent(struct {
		Level    doctor.Level     `json:"level"`
		Findings []doctor.Finding `json:"findings"`
	}{doctor.Worst(findings), findings}, "", "  ")
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(a.stdout, "%s\n", out)
	return err
}

func (a *app) printFindings(findings []doctor.Finding, brief bool) error {
	var b bytes.Buffer
	levels := map[doctor.Level]int{}
	width := len("extension")
	for _, f := range findings {
		width = max(width, len(f.Check))
	}
	for _, f := range findings {
		levels[f.Level]++
		if brief && f.Level == doctor.OK {
			continue
		}
		fmt.Fprintf(&b, "%-8s %-*s %s\n", f.Level, width, f.Check, f.Text)
		if f.Hint != "" {
			fmt.Fprintf(&b, "%-8s %-*s hint: %s\n", "", width, "", f.Hint)
		}
	}
	var parts []string
	for _, level := range []doctor.Level{doctor.Broken, doctor.Warning, doctor.Note} {
		if n := levels[level]; n > 0 {
			parts = append(parts, countOf(n, level.String(), map[doctor.Level]string{
				doctor.Broken: "broken", doctor.Warning: "warnings", doctor.Note: "notes"}[level]))
		}
	}
	if len(parts) == 0 {
		parts = append(parts, "all is well")
	}
	fmt.Fprintf(&b, "\n%s\n", strings.Join(parts, ", "))
	_, err := a.stdout.Write(b.Bytes())
	return err
}
