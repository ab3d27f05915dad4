package redact

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"
)

// A kind of secrets and of harmless texts that resemble them. In a template,
// ‹name› is a secret made by that maker, {name} a harmless part made so.
type kind struct {
	Name              string
	Secrets, Harmless []string
}

// theCorpus is testdata/kinds.json, which the TypeScript tests read too:
// vendors are the forms of the tokens of well-known providers, written there
// beside the table so that a family which the table loses is missed (a prefix,
// and of what the rest is made, see rest), contexts the texts around them.
type theCorpus struct {
	Kinds    []kind
	Vendors  [][2]string
	Contexts []string
}

func corpus(t testing.TB) theCorpus {
	b, err := os.ReadFile("testdata/kinds.json")
	if err != nil {
		t.Fatal(err)
	}
	var c theCorpus
	if err := json.Unmarshal(b, &c); err != nil {
		t.Fatal(err)
	}
	return c
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
	"seed": func(m maker) string {
		return strings.TrimSpace(strings.Repeat(pick(m, "abandon ", "zebra ", "able ")+pick(m, "about ", "wool "), 6))
	},
	"pin":  func(m maker) string { return m.of("123456789", 1) + m.of(digits, 3+m.Intn(4)) },
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
	"bitlocker": func(m maker) string { return strings.TrimSuffix(strings.Repeat(m.of(digits, 6)+"-", 8), "-") },
	"ntlm":      func(m maker) string { return strings.ToUpper(m.hex(32)) + ":" + strings.ToUpper(m.hex(32)) },
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
	for _, k := range corpus(t).Kinds {
		t.Run(k.Name, func(t *testing.T) {
			rounds := max(12, leastSecrets/len(k.Secrets)+1)
			made, left := 0, map[string]bool{}
			for _, template := range k.Secrets {
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
			rounds = max(6, leastHarmless/len(k.Harmless)+1)
			for _, template := range k.Harmless {
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
	for _, k := range corpus(t).Kinds {
		for i, template := range append(append([]string{}, k.Secrets...), k.Harmless...) {
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
	all := corpus(t)
	for _, v := range all.Vendors {
		for i, context := range all.Contexts {
			m := maker{newSource(int64(i))}
			secret := strings.ReplaceAll(v[0], split, "") + rest(m, v[1])
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

// of makes the rest of a token: letters for an alphabet, a number for a
// length; anything else stands for itself.
func rest(m maker, form string) string {
	alphabets := map[byte]string{'U': upper + digits, 'a': alnum, 't': alnum + "-_", 'h': hexes, 'd': digits, 'l': lower + digits, 'b': alnum + "+/", 'H': "0123456789ABCDEF", 'A': upper + digits}
	var b strings.Builder
	for i := 0; i < len(form); {
		alphabet, n, j := alphabets[form[i]], 0, i+1
		for ; j < len(form) && isDigit(form[j]); j++ {
			n = n*10 + int(form[j]-'0')
		}
		if alphabet == "" || n == 0 {
			b.WriteByte(form[i])
			i++
			continue
		}
		part := m.of(alphabet, n)
		if n > 8 && form[i] != 'd' { // as random text nearly always is
			part = m.of(alnumOf(alphabet), 1) + part[1:n-3] + m.of(digits, 2) + m.of(alnumOf(alphabet), 1)
		}
		b.WriteString(part)
		i = j
	}
	return b.String()
}

func alnumOf(alphabet string) string { return strings.Trim(alphabet, "-_+/") }

func init() {
	azure := func(m maker) string {
		return m.of(alnum, 3) + m.of(digits, 1) + "Q~" + m.of(alnum+"-_.", 33) + m.of(alnum, 1)
	}
	for name, make := range map[string]func(m maker) string{
		"azure": azure,
		"tf":    func(m maker) string { return m.of(alnum, 14) + ".atlas" + "v1." + m.of(alnum+"-_", 67) },
		"devops": func(m maker) string {
			return m.of(alnum, 52) + "JQQJ" + "99" + m.of(alnum, 18) + "AZDO" + m.of(alnum, 4)
		},
		"airtable": func(m maker) string { return "pa" + "t" + m.of(alnum, 14) + "." + m.hex(64) },
		"chimp":    func(m maker) string { return m.hex(32) + "-u" + "s" + m.of("123456789", 2) },
		"storage":  func(m maker) string { return m.base64(76) + "+A" + "St" + m.base64(6) + "==" },
		"HEX":      func(m maker) string { return strings.ToUpper(m.hex(40)) },
	} {
		making[name] = make
	}
}
