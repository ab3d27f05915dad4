//go:build linux || darwin || freebsd || openbsd

package main

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"pi-track/internal/fleet/ship"
	"pi-track/internal/log/segment"
	"pi-track/internal/redact"
)

func newPruneCmd(a *app) *cobra.Command {
	var keep string
	var dry, unshipped bool
	cmd := &cobra.Command{
		Use:   "prune --keep 365d",
		Short: "remove old segments of the log",
		Long: `Removes the sealed segments whose last event is older than --keep. Their events
are gone for good. The log that is being written is never pruned: 'pi-track
rotate' seals it first. pi-track never prunes unless you ask.

Where shims.toml has a [ship.NAME], a segment stays until 'pi-track ship' has
sent all of it there. --unshipped removes it anyway.

Exit status: 0, also when nothing is old enough; 1 a segment could not be
removed; 2 wrong usage.`,
		Example: `  pi-track prune --keep 365d --dry-run
  pi-track rotate --month && pi-track prune --keep 2y`,
		Args: noArgs,
		RunE: func(*cobra.Command, []string) error {
			if keep == "" {
				return usageErrorf("say how much to keep, such as --keep 365d", "no --keep given")
			}
			age, err := parseAge("keep", keep)
			if err != nil {
				return err
			}
			p, err := findInstallation()
			if err != nil {
				return err
			}
			var hold func(name string) bool
			if !unshipped {
				if hold, err = a.holdUnshipped(p); err != nil {
					return err
				}
			}
			pruned, err := segment.Prune(p.Log, time.Now().Add(-age), dry, hold)
			verb := "removed"
			if dry {
				verb = "would remove"
			}
			bytes := int64(0)
			for _, s := range pruned {
				bytes += s.Size
				fmt.Fprintf(a.stdout, "%s %s (%d bytes, up to %s)\n", verb, redact.Text(s.Name), s.Size, s.Last.Local().Format(time.DateOnly))
			}
			if err != nil {
				return withHint(exitFailed, fmt.Errorf("cannot prune: %w", err), "see 'pi-track doctor'")
			}
			fmt.Fprintf(a.stdout, "%s %s, %d bytes\n", verb, countOf(len(pruned), "segment", "segments"), bytes)
			return nil
		},
	}
	cmd.Flags().StringVar(&keep, "keep", "", "keep segments up to this `AGE`: 90d, 12w, 18m (months of 30 days), 2y")
	cmd.Flags().BoolVar(&unshipped, "unshipped", false, "also remove what 'pi-track ship' has not sent yet: the team loses it")
	cmd.Flags().BoolVar(&dry, "dry-run", false, "print what would be removed, and remove nothing")
	return cmd
}

// holdUnshipped tells which segments have to stay because a sink still waits for
// lines of them; it names each on stderr. It is nil without a sink.
func (a *app) holdUnshipped(p installation) (func(name string) bool, error) {
	cfg, _, err := readConfig("")
	if err != nil {
		return nil, err // with sinks that nobody can tell nothing is removed
	}
	if len(cfg.Sinks) == 0 {
		return nil, nil
	}
	unsent, err := ship.Unsent(p.Home, p.Log, cfg.Sinks)
	if err != nil {
		return nil, withHint(exitFailed, fmt.Errorf("cannot tell what was shipped: %w", err), "see 'pi-track ship --status', or use --unshipped")
	}
	return func(name string) bool {
		waits, err := unsent(name)
		if waits == "" && err == nil {
			return false
		}
		why := fmt.Errorf("%s stays: %s does not have all of it", name, waits)
		if err != nil {
			why = fmt.Errorf("%s stays: cannot tell whether %s has it: %w", name, waits, err)
		}
		printProblem(a.stderr, "warning", why, "'pi-track ship' sends it, --unshipped removes it unsent")
		return true
	}, nil
}

// parseAge reads an age in days, weeks, months of 30 days or years of 365.
func parseAge(flag, s string) (time.Duration, error) {
	days := map[string]int64{"d": 1, "w": 7, "m": 30, "y": 365}
	digits := strings.TrimRight(s, "dwmy")
	n, err := strconv.ParseInt(digits, 10, 32)
	unit := days[s[len(digits):]]
	const day = 24 * time.Hour
	if err != nil || n <= 0 || unit == 0 || n > math.MaxInt64/int64(day)/unit {
		return 0, usageErrorf("write it like 90d, 12w, 18m or 2y", "--%s: %q is not an age", flag, s)
	}
	return time.Duration(n*unit) * day, nil
}
