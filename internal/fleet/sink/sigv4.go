package sink

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// signer signs requests as Amazon's Signature Version 4 wants it, which every server that
// speaks S3 knows. Its source is "Authenticating Requests: Using the Authorization Header"
// in Amazon's S3 API Reference. The secret itself is never sent.
type signer struct {
	id, secret, session string // an empty id signs nothing
	region              string
}

const (
	signTime = "20060102T150405Z"
	signDay  = "20060102"
	signName = "AWS4-HMAC-SHA256"
)

// request adds the headers that sign r with this body at this time. The address is escaped
// as escapePath and escapeQuery do.
func (s signer) request(r *http.Request, body []byte, now time.Time) {
	if s.id == "" {
		return
	}
	now = now.UTC()
	sum := sha256.Sum256(body)
	payload := hex.EncodeToString(sum[:])
	r.Header.Set("X-Amz-Content-Sha256", payload)
	r.Header.Set("X-Amz-Date", now.Format(signTime))
	if s.session != "" {
		r.Header.Set("X-Amz-Security-Token", s.session)
	}
	headers, names := signedHeaders(r)
	canonical := strings.Join([]string{r.Method, r.URL.EscapedPath(), r.URL.RawQuery, headers, names, payload}, "\n")
	hashed := sha256.Sum256([]byte(canonical))
	scope := strings.Join([]string{now.Format(signDay), s.region, "s3", "aws4_request"}, "/")
	text := strings.Join([]string{signName, now.Format(signTime), scope, hex.EncodeToString(hashed[:])}, "\n")
	key := []byte("AWS4" + s.secret)
	for _, part := range strings.Split(scope, "/") {
		key = mac(key, part)
	}
	r.Header.Set("Authorization", signName+" Credential="+s.id+"/"+scope+",SignedHeaders="+names+",Signature="+hex.EncodeToString(mac(key, text)))
}

// signedHeaders are all headers of the request, with the host, a line each, and their names.
func signedHeaders(r *http.Request) (lines, names string) {
	values := map[string]string{"host": r.Host}
	all := []string{"host"}
	for name, v := range r.Header {
		name = strings.ToLower(name)
		all = append(all, name)
		values[name] = strings.TrimSpace(strings.Join(v, ","))
	}
	slices.Sort(all)
	for _, name := range all {
		lines += name + ":" + values[name] + "\n"
	}
	return lines, strings.Join(all, ";")
}

func mac(key []byte, text string) []byte {
	m := hmac.New(sha256.New, key)
	m.Write([]byte(text))
	return m.Sum(nil)
}

// escapePath escapes everything in a path but letters, digits, - . _ ~ and slashes, so
// that what is sent is what was signed.
func escapePath(path string) string {
	return strings.ReplaceAll(escape(path), "%2F", "/")
}

// escapeQuery is the query in the order of its keys, escaped in the same way.
func escapeQuery(q url.Values) string {
	return strings.ReplaceAll(q.Encode(), "+", "%20") // a plus of the text is %2B by now
}

func escape(text string) string {
	return strings.ReplaceAll(url.QueryEscape(text), "+", "%20")
}
