package piimport

import (
	"cmp"
	"os"
	"slices"
	"strconv"
	"time"

	"github.com/google/renameio/v2"

	"pi-track/internal/log"
	"pi-track/internal/log/segment"
)

// writeSegment writes the lines, ordered by time, as a sealed segment of the
// log and returns its name. The segment appears complete or not at all.
func writeSegment(path string, lines []line) (string, error) {
	slices.SortStableFunc(lines, func(a, b line) int { return cmp.Compare(a.ms, b.ms) })
	name, err := freeName(path, time.UnixMilli(lines[len(lines)-1].ms))
	if err != nil {
		return "", err
	}
	f, err := renameio.NewPendingFile(name, renameio.WithPermissions(0o600), renameio.IgnoreUmask())
	if err != nil {
		return "", err
	}
	defer f.Cleanup() //nolint:errcheck // nothing to clean up once it is in place
	for _, l := range lines {
		if _, err := f.Write(l.text); err != nil {
			return "", err
		}
	}
	return name, f.CloseAtomicallyReplace()
}

// freeName is a name for a segment that holds lines up to last, and that no
// segment has.
func freeName(path string, last time.Time) (string, error) {
	for n := 1; ; n++ {
		label := "import"
		if n > 1 {
			label += "-" + strconv.Itoa(n)
		}
		name := log.SealedName(path, last, label)
		free := true
		for _, taken := range []string{name, name + segment.Ext} {
			if _, err := os.Lstat(taken); err == nil {
				free = false
			} else if !os.IsNotExist(err) {
				return "", err
			}
		}
		if free {
			return name, nil
		}
	}
}
