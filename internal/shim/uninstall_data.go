package shim

import (
	"encoding/hex"
	"os"
	"path/filepath"
	"syscall"

	"pi-track/internal/log"
	"pi-track/internal/log/reap"
)

// data removes the log and what belongs to it with purge, else only what can be
// made again. The host's id stays as long as a log does, for which it stands.
func (r *Removal) data(l Layout, logPath string, purge bool) {
	for _, path := range log.RemoveIndexes(logPath, func(string) bool { return true }) {
		r.foreign(path)
	}
	reap.RemoveSpares(l.Home) // and boxes, if it is empty
	segments, _ := log.Segments(logPath)
	for _, path := range segments {
		r.keepOr(purge, path, isLog)
	}
	r.keepOr(purge, filepath.Join(l.Home, "notes"), isNotes)
	r.keepOr(true, filepath.Join(l.Home, "last-session"), isLastSession)
	r.boxes(l, purge)
	r.shipped(l, purge)
	keep := len(segments) > 0 && !purge
	if id, err := hex.DecodeString(ReadHost(l)); keep || err != nil || len(id) != 8 {
		r.keepOr(false, l.HostFile(), nil)
	} else {
		r.keepOr(true, l.HostFile(), owned)
	}
}

// boxes removes the black boxes with purge.
func (r *Removal) boxes(l Layout, purge bool) {
	boxes := filepath.Join(l.Home, "open")
	if !exists(boxes) {
		return
	}
	if !purge {
		r.Kept = append(r.Kept, boxes)
		return
	}
	kept := reap.RemoveBoxes(l.Home)
	for _, path := range kept {
		r.foreign(path)
	}
	if len(kept) == 0 {
		r.Removed = append(r.Removed, boxes)
	}
}

// config removes the user's configuration with purge. used is the one that was
// installed, own the one in the user's place.
func (r *Removal) config(used, own string, purge bool) {
	if st, err := os.Stat(used); purge && used != own && err == nil && st.Mode().IsRegular() {
		r.Kept = append(r.Kept, used)
	}
	if purge || used == own {
		r.keepOr(purge, own, func(path string) bool { return isLink(path) || owned(path) })
	}
	if purge {
		syscall.Rmdir(filepath.Dir(own)) // if it is empty now
	}
}

func isLink(path string) bool {
	_, err := os.Readlink(path)
	return err == nil
}

// keepOr removes what is at path if it is to be removed and provably ours.
func (r *Removal) keepOr(remove bool, path string, ours func(string) bool) {
	switch {
	case !exists(path):
	case !remove:
		r.Kept = append(r.Kept, path)
	case ours(path) && os.Remove(path) == nil:
		r.Removed = append(r.Removed, path)
	default:
		r.foreign(path)
	}
}
