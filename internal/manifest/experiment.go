package manifest

import "strconv"

// Experiment draws at random in which tasks a helper runs as always, its first
// arm, and in which it does not, or another program runs: its second.
type Experiment struct {
	ID     string
	Unit   string   // task, which is the session where there is no task, or session
	Share  int      // percent of the units in the second arm, 1–99
	Versus []string // command line of the second arm; nil switches the helper off
	Skip   bool     // off is to succeed at once, not to be missing
	Until  int64    // when it ends or ended, Unix ms; 0 is open
	Since  int64    // when it began, Unix ms
	Most   int      // units after which it is stopped; 0 is no limit
}

// The units of an experiment.
const (
	UnitTask    = "task"
	UnitSession = "session"
)

// UnitOf is what is drawn for, "" for a run that takes no part.
func (x *Experiment) UnitOf(task, session string) string {
	if x.Unit != UnitSession && task != "" {
		return task
	}
	return session
}

// Second draws for a unit: whether it is in the second arm. It depends
// on the experiment's id, its share and the unit alone, so that every machine
// and every language draws the same.
func (x *Experiment) Second(unit string) bool {
	return (Lot(x.ID, unit)>>11)*100 < uint64(x.Share)<<53
}

// Lot is a number that looks as if drawn from all 64-bit numbers: FNV-1a of the
// id, a zero byte and the unit, mixed by the finalizer of MurmurHash3, because
// FNV leaves the high bits of short texts alike.
func Lot(id, unit string) uint64 {
	h := uint64(14695981039346656037)
	for _, s := range [...]string{id, "\x00", unit} {
		for i := range len(s) {
			h = (h ^ uint64(s[i])) * 1099511628211
		}
	}
	h = (h ^ h>>33) * 0xff51afd7ed558ccd
	h = (h ^ h>>33) * 0xc4ceb9fe1a85ec53
	return h ^ h>>33
}

// Arm is the name of the arm that a unit is in.
func (x *Experiment) Arm(unit string) string {
	second := x.Second(unit)
	switch {
	case x.Versus != nil && second:
		return "b"
	case x.Versus != nil:
		return "a"
	case second:
		return "off"
	}
	return "on"
}

// Runs says whether the experiment takes part at a time, Unix ms.
func (x *Experiment) Runs(now int64) bool { return x.Until == 0 || now < x.Until }

func (x *Experiment) encode(put func(key, value string), list func(key string, values []string)) {
	if x == nil {
		return
	}
	put("experiment", x.ID)
	put("unit", x.Unit)
	put("share", strconv.Itoa(x.Share))
	if x.Skip {
		put("off", "skip")
	}
	if x.Since != 0 {
		put("since", strconv.FormatInt(x.Since, 10))
	}
	if x.Most != 0 {
		put("most", strconv.Itoa(x.Most))
	}
	if x.Until != 0 {
		put("until", strconv.FormatInt(x.Until, 10))
	}
	list("versus", x.Versus)
}

// set takes a key of an experiment; the first one makes it.
func (x *Experiment) set(key, value string) *Experiment {
	if key == "experiment" {
		return &Experiment{ID: value}
	}
	if x == nil {
		return nil
	}
	switch key {
	case "unit":
		x.Unit = value
	case "share":
		x.Share, _ = strconv.Atoi(value)
	case "off":
		x.Skip = value == "skip"
	case "until":
		x.Until, _ = strconv.ParseInt(value, 10, 64)
	case "since":
		x.Since, _ = strconv.ParseInt(value, 10, 64)
	case "most":
		x.Most, _ = strconv.Atoi(value)
	case "versus":
		x.Versus = append(x.Versus, value)
	}
	return x
}
