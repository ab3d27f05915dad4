package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"pi-track/internal/fleet/schema"
	"pi-track/internal/testdoc"
)

// client stands for clickhouse-client: what it is given is looked at, as the engine here has no users.
const client = `#!/bin/sh
if [ "$1" = --multiquery ]; then cat >"$HOME/tables.sql"; else printf '%s\n' "$2" >>"$HOME/users.sql"; fi
`

// checkDocs does what docs/fleet.md says of a bucket and of ClickHouse, with the servers here in place of
// those named there, and returns how many commands and configurations that were.
func checkDocs(dir string, e *engine, b *bucket) (int, error) {
	text, err := os.ReadFile(*docs)
	if err != nil {
		return 0, err
	}
	doc, n := string(text), 0
	for _, c := range []struct{ section, home, named, here, token string }{
		{"A bucket", "docs-bucket", "s3://my-bucket/pi-track", b.address, bucketToken},
		{"ClickHouse, in thirty minutes", "docs-clickhouse", "clickhouse+https://pi.example.org:8443/pitrack", "clickhouse+" + e.url + "/pitrack", "ship_laptop:…"},
	} {
		home := filepath.Join(dir, c.home)
		if err := os.MkdirAll(filepath.Join(home, ".config/pi-track"), 0o700); err != nil {
			return n, err
		}
		config := strings.ReplaceAll(strings.Join(append([]string{"version = 1\n"}, testdoc.Blocks(doc, c.section, "toml")...), ""), c.named, c.here)
		if !strings.Contains(config, c.here) {
			return n, fmt.Errorf("%s: no configuration in %s", c.section, *docs)
		}
		for name, content := range map[string]string{
			"clickhouse-client": client, ".config/pi-track/shims.toml": config,
			".config/pi-track/team.token": c.token + "\n", ".config/pi-track/team-read.token": c.token + "\n",
		} {
			if err := os.WriteFile(filepath.Join(home, name), []byte(content), 0o700); err != nil {
				return n, err
			}
			if err := os.Chmod(filepath.Join(home, name), map[bool]os.FileMode{true: 0o700, false: 0o600}[name == "clickhouse-client"]); err != nil {
				return n, err
			}
		}
		commands := append([]string{"pi-track ship key ~/.config/pi-track/team.key"}, testdoc.Blocks(doc, c.section, "sh")...)
		commands = append(commands, "pi-track emit event --name from-the-docs", "pi-track ship", "pi-track report --from team --name from-the-docs | grep from-the-docs", "pi-track ship forget team | grep h-")
		for _, command := range commands {
			cmd := exec.Command("bash", "-e", "-o", "pipefail", "-c", command)
			cmd.Env = append(os.Environ(), "HOME="+home, "XDG_CONFIG_HOME=", "PI_TRACK_HOME=", "PI_TRACK_LOG=", "PATH="+filepath.Dir(*track)+":"+home+":"+os.Getenv("PATH"))
			if out, err := cmd.CombinedOutput(); err != nil {
				return n, fmt.Errorf("%s: %s: %w\n%s", c.section, command, err, out)
			}
			n++
		}
	}
	return n, e.again(filepath.Join(dir, "docs-clickhouse", "tables.sql"))
}

// again carries out the statements for tables and views once more.
func (e *engine) again(file string) error {
	sql, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	want, err := schema.Tables("pitrack")
	if err != nil || !strings.HasPrefix(string(sql), want) {
		return fmt.Errorf("clickhouse-client was given something else: %d bytes, %w", len(sql), err)
	}
	for _, s := range schema.Statements(want) {
		if _, err := e.ask(s); err != nil {
			return err
		}
	}
	return nil
}
