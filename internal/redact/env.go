package redact

import (
	"encoding/base64"
	"strings"
)

// secretMin is the length in bytes from which on a variable's value is looked
// for: shorter ones occur by chance.
const secretMin = 8

// value is a text to look for; base64 says that it is part of such a text.
type value struct {
	text   string
	base64 bool
}

// secretValues returns the values of the variables of env (NAME=value) whose
// names look secret, in the forms in which they may turn up.
func secretValues(env []string) []value {
	var values []value
	for _, v := range env {
		name, text, ok := strings.Cut(v, "=")
		if !ok || len(text) < secretMin || !secretName(name) {
			continue
		}
		if text[0] == '/' && pathName(name) {
			continue
		}
		values = appendForms(values, text)
		if _, rest, ok := strings.Cut(text, "://"); ok { // the password alone
			if i := strings.LastIndexByte(rest, '@'); i >= 0 {
				if _, password, ok := strings.Cut(rest[:i], ":"); ok && len(password) >= secretMin {
					values = appendForms(values, password)
				}
			}
		}
	}
	return values
}

// secretName says that a variable's name promises a secret.
func secretName(name string) bool {
	n := strings.ToUpper(name)
	for _, end := range [...]string{"TOKEN", "SECRET", "SECRETS", "PASSWORD", "PASSWD", "PASSPHRASE", "_PASS", "_PWD",
		"_KEY", "APIKEY", "CREDENTIAL", "CREDENTIALS", "_AUTH", "_DSN", "_COOKIE", "DATABASE_URL", "_DB_URL",
		"REDIS_URL", "MONGO_URL", "MONGODB_URI", "MONGO_URI", "AMQP_URL", "CONNECTION_STRING", "WEBHOOK_URL"} {
		if strings.HasSuffix(n, end) {
			return n != "OLD_PWD"
		}
	}
	return n == "PASS" || n == "KEY" || n == "AUTH"
}

// pathName says that a variable with this name often holds a path instead.
func pathName(name string) bool {
	return strings.HasSuffix(name, "_CREDENTIALS") || strings.HasSuffix(name, "_KEY")
}

// appendForms appends text as it is, URL-encoded and base64-encoded (as a part
// of a longer text too, whatever its offset), in both alphabets.
func appendForms(forms []value, text string) []value {
	forms = append(forms, value{text: text})
	for _, e := range [...]string{escapeURL(text, "0123456789ABCDEF", false), escapeURL(text, "0123456789abcdef", false),
		escapeURL(text, "0123456789ABCDEF", true)} {
		if e != text {
			forms = append(forms, value{text: e})
		}
	}
	for offset := range 3 {
		padded := append(make([]byte, offset), text...)
		from, to := (offset*4+2)/3, len(padded)/3*4 // characters that depend on text alone
		if to-from < secretMin {
			continue
		}
		std := base64.RawStdEncoding.EncodeToString(padded)
		forms = append(forms, value{std[from:to], true})
		if url := base64.RawURLEncoding.EncodeToString(padded); url != std {
			forms = append(forms, value{url[from:to], true})
		}
	}
	return forms
}

// escapeURL is value in percent encoding; plus writes blanks as +.
func escapeURL(value, hex string, plus bool) string {
	var b strings.Builder
	for i := range len(value) {
		switch c := value[i]; {
		case isDotted(c) || c == '~':
			b.WriteByte(c)
		case c == ' ' && plus:
			b.WriteByte('+')
		default:
			b.WriteByte('%')
			b.WriteByte(hex[c>>4])
			b.WriteByte(hex[c&15])
		}
	}
	return b.String()
}
