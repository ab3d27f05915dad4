//go:build linux || darwin || freebsd || openbsd

package main

import (
	"pi-track/internal/publish"
	"pi-track/internal/report/query"
	"pi-track/internal/report/view"
	"pi-track/internal/shim"
)

// fixedValues are the values of flags that have a few, in the order of the help
// text.
func fixedValues() map[string]completer {
	return map[string]completer{
		"by": words(query.Keys), "sort": words(query.Sorts), "format": words(view.Formats),
		"color":  words([]string{"auto", "always", "never"}),
		"shell":  words(shim.Shells),
		"kind":   words(append([]string{query.ShellHelper, query.Tool, query.Command}, query.Kinds...)),
		"scope":  words([]string{"global", "project"}),
		"status": words([]string{"succeeded", "failed", "cancelled", "started"}),
		"tz":     words([]string{"Local", "UTC"}),
		"until":  lines("today\tbefore last midnight", "yesterday\tbefore the midnight before"),
		"at":     lines("today\tlast midnight", "yesterday\tthe midnight before"),
		"watch":  lines("2s\tevery two seconds", "10s\tevery ten seconds", "1m\tevery minute"),
		"older":  lines("7d\tbegan a week ago", "30d\tbegan 30 days ago", "90d\tbegan 90 days ago"),
		"for":    lines("30s\thalf a minute", "4m\tfour minutes"),
		"off":    lines("missing\tas if there were no such helper (127)", "skip\tsucceeds at once and does nothing"),
		"unit":   lines("task\teach task, else session", "session\teach session"),
		"since":  words([]string{"24h", "7d", "30d", "today", "yesterday"}), "last": words([]string{"24h", "7d", "30d", "90d"}),
		"fields": words(publish.Fields),
		"keep":   words([]string{"90d", "18m", "2y"}), "size": words([]string{"10MB", "100MB", "1GB"}),
	}
}

// ownValues are those of flags that mean something else than elsewhere, by
// command and flag.
func ownValues() map[string]completer {
	helper := words(query.Kinds[:3])
	ended := words([]string{"succeeded", "failed", "cancelled"})
	return map[string]completer{
		"pi-track run --kind": helper, "pi-track add --kind": helper,
		"pi-track emit start --kind": words(kinds), "pi-track emit event --kind": words(kinds),
		"pi-track emit end --status": ended, "pi-track emit event --status": ended,
		"pi-track ps --since": lines("1h\tat most an hour old", "24h\tat most a day old", "168h\tat most a week old"),
	}
}

// argumentValues are the values of arguments, by command.
func argumentValues() map[string]completer {
	return map[string]completer{
		"pi-track report why": helperNames, "pi-track report experiment": experimentsHere,
		"pi-track which": shimNames, "pi-track rm": shimNames, "pi-track add": candidateNames,
		"pi-track show": recentRuns, "pi-track emit end": recentRuns,
		"pi-track task done": groupNames(query.ByTask), "pi-track task fail": groupNames(query.ByTask),
		"pi-track experiment start": shimNames, "pi-track experiment stop": experimentsHere,
		"pi-track ship": sinksHere, "pi-track ship forget": sinksHere, "pi-track ship schema": lines("clickhouse\ttables, views and roles", "grafana\ta dashboard"),
	}
}

// takesMany names the commands that take several arguments of a sort.
var takesMany = map[string]bool{"pi-track rm": true, "pi-track add": true, "pi-track ship": true}

// takesFile names the commands whose arguments are files, directories or commands.
var takesFile = map[string]bool{
	"pi-track run": true, "pi-track publish": true, "pi-track check-config": true, "pi-track import pi-sessions": true,
	"pi-track ship key": true, "pi-track extension": true,
}

// wordMeans says what a value means, for every flag that has it.
var wordMeans = map[string]string{
	// of --by, some of --sort and --fields
	"name": "the helper", "kind": "script, job, loop, extension_tool …", "ext": "the Pi extension",
	"scope": "global or of a project", "repo": "the repository", "cwd": "the directory of the call",
	"task": "the task", "session": "the session of Pi", "host": "the machine", "day": "of the start, by date",
	"week": "of the start, by ISO week", "month": "of the start", "exit_code": "exit status, or the signal's name",
	"model": "the model of the agent, or of the run", "rev": "which file ran", "agent": "which agent called",
	// of --sort
	"risk": "most certainly high failure rates first", "fails": "most failures first", "rate": "highest failure rate first",
	"runs": "most runs first", "p50": "longest median first", "p95": "longest 95th percentile first",
	"time": "most time in total first", "last": "latest run first", "cost": "most spent on models first",
	// of --format
	"table": "for reading", "wide": "the table with every column", "json": "one object; has a schema",
	"ndjson": "a line a row, with its section", "csv": "the rows of one section, with commas",
	"tsv": "the rows of one section, with tabs", "md": "Markdown", "html": "a page that needs no other file",
	"prom": "a node_exporter text file",
	// of --color
	"auto": "in a terminal", "always": "also into a pipe or file", "never": "no colour",
	// of --shell
	"bash": "~/.bashrc and a login file", "zsh": "~/.zshrc and a login file", "fish": "config.fish",
	// of --kind
	query.ShellHelper: "scripts, jobs and loops", query.Tool: "a tool of an extension", query.Command: "a command of an extension",
	"script": "a program that ends by itself", "job": "a program that runs for long", "loop": "a program that runs until it is ended",
	"extension_tool": "a tool of an extension", "extension_command": "a command of an extension",
	"skill": "a skill of Pi", "prompt": "a prompt template of Pi",
	// of --scope and --status
	"global": "belongs to no project", "project": "belongs to one project",
	"succeeded": "exit status 0", "failed": "any other exit status, or a signal", "cancelled": "interrupted by its caller", "started": "has not ended",
	// of --tz, --since and --last
	"Local": "this machine's time zone", "UTC": "universal time",
	"24h": "the last 24 hours", "7d": "the last week", "30d": "the last 30 days", "90d": "the last 90 days",
	"today": "since midnight", "yesterday": "since the midnight before",
	// of --fields, --keep and --size
	"error": "the texts of errors", "18m": "the last 18 months", "2y": "the last two years",
	"10MB": "seal a log that is larger", "100MB": "seal a log that is larger", "1GB": "seal a log that is larger",
}

// lines completes these values, each with what it means behind a tab.
func lines(all ...string) completer { return func(string) []string { return all } }

// words completes valid values, each with what it means.
func words[T ~string](valid []T) completer {
	out := make([]string, len(valid))
	for i, v := range valid {
		out[i] = string(v) + "\t" + wordMeans[string(v)]
	}
	return func(string) []string { return out }
}
