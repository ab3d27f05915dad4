package section

import (
	"strings"

	"pi-track/internal/event/decode"
)

// ranWith is what a run ran with: its revision, the agent and the model, "" where
// that is not known.
type ranWith [3]string

// withNames are the keys of ranWith in the Report.
var withNames = [len(ranWith{})]string{"rev", "agent", "model"}

// withKey is what a ranWith's number stands for in the dict: no value holds a NUL.
func withKey(dst []byte, l *decode.Line) []byte {
	dst = append(append(dst, l.Bytes(l.Rev)...), 0)
	dst = append(append(dst, l.Bytes(l.Agent)...), 0)
	return append(dst, modelOf(l)...)
}

// modelOf is the model that the agent used, else the one that the run itself did.
func modelOf(l *decode.Line) []byte {
	if !l.AgentModel.Empty() {
		return l.Bytes(l.AgentModel)
	}
	return l.Bytes(l.Model)
}

// with is the ranWith with a number.
func (s *shared) with(id uint32) (x ranWith) {
	copy(x[:], strings.SplitN(s.withs.Text(id), "\x00", len(x)))
	return x
}
