//go:build linux || darwin || freebsd || openbsd

package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"
	_ "time/tzdata" // zones also where the system has none, as in small containers

	"github.com/spf13/cobra"

	"pi-track/internal/lookup"
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
