//go:build linux || darwin

package main

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"pi-track/internal/discover"
	"pi-track/internal/manifest"
	"pi-track/internal/piext"
	"pi-track/internal/piimport"
	"pi-track/internal/redact"
	"pi-track/internal/shim"
)

type setupFlags struct {
	yes, dryRun bool
	install     installFlags
}

func newSetupCmd(a *app) *cobra.Command {
	var f setupFlags
	cmd := &cobra.Command{
		Use:   "setup",
		Short: "find your helpers, record them, and show what they did so far",
		Long: `Setup looks for your own scripts in ~/bin, ~/.local/bin, Pi's bin directory and the
.pi/bin of your projects, and counts their calls in Pi's sessions and in shell
histories. Only names and counts are kept. It asks once which of them to record,
adds those to shims.toml, installs the shims and Pi's extension, imports past Pi
sessions and prints the report.

Without a terminal it prints the plan and changes nothing, unless --yes is given.

Exit status: 0; 1 something could not be written; 2 usage, or there was nobody to
ask.`,
		Example: `  pi-track setup
  pi-track setup --dry-run
  pi-track setup --yes --rc`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return a.setup(cmd.Context(), f) },
	}
	p := cmd.Flags()
	p.BoolVar(&f.yes, "yes", false, "record the helpers that are proposed, without asking")
	p.BoolVar(&f.dryRun, "dry-run", false, "print the plan and change nothing")
	p.BoolVar(&f.install.rc, "rc", false, "add the PATH line to the startup file of your shell")
	p.BoolVar(&f.install.noPi, "no-pi", false, "leave Pi's agent directory alone")
	return cmd
}

func (a *app) setup(ctx context.Context, f setupFlags) error {
	cfg, _, err := readConfig("")
	if err != nil {
		return err
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return usageErrorf("set HOME", "no home directory: %w", err)
	}
	all := candidates(home, cfg)
	chosen := make([]bool, len(all))
	for i, c := range all {
		chosen[i] = c.Own()
	}
	a.printCandidates(all, chosen)
	_, terminal := isTerminal(a.stdin)
	switch {
	case f.dryRun:
		fmt.Fprintln(a.stdout, "nothing was changed; without --dry-run the ticked ones are recorded")
		return nil
	case !f.yes && !terminal:
		return usageErrorf("'pi-track setup --yes' records the ticked ones", "nobody to ask: nothing was changed")
	case !f.yes:
		if chosen, err = a.choose(all, chosen); err != nil {
			return err
		}
	}
	if err := a.installChosen(f.install, all, chosen); err != nil {
		return err
	}
	return a.showHistory(ctx, home)
}

// candidates are the programs that might be recorded and are not configured.
func candidates(home string, cfg *shim.Config) []discover.Candidate {
	dirs := []string{filepath.Join(home, "bin"), filepath.Join(home, ".local/bin")}
	if dir := piext.AgentDir(); dir != "" {
		dirs = append(dirs, filepath.Join(dir, "bin"))
	}
	sessions, _, _, _ := piimport.Find([]string{piimport.SessionDir(home, os.Getenv)}) // none is no error here
	for _, dir := range discover.Projects(sessions) {
		dirs = append(dirs, filepath.Join(dir, ".pi/bin"))
	}
	histories := []string{filepath.Join(home, ".bash_history"), filepath.Join(home, ".zsh_history"), filepath.Join(home, ".local/share/fish/fish_history")}
	all := discover.Count(discover.Find(dirs), sessions, histories)
	return slices.DeleteFunc(all, func(c discover.Candidate) bool {
		return slices.ContainsFunc(cfg.Shims, func(s manifest.Shim) bool { return s.Name == c.Name }) || shim.BadName(c.Name) != ""
	})
}

func (a *app) printCandidates(all []discover.Candidate, chosen []bool) {
	if len(all) == 0 {
		fmt.Fprintln(a.stdout, "no scripts of your own were found in ~/bin, ~/.local/bin and Pi's bin directories")
		return
	}
	fmt.Fprint(a.stdout, "Scripts that can be recorded, those that you and Pi call most first:\n\n")
	w := tabwriter.NewWriter(a.stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "\t\tname\tkind\tin Pi\tin shells\tprogram")
	for i, c := range all {
		tick := "[ ]"
		if chosen[i] {
			tick = "[x]"
		}
		note := ""
		if c.Not != "" {
			note = " (" + c.Not + ")"
		}
		fmt.Fprintf(w, "%d\t%s\t%s\t%s\t%d\t%d\t%s%s\n", i+1, tick, redact.Text(c.Name), c.Kind, c.Pi, c.Shell, redact.Text(c.Path), note)
	}
	w.Flush()
	fmt.Fprintln(a.stdout)
}

// choose asks which candidates to record. The answer is a number that changes a
// tick, several of them, nothing to agree, or q.
func (a *app) choose(all []discover.Candidate, chosen []bool) ([]bool, error) {
	in := bufio.NewReader(a.stdin)
	for {
		fmt.Fprint(a.stdout, "Enter records the ticked ones, numbers change ticks, q changes nothing: ")
		line, err := in.ReadString('\n')
		words := strings.FieldsFunc(line, func(r rune) bool { return r == ' ' || r == ',' || r == '\n' || r == '\r' })
		if err != nil || len(words) == 1 && strings.HasPrefix("quit", strings.ToLower(words[0])) {
			return nil, withHint(exitFailed, fmt.Errorf("nothing was changed"), "'pi-track add NAME' records one helper")
		}
		if len(words) == 0 {
			return chosen, nil
		}
		for _, word := range words {
			n, err := strconv.Atoi(word)
			if err != nil || n < 1 || n > len(all) {
				fmt.Fprintf(a.stdout, "%q is no number in the list\n", word)
				continue
			}
			chosen[n-1] = !chosen[n-1]
		}
		a.printCandidates(all, chosen)
	}
}

// installChosen adds the chosen helpers to the configuration and installs it.
func (a *app) installChosen(f installFlags, all []discover.Candidate, chosen []bool) error {
	var additions []shim.Addition
	for i, c := range all {
		if !chosen[i] {
			continue
		}
		// A project's own program is on PATH in that project alone.
		force := strings.HasSuffix(filepath.Dir(c.Path), "/.pi/bin")
		additions = append(additions, shim.Addition{Name: c.Name, Kind: c.Kind, Force: force})
	}
	return a.whole(func(a *app) error {
		return a.changeConfig(f, func(data []byte) ([]byte, error) { return shim.AppendShims(data, additions), nil })
	})
}

// showHistory imports past Pi sessions and ends with the report and the next
// steps.
func (a *app) showHistory(ctx context.Context, home string) error {
	if st, err := os.Stat(piimport.SessionDir(home, os.Getenv)); err == nil && st.IsDir() {
		fmt.Fprint(a.stdout, "\nPast Pi sessions:\n")
		if err := (&piImporter{app: a}).run(ctx, nil); err != nil {
			printProblem(a.stderr, "warning", err, "'pi-track import pi-sessions' tries again")
		}
	}
	fmt.Fprintln(a.stdout)
	if p, err := findPlace(); err == nil && p.hasLog() == nil {
		report := newReportCmd(a)
		report.SetArgs([]string{})
		if err := report.ExecuteContext(ctx); err != nil {
			return err
		}
	} else {
		fmt.Fprintln(a.stdout, "nothing is recorded yet: use your helpers, then run 'pi-track report'; 'pi-track demo' shows an example")
	}
	fmt.Fprintln(a.stdout, "\n'pi-track uninstall' takes everything away again")
	return nil
}
