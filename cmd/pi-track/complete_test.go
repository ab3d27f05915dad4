//go:build linux || darwin

package main

import (
	"io"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// Every value that Tab offers for a flag has a description.
func TestFixedValuesAreDescribed(t *testing.T) {
	for flag, values := range fixedValues() {
		offered := values("")
		if len(offered) == 0 {
			t.Errorf("--%s: nothing", flag)
		}
		for _, line := range offered {
			if value, means, _ := strings.Cut(line, "\t"); value == "" || means == "" {
				t.Errorf("--%s %s has no description", flag, value)
			}
		}
	}
}

// freeValues are the flags whose value is a file, or a text or number that only
// the user knows.
var freeValues = map[string]bool{
	"config": true, "real": true, "log": true, "output": true, // files
	"error": true, "usage": true, "reason": true, "id": true, "seed": true, "versus": true, "database": true,
	"limit": true, "min-n": true, "width": true, "max-fail-rate": true, "lines": true, "duration": true, "exit-code": true,
	"share": true, "stop-after": true, "places": true,
}

// fileArguments are the commands whose arguments are files, directories, or a
// command of the user's.
var fileArguments = map[string]bool{
	"pi-track run": true, "pi-track man": true, "pi-track publish": true, "pi-track check-config": true,
	"pi-track import pi-sessions": true, "pi-track ship key": true, "pi-track extension": true,
}

// Tab proposes values for every flag and argument but those that only the user
// knows.
func TestEveryValueCompletes(t *testing.T) {
	root := newRootCmd(&app{stdin: strings.NewReader(""), stdout: io.Discard, stderr: io.Discard})
	each(root, func(cmd *cobra.Command) {
		cmd.LocalFlags().VisitAll(func(f *pflag.Flag) {
			if f.NoOptDefVal != "" || freeValues[f.Name] {
				return
			}
			if _, ok := cmd.GetFlagCompletionFunc(f.Name); !ok {
				t.Errorf("%s --%s completes nothing", cmd.CommandPath(), f.Name)
			}
		})
		path := cmd.CommandPath()
		if _, rest, _ := strings.Cut(cmd.Use, " "); rest == "" || cmd.HasSubCommands() || strings.HasPrefix(path, "pi-track completion") {
			return
		}
		_, named := argumentValues()[path]
		if fileArguments[path] {
			_, directive := cmd.ValidArgsFunction, cobra.ShellCompDirectiveDefault
			if cmd.ValidArgsFunction != nil {
				_, directive = cmd.ValidArgsFunction(cmd, nil, "")
			}
			if directive&cobra.ShellCompDirectiveNoFileComp != 0 {
				t.Errorf("%s completes no files", path)
			}
		} else if arg := strings.Fields(cmd.Use)[1]; !named && !strings.HasPrefix(arg, "-") && path != "pi-track help" {
			t.Errorf("%s %s completes nothing", path, arg)
		}
	})
}
