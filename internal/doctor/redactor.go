package doctor

import (
	"encoding/base64"
	"strings"
)

// canary is a made-up secret in the kind of text in which it would leak.
type canary struct {
	kind, secret, text string
}

// canaries are assembled at run time: nothing in this file looks like a
// secret to a scanner of sources.
func canaries() []canary {
	word := strings.Repeat("Ab3", 14)
	jwt := base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"HS256"}`)) + "." +
		base64.RawURLEncoding.EncodeToString([]byte(`{"sub":"canary"}`)) + "." + word
	pem := "-----BEGIN " + "PRIVATE KEY-----"
	list := []canary{
		{kind: "source host token", secret: "gh" + "p_" + word[:36]},
		{kind: "cloud access key", secret: "AK" + "IA" + "QWERTYUIOPASDFGH"},
		{kind: "JSON web token", secret: jwt},
	}
	for i := range list {
		list[i].text = "error: request with " + list[i].secret + " refused"
	}
	return append(list,
		canary{"private key", word, "error: cannot load " + pem + "\n" + word + "\n" + strings.Replace(pem, "BEGIN", "END", 1)},
		canary{"password in a URL", "canary" + "pass1", "error: cannot reach postgres://me:canary" + "pass1@db/x"},
		canary{"bearer header", word, "error: refused: Authorization: Bearer " + word},
		canary{"token option", "canary" + "token12", "error: usage: deploy --token canary" + "token12"},
		canary{"coloured secret", "canary" + "word123", "error: pass\x1b[31mword=canary" + "word123\x1b[0m"},
	)
}

// checkRedactor sends the canaries through the redactor: text is for display,
// summary for what is written.
func (fs *findings) checkRedactor(text func(string) string, summary func(tail []byte, env []string) string) {
	var escaped []string
	for _, c := range canaries() {
		if strings.Contains(text(c.text), c.secret) || strings.Contains(summary([]byte(c.text+"\n"), nil), c.secret) {
			escaped = append(escaped, c.kind)
		}
	}
	env := "canary-" + "of-the-environment"
	if strings.Contains(summary([]byte("error: "+env+" is wrong\n"), []string{"CANARY_TOKEN=" + env}), env) {
		escaped = append(escaped, "secret variable")
	}
	if strings.ContainsAny(text("a\x1b]0;title\ab\x00c\rd"), "\x1b\a\x00\r") {
		escaped = append(escaped, "terminal escape")
	}
	if escaped != nil {
		fs.broken("redactor", "error texts would keep them: set PI_TRACK_DISABLE=1 and report this", "not redacted: %s", strings.Join(escaped, ", "))
		return
	}
	fs.ok("redactor", "%s of made-up secrets caught", count(len(canaries())+2, "kind", "kinds"))
}
