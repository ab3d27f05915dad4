//go:build linux || darwin || freebsd || openbsd

package main

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"pi-track/internal/event"
	"pi-track/internal/home"
	"pi-track/internal/redact"
	"pi-track/internal/report"
	"pi-track/internal/report/query"
	"pi-track/internal/report/section"
	"pi-track/internal/shim"
)

// completer proposes the values of a flag or an argument that begin with a
// prefix, each with a description behind a tab where there is one.
type completer = func(prefix string) []string

// addCompletions gives the flags and arguments of all verbs their values. A
// flag's name means the same wherever it occurs.
func addCompletions(root *cobra.Command) {
	flags := fixedValues()
	for name, values := range map[string]completer{
		"name": helperNames, "record": candidateNames,
		"ext": groupNames(query.ByExt), "repo": groupNames(query.ByRepo), "task": groupNames(query.ByTask), "session": groupNames(query.BySession),
	} {
		flags[name] = values
	}
	arguments := map[string]completer{
		"pi-track report why": helperNames,
		"pi-track which":      shimNames,
		"pi-track rm":         shimNames,
		"pi-track add":        candidateNames,
		"pi-track show":       recentRuns,
	}
	each(root, func(cmd *cobra.Command) {
		for name, values := range flags {
			if cmd.LocalNonPersistentFlags().Lookup(name) != nil || cmd.PersistentFlags().Lookup(name) != nil {
				_ = cmd.RegisterFlagCompletionFunc(name, completion(values)) // fails for a second registration only
			}
		}
		if values, ok := arguments[cmd.CommandPath()]; ok {
			cmd.ValidArgsFunction = func(cmd *cobra.Command, args []string, prefix string) ([]string, cobra.ShellCompDirective) {
				if len(args) > 0 {
					return nil, cobra.ShellCompDirectiveNoFileComp
				}
				return completion(values)(cmd, args, prefix)
			}
		} else if !takesFile[cmd.CommandPath()] && cmd.ValidArgsFunction == nil {
			cmd.ValidArgsFunction = cobra.NoFileCompletions
		}
	})
}

// bashWords is what the library's script for bash takes from the package
// bash-completion, which many machines lack: the words of the command line, with
// those put together again that bash has split at = and :.
const bashWords = `    if declare -F _get_comp_words_by_ref >/dev/null; then
        _get_comp_words_by_ref "$@" cur prev words cword
        return
    fi
    local i
    words=() cword=0
    for ((i = 0; i < ${#COMP_WORDS[@]}; i++)); do
        if [[ $i -gt 0 && ( ${COMP_WORDS[i]} == [=:]* || ${COMP_WORDS[i-1]} == *[=:] ) ]]; then
            words[${#words[@]}-1]+=${COMP_WORDS[i]}
        else
            words+=("${COMP_WORDS[i]}")
        fi
        if [[ $i -eq $COMP_CWORD ]]; then cword=$((${#words[@]} - 1)); fi
    done
    cur=${words[cword]} prev=${words[cword-1]}
`

// bashScript is the library's completion script for bash, made to work without
// the package bash-completion.
func bashScript(root *cobra.Command) (string, error) {
	var b strings.Builder
	err := root.GenBashCompletionV2(&b, true)
	return strings.Replace(b.String(), "    _get_comp_words_by_ref \"$@\" cur prev words cword\n", bashWords, 1), err
}

// takesFile names the commands whose arguments are files or commands.
var takesFile = map[string]bool{"pi-track run": true, "pi-track man": true, "pi-track publish": true, "pi-track check-config": true, "pi-track import pi-sessions": true}

func each(cmd *cobra.Command, do func(*cobra.Command)) {
	do(cmd)
	for _, c := range cmd.Commands() {
		each(c, do)
	}
}

func completion(values completer) cobra.CompletionFunc {
	return func(_ *cobra.Command, _ []string, prefix string) ([]string, cobra.ShellCompDirective) {
		var out []string
		for _, v := range values(prefix) {
			if strings.HasPrefix(v, prefix) {
				out = append(out, v)
			}
		}
		return out, cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveKeepOrder
	}
}

// completionTime bounds what a press of the Tab key may wait for.
const completionTime = 2 * time.Second

// logReport is a report over the configured log, nil where there is none.
func logReport(o query.Options) *section.Report {
	ctx, cancel := context.WithTimeout(context.Background(), completionTime)
	defer cancel()
	p, err := findInstallation()
	if err != nil {
		return nil
	}
	o.Logs, o.Location, o.Now = []string{p.Log}, time.Local, time.Now()
	r, err := report.Build(ctx, o)
	if err != nil {
		return nil
	}
	return r
}

// helperNames are the helpers of the log, with their runs, then those that are
// configured and have none.
func helperNames(string) []string {
	var out, seen []string
	if r := logReport(query.Options{Sections: []query.Section{section.SectionHelpers}}); r != nil {
		for _, h := range r.Helpers.Rows {
			if !slices.Contains(seen, h.Name) {
				seen = append(seen, h.Name)
				out = append(out, fmt.Sprintf("%s\t%s", redact.Text(h.Name), countOf(int(h.Runs), "run", "runs")))
			}
		}
	}
	for _, line := range shimNames("") {
		if name, _, _ := strings.Cut(line, "\t"); !slices.Contains(seen, name) {
			out = append(out, name+"\tno runs")
		}
	}
	return out
}

// shimNames are the configured helpers, each with its kind.
func shimNames(string) []string {
	m, err := shim.ReadManifest(shim.Layout{Home: home.Dir()})
	if err != nil {
		return nil
	}
	var out []string
	for _, s := range m.Shims {
		out = append(out, s.Name+"\t"+s.Kind)
	}
	return out
}

// groupNames are the values of a key in the log, the latest groups of runs with
// their numbers.
func groupNames(key query.Key) completer {
	return func(string) []string {
		r := logReport(query.Options{Sections: []query.Section{section.SectionHelpers}, By: []query.Key{key}})
		if r == nil || r.Groups == nil {
			return nil
		}
		var out []string
		for _, g := range r.Groups.Rows {
			if g.Value != "" {
				out = append(out, fmt.Sprintf("%s\t%s", redact.Text(g.Value), countOf(int(g.Runs), "run", "runs")))
			}
		}
		return out
	}
}

// recentCount is how many runs are offered for an id.
const recentCount = 30

// recentRuns are the ids of the latest runs, the newest first.
func recentRuns(prefix string) []string {
	p, err := findInstallation()
	if err != nil {
		return nil
	}
	h, err := openHistory(p)
	if err != nil {
		return nil
	}
	var out []string
	seen := map[string]bool{}
	_ = h.Since(time.Time{}, []byte(prefix), nil, func(e *event.Event) bool {
		if !seen[e.ID] && strings.HasPrefix(e.ID, prefix) {
			seen[e.ID] = true
			out = append(out, fmt.Sprintf("%s\t%s %s %s", e.ID, e.TS.Local().Format("Jan 2 15:04"), redact.Text(e.Name), e.Status))
		}
		return len(out) < recentCount
	})
	return out
}

// candidateNames are the helpers that setup would propose.
func candidateNames(prefix string) []string {
	home, err := os.UserHomeDir()
	if err != nil {
		return nil
	}
	cfg, _, err := readConfig("")
	if err != nil {
		return nil
	}
	var names []string
	for _, c := range candidates(home, cfg) {
		if strings.HasPrefix(c.Name, prefix) && c.Not == "" {
			names = append(names, redact.Text(c.Name)+"\t"+c.Kind)
		}
	}
	return names
}
