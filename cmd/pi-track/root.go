package main

import (
	"io"

	"github.com/spf13/cobra"
)

// app is what every verb works with: the standard streams.
type app struct {
	stdin          io.Reader
	stdout, stderr io.Writer
}

// verbs makes the commands, in the order in which the help lists them.
var verbs = []func(*app) *cobra.Command{
	newVersionCmd,
}

// run is the whole program; it returns the exit status.
func run(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	a := &app{stdin: stdin, stdout: stdout, stderr: stderr}
	root := newRootCmd(a)
	root.SetArgs(args[1:])
	return reportError(stderr, root.Execute())
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
