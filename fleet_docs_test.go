package pitrack_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	pitrack "pi-track"
	"pi-track/internal/testdoc"
)

// fleetDoc are the blocks of a section of docs/fleet.md, in one language.
func fleetDoc(t *testing.T, section, language string) []string {
	t.Helper()
	data, err := os.ReadFile("docs/fleet.md")
	if err != nil {
		t.Fatal(err)
	}
	out := testdoc.Blocks(string(data), section, language)
	if len(out) == 0 {
		t.Fatalf("docs/fleet.md: no %s in %q", language, section)
	}
	return out
}

// teamHome is a machine on which the commands of docs/fleet.md are executed, with their
// absolute directories below it.
type teamHome struct {
	t    *testing.T
	home string
	env  []string
}

func newTeamHome(t *testing.T) *teamHome {
	bin, home := freshHome(t)
	for _, dir := range []string{"mnt", "srv/www", ".config/pi-track", ".local/bin"} {
		if err := os.MkdirAll(filepath.Join(home, dir), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink(filepath.Join(bin, "pi-track"), filepath.Join(home, ".local/bin/pi-track")); err != nil {
		t.Fatal(err)
	}
	return &teamHome{t, home, append(os.Environ(), "HOME="+home, "XDG_CONFIG_HOME=", "XDG_STATE_HOME=", "PI_TRACK_HOME=", "PI_TRACK_LOG=", "LC_ALL=C",
		"PATH="+bin+":"+os.Getenv("PATH"))}
}

func (h *teamHome) here(text string) string {
	text = strings.ReplaceAll(text, h.home+"/mnt/team", "/mnt/team")
	return strings.NewReplacer("/mnt/team", h.home+"/mnt/team", "/srv/www", h.home+"/srv/www").Replace(text)
}

// sh executes lines, each of which has to succeed.
func (h *teamHome) sh(lines string) (stdout, stderr string) {
	h.t.Helper()
	cmd := exec.Command("bash", "-e", "-o", "pipefail", "-c", h.here(lines))
	cmd.Env, cmd.Dir = h.env, h.home
	var out, err strings.Builder
	cmd.Stdout, cmd.Stderr = &out, &err
	if e := cmd.Run(); e != nil {
		h.t.Fatalf("%s\n%v\n%s%s", lines, e, out.String(), err.String())
	}
	return out.String(), err.String()
}

func (h *teamHome) write(name, text string) {
	h.t.Helper()
	path := filepath.Join(h.home, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		h.t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(h.here(text)), 0o600); err != nil {
		h.t.Fatal(err)
	}
}

// lineOfDocs is the run that docs/fleet.md shows under "What leaves a machine", as the log has it.
const lineOfDocs = `{"ts":"2026-11-30T14:58:37.454Z","v":1,"id":"01a22cf7-0b0e-79fa-a964-f13a3b02ca76","kind":"script","name":"deploy","status":"failed","duration_ms":412,"exit_code":1,"error_summary":"error: canary","cwd":"/home/me/web/canary","scope":"global","repo":"/home/me/web","task_id":"canary","host":"0123456789abcdef","pid":4711,"src":"shim"}
`

// The commands of docs/fleet.md for a directory do what they say, from nothing to leaving. Those for a bucket and for
// ClickHouse are executed by test/fleet, which has both.
func TestCommandsOfFleetDocs(t *testing.T) {
	h := newTeamHome(t)
	const section = "A directory, in ten minutes"
	sh := fleetDoc(t, section, "sh")
	if len(sh) != 3 {
		t.Fatalf("%d blocks of commands", len(sh))
	}
	h.sh(sh[0])
	table := fleetDoc(t, section, "toml")[0]
	h.write(".config/pi-track/shims.toml", string(pitrack.DefaultConfig)+regexp.MustCompile(`(?m)^version .*`).ReplaceAllString(table, ""))
	h.sh("pi-track check-config") // in a file that exists, without its first line
	h.write(".config/pi-track/shims.toml", table)
	h.write("runtime/tool-usage/events.jsonl", lineOfDocs)

	out, said := h.sh("pi-track ship --dry-run")
	mask := regexp.MustCompile(`h-[a-z2-7]{26}`)
	got := mask.ReplaceAllString(out+strings.ReplaceAll(said, h.home, ""), "h-…")
	if want := mask.ReplaceAllString(fleetDoc(t, "What leaves a machine", "")[0], "h-…"); got != want {
		t.Errorf("--dry-run prints\n%s\nin the docs\n%s", got, want)
	}

	h.sh(sh[1])
	out, _ = h.sh(sh[2])
	if !strings.Contains(out, "deploy") {
		t.Errorf("a report of the team without its run:\n%s", out)
	}
	if page, err := os.ReadFile(filepath.Join(h.home, "srv/www/helpers.html")); err != nil || !strings.Contains(string(page), "deploy") {
		t.Errorf("the page: %d bytes, %v", len(page), err)
	}
	if out, _ := h.sh("pi-track report --from dir:/mnt/team/pi-track"); !strings.Contains(out, "deploy") {
		t.Errorf("without a configuration:\n%s", out)
	}
	h.regularly()

	out, _ = h.sh("pi-track ship forget team")
	if held, _ := filepath.Glob(filepath.Join(h.home, "mnt/team/pi-track/host=*")); len(held) != 1 || !strings.Contains(out, held[0]) {
		t.Fatalf("forget names %q, there is %q", out, held)
	}
	h.sh(out)
	if held, _ := filepath.Glob(filepath.Join(h.home, "mnt/team/pi-track/host=*")); len(held) != 0 {
		t.Errorf("still there: %q", held)
	}
}

// regularly executes what the table and the unit say of cron, CI and systemd.
func (h *teamHome) regularly() {
	h.t.Helper()
	data, err := os.ReadFile("docs/fleet.md")
	if err != nil {
		h.t.Fatal(err)
	}
	var commands []string
	for line := range strings.Lines(string(data)) {
		if m := regexp.MustCompile("^\\| (cron|CI) \\| .*`(.*)` \\|\n").FindStringSubmatch(line); m != nil {
			command := strings.ReplaceAll(m[2], `\|`, "|")
			if m[1] == "cron" {
				f := strings.Fields(command)
				for _, x := range f[:5] {
					if !regexp.MustCompile(`^(\*|\*/[0-9]+|[0-9]+)$`).MatchString(x) {
						h.t.Errorf("no line of crontab: %q", command)
					}
				}
				command = strings.Join(f[5:], " ")
			}
			commands = append(commands, command)
		}
		if start, ok := strings.CutPrefix(line, "ExecStart="); ok {
			commands = append(commands, strings.ReplaceAll(start, "%h", h.home))
		}
	}
	if len(commands) != 3 {
		h.t.Fatalf("of cron, CI and systemd: %q", commands)
	}
	for _, command := range commands {
		if out, _ := h.sh("pi-track emit event --name more\n" + command); !slices.Contains(strings.Split(out, "\n"), "team: 2 lines sent in 1 batch") {
			h.t.Errorf("%s prints %q", command, out)
		}
	}
	unit, timer, ok := strings.Cut(fleetDoc(h.t, "Regularly", "ini")[0], "\n# ~/.config/systemd/user/pi-track-ship.timer\n")
	analyze, err := exec.LookPath("systemd-analyze")
	if err != nil || !ok {
		h.t.Logf("the units are not verified: %v", err)
		return
	}
	h.write("units/pi-track-ship.service", strings.ReplaceAll(unit, "%h", h.home))
	h.write("units/pi-track-ship.timer", timer)
	h.sh("XDG_RUNTIME_DIR=" + h.home + " " + analyze + " --user verify " + h.home + "/units/pi-track-ship.timer")
}
