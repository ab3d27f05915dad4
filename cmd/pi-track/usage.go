//go:build linux || darwin || freebsd || openbsd

package main

import (
	"cmp"
	"errors"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// usageArgs makes an error about arguments of any command below cmd one in what
// the user wrote.
func usageArgs(cmd *cobra.Command) {
	for _, c := range cmd.Commands() {
		usageArgs(c)
		check := c.Args
		if check == nil {
			check = cobra.ArbitraryArgs
		}
		c.Args = func(cmd *cobra.Command, args []string) error {
			if err := checkFlags(cmd); err != nil {
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

// checkFlags refuses flags without a value, and two of which only one can hold.
func checkFlags(cmd *cobra.Command) error {
	return cmp.Or(swallowedFlag(cmd), emptyFlag(cmd), exclusiveFlags(cmd))
}

// mayBeEmpty are the flags whose empty value means that there is none: no task, no helper to record.
var mayBeEmpty = []string{"record", "task", "session", "reason", "error", "usage", "parent"}

// emptyFlag is the error for a flag that was given without anything: a script's variable that is not set would
// choose all runs.
func emptyFlag(cmd *cobra.Command) (err error) {
	cmd.Flags().Visit(func(f *pflag.Flag) {
		x, sort := f.Value.String(), f.Value.Type()
		empty := sort == "string" && x == "" || x == "[]" && (sort == "stringSlice" || f.Name == "log")
		if empty && !slices.Contains(mayBeEmpty, f.Name) && err == nil {
			err = usageErrorf("give it a value, or leave it out", "invalid value \"\" for --%s", f.Name)
		}
	})
	return err
}

// exclusiveFlags is the error for two flags that cobra has been told to exclude each other.
func exclusiveFlags(cmd *cobra.Command) (err error) {
	seen := map[string]string{} // the first flag of each group
	cmd.Flags().Visit(func(f *pflag.Flag) {
		for _, group := range f.Annotations["cobra_annotation_mutually_exclusive"] {
			if first := seen[group]; first != "" && err == nil {
				err = usageErrorf("leave one of them out", "--%s and --%s cannot be used together", first, f.Name)
			}
			seen[group] = f.Name
		}
	})
	return err
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
