package fleet

import (
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"path"
	"path/filepath"
	"strings"
)

// Kind is the sort of a sink.
type Kind string

// The sorts of sinks.
const (
	Dir        Kind = "dir"
	ClickHouse Kind = "clickhouse"
	S3         Kind = "s3"
	OTLP       Kind = "otlp"
)

// Address is where a sink is.
type Address struct {
	Kind     Kind
	Path     string // of a directory, absolute; below a bucket, without slashes around it; of a collector, from the slash on
	Base     string // of a server: scheme, host and port; "" for Amazon's of the region
	Database string // of a ClickHouse
	Bucket   string
	text     string
}

// String is the address as it was written.
func (a Address) String() string { return a.text }

// Forms are the addresses that [ParseAddress] reads, for hints.
const Forms = "dir:/a/shared/directory, s3://bucket/prefix, s3+https://host/bucket/prefix, clickhouse+https://host:8443/database or otlp+https://host:4318"

// Scheme says whether text begins as an address of a sink does.
func Scheme(text string) bool {
	return strings.HasPrefix(text, "dir:") || strings.HasPrefix(text, "s3:") || server(text) != ""
}

// server is the kind of an address that begins with KIND+.
func server(text string) Kind {
	kind, _, ok := strings.Cut(text, "+")
	if k := Kind(kind); ok && (k == ClickHouse || k == S3 || k == OTLP) {
		return k
	}
	return ""
}

// ParseAddress reads the address of a directory, a bucket, a ClickHouse or a collector. A
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
	if rest, ok := strings.CutPrefix(text, "s3://"); ok {
		if a.Kind = S3; strings.Contains(rest, "@") {
			a.text = redactURL(text)
			return a, errSecret
		}
		return a, a.bucket(rest)
	}
	if a.Kind = server(text); a.Kind == "" {
		return a, fmt.Errorf("%q is not one of %s", redactURL(text), Forms)
	}
	u, err := a.url(text)
	if err != nil {
		return a, err
	}
	a.Base = u.Scheme + "://" + u.Host
	switch a.Kind {
	case S3:
		return a, a.bucket(strings.TrimPrefix(u.Path, "/"))
	case OTLP:
		a.Path = strings.TrimSuffix(u.Path, "/")
		return a, nil
	}
	if a.Database = strings.Trim(u.Path, "/"); a.Database == "" {
		a.Database = "pitrack"
	}
	if !identifier(a.Database) {
		return a, fmt.Errorf("the database %q is not a name of letters, digits and _", a.Database)
	}
	return a, nil
}

var errSecret = errors.New("the address holds a user or password: put it into token_file")

// url is the address of a server behind KIND+.
func (a *Address) url(text string) (*url.URL, error) {
	_, rest, _ := strings.Cut(text, "+")
	u, err := url.Parse(rest)
	if err != nil {
		return nil, errors.New("the address cannot be read as a URL")
	}
	a.text = redactURL(text)
	switch {
	case u.User != nil:
		return nil, errSecret
	case u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.Opaque != "":
		return nil, fmt.Errorf("%q does not look like %s+https://host:8443/path", a.text, a.Kind)
	case u.RawQuery != "" || u.Fragment != "":
		return nil, errors.New("the address must not contain ? or #")
	case u.Scheme == "http" && !loopback(u.Hostname()):
		return nil, fmt.Errorf("plain http is for this machine only, and %s is another: use https", u.Hostname())
	}
	return u, nil
}

// bucket takes BUCKET/PREFIX apart.
func (a *Address) bucket(text string) error {
	a.Bucket, a.Path, _ = strings.Cut(text, "/")
	a.Path = strings.TrimSuffix(a.Path, "/")
	const longest = 63
	if len(a.Bucket) < 3 || len(a.Bucket) > longest || strings.ContainsFunc(a.Bucket, func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-' || r == '.' || r == '_')
	}) || a.Bucket[0] == '.' || a.Bucket[0] == '-' {
		return fmt.Errorf("%q is not the name of a bucket: 3 to %d letters, digits, dots and hyphens", a.Bucket, longest)
	}
	if a.Path != "" && (path.Clean("/"+a.Path) != "/"+a.Path || strings.ContainsFunc(a.Path, func(r rune) bool { return r < ' ' || r == 0x7f })) {
		return fmt.Errorf("%q is not a plain path in a bucket", a.Path)
	}
	return nil
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
