package fleet

import (
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"path/filepath"
	"strings"
	"time"
)

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
}

// Kind is the sort of a sink.
type Kind string

// The sorts of sinks.
const (
	Dir        Kind = "dir"
	ClickHouse Kind = "clickhouse"
)

// Address is where a sink is.
type Address struct {
	Kind     Kind
	Path     string // of a directory, absolute
	Base     string // of a server: scheme, host and port
	Database string // of a server
	text     string
}

// String is the address as it was written.
func (a Address) String() string { return a.text }

// Scheme says whether text begins as an address of a sink does.
func Scheme(text string) bool {
	return strings.HasPrefix(text, "dir:") || strings.HasPrefix(text, "clickhouse+")
}

// ParseAddress reads dir:/path and clickhouse+https://host:port/database. A
// password in it is refused, and plain http to anything but this machine.
func ParseAddress(text string) (Address, error) {
	a := Address{text: text}
	if path, ok := strings.CutPrefix(text, "dir:"); ok {
		a.Kind, a.Path = Dir, filepath.Clean(path)
		if !filepath.IsAbs(path) {
			return a, fmt.Errorf("%q is not an absolute directory, such as dir:/mnt/team/pi-track", text)
		}
		return a, nil
	}
	rest, ok := strings.CutPrefix(text, "clickhouse+")
	if !ok {
		return a, fmt.Errorf("%q is neither dir:/path nor clickhouse+https://host/database", redactURL(text))
	}
	u, err := url.Parse(rest)
	if err != nil {
		return a, errors.New("the address cannot be read as a URL")
	}
	a.text = redactURL(text)
	switch {
	case u.User != nil:
		return a, errors.New("the address holds a user or password: put it into token_file")
	case u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.Opaque != "":
		return a, fmt.Errorf("%q is not such as clickhouse+https://host:8443/database", a.text)
	case u.RawQuery != "" || u.Fragment != "":
		return a, errors.New("the address ends with the database: no ? and no #")
	case u.Scheme == "http" && !loopback(u.Hostname()):
		return a, fmt.Errorf("plain http reaches this machine only, and %s is another: use https", u.Hostname())
	}
	a.Kind, a.Base = ClickHouse, u.Scheme+"://"+u.Host
	a.Database = strings.Trim(u.Path, "/")
	if a.Database == "" {
		a.Database = "pitrack"
	}
	if !identifier(a.Database) {
		return a, fmt.Errorf("the database %q is not a name of letters, digits and _", a.Database)
	}
	return a, nil
}

// redactURL is an address without its user and password.
func redactURL(text string) string {
	scheme, rest, ok := strings.Cut(text, "://")
	if !ok {
		return text
	}
	host, path, _ := strings.Cut(rest, "/")
	if at := strings.LastIndexByte(host, '@'); at >= 0 {
		host = host[at+1:]
	}
	return scheme + "://" + host + "/" + path
}

func loopback(host string) bool {
	if host == "localhost" {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.Unmap().IsLoopback()
}

func identifier(s string) bool {
	for i, r := range s {
		if !(r == '_' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || i > 0 && r >= '0' && r <= '9') {
			return false
		}
	}
	return s != ""
}
