//go:build linux || darwin || freebsd || openbsd

package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"
	"syscall"
	"unicode"

	"github.com/spf13/cobra"

	"pi-track/internal/shim"
)

// The exit codes of pi-track. Every verb's help names those it uses.
const (
	exitOK     = 0
	exitFailed = 1 // it did not work, or a check found something
	exitUsage  = 2 // the command line or the configuration is wrong
	exitNoLog  = 3 // no log could be read
)

// failure is an error with the exit code it leads to and a hint for the user.
type failure struct {
	code int
	err  error
	hint string
}

func (f *failure) Error() string { return f.err.Error() }
func (f *failure) Unwrap() error { return f.err }

// usageErrorf is an error in what the user wrote: exit code 2.
func usageErrorf(hint, format string, a ...any) error {
	return &failure{code: exitUsage, err: fmt.Errorf(format, a...), hint: hint}
}

// withHint attaches an exit code and a hint to err.
func withHint(code int, err error, hint string) error {
	return &failure{code: code, err: err, hint: hint}
}

// exitOf is the exit code that an error leads to.
func exitOf(err error) int {
	var f *failure
	if errors.As(err, &f) {
		return f.code
	}
	return exitFailed
}

// errSilent ends with exitFailed after the verb itself has said why.
var errSilent = &failure{code: exitFailed}

// reportError prints err the one way errors are printed and returns its exit
// code.
func reportError(w io.Writer, err error) int {
	if err == nil {
		return exitOK
	}
	var all shim.ConfigErrors
	if errors.As(err, &all) {
		for _, e := range all {
			sort := "error"
			if e.Warning {
				sort = "warning"
			}
			printProblem(w, sort, e, e.Hint)
		}
		return exitUsage
	}
	var f *failure
	if !errors.As(err, &f) {
		f = &failure{code: exitFailed, err: err}
	}
	printProblem(w, "error", f.err, cmp.Or(f.hint, hintOf(f.err)))
	return f.code
}

// hintOf is what to do about an error of the system that nobody has said more of.
func hintOf(err error) string {
	at := new(os.PathError)
	switch {
	case errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EROFS):
		return "check who owns it, and what that user may do there"
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		return "free some space there, and run it again"
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, syscall.ENOTDIR), errors.Is(err, syscall.EISDIR):
		return "check the path"
	case errors.As(err, &at):
		return "see 'pi-track doctor'"
	}
	return ""
}

// printProblem prints an error or a warning, and the hint that goes with it.
func printProblem(w io.Writer, sort string, err error, hint string) {
	if err != nil {
		fmt.Fprintf(w, "pi-track: %s: %s\n", sort, printable(err.Error()))
	}
	if hint != "" {
		fmt.Fprintf(w, "pi-track: hint: %s\n", printable(hint))
	}
}

// printable is text with a question mark for each control character but
// newline: a file name may hold what drives a terminal.
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		if r != '\n' && unicode.In(r, unicode.Cc, unicode.Cf) {
			return '?'
		}
		return r
	}, text)
}

// noArgs is cobra.NoArgs with pi-track's words.
func noArgs(cmd *cobra.Command, args []string) error {
	if len(args) == 0 || cmd.HasSubCommands() {
		return unknownCommand(cmd, args)
	}
	return usageErrorf(flagForWord(cmd, args[0]), "%s takes no argument: %q", cmd.Name(), args[0])
}

// exactArgs is cobra.ExactArgs with pi-track's words.
func exactArgs(n int, what string) cobra.PositionalArgs { return rangeArgs(n, n, what) }

// rangeArgs is cobra.RangeArgs with pi-track's words; most is negative where any
// number will do.
func rangeArgs(least, most int, what string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		hint := "see '" + cmd.CommandPath() + " --help'"
		if len(args) < least {
			return usageErrorf(hint, "%s is missing", what)
		}
		if slices.Contains(args, "") { // a script's variable that is not set
			return usageErrorf(hint, "%s is empty", cmp.Or(what, "an argument"))
		}
		if most >= 0 && len(args) > most {
			return usageErrorf(hint, "too many arguments: %q", args[most])
		}
		return nil
	}
}

// cannotMake is the error of a directory that the user named and that cannot be made.
func cannotMake(err error) error {
	code, hint := exitFailed, "check who owns the directory above it, and what that user may do there"
	switch {
	case errors.Is(err, syscall.ENOTDIR), errors.Is(err, fs.ErrExist):
		code, hint = exitUsage, "there is a file in the way: name a directory"
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, syscall.EROFS):
		code, hint = exitUsage, "nothing can be made there: name a directory elsewhere"
	}
	return withHint(code, err, hint)
}
