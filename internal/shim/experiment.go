package shim

import (
	"errors"
	"fmt"
	"time"

	"pi-track/internal/manifest"
)

// Experiment is one that an installation knows: a helper has at most one, which
// stays until the next one begins.
type Experiment struct {
	Name string
	Tool bool // an extension tool, else a shim
	manifest.Experiment
}

// ErrNoExperiment says that a helper has none.
var ErrNoExperiment = errors.New("there is no experiment")

// Experiments are those of a manifest, of shims first.
func Experiments(m *manifest.Manifest) []Experiment {
	var out []Experiment
	for i := range m.Shims {
		if x := m.Shims[i].Experiment; x != nil {
			out = append(out, Experiment{Name: m.Shims[i].Name, Experiment: *x})
		}
	}
	for _, t := range m.Tools {
		if t.Experiment != nil {
			out = append(out, Experiment{Name: t.Name, Tool: true, Experiment: *t.Experiment})
		}
	}
	return out
}

// Trying are the helpers of which an experiment runs at a time.
func Trying(m *manifest.Manifest, now time.Time) []string {
	var names []string
	for _, x := range Experiments(m) {
		if x.Runs(now.UnixMilli()) {
			names = append(names, x.Name)
		}
	}
	return names
}

// SetExperiment begins, changes or ends the experiment of a helper. The caller
// holds the lock.
func SetExperiment(l Layout, x Experiment) error {
	m, err := ReadManifest(l)
	if err != nil {
		return err
	}
	if x.Tool {
		setTool(m, x)
	} else if s, ok := m.Find(x.Name); ok {
		s.Experiment = &x.Experiment
	} else {
		return fmt.Errorf("%s: %w", x.Name, ErrNoExperiment)
	}
	data := m.Encode()
	if err := changeReceipt(l, func(rec *Receipt) error { rec.setFile(l.Manifest(), sumOf(data)); return nil }); err != nil {
		return err
	}
	if err := writeIfChanged(l.Manifest(), data, 0o600); err != nil {
		return err
	}
	return changeReceipt(l, func(rec *Receipt) error { rec.settle(); return nil })
}

func setTool(m *manifest.Manifest, x Experiment) {
	for i := range m.Tools {
		if m.Tools[i].Name == x.Name {
			m.Tools[i].Experiment = &x.Experiment
			return
		}
	}
	m.Tools = append(m.Tools, manifest.Tool{Name: x.Name, Experiment: &x.Experiment})
}

// keepExperiments takes over those of the manifest that is replaced.
func keepExperiments(to, from *manifest.Manifest) {
	to.Tools = from.Tools
	for i := range to.Shims {
		if s, ok := from.Find(to.Shims[i].Name); ok {
			to.Shims[i].Experiment = s.Experiment
		}
	}
}
