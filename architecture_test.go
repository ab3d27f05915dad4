package pitrack_test

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// rule says which of our packages a package may import, and why no others.
type rule struct {
	may    []string
	reason string
}

// rules cover every package below internal and cmd/pi-track-shim. A package
// that is not listed fails the test: it needs a place in the house first.
var rules = map[string]rule{
	"internal/event":            {nil, "the line is the meeting point of all: it depends on nothing"},
	"internal/redact":           {nil, "rules about text know neither events nor files"},
	"internal/event/decode":     {[]string{"internal/event"}, "it reads lines, which no shim does"},
	"internal/event/schematest": {[]string{"internal/event"}, "it validates lines against the published schema, in tests only"},

	"internal/exec":        {[]string{"internal/exec/script", "internal/mount"}, "the supervisor returns facts and knows no events: exec and log never meet"},
	"internal/exec/script": {nil, "what a new process does without Go is told by lists of system calls alone"},
	"internal/mount":       {nil, "where a call may hang is asked by supervisor, log and launch alike"},
	"internal/manifest":    {nil, "what shims read stands alone, so that a shim links nothing else for it"},
	"internal/lookup":      {nil, "finding a program on PATH is the same for shims and for the command line"},
	"internal/safefile":    {nil, "how a file is read safely is the same for every file of an installation"},
	"internal/log":         {[]string{"internal/event", "internal/log/owned", "internal/log/sys", "internal/redact", "internal/safefile"}, "the file knows lines, and cleans what it is given"},
	"internal/log/sys":     {nil, "system calls know nothing of what is written"},
	"internal/log/owned":   {[]string{"internal/log/sys"}, "what may be removed is decided by its owner, not by its contents"},
	"internal/log/box":     {[]string{"internal/event", "internal/log", "internal/log/owned", "internal/log/sys", "internal/mount"}, "a supervisor writes its box; who reads it is not linked into shims"},
	"internal/log/reap":    {[]string{"internal/event", "internal/event/decode", "internal/log", "internal/log/box", "internal/log/owned", "internal/log/scan", "internal/log/segment", "internal/log/sys", "internal/redact"}, "it looks at the boxes and at the whole log, which no shim does"},
	"internal/home":        {[]string{"internal/manifest", "internal/safefile"}, "where everything is, for shims and the command line alike"},
	"internal/log/history": {[]string{"internal/event", "internal/event/decode", "internal/log", "internal/log/segment"}, "reading backward and following are the command line's"},
	"internal/log/logtest": {[]string{"internal/event", "internal/event/decode"}, "it makes lines and starts children, in tests only"},
	"internal/launch":      {[]string{"internal/home", "internal/manifest", "internal/lookup", "internal/event", "internal/redact", "internal/exec", "internal/log", "internal/log/box", "internal/mount", "internal/safefile"}, "a shim composes these and nothing more; all it links costs every call"},
	"internal/discover":    {[]string{"internal/safefile"}, "it looks for programs and counts names, and knows nothing of the rest"},
	"internal/version":     {nil, "the version stands in one place"},
	"internal/stack":       {nil, "without imports it is initialised before all that has some"},
	"cmd/pi-track-shim":    {[]string{"internal/launch", "internal/stack"}, "the program behind every shim is a call of launch.Main"},

	"internal/log/segment":     {[]string{"internal/event", "internal/event/decode", "internal/log"}, "rotation is the command line's; its compression is not linked into shims"},
	"internal/log/scan":        {[]string{"internal/event", "internal/event/decode", "internal/log", "internal/log/segment"}, "reading is not linked into shims"},
	"internal/shim":            {[]string{"internal/manifest", "internal/lookup", "internal/log", "internal/log/reap", "internal/log/sys", "internal/log/segment", "internal/event", "internal/event/decode", "internal/redact", "internal/suggest", "internal/safefile", "internal/version", "internal/fleet", "internal/report/query"}, "the generator shares only the manifest with the shims"},
	"internal/stats":           {nil, "arithmetic knows no events"},
	"internal/stats/reference": {[]string{"internal/stats"}, "it judges in the plainest way, in tests only"},
	"internal/suggest":         {nil, "edit distance knows nothing of ours"},
	"internal/piext":           {[]string{"extensions", "internal/safefile"}, "it places files and knows nothing else"},
	"internal/testbin":         {nil, "it builds the programs for tests"},
	"internal/testdoc":         {nil, "it reads documents for tests"},
	"internal/testfuse":        {nil, "it mounts for tests"},
	"internal/testkeep":        {nil, "it keeps what tests leave running"},

	"internal/fleet":        {[]string{"internal/event", "internal/log", "internal/redact", "internal/safefile", "internal/report/query", "internal/report/sum"}, "what of a line may leave is decided without knowing where it goes"},
	"internal/fleet/schema": {nil, "SQL stands alone"},
	"internal/fleet/sink":   {[]string{"internal/event", "internal/event/decode", "internal/fleet", "internal/safefile"}, "a sink takes batches and knows no log"},
	"internal/fleet/ship":   {[]string{"internal/event", "internal/fleet", "internal/fleet/sink", "internal/event/decode", "internal/log", "internal/log/segment", "internal/log/sys", "internal/safefile"}, "it reads the log and keeps account"},
	"internal/fleet/origin": {[]string{"internal/event", "internal/event/decode", "internal/fleet", "internal/fleet/sink", "internal/log", "internal/log/segment"}, "it finds what was sent, and adds nothing up"},

	"internal/report/hash":    {nil, "a hash knows nothing of what it stands for"},
	"internal/report/query":   {[]string{"internal/event", "internal/event/decode", "internal/report/hash"}, "a question knows no answer"},
	"internal/report/index":   {[]string{"internal/log", "internal/log/owned", "internal/log/sys", "internal/report/hash"}, "the file knows bytes, not what stands in it"},
	"internal/report/runs":    {[]string{"internal/event", "internal/safefile", "internal/event/decode", "internal/log", "internal/log/segment", "internal/log/scan", "internal/report/hash", "internal/report/index"}, "runs are read for whoever adds them up"},
	"internal/report/sum":     {[]string{"internal/event", "internal/event/decode", "internal/stats", "internal/report/hash", "internal/report/index", "internal/report/query"}, "a sum knows no section"},
	"internal/report/section": {[]string{"internal/event", "internal/event/decode", "internal/stats", "internal/report/hash", "internal/report/index", "internal/report/query", "internal/report/runs", "internal/report/sum"}, "a section answers and does not print"},
	"internal/report/engine":  {[]string{"internal/event", "internal/event/decode", "internal/report/query", "internal/report/runs", "internal/report/section", "internal/report/sum"}, "it asks and tells a collector, and prints nothing"},
	"internal/report":         {[]string{"internal/report/engine", "internal/report/query", "internal/report/runs", "internal/report/section"}, "a report is made from events alone: none of exec, launch and shim"},
	"internal/publish":        {[]string{"internal/report/query", "internal/report/runs", "internal/report/section"}, "what may be published is decided on the report, before anything is drawn"},
	"internal/report/view":    {[]string{"internal/event", "internal/event/decode", "internal/redact", "internal/report/query", "internal/report/runs", "internal/report/sum", "internal/report/section", "internal/stats"}, "a renderer computes nothing"},
}

// prefixRules hold for a package and everything below it.
var prefixRules = map[string]rule{
	"internal/report/synth": {[]string{"internal/event"}, "it makes logs for tests and benchmarks"},
	"internal/audit":        {[]string{"internal/event", "internal/event/decode", "internal/log", "internal/log/segment", "internal/log/scan", "internal/audit"}, "verify looks at lines"},
	"internal/doctor":       {[]string{"internal/home", "internal/audit", "internal/fleet", "internal/fleet/ship", "internal/event", "internal/event/decode", "internal/log", "internal/log/owned", "internal/log/reap", "internal/log/segment", "internal/log/scan", "internal/lookup", "internal/manifest", "internal/shim", "internal/piext", "internal/redact", "internal/safefile", "internal/version"}, "doctor looks at everything but runs nothing"},
	"internal/piimport":     {[]string{"internal/event", "internal/event/decode", "internal/log", "internal/log/segment", "internal/log/scan", "internal/redact", "internal/manifest", "internal/safefile"}, "the import writes events"},
}

// pkg is the part of `go list -json` that the rules need.
type pkg struct {
	ImportPath   string
	Imports      []string
	TestGoFiles  []string
	Deps         []string
	Doc          string
	IgnoredFiles []string `json:"IgnoredGoFiles"`
}

func list(t *testing.T, args ...string) []pkg {
	t.Helper()
	out, err := exec.Command("go", append([]string{"list", "-json=ImportPath,Imports,Deps,Doc"}, args...)...).Output()
	if err != nil {
		t.Fatal(err)
	}
	var all []pkg
	for dec := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p pkg
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			return all
		} else if err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
}

func ruleFor(name string) (rule, bool) {
	if r, ok := rules[name]; ok {
		return r, true
	}
	for prefix, r := range prefixRules {
		if name == prefix || strings.HasPrefix(name, prefix+"/") {
			return r, true
		}
	}
	return rule{}, false
}

// allows tells whether a rule permits an import.
func (r rule) allows(name string) bool {
	for _, m := range r.may {
		if name == m {
			return true
		}
	}
	return false
}

func TestImportRules(t *testing.T) {
	for _, p := range list(t, "./internal/...", "./cmd/pi-track-shim") {
		name := strings.TrimPrefix(p.ImportPath, "pi-track/")
		if strings.Contains(name, "/testdata/") || strings.HasSuffix(name, "/bench") || strings.Contains(name, "/bench/") {
			continue
		}
		r, ok := ruleFor(name)
		if !ok {
			t.Errorf("%s has no import rule: give it a place in the house", name)
			continue
		}
		for _, imp := range p.Imports {
			if ours, ok := strings.CutPrefix(imp, "pi-track/"); ok && !r.allows(ours) {
				t.Errorf("%s imports %s: %s", name, ours, r.reason)
			}
			if imp == "log" {
				t.Errorf("%s imports the standard log: the name belongs to internal/log", name)
			}
			if (imp == "os/exec" || imp == "os/signal") && name != "internal/exec" && !strings.HasPrefix(name, "internal/test") && name != "internal/log/logtest" && !mayExec[name] {
				t.Errorf("%s imports %s: only internal/exec starts programs and handles signals", name, imp)
			}
		}
	}
}

// mayExec names the packages that may use os/exec and os/signal although they
// do not supervise anything, each with its reason.
var mayExec = map[string]bool{
	"internal/doctor": true, // asks login shells and Pi what they see
}

// inShims are the packages of ours that a shim links.
var inShims = []string{
	"cmd/pi-track-shim", "internal/event", "internal/exec", "internal/exec/script", "internal/home", "internal/launch", "internal/log", "internal/log/box",
	"internal/log/owned", "internal/log/sys", "internal/lookup", "internal/manifest", "internal/mount", "internal/redact",
	"internal/safefile", "internal/stack",
}

// Everything that a shim links is initialised on every call.
func TestShimLinksOnlyWhatItNeeds(t *testing.T) {
	forbidden := map[string]string{
		"encoding/json": "the line is written by hand", "regexp": "redaction has no patterns to compile",
		"net": "nothing leaves this machine", "net/http": "nothing leaves this machine", "internal/fleet": "sending is for pi-track alone", "os/signal": "the supervisor has its own handler",
		"internal/event/decode": "it writes lines and reads none", "internal/log/reap": "it leaves boxes and ends none",
		"internal/log/scan": "it reads no log", "internal/log/history": "it reads no log", "internal/log/segment": "it rotates nothing",
		"text/template": "nothing is rendered", "time/tzdata": "times are UTC",
	}
	for _, p := range list(t, "./cmd/pi-track-shim") {
		for _, dep := range p.Deps {
			if reason, bad := forbidden[strings.TrimPrefix(dep, "pi-track/")]; bad {
				t.Errorf("the shim links %s: %s", dep, reason)
			}
			if ours, ok := strings.CutPrefix(dep, "pi-track/"); ok && !slices.Contains(inShims, ours) {
				t.Errorf("the shim links %s, which is for pi-track alone", ours)
			}
			if strings.Contains(dep, ".") && !strings.HasPrefix(dep, "golang.org/x/sys") && !strings.HasPrefix(dep, "github.com/creack/pty") && !strings.HasPrefix(dep, "vendor/") {
				t.Errorf("the shim links the module of %s", dep)
			}
		}
	}
}

// Each package says what it is for, once.
func TestEveryPackageHasAComment(t *testing.T) {
	for _, p := range list(t, "./...") {
		if strings.Contains(p.ImportPath, "/testdata/") || strings.HasPrefix(p.ImportPath, "pi-track/examples") {
			continue
		}
		if p.Doc == "" {
			t.Errorf("%s has no package comment", p.ImportPath)
		}
	}
}

// On a system that pi-track does not know, the programs build and say so. On the
// BSDs the real ones build.
func TestOtherSystemsAreRefused(t *testing.T) {
	for goos, refused := range map[string]bool{"windows": true, "netbsd": true, "freebsd": false, "openbsd": false} {
		cmd := exec.Command("go", "build", "-o", t.TempDir()+"/", "./cmd/...")
		cmd.Env = append(cmd.Environ(), "GOOS="+goos, "GOARCH=amd64", "CGO_ENABLED=0")
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("%s: %v\n%s", goos, err, out)
		}
		list := exec.Command("go", "list", "-f", "{{.GoFiles}}", "./cmd/...")
		list.Env = cmd.Env
		out, err := list.Output()
		if err != nil || strings.Contains(string(out), "unsupported.go") != refused || refused && string(out) != "[unsupported.go]\n[unsupported.go]\n" {
			t.Errorf("%s: %v: %s", goos, err, out)
		}
	}
}
