package fleet

import "time"

// Sink is one [ship.NAME] of shims.toml: where lines go and what of them.
type Sink struct {
	Name string
	To   Address
	Access

	Names   []string        // globs of helpers, with ! in front what is left out; none is all
	Repos   []string        // globs of work trees; none is everywhere
	Since   time.Time       // lines written earlier stay; zero is all
	Batch   int             // the most bytes of a batch before compression
	Fields  map[string]Mode // only those that differ from the default
	KeyFile string          // the team's key, for what is hashed
}

// MaxBatch is the most bytes that a batch may have before compression.
const MaxBatch = 64 << 20

// Source is one [source.NAME] of shims.toml: where a report reads from.
type Source struct {
	Name string
	From Address
	Access
	KeyFile string
}

// Access is how a server lets us in.
type Access struct {
	TokenFile    string
	TokenCommand []string
	CAFile       string // the certificate of a private authority, PEM
	Compatible   bool   // for servers before 24.8: gzip, no token
	Region       string // of a bucket, "" for us-east-1
	VirtualHost  bool   // a bucket's name stands in front of the host's, not behind it
}
