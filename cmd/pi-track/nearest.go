//go:build linux || darwin || freebsd || openbsd

package main

import (
	"errors"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"pi-track/internal/report/query"
	"pi-track/internal/suggest"
)

// otherVerbs are verbs of other programs for what ours do.
var otherVerbs = map[string]string{
	"log": "tail", "logs": "tail", "history": "tail", "jobs": "ps", "stats": "report", "usage": "report",
	"init": "setup", "remove": "rm", "delete": "rm", "update": "install --refresh", "upgrade": "install --refresh",
}

// otherFlags are flags of other programs for what ours do: the first one that the command has is meant.
var otherFlags = map[string][]string{
	"helper": {"name"}, "program": {"name"}, "tool": {"name"}, "command": {"name"},
	"days": {"last", "keep"}, "period": {"last"}, "after": {"since"}, "before": {"until", "keep"}, "to": {"until"},
	"older-than": {"keep", "older"}, "age": {"keep", "older"}, "file": {"output"},
	"n": {"limit"}, "top": {"limit"}, "max": {"limit"}, "count": {"limit", "lines"},
}

// meant is the hint for a word that is none of the few valid ones, "" if there are none.
func meant(word string, valid []string) string {
	if len(valid) == 0 {
		return ""
	}
	return nearestOr(word, valid, "one of "+strings.Join(valid, ", "))
}

// nearestOr is the hint that names what is nearest to a word, otherwise another.
func nearestOr(word string, known []string, otherwise string) string {
	if near := suggest.Nearest(word, known); near != "" {
		return "did you mean " + near + "?"
	}
	return otherwise
}

// unknownCommand is the error for a first word that is not a command.
func unknownCommand(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	return usageErrorf(nearestCommand(cmd, args[0]), "unknown command %q for %q", args[0], cmd.CommandPath())
}

// nearestCommand is the hint for a word that is no command below cmd.
func nearestCommand(cmd *cobra.Command, word string) string {
	if near := nearestVerb(cmd, word); near != "" {
		return near
	}
	names := verbs(cmd)
	switch {
	case cmd.Name() == "report" && isTime(word):
		return flagForWord(cmd, word)
	case cmd.Name() == "report":
		return "'pi-track report why " + quoted(word) + "' shows one helper; see 'pi-track report --help'"
	case cmd.HasParent() && len(names) > 0 && len(names) <= 5:
		return "one of " + strings.Join(names, ", ")
	}
	return "see '" + cmd.CommandPath() + " --help'"
}

// nearestVerb is the hint for a word that may be meant for a command below cmd, "" if there is none.
func nearestVerb(cmd *cobra.Command, word string) string {
	if deeper := below(cmd, word); len(deeper) > 0 {
		return "did you mean " + strings.Join(deeper, " or ") + "?"
	}
	near := suggest.Nearest(word, verbs(cmd))
	if near == "" && !cmd.HasParent() {
		near = otherVerbs[word]
	}
	if near == "" {
		return ""
	}
	return "did you mean " + near + "?"
}

// verbs names the commands below cmd.
func verbs(cmd *cobra.Command) (names []string) {
	for _, c := range cmd.Commands() {
		if !c.Hidden {
			names = append(names, c.Name())
		}
	}
	return names
}

// below names the commands of a name that are two levels down.
func below(cmd *cobra.Command, name string) (paths []string) {
	for _, c := range cmd.Commands() {
		for _, d := range c.Commands() {
			if d.Name() == name && c.Name() != "completion" {
				paths = append(paths, "'"+d.CommandPath()+"'")
			}
		}
	}
	return paths
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
	return usageErrorf(nearestFlag(cmd, unknown.GetSpecifiedName()), "%w", err)
}

// nearestFlag is the hint for a flag that cmd has not.
func nearestFlag(cmd *cobra.Command, word string) string {
	var names, alike []string
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		names = append(names, f.Name)
		if len(word) == 1 && strings.HasPrefix(f.Name, word) || len(word) > 2 && (strings.HasPrefix(f.Name, word) || slices.Contains(strings.Split(word, "-"), f.Name)) {
			alike = append(alike, "--"+f.Name)
		}
	})
	for _, name := range otherFlags[word] {
		if slices.Contains(names, name) {
			return "did you mean --" + name + "?"
		}
	}
	if len(word) == 1 {
		for _, other := range []string{strings.ToLower(word), strings.ToUpper(word)} {
			if other != word && cmd.Flags().ShorthandLookup(other) != nil {
				return "did you mean -" + other + "?"
			}
		}
	}
	see := "see '" + cmd.CommandPath() + " --help'"
	if c := strings.ReplaceAll(strings.ReplaceAll(word, "-", ""), "colour", "color"); c == "nocolor" || c == "nocolors" {
		if slices.Contains(names, "color") {
			return "did you mean --color never? NO_COLOR=1 in the environment does the same"
		}
		return "there are no colours in what it prints; " + see
	}
	if near := suggest.Nearest(word, names); near != "" {
		return "did you mean --" + near + "?"
	}
	if len(alike) > 0 && len(alike) <= 4 {
		return "did you mean " + strings.Join(alike, " or ") + "?"
	}
	if others := withFlag(cmd, word); len(others) > 0 && len(others) <= 3 {
		return "--" + word + " is a flag of " + strings.Join(others, " and ")
	}
	return see
}

// withFlag names the commands that have the flag, as far as they do not inherit it.
func withFlag(cmd *cobra.Command, name string) (paths []string) {
	var walk func(c *cobra.Command)
	walk = func(c *cobra.Command) {
		if c != cmd && !c.Hidden && c.LocalFlags().Lookup(name) != nil {
			paths = append(paths, "'"+c.CommandPath()+"'")
		}
		for _, d := range c.Commands() {
			walk(d)
		}
	}
	walk(cmd.Root())
	return paths
}

// flagForWord is the hint for a word behind a command that takes none: the flag whose value it may be.
func flagForWord(cmd *cobra.Command, word string) string {
	has := func(name string) bool { return cmd.Flags().Lookup(name) != nil }
	st, err := os.Stat(word)
	_, badAge := parseAge("keep", word)
	flag := ""
	switch {
	case cmd.Name() == "list":
		return "'pi-track which " + quoted(word) + "' shows one helper"
	case has("log") && err == nil && !st.IsDir():
		flag = "log"
	case has("keep") && badAge == nil:
		flag = "keep"
	case has("last") && isTime(word):
		flag = "last"
	case has("name"):
		flag = "name"
	}
	if flag == "" {
		return "see '" + cmd.CommandPath() + " --help'"
	}
	return "did you mean --" + flag + " " + quoted(word) + "?"
}

// isTime says that a word is what flags take for a time.
func isTime(word string) bool {
	_, err := query.ParseTime(word, time.Now(), time.Local)
	return err == nil
}

// quoted is a word as a shell takes it.
func quoted(word string) string {
	if word != "" && !strings.ContainsAny(word, " \t\n'\"*?[]$`\\|&;<>(){}#!~") {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}
