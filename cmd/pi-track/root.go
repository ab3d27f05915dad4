//go:build linux || darwin || freebsd || openbsd

package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
	_ "time/tzdata" // zones also where the system has none, as in small containers

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"pi-track/internal/lookup"
	"pi-track/internal/suggest"
)

// app is what every verb works with: the standard streams.
type app struct {
	stdin          io.Reader
	stdout, stderr io.Writer
}

// groups are the commands as the help lists them, in their order.
var groups = []struct {
	title string
	verbs []func(*app) *cobra.Command
}{
	{"Set up the shims", []func(*app) *cobra.Command{
		newSetupCmd, newInstallCmd, newUninstallCmd, newAddCmd, newRmCmd, newCheckConfigCmd, newListCmd, newWhichCmd, newEnvCmd, newDoctorCmd,
	}},
	{"See what happened", []func(*app) *cobra.Command{
		newReportCmd, newPublishCmd, newCheckCmd, newPsCmd, newTailCmd, newShowCmd,
	}},
	{"Record more than shims see", []func(*app) *cobra.Command{
		newRunCmd, newEmitCmd, newTaskCmd, newExperimentCmd, newImportCmd,
	}},
	{"Look after the log", []func(*app) *cobra.Command{
		newReapCmd, newVerifyCmd, newRotateCmd, newPruneCmd,
	}},
	{"See many machines as one", []func(*app) *cobra.Command{
		newShipCmd,
	}},
	{"More", []func(*app) *cobra.Command{
		newDemoCmd, newEnvironmentTopic, newVersionCmd, newManCmd, newExtensionCmd,
	}},
}

// run is the whole program; it returns the exit status.
func run(args []string, stdin io.Reader, stdout *os.File, stderr io.Writer) int {
	setZone()
	out := &output{file: stdout}
	a := &app{stdin: stdin, stdout: out, stderr: stderr}
	root := newRootCmd(a)
	root.SetArgs(commandLine(args))
	err := root.Execute()
	if err == nil {
		err = out.err
	}
	return reportError(stderr, err)
}

// setZone takes the zone that TZ names from the program's own zones where the
// system has none; the runtime may have looked for it before they were there.
func setZone() {
	if tz := strings.TrimPrefix(os.Getenv("TZ"), ":"); tz != "" {
		if l, err := time.LoadLocation(tz); err == nil {
			time.Local = l
		}
	}
}

// commandLine is what follows the program's name. Called as tool-usage-report,
// pi-track is its own report command.
func commandLine(args []string) []string {
	if filepath.Base(args[0]) == lookup.ReportProgram {
		return append([]string{"report"}, args[1:]...)
	}
	return args[1:]
}

func newRootCmd(a *app) *cobra.Command {
	root := &cobra.Command{
		Use:   "pi-track",
		Short: "which helpers run, which fail, which are flaky, and where",
		Long: `pi-track records which helpers run, whether they succeed and how long they take,
in one local file, and tells which of them are used most, fail most, are flaky,
and where. 'pi-track demo' shows it all in a throwaway home.

Exit status: 0; 1 something failed, or a check found a problem; 2 the command
line or the configuration is wrong; 3 no log could be read.`,
		Example: `  pi-track install
  pi-track report
  pi-track report why pi-loop`,
		Version: versionText(),
		Args:    unknownCommand,
		RunE:    func(cmd *cobra.Command, _ []string) error { return cmd.Help() },

		PersistentPreRun: func(cmd *cobra.Command, _ []string) { a.refreshByHand(cmd) },

		SilenceErrors: true,
		SilenceUsage:  true,
	}
	root.SetVersionTemplate("{{.Version}}\n")
	root.SetIn(a.stdin)
	root.SetOut(a.stdout)
	root.SetErr(a.stderr)
	root.SetFlagErrorFunc(flagError)
	cobra.EnableCommandSorting = false
	for _, g := range groups {
		root.AddGroup(&cobra.Group{ID: g.title, Title: g.title + ":"})
		for _, verb := range g.verbs {
			cmd := verb(a)
			cmd.GroupID = g.title
			root.AddCommand(cmd)
		}
	}
	root.SetHelpCommandGroupID("More")
	root.SetCompletionCommandGroupID("More")
	checkLibraryCommands(root)
	usageArgs(root)
	addCompletions(root)
	foldHelp(root)
	return root
}

// checkLibraryCommands adds the library's own commands, help and completion, and
// has them refuse words that they do not know.
func checkLibraryCommands(root *cobra.Command) {
	root.InitDefaultHelpCmd()
	root.InitDefaultCompletionCmd()
	for _, c := range root.Commands() {
		switch c.Name() {
		case "help":
			c.Args = func(_ *cobra.Command, args []string) error {
				topic, rest, err := root.Find(args)
				if err != nil {
					return unknownCommand(root, args)
				}
				return unknownCommand(topic, rest)
			}
		case "completion":
			c.RunE = func(cmd *cobra.Command, _ []string) error { return cmd.Help() }
			if windows, _, err := c.Find([]string{"powershell"}); err == nil {
				c.RemoveCommand(windows)
			}
			if bash, _, err := c.Find([]string{"bash"}); err == nil {
				bash.RunE = func(cmd *cobra.Command, _ []string) error {
					script, err := bashScript(root)
					fmt.Fprint(root.OutOrStdout(), script)
					return err
				}
			}
		}
	}
}

// usageArgs makes an error about arguments of any command below cmd one in what
// the user wrote.
func usageArgs(cmd *cobra.Command) {
	for _, c := range cmd.Commands() {
		usageArgs(c)
		check := c.Args
		if check == nil {
			continue
		}
		c.Args = func(cmd *cobra.Command, args []string) error {
			if err := swallowedFlag(cmd); err != nil {
				return err
			}
			err := check(cmd, args)
			var known *failure
			switch {
			case err == nil || errors.As(err, &known):
				return err
			case cmd.HasSubCommands() && len(args) > 0:
				return unknownCommand(cmd, args)
			}
			return usageErrorf("see '"+cmd.CommandPath()+" --help'", "%w", err)
		}
	}
}

// swallowedFlag is the error for a flag that took the next one for its value:
// --by --log FILE.
func swallowedFlag(cmd *cobra.Command) (err error) {
	cmd.Flags().Visit(func(f *pflag.Flag) {
		name, long := strings.CutPrefix(strings.Trim(f.Value.String(), "[]"), "--")
		name, _, _ = strings.Cut(name, "=")
		if long && cmd.Flags().Lookup(name) != nil && err == nil {
			err = usageErrorf("write it behind the flag, as in --"+f.Name+"=VALUE", "--%s has no value: --%s follows it", f.Name, name)
		}
	})
	return err
}

// unknownCommand is the error for a first word that is not a command.
func unknownCommand(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	var names []string
	for _, c := range cmd.Commands() {
		names = append(names, c.Name())
	}
	return usageErrorf(didYouMean(args[0], "", names, cmd), "unknown command %q for %q", args[0], cmd.CommandPath())
}

// flagError gives an error about a flag its hint.
func flagError(cmd *cobra.Command, err error) error {
	var invalid *pflag.InvalidValueError
	if errors.As(err, &invalid) {
		if form := formOf(invalid.GetFlag(), invalid.GetValue()); form != "" {
			return usageErrorf(form, "invalid value %q for --%s", invalid.GetValue(), invalid.GetFlag().Name)
		}
	}
	var unknown *pflag.NotExistError
	if !errors.As(err, &unknown) {
		return usageErrorf("see '"+cmd.CommandPath()+" --help'", "%w", err)
	}
	var names []string
	cmd.Flags().VisitAll(func(f *pflag.Flag) { names = append(names, f.Name) })
	return usageErrorf(didYouMean(unknown.GetSpecifiedName(), "--", names, cmd), "%w", err)
}

// formOf is the hint for a value that is not of its flag's type, "" where the
// flag itself says what is wrong.
func formOf(f *pflag.Flag, value string) string {
	switch f.Value.Type() {
	case "int":
		if digits := strings.TrimFunc(value, func(r rune) bool { return r < '0' || r > '9' }); digits != "" && len(digits) < 10 {
			if _, err := strconv.Atoi(digits); err == nil {
				return "did you mean " + digits + "? It takes a whole number"
			}
		}
		return "it takes a whole number, such as 80"
	case "bool":
		return "it takes no value: write the flag alone, or leave it out"
	case "duration":
		if _, err := strconv.Atoi(value); err == nil {
			return "did you mean " + value + "s? It takes a number with a unit: ms, s, m or h"
		}
		return "it takes a number with a unit, such as 2s"
	}
	return ""
}

// meant is the hint for a word that is none of the few valid ones, "" if there are none.
func meant(word string, valid []string) string {
	if len(valid) == 0 {
		return ""
	}
	if near := suggest.Nearest(word, valid); near != "" {
		return "did you mean " + near + "?"
	}
	return "one of " + strings.Join(valid, ", ")
}

// didYouMean is the hint for a word that is not known.
func didYouMean(word, prefix string, names []string, cmd *cobra.Command) string {
	if near := suggest.Nearest(word, names); near != "" {
		return "did you mean " + prefix + near + "?"
	}
	if prefix == "" && cmd.HasParent() && len(names) > 0 && len(names) <= 5 {
		return "one of " + strings.Join(names, ", ")
	}
	return "see '" + cmd.CommandPath() + " --help'"
}
