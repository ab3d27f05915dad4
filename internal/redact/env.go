package redact

import (
	"encoding/base64"
	"slices"
	"strings"
)

// secretMin is the length in bytes from which on a variable's value is looked
// for: shorter ones occur by chance.
const secretMin = 8

// secretValues returns the values of the variables of env (NAME=value) whose
// names look secret, in the forms in which they may turn up, longest first.
func secretValues(env []string) []string {
	var values []string
	for _, v := range env {
		name, value, ok := strings.Cut(v, "=")
		if !ok || len(value) < secretMin || !secretName(name) {
			continue
		}
		if value[0] == '/' && pathName(name) {
			continue
		}
		values = appendForms(values, value)
		if _, rest, ok := strings.Cut(value, "://"); ok { // the password alone
			if i := strings.LastIndexByte(rest, '@'); i >= 0 {
				if _, password, ok := strings.Cut(rest[:i], ":"); ok && len(password) >= secretMin {
					values = appendForms(values, password)
				}
			}
		}
	}
	slices.SortFunc(values, func(a, b string) int { return len(b) - len(a) })
	return slices.Compact(values)
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

// appendForms appends value as it is, URL-encoded and base64-encoded (as a
// part of a longer text too, whatever its offset), in both alphabets.
func appendForms(forms []string, value string) []string {
	forms = append(forms, value)
	for _, e := range [...]string{escapeURL(value, "0123456789ABCDEF", false), escapeURL(value, "0123456789abcdef", false),
		escapeURL(value, "0123456789ABCDEF", true)} {
		if e != value {
			forms = append(forms, e)
		}
	}
	for offset := range 3 {
		padded := append(make([]byte, offset), value...)
		from, to := (offset*4+2)/3, len(padded)/3*4 // characters that depend on value alone
		if to-from < secretMin {
			continue
		}
		std := base64.RawStdEncoding.EncodeToString(padded)
		forms = append(forms, std[from:to])
		if url := base64.RawURLEncoding.EncodeToString(padded); url != std {
			forms = append(forms, url[from:to])
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
