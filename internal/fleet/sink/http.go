package sink

import (
	"bytes"
	"compress/gzip"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"pi-track/internal/fleet"
	"pi-track/internal/safefile"
)

// wire is how a sink speaks to a server. Credentials go in a header, never into an
// address; a redirection is not followed, so that they go nowhere else.
type wire struct {
	http    *http.Client
	agent   string
	secrets []string // that no error may quote
}

// answerLimit is how much of an answer to a batch is read: a good one is all but empty.
const answerLimit = 64 << 10

// stallWait is how long a server may say nothing.
const stallWait = 2 * time.Minute

func newWire(a fleet.Access, o Options) (*wire, error) {
	config := &tls.Config{MinVersion: tls.VersionTLS12}
	if a.CAFile != "" {
		pem, err := safefile.Read(a.CAFile, safefile.Limit)
		if err != nil {
			return nil, &Denied{fmt.Errorf("ca_file: %w", err), "name a file with the authority's certificate"}
		}
		config.RootCAs = x509.NewCertPool()
		if !config.RootCAs.AppendCertsFromPEM(pem) {
			return nil, &Denied{fmt.Errorf("ca_file: %s has no certificate in PEM", a.CAFile), "name a file with the authority's certificate"}
		}
	}
	return &wire{agent: "pi-track/" + o.Version, secrets: secretsOf(o.Token), http: &http.Client{
		Transport: &http.Transport{
			Proxy: http.ProxyFromEnvironment, TLSClientConfig: config, DisableCompression: true, ForceAttemptHTTP2: false,
			DialContext:           (&net.Dialer{Timeout: 15 * time.Second}).DialContext,
			TLSHandshakeTimeout:   15 * time.Second,
			ResponseHeaderTimeout: stallWait, IdleConnTimeout: time.Minute,
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}, nil
}

// send carries a request out. Its errors are an *Away or a *Denied.
func (w *wire) send(r *http.Request) (*http.Response, error) {
	r.Header.Set("User-Agent", w.agent)
	answer, err := w.http.Do(r)
	if err != nil {
		return nil, unreachable(err)
	}
	return answer, nil
}

// whole reads an answer to its end. One that was cut off acknowledges nothing.
func whole(answer io.Reader) ([]byte, error) {
	text, err := io.ReadAll(io.LimitReader(answer, answerLimit))
	if err != nil {
		return nil, &Away{Err: fmt.Errorf("the answer was cut off: %w", clean(err))}
	}
	return text, nil
}

// zipped is data in gzip's format.
func zipped(data []byte) []byte {
	var z bytes.Buffer
	w := gzip.NewWriter(&z)
	_, _ = w.Write(data) // memory takes all
	_ = w.Close()
	return z.Bytes()
}

// authorization is the header's value: user:password as Basic, any other token as Bearer.
func authorization(token string) string {
	switch {
	case token == "":
		return ""
	case strings.Contains(token, ":"):
		return "Basic " + base64.StdEncoding.EncodeToString([]byte(token))
	}
	return "Bearer " + token
}

// secretsOf are the forms in which a server could send a token back.
func secretsOf(token string) []string {
	if token == "" {
		return nil
	}
	_, value, _ := strings.Cut(authorization(token), " ")
	all := []string{token, value}
	if _, password, ok := strings.Cut(token, ":"); ok && len(password) > 3 {
		all = append(all, password)
	}
	return all
}

// unreachable is an error of the connection, without the address, which has the query in it.
func unreachable(err error) error {
	var cert *tls.CertificateVerificationError
	if errors.As(err, &cert) {
		hint := "ca_file names the certificate of a private authority"
		if invalid := new(x509.CertificateInvalidError); errors.As(err, invalid) && invalid.Reason == x509.Expired {
			hint = "check the clock of this machine; if it is right, the server needs a new certificate"
		}
		return &Denied{fmt.Errorf("its certificate is not trusted: %w", cert.Err), hint}
	}
	return &Away{Err: clean(err)}
}

// clean is err without the address that net/http puts in front.
func clean(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		return u.Err
	}
	return err
}

func retryAfter(text string) time.Duration {
	s, err := strconv.Atoi(text)
	if err != nil || s < 0 || s > 3600 {
		return 0
	}
	return time.Duration(s) * time.Second
}

// short is the beginning of what a server says, on one line.
func (w *wire) short(text []byte) string {
	const most = 300
	s := strings.ToValidUTF8(strings.Join(strings.Fields(string(text)), " "), "?")
	for _, secret := range w.secrets {
		s = strings.ReplaceAll(s, secret, "[token]")
	}
	if len(s) > most {
		s = strings.ToValidUTF8(s[:most], "") + "…"
	}
	if s == "" {
		return "nothing"
	}
	return s
}
