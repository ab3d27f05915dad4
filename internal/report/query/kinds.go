package query

// The sorts of helpers. Two of one name and different sorts are two helpers.
const (
	ShellHelper = "shell helper" // kinds script, job and loop: a program behind a shim, or what emit records
	Tool        = "tool"         // an extension's tool
	Command     = "command"      // an extension's command
	Skill       = "skill"
	Prompt      = "prompt"
)

// Kinds are the kinds of runs that are known, in the order of the help text,
// and KindSorts the sort of each.
var (
	Kinds     = []string{"script", "job", "loop", "extension_tool", "extension_command", "skill", "prompt"}
	KindSorts = []string{ShellHelper, ShellHelper, ShellHelper, Tool, Command, Skill, Prompt}
)

// SortOfKind is the sort of a helper whose runs have a kind. One that is not
// known is a sort of its own.
func SortOfKind(kind []byte) string {
	for i, k := range Kinds {
		if k == string(kind) {
			return KindSorts[i]
		}
	}
	return string(kind)
}

// OnlyUsed says whether helpers of a sort are used and no more: what becomes
// of a use is not known, so that they have no success rate.
func OnlyUsed(sort string) bool { return sort == Skill || sort == Prompt }

// MatchKind is Match for a kind; its sort will do, too.
func MatchKind(glob, kind string) (bool, error) {
	ok, err := Match(glob, kind)
	if ok || err != nil {
		return ok, err
	}
	return Match(glob, SortOfKind([]byte(kind)))
}
