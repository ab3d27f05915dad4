package redact

import (
	"encoding/base64"
	"fmt"
	"math/rand"
	"net/url"
	"strings"
	"testing"
)

// The corpus: tails of 4 KiB as programs leave them. All secrets are made up
// here, at run time.

const (
	lower  = "abcdefghijklmnopqrstuvwxyz"
	digits = "0123456789"
	upper  = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	hexes  = "0123456789abcdef"
	alnum  = lower + upper + digits
)

// maker makes up text.
type maker struct{ *rand.Rand }

func (m maker) of(alphabet string, n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = alphabet[m.Intn(len(alphabet))]
	}
	return string(b)
}

func (m maker) hex(n int) string    { return m.of(hexes, n) }
func (m maker) base64(n int) string { return m.of(alnum+"+/", n) }
func (m maker) word() string        { return m.of(lower, 3+m.Intn(7)) }
func (m maker) password() string {
	return m.of(upper, 1) + m.of(lower, 6) + m.of(digits, 2) + m.of("!#%+", 1)
}

func (m maker) uuid() string {
	return m.hex(8) + "-" + m.hex(4) + "-4" + m.hex(3) + "-a" + m.hex(3) + "-" + m.hex(12)
}

// planted is a kind of secret: text holds secret, which must not be left.
type planted struct {
	name string
	make func(m maker) (text, secret string)
}

// prefixed is a token behind a prefix.
func prefixed(name, format, prefix, alphabet string, n int) planted {
	return planted{name, func(m maker) (string, string) {
		secret := prefix + m.of(alphabet, n)
		return fmt.Sprintf(format, secret), secret
	}}
}

// behind is a random value behind a key, an option or the like.
func behind(name, format string, value func(m maker) string) planted {
	return planted{name, func(m maker) (string, string) {
		secret := value(m)
		return fmt.Sprintf(format, secret), secret
	}}
}

func pemOf(m maker, label string) (string, string) {
	body := m.base64(64) + "\n" + m.base64(64) + "\n" + m.base64(40)
	return "-----BEGIN " + label + "-----\n" + body + "\n-----END " + label + "-----", body
}

func jwtOf(m maker) string {
	part := func(s string) string { return base64.RawURLEncoding.EncodeToString([]byte(s)) }
	return part(`{"alg":"HS256","typ":"JWT"}`) + "." + part(`{"sub":"`+m.hex(10)+`"}`) + "." + m.of(alnum+"-_", 43)
}

var secretKinds = []planted{
	prefixed("github", "remote: Invalid credentials %s for user", "ghp"+"_", alnum, 36),
	prefixed("github app", "git push https://x-access-token:%s@github.com/a/b", "ghs"+"_", alnum, 36),
	prefixed("github fine-grained", "error: token %s expired", "github"+"_pat_", alnum, 82),
	prefixed("gitlab", "PRIVATE-TOKEN: %s", "glpat"+"-", alnum, 20),
	prefixed("slack bot", "invalid_auth for %s", "xoxb"+"-", digits, 40),
	prefixed("aws id", "InvalidClientTokenId: %s is not valid", "AKIA", upper+digits, 16),
	prefixed("aws id without a digit", "request with %s refused", "AKIA", upper, 16),
	prefixed("anthropic", "401 x-api-key: %s", "sk-ant"+"-api03-", alnum+"-_", 80),
	prefixed("openai", "Incorrect API key provided: %s. You can find", "sk"+"-proj-", alnum+"-_", 64),
	prefixed("openai old", "openai.AuthenticationError: %s", "sk"+"-", alnum, 48),
	prefixed("google", "API key not valid: key=%s", "AI"+"za", alnum+"-_", 35),
	prefixed("stripe", "StripeAuthenticationError: Expired API Key: %s", "sk"+"_live_", alnum, 24),
	prefixed("npm", "npm error 401 //registry/:_authToken=%s", "npm"+"_", alnum, 36),
	prefixed("pypi", "HTTPError: 403 with %s", "pypi-AgE"+"IcHlwaS5vcmc", alnum+"-_", 60),
	prefixed("huggingface", "Repository Not Found, token %s", "hf"+"_", alnum, 34),
	prefixed("sendgrid", "Unauthorized: %s", "SG"+".", alnum+"-_", 66),
	prefixed("digitalocean", "doctl: Unable to authenticate %s", "dop"+"_v1_", hexes, 64),
	prefixed("vault", "Code: 403. token %s denied", "hvs"+".", alnum, 24),
	behind("jwt", "token %s is expired", jwtOf),
	{"pem", func(m maker) (string, string) { return pemOf(m, "RSA PRIVATE"+" KEY") }},
	{"openssh", func(m maker) (string, string) { return pemOf(m, "OPENSSH PRIVATE"+" KEY") }},
	behind("url", "fatal: could not read from https://bob:%s@git.example.com/x.git", func(m maker) string { return m.of(alnum, 14) }),
	behind("database", "could not connect to postgres://app:%s@db.internal:5432/prod", maker.password),
	behind("redis", "dial redis://:%s@cache:6379/0: refused", func(m maker) string { return m.of(alnum, 24) }),
	behind("option", "+ deploy --env prod --token %s --verbose", func(m maker) string { return m.of(alnum, 32) }),
	behind("option=", "+ deploy --api-key=%s --verbose", func(m maker) string { return m.hex(32) }),
	behind("password option", "exec: mysqldump --user root --password %s prod", maker.password),
	behind("bearer", "> Authorization: Bearer %s", func(m maker) string { return m.of(alnum, 40) }),
	behind("bearer in JSON", `{"headers":{"Authorization":"Bearer %s"}}`, func(m maker) string { return m.of(alnum+"-_", 40) }),
	behind("basic", "> Authorization: Basic %s", func(m maker) string {
		return base64.StdEncoding.EncodeToString([]byte("bob:" + m.of(alnum, 16)))
	}),
	behind("curl -u", "curl -fsS -u admin:%s https://nexus.example.com/", maker.password),
	behind("environment dump", "  AWS_SECRET_"+"ACCESS_KEY=%s", func(m maker) string { return m.base64(40) }),
	behind("yaml", "    db_password: %s", maker.password),
	behind("toml", `api_token = "%s"`, func(m maker) string { return m.of(alnum, 30) }),
	behind("json", `{"client_id":"web","client_secret":"%s"}`, func(m maker) string { return m.of(alnum+"-_~", 34) }),
	behind("query", "GET https://api.example.com/v1/items?limit=5&access_token=%s&page=2 403", func(m maker) string { return m.of(alnum, 32) }),
	behind("azure", "DefaultEndpointsProtocol=https;AccountName=x;AccountKey=%s;EndpointSuffix=core", func(m maker) string { return m.base64(86) + "==" }),
	behind("slack webhook", "POST https://hooks.slack.com/services/%s failed", func(m maker) string { return "T" + m.of(upper, 8) + "/B" + m.of(upper, 8) + "/" + m.of(alnum, 24) }),
	behind("telegram", "https://api.telegram.org/bot%s/getMe: 401", func(m maker) string { return m.of("123456789", 10) + ":AA" + m.of(alnum, 33) }),
	{"discord", func(m maker) (string, string) {
		secret := "MTk4" + m.of(alnum, 20) + "." + m.of(alnum, 6) + "." + m.of(alnum+"-_", 27)
		return "discord.js: token " + secret + " was provided", secret
	}},
	behind("netrc", "machine git.example.com login bob password %s", maker.password),
	behind("xml", "      <password>%s</password>", maker.password),
	behind("docker config", `{"auths":{"registry.example.com":{"auth":"%s"}}}`, func(m maker) string {
		return base64.StdEncoding.EncodeToString([]byte("bob:" + m.of(lower, 9)))
	}),
	behind("service account", `{"private_key_id":"0a1b","private_key":"-----BEGIN PRIVATE`+` KEY-----\n%s\n-----END PRIVATE`+` KEY-----\n"}`, func(m maker) string { return m.base64(300) }),
	behind("subscription key", "Ocp-Apim-Subscription-Key: %s", func(m maker) string { return m.hex(32) }),
	behind("cookie", "> Cookie: session=%s", func(m maker) string { return m.hex(40) }),
	{"colours", func(m maker) (string, string) {
		secret := "ghp" + "_" + m.of(alnum, 36)
		return "token \x1b[33m" + secret[:17] + "\x1b[1m" + secret[17:] + "\x1b[0m rejected", secret
	}},
}

// plant makes a tail of 4 KiB with the text somewhere in it, or, for "cut",
// with the ring's start in the middle of the secret.
func plant(m maker, text string) []byte {
	const size = ringSize
	noise := benignKinds[m.Intn(len(benignKinds))].make
	var before, after strings.Builder
	n := m.Intn(size - len(text) - 2)
	for before.Len() < size {
		before.WriteString(noise(m) + "\n")
	}
	for after.Len() < size {
		after.WriteString(noise(m) + "\n")
	}
	head := before.String()
	head = head[len(head)-n:]
	return []byte((head + text + "\n" + after.String())[:size])
}

// leaks says that eight characters in a row of the secret are left.
func leaks(text, secret string) bool {
	for part := range strings.Lines(secret) {
		part = strings.TrimSpace(part)
		for i := 0; i+8 <= len(part); i++ {
			if strings.Contains(text, part[i:i+8]) {
				return true
			}
		}
		if len(part) < 8 && strings.Contains(text, part) {
			return true
		}
	}
	return false
}

const seeds = 6

func TestCorpusSecrets(t *testing.T) {
	if len(secretKinds) < 30 {
		t.Fatalf("only %d kinds", len(secretKinds))
	}
	all, caught := 0, 0
	for _, kind := range secretKinds {
		for seed := range int64(seeds) {
			m := maker{newSource(seed)}
			text, secret := kind.make(m)
			all++
			tail := plant(m, text)
			if got := redactTail(tail, nil); !leaks(got, secret) {
				caught++
			} else if seed == 0 || testing.Verbose() {
				i := strings.Index(got, secret[:3])
				t.Logf("%s: left of %q: %.120q", kind.name, text, got[max(i-30, 0):])
			}
		}
	}
	t.Logf("%d of %d secrets were caught", caught, all)
	if caught < all {
		t.Errorf("%d of %d secrets were caught", caught, all)
	}
}

// A secret that the ring's start cuts in two, or that stands in the program's
// environment, in whatever form.
func TestCorpusEnvironmentAndCut(t *testing.T) {
	for seed := range int64(50) {
		m := maker{newSource(seed)}
		secret := m.of(alnum, 20) + "/@" + m.of(alnum, 5)
		env := []string{"PATH=/bin", "SERVICE_TOKEN=" + secret}
		for i, form := range []string{
			secret, url.QueryEscape(secret), base64.StdEncoding.EncodeToString([]byte(secret)),
			base64.URLEncoding.EncodeToString([]byte("user:" + secret + "\n")), secret[:9] + "\x1b[0m" + secret[9:],
		} {
			tail := plant(m, "the service said "+form+" is not welcome")
			if got := redactTail(tail, secretValues(env)); leaks(got, form) || leaks(got, secret) {
				t.Errorf("seed %d: form %d is left", seed, i)
			}
		}
		cut := append([]byte(secret[4:]+" was refused\n"), plant(m, "error: 403")...)[:ringSize]
		if got := redactTail(cut, nil); leaks(got, secret) {
			t.Errorf("seed %d: the cut secret is left", seed)
		}
	}
}

func TestCorpusBenign(t *testing.T) {
	if len(benignKinds) < 30 {
		t.Fatalf("only %d kinds", len(benignKinds))
	}
	all, touched := 0, 0
	for _, kind := range benignKinds {
		for seed := range int64(seeds) {
			m := maker{newSource(seed)}
			var b strings.Builder
			for b.Len() < ringSize {
				b.WriteString(kind.make(m) + "\n")
			}
			all++
			got := redactTail([]byte(b.String()[b.Len()-ringSize:]), nil) // the end, as the ring keeps it
			if i := strings.Index(got, marker); i >= 0 {
				touched++
				if seed == 0 || testing.Verbose() {
					t.Logf("%s: %.120q", kind.name, got[max(i-60, 0):])
				}
			}
		}
	}
	t.Logf("%d of %d benign tails were touched", touched, all)
	if touched > 0 {
		t.Errorf("%d of %d benign tails were touched", touched, all)
	}
}

func newSource(seed int64) *rand.Rand { return rand.New(rand.NewSource(seed)) }
