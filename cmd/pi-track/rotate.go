//go:build linux || darwin || freebsd || openbsd

package main

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"pi-track/internal/log/segment"
	"pi-track/internal/redact"
)

func newRotateCmd(a *app) *cobra.Command {
	var size string
	var month, compress bool
	cmd := &cobra.Command{
		Use:   "rotate",
		Short: "seal the log and begin a new one",
		Long: `Renames the log to a sealed segment beside it, with the time in its name; the
next event begins a new log. Every verb reads all segments, so
nothing disappears. Writers may be at work: no event is lost.

Without options the log is sealed whatever it holds. With --size or --month it
is sealed only when it has reached the size, or holds lines of an earlier
month; either is enough. That is for cron.

With --compress sealed segments are compressed (zstd) once no writer can have
them open any more, some seconds after the rotation; the command waits for
that.

Exit status: 0, also if there was nothing to do; 1 the log could not be sealed
or compressed; 2 wrong usage.`,
		Example: `  pi-track rotate --month --compress
  pi-track rotate --size 100MB`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			when := segment.When{}
			if month {
				when.Month = time.Now()
			}
			if cmd.Flags().Changed("size") {
				var err error
				if when.Size, err = parseSize(size); err != nil {
					return err
				}
			}
			p, err := findInstallation()
			if err != nil {
				return err
			}
			sealed, err := segment.Rotate(p.Log, when)
			if err != nil {
				return withHint(exitFailed, fmt.Errorf("cannot rotate: %w", err), "see 'pi-track doctor'")
			}
			if sealed == "" {
				fmt.Fprintf(a.stdout, "nothing to rotate\n")
			} else {
				fmt.Fprintf(a.stdout, "sealed %s\n", redact.Text(sealed))
			}
			if compress {
				return a.compress(p.Log)
			}
			return nil
		},
	}
	cmd.Flags().StringVar(&size, "size", "", "only if the log has at least this `SIZE`, such as 500KB, 100MB or 1GB")
	cmd.Flags().BoolVar(&month, "month", false, "only if the log holds lines of an earlier month (UTC)")
	cmd.Flags().BoolVar(&compress, "compress", false, "compress the sealed segments")
	return cmd
}

// compress compresses all sealed segments, and waits for those that a writer
// may still have open.
func (a *app) compress(path string) error {
	for {
		done, pending, err := segment.Compress(path, time.Now())
		for _, name := range done {
			fmt.Fprintf(a.stdout, "compressed %s\n", redact.Text(name))
		}
		if err != nil {
			return withHint(exitFailed, fmt.Errorf("cannot compress: %w", err), "the segment stays as it is; see 'pi-track doctor'")
		}
		if pending == 0 {
			return nil
		}
		time.Sleep(pending)
	}
}

// parseSize reads a number of bytes with a unit, which it asks for as every verb
// does: B, KB, MB and GB are
// powers of 1000, KiB, MiB and GiB of 1024.
func parseSize(s string) (int64, error) {
	digits := strings.TrimRight(s, "KMGiBkmgb")
	factor := int64(1)
	switch strings.ToLower(s[len(digits):]) {
	case "b":
	case "k", "kb":
		factor = 1000
	case "kib":
		factor = 1 << 10
	case "m", "mb":
		factor = 1000 * 1000
	case "mib":
		factor = 1 << 20
	case "g", "gb":
		factor = 1000 * 1000 * 1000
	case "gib":
		factor = 1 << 30
	default:
		factor = 0
	}
	n, err := strconv.ParseInt(strings.TrimSpace(digits), 10, 32)
	if err == nil && len(digits) == len(s) {
		return 0, usageErrorf(fmt.Sprintf("did you mean %sMB? For bytes write %sB", s, s), "--size: %q has no unit", s)
	}
	if err != nil || n <= 0 || factor == 0 {
		return 0, usageErrorf("write it like 500KB, 100MB or 1GiB", "--size: %q is not a size", s)
	}
	return n * factor, nil
}
