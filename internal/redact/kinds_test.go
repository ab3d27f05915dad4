package redact

import (
	"encoding/base64"
	"fmt"
	"regexp"
	"strings"
	"testing"
)

// A kind of secrets and of harmless texts that resemble them. In a template,
// ‹name› is a secret made by that maker, {name} a harmless part made so.
type kind struct {
	name     string
	secrets  []string
	harmless []string
}

// making are the makers of the templates' parts.
var making = map[string]func(m maker) string{
	"word": func(m maker) string {
		return pick(m, "swordfish", "correcthorse", "dragonfly", "sunflower", "letmein", "opensesame", "trustno", "monkey") + m.of(lower, m.Intn(4))
	},
	"pw": func(m maker) string {
		return pick(m, m.password(), m.of(lower, 6)+m.of(digits, 2), m.of(alnum, 7)+m.of(digits, 2)+m.of(lower, 2), "P@ss-"+m.of(lower, 3)+m.of(digits, 2), m.of(lower, 3)+"#K"+m.of(digits, 2)+"!mQ", "Summer"+m.of(digits, 4))
	},
	"safe": func(m maker) string {
		return pick(m, m.of(lower, 6)+m.of(digits, 2), "Hunter"+m.of(digits, 2)+m.of(lower, 2), m.of(upper, 1)+m.of(lower, 5)+m.of(digits, 3))
	},
	"six": func(m maker) string { return m.of(lower, 3) + m.of(digits, 2) + m.of(alnum, 1+m.Intn(4)) },
	"tok": func(m maker) string {
		return m.of(lower, 1) + m.of(digits, 1) + m.of(alnum, 18+m.Intn(20)) + m.of(upper, 2)
	},
	"hex32": func(m maker) string { return m.of("abcdef", 1) + m.hex(30) + m.of(digits, 1) },
	"hex40": func(m maker) string { return m.of("abcdef", 1) + m.hex(38) + m.of(digits, 1) },
	"hex64": func(m maker) string { return m.of("abcdef", 1) + m.hex(62) + m.of(digits, 1) },
	"b64": func(m maker) string {
		return m.of(alnum, 1) + m.base64(37) + m.of(upper, 1) + m.of(lower, 2) + m.of(digits, 2) + "="
	},
	"uuid": maker.uuid,
	"jwt":  jwtOf,
	"n":    func(m maker) string { return m.of("123456789", 1+m.Intn(4)) },
	"w": func(m maker) string {
		return pick(m, "parser", "session", "backend", "worker", "release", "module", "handler", "config", "service", "cache")
	},
	"user": func(m maker) string { return pick(m, "bob", "alice", "root", "deploy", "admin") },
	"host": func(m maker) string {
		return pick(m, "db.example.com", "git.example.org", "10.0.0.7", "registry.example.com")
	},
	"basic": func(m maker) string { return base64.StdEncoding.EncodeToString([]byte("bob:" + m.of(alnum, 14))) },
	"apr1":  func(m maker) string { return "$apr" + "1$" + m.of(alnum, 8) + "$" + m.of(alnum+"./", 22) },
	"sha5":  func(m maker) string { return "$" + "6$" + m.of(alnum, 8) + "$" + m.of(alnum+"./", 86) },
	"bcr":   func(m maker) string { return "$2" + "y$05$" + m.of(alnum+"./", 53) },
	"yesc":  func(m maker) string { return "$" + "y$j9T$" + m.of(alnum, 22) + "$" + m.of(alnum, 43) },
	"argon": func(m maker) string {
		return "$argon2" + "id$v=19$m=65536,t=3,p=4$" + m.of(alnum, 22) + "$" + m.of(alnum, 43)
	},
	"ssha": func(m maker) string { return "{SSHA}" + m.base64(31) + "=" },
	"des": func(m maker) string {
		return m.of(alnum, 2) + m.of(digits, 2) + m.of(upper, 3) + m.of(lower, 3) + m.of(alnum+"./", 3)
	},
	"ntlm": func(m maker) string { return strings.ToUpper(m.hex(32)) + ":" + strings.ToUpper(m.hex(32)) },
}

func pick(m maker, choices ...string) string { return choices[m.Intn(len(choices))] }

var part = regexp.MustCompile(`‹(\w+)›|\{(\w+)\}`)

// fill makes a text of a template and returns the secrets in it.
func fill(m maker, template string) (text string, secrets []string) {
	template = strings.ReplaceAll(template, split, "")
	text = part.ReplaceAllStringFunc(template, func(s string) string {
		name := strings.Trim(s, "‹›{}")
		make := making[name]
		if make == nil {
			return s // braces of the text
		}
		v := make(m)
		if strings.HasPrefix(s, "‹") {
			secrets = append(secrets, v)
		}
		return v
	})
	return text, secrets
}

// The least number of secrets and harmless texts of a kind.
const leastSecrets, leastHarmless = 300, 250

// Every secret of every kind goes, and no harmless text is touched.
func TestKinds(t *testing.T) {
	for _, k := range kinds {
		t.Run(k.name, func(t *testing.T) {
			rounds := max(12, leastSecrets/len(k.secrets)+1)
			made, left := 0, map[string]bool{}
			for _, template := range k.secrets {
				for seed := range int64(rounds) {
					text, secrets := fill(maker{newSource(seed)}, template)
					if made++; len(secrets) == 0 {
						t.Fatalf("no secret in %q", template)
					}
					got := strings.Join(strings.Fields(redactTail([]byte("starting\n"+text+"\nexit status 1\n"), nil)), " ")
					for _, s := range secrets {
						if leaks(got, s) && !left[template] {
							left[template] = true
							t.Errorf("left of %q: %q", text, got)
						}
					}
				}
			}
			rounds = max(6, leastHarmless/len(k.harmless)+1)
			for _, template := range k.harmless {
				for seed := range int64(rounds) {
					text, _ := fill(maker{newSource(seed)}, template)
					if made++; strings.Contains(redactTail([]byte("starting\n"+text+"\nexit status 1\n"), nil), marker) {
						t.Errorf("touched: %q: %q", text, redactTail([]byte(text), nil))
						break
					}
				}
			}
			if made < leastSecrets+leastHarmless {
				t.Errorf("only %d texts", made)
			}
		})
	}
}

// Every text that comes out is fit to be shown as it is.
func TestKindsAreStable(t *testing.T) {
	for _, k := range kinds {
		for i, template := range append(append([]string{}, k.secrets...), k.harmless...) {
			text, _ := fill(maker{newSource(int64(i))}, template)
			once := Text(text)
			if again := Text(once); again != once {
				t.Errorf("%q is shown as %q", once, again)
			}
			if problem := fit(once); problem != "" {
				t.Error(fmt.Sprint(problem, once))
			}
		}
	}
}

// Every vendor's token goes, wherever it stands.
func TestVendors(t *testing.T) {
	made := 0
	for _, v := range vendors {
		for i, context := range contexts {
			m := maker{newSource(int64(i))}
			secret := strings.ReplaceAll(v.prefix, split, "") + rest(m, v.rest)
			text := strings.ReplaceAll(strings.Replace(context, "%s", secret, 1), "%%", "%")
			made++
			if got := redactTail([]byte("starting\n"+text+"\nend\n"), nil); leaks(got, secret) {
				t.Errorf("left of %q: %q", text, got)
				break
			}
		}
	}
	if made < leastSecrets {
		t.Errorf("only %d texts", made)
	}
}
