//go:build linux || darwin || freebsd || openbsd

package main

import (
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"

	pitrack "pi-track"
	"pi-track/internal/doctor"
	"pi-track/internal/launch"
	"pi-track/internal/version"
)

func newVersionCmd(a *app) *cobra.Command {
	var licenses bool
	cmd := &cobra.Command{
		Use:   "version",
		Short: "print the version",
		Long: `Prints the version, the commit, the Go version and the platform. It also says
whether helpers keep all signal settings and limits of their caller (full start)
or not all (weaker start), and if nobody has tried pi-track on this system. With
--licenses it prints the license of every library in the program.

Exit status: 0; 2 wrong usage.`,
		Args: noArgs,
		RunE: func(*cobra.Command, []string) error {
			text := versionText() + "\n"
			if licenses {
				text = pitrack.License + "\n" + pitrack.Notices
			}
			_, err := fmt.Fprint(a.stdout, text)
			return err
		},
	}
	cmd.Flags().BoolVar(&licenses, "licenses", false, "print the licenses of pi-track and of the libraries in it")
	return cmd
}

// versionText is one line: version, commit if the build knows it, Go version
// and platform, how the program begins, and whether this system is new to it.
func versionText() string {
	commit := ""
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" && len(s.Value) >= 12 {
				commit = " " + s.Value[:12]
			}
		}
	}
	return fmt.Sprintf("pi-track %s%s %s %s/%s, %s%s", version.Number, commit, runtime.Version(), runtime.GOOS, runtime.GOARCH, launch.StartText(), untried(", ", runtime.GOOS))
}

// untried is what stands behind a text, and what separates it, on a system where
// nobody has tried pi-track.
func untried(separator, goos string) string {
	if text := doctor.Untried(goos); text != "" {
		return separator + text
	}
	return ""
}
