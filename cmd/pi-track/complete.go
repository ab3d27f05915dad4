//go:build linux || darwin || freebsd || openbsd

package main

import (
	"strings"

	"github.com/spf13/cobra"

	"pi-track/internal/report/query"
)

// completer proposes the values of a flag or an argument that begin with a
// prefix, each with a description behind a tab where there is one.
type completer = func(prefix string) []string

// addCompletions gives the flags and arguments of all verbs their values. A
// flag's name means the same wherever it occurs.
func addCompletions(root *cobra.Command) {
	flags := fixedValues()
	for name, values := range map[string]completer{
		"name": helperNames, "record": candidateNames, "parent": recentRuns, "from": sourcesHere, "host": groupNames(query.ByHost),
		"ext": groupNames(query.ByExt), "repo": groupNames(query.ByRepo), "task": groupNames(query.ByTask), "session": groupNames(query.BySession),
	} {
		flags[name] = values
	}
	own, arguments := ownValues(), argumentValues()
	each(root, func(cmd *cobra.Command) {
		path := cmd.CommandPath()
		local, persistent := cmd.LocalNonPersistentFlags(), cmd.PersistentFlags()
		for name, values := range flags {
			if of, ok := own[path+" --"+name]; ok {
				values = of
			}
			if local.Lookup(name) != nil || persistent.Lookup(name) != nil {
				_ = cmd.RegisterFlagCompletionFunc(name, completion(values)) // fails for a second registration only
			}
		}
		if values, ok := arguments[path]; ok {
			cmd.ValidArgsFunction = completion(values)
			if !takesMany[path] {
				cmd.ValidArgsFunction = onlyFirst(completion(values))
			}
		} else if !takesFile[path] && cmd.ValidArgsFunction == nil {
			cmd.ValidArgsFunction = cobra.NoFileCompletions
		}
	})
}

// onlyFirst completes the first argument, and nothing after it.
func onlyFirst(f cobra.CompletionFunc) cobra.CompletionFunc {
	return func(cmd *cobra.Command, args []string, prefix string) ([]string, cobra.ShellCompDirective) {
		if len(args) > 0 {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		return f(cmd, args, prefix)
	}
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
