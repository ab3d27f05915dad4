//go:build linux || darwin

package main

import (
	"io"
	"path/filepath"

	"github.com/spf13/cobra"

	"pi-track/internal/lookup"
)

// app is what every verb works with: the standard streams.
type app struct {
	stdin          io.Reader
	stdout, stderr io.Writer
}

// verbs makes the commands, in the order in which the help lists them.
var verbs = []func(*app) *cobra.Command{
	newInstallCmd,
	newUninstallCmd,
	newRunCmd,
	newListCmd,
	newWhichCmd,
	newEnvCmd,
	newReportCmd,
	newCheckCmd,
	newPsCmd,
	newTailCmd,
	newShowCmd,
	newEmitCmd,
	newTaskCmd,
	newReapCmd,
	newVerifyCmd,
	newRotateCmd,
	newPruneCmd,
	newDoctorCmd,
	newImportCmd,
	newDemoCmd,
	newVersionCmd,
	newManCmd,
}

// run is the whole program; it returns the exit status.
func run(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	a := &app{stdin: stdin, stdout: stdout, stderr: stderr}
	root := newRootCmd(a)
	root.SetArgs(commandLine(args))
	return reportError(stderr, root.Execute())
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
		Args:  cobra.NoArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },

		SilenceErrors: true,
		SilenceUsage:  true,
	}
	root.SetIn(a.stdin)
	root.SetOut(a.stdout)
	root.SetErr(a.stderr)
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return usageErrorf("see '"+cmd.CommandPath()+" --help'", "%w", err)
	})
	for _, verb := range verbs {
		root.AddCommand(verb(a))
	}
	return root
}
