//go:build linux || darwin || freebsd || openbsd

package main

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"pi-track/extensions"
)

// newExtensionCmd is for packagers: it is not listed.
func newExtensionCmd(a *app) *cobra.Command {
	return &cobra.Command{
		Use:    "extension DIR",
		Short:  "write the Pi extension into a directory, for packages",
		Hidden: true,
		Long: `Writes the files of the Pi extension into DIR, which must not exist.

Exit status: 0; 1 they cannot be written; 2 wrong usage.`,
		Args: exactArgs(1, "DIR"),
		RunE: func(_ *cobra.Command, args []string) error {
			if _, err := os.Lstat(args[0]); !errors.Is(err, fs.ErrNotExist) {
				return usageErrorf("name a directory that does not exist", "%s already exists", args[0])
			}
			if !strings.Contains(args[0], "/") { // more likely a word of a verb: extension install
				return usageErrorf("write a directory with a slash, such as ./"+args[0], "%q is no path", args[0])
			}
			files := extensions.Files()
			for _, name := range slices.Sorted(maps.Keys(files)) {
				file := filepath.Join(args[0], filepath.FromSlash(name))
				if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
					return err
				}
				if err := os.WriteFile(file, files[name], 0o644); err != nil {
					return err
				}
			}
			fmt.Fprintf(a.stdout, "%s written to %s\n", countOf(len(files), "file", "files"), args[0])
			return nil
		},
	}
}
