package reap

import (
	"bytes"
	"syscall"
	"time"

	"pi-track/internal/event"
	"pi-track/internal/log/box"
	"pi-track/internal/log/sys"
)

const (
	// usageTime is how long a usage file outlives its box: a nested Pi may still
	// write to it.
	usageTime = 24 * time.Hour

	// sweepMin is how many boxes that hold nothing one call removes if there are more.
	sweepMin = 1024
)

// sweep removes boxes that hold nothing and have not been touched for a while. Of
// very many it removes an eighth: removing a file costs several times as much as
// looking at it, so a call takes little longer than the look, and few calls
// remove them all.
func (d *boxDir) sweep(names []string) {
	for _, name := range names[:min(len(names), max(sweepMin, len(names)/8))] {
		d.removeIf(name, isOld)
	}
}

// isOld accepts what holds nothing, unless it may be in the making.
func isOld(kind boxKind, _ int64, age time.Duration) bool {
	return kind == boxBlank && age >= makingTime
}

// removeIf removes the file called name that nobody uses if want accepts what it
// is, its size, and the time since it was written.
func (d *boxDir) removeIf(name string, want func(kind boxKind, size int64, age time.Duration) bool) bool {
	fd, err := d.Open(name, syscall.O_RDWR)
	if err != nil {
		return false
	}
	defer syscall.Close(fd)
	var st syscall.Stat_t
	if sys.Flock(fd, syscall.LOCK_EX|syscall.LOCK_NB) != nil || syscall.Fstat(fd, &st) != nil || !d.IsNamed(fd, name) {
		return false
	}
	kind := boxBlank
	if st.Size > 0 {
		_, kind = readBox(fd)
	}
	return want(kind, st.Size, time.Since(sys.ModTime(&st))) && d.Remove(name) == nil
}

// dropDamaged removes the damaged box of run id from home/open, now that its run
// has its end, if it is provably a box: of a box's magic and size. It is false when
// the file stays.
func dropDamaged(home, id string) bool {
	d, _, err := openBoxes(home)
	if d == nil || err != nil || !box.IsRunID(id) {
		return false
	}
	defer d.Close()
	return d.removeIf(id, func(kind boxKind, _ int64, _ time.Duration) bool { return kind == boxDamaged })
}

// dropUsage removes the usage file of a run that ended long ago.
func (d *boxDir) dropUsage(id string) {
	if _, err := d.Stat(id); err != syscall.ENOENT {
		return
	}
	name := id + ".usage"
	if st, err := d.Stat(name); err == nil && time.Since(time.Unix(st.Mtim.Unix())) > usageTime && d.isUsage(name) {
		_ = d.Remove(name)
	}
}

// isUsage says whether a file holds what Pi's extension writes about usage, or
// nothing.
func (d *boxDir) isUsage(name string) bool {
	fd, err := d.Open(name, syscall.O_RDONLY)
	if err != nil {
		return false
	}
	defer syscall.Close(fd)
	var head [event.MaxLine]byte
	n, err := syscall.Pread(fd, head[:], 0)
	line, _, _ := bytes.Cut(head[:max(n, 0)], []byte("\n"))
	_, ok := event.ParseUsage(line)
	return err == nil && (n == 0 || ok)
}
