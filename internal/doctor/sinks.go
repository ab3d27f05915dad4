package doctor

import (
	"errors"
	"time"

	"pi-track/internal/fleet"
	"pi-track/internal/fleet/ship"
)

// waitsLong is how old a line may be that waits for a sink before something seems to
// be wrong: a laptop is off for a weekend.
const waitsLong = 4 * 24 * time.Hour

// checkSinks says of each sink what was sent, what waits and what is in its way.
func (fs *findings) checkSinks(c Config) {
	for _, s := range c.Sinks {
		fs.checkSecrets(s)
		if c.Ask != nil {
			if hint, err := c.Ask(s); err != nil {
				fs.warn("ship", hint, "%s: nothing can be sent now: %v", s.Name, err)
			}
		}
		st, err := ship.StatusOf(c.Layout.Home, c.Log, s)
		if err != nil {
			fs.warn("ship", "make the log and "+c.Layout.Home+"/ship readable for you", "%s: cannot tell what waits: %v", s.Name, err)
			continue
		}
		if st.LastError != "" {
			fs.warn("ship", "run 'pi-track ship "+s.Name+"' to see the error again", "%s: the last ship failed at %s: %s", s.Name, st.ErrorAt.Local().Format(time.DateTime), st.LastError)
		}
		if st.Rejected > 0 {
			fs.note("ship", "they are in "+ship.RejectedFile(c.Layout.Home, s.Name), "%s: %s refused and set aside", s.Name, count(st.Rejected, "line was", "lines were"))
		}
		switch {
		case st.Waiting > 0 && time.Since(st.Oldest) > waitsLong:
			fs.warn("ship", "is 'pi-track ship' run by cron or a timer? see docs/fleet.md", "%s: %s since %s, %s", s.Name,
				count(st.Waiting, "line waits", "lines wait"), st.Oldest.Local().Format(time.DateTime), sizeText(st.Bytes))
		case st.Waiting > 0:
			fs.note("ship", "", "%s: %s, %s", s.Name, count(st.Waiting, "line waits", "lines wait"), sizeText(st.Bytes))
		default:
			fs.ok("ship", "%s: %s sent to %s, none waits", s.Name, count(st.Sent, "line", "lines"), s.To)
		}
	}
}

// checkSecrets says what is wrong with the files of a sink's token and key.
func (fs *findings) checkSecrets(s *fleet.Sink) {
	read := func(path string, read func(string) ([]byte, error)) {
		if path == "" {
			return
		}
		_, err := read(path)
		switch {
		case errors.Is(err, fleet.ErrOpen):
			fs.warn("ship", "run chmod 600 "+path, "%s: %v", s.Name, err)
		case err != nil:
			fs.warn("ship", "until then nothing is sent; see docs/fleet.md", "%s: %v", s.Name, err)
		}
	}
	read(s.TokenFile, fleet.ReadSecret)
	if len(s.Hashed()) > 0 {
		read(s.KeyFile, fleet.ReadKey)
	}
}
