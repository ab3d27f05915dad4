package piimport

import "strings"

// wrapper is a program that runs another one and ends with its status.
type wrapper struct {
	valued   string // its one-letter options that take a value of their own
	operands int    // arguments before the program
	assigns  bool   // NAME=value may stand before the program
	long     string // long options that take a value of their own, blanks between
}

var wrappers = map[string]wrapper{
	"env":        {valued: "uCS", assigns: true, long: "--unset --chdir"},
	"sudo":       {valued: "CDghpRrtTUu", assigns: true, long: "--user --group --host --prompt --chdir --chroot --close-from --role --type --other-user --command-timeout"},
	"doas":       {valued: "Cu"},
	"timeout":    {valued: "ks", operands: 1, long: "--kill-after --signal"},
	"time":       {valued: "fo", long: "--format --output"},
	"nice":       {valued: "n", long: "--adjustment"},
	"ionice":     {valued: "cn", long: "--class --classdata"},
	"nohup":      {},
	"setsid":     {},
	"stdbuf":     {valued: "ioe", long: "--input --output --error"},
	"command":    {},
	"exec":       {valued: "a"},
	"builtin":    {},
	"unbuffer":   {},
	"caffeinate": {valued: "tw"},
	"chronic":    {},
	"eatmydata":  {},
	"flock":      {valued: "Ew", operands: 1, long: "--timeout --wait --conflict-exit-code"},
	"taskset":    {operands: 1},
}

// behind returns the program and the arguments that a wrapper was given; nil
// when it is none, or runs nothing.
func behind(name string, args []string) []string {
	w, ok := wrappers[name]
	if !ok {
		return nil
	}
	operands := w.operands
	for len(args) > 0 {
		arg := args[0]
		switch {
		case arg == "--":
			args = args[1:]
			if len(args) <= operands {
				return nil
			}
			return args[operands:]
		case name == "command" && (arg == "-v" || arg == "-V"), name == "sudo" && isLister(arg):
			return nil // asks, and runs nothing
		case strings.HasPrefix(arg, "--"):
			if strings.Contains(" "+w.long+" ", " "+arg+" ") && len(args) > 1 {
				args = args[1:]
			}
		case len(arg) > 1 && arg[0] == '-':
			if last := arg[len(arg)-1]; strings.IndexByte(w.valued, last) >= 0 && len(args) > 1 {
				args = args[1:]
			}
		case w.assigns && assignment(arg):
		case operands > 0:
			operands--
		default:
			return args
		}
		args = args[1:]
	}
	return nil
}

// isLister says that an option of sudo runs no program.
func isLister(arg string) bool {
	switch arg {
	case "-l", "-v", "-k", "-K", "-e", "--list", "--validate", "--edit", "--reset-timestamp", "--remove-timestamp":
		return true
	}
	return false
}
