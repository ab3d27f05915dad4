package redact

import "strings"

// token is a family of secrets that announce themselves by a prefix: prefix,
// then at least min characters of the alphabet.
type token struct {
	prefix   string
	alphabet func(byte) bool
	min      int
	rule     string
}

// wellKnown holds the prefixes that providers give their tokens. A function
// value in a composite literal of constants costs nothing at start.
var wellKnown = [...]token{
	{"AKIA", isUpperDigit, 12, "aws"}, {"ASIA", isUpperDigit, 12, "aws"}, {"ABIA", isUpperDigit, 12, "aws"},
	{"ghp_", isAlnum, 16, "github"}, {"gho_", isAlnum, 16, "github"}, {"ghu_", isAlnum, 16, "github"},
	{"ghs_", isAlnum, 16, "github"}, {"ghr_", isAlnum, 16, "github"}, {"github_pat_", isToken, 16, "github"},
	{"glpat-", isDotted, 16, "gitlab"}, {"gldt-", isDotted, 16, "gitlab"}, {"glrt-", isDotted, 16, "gitlab"},
	{"glptt-", isDotted, 16, "gitlab"}, {"glcbt-", isDotted, 16, "gitlab"}, {"glsoat-", isDotted, 16, "gitlab"},
	{"xoxb-", isToken, 10, "slack"}, {"xoxp-", isToken, 10, "slack"}, {"xoxa-", isToken, 10, "slack"},
	{"xoxr-", isToken, 10, "slack"}, {"xoxs-", isToken, 10, "slack"}, {"xoxe-", isToken, 10, "slack"},
	{"xoxe.xox", isDotted, 10, "slack"}, {"xapp-", isToken, 10, "slack"},
	{"sk-ant-", isToken, 16, "anthropic"}, {"sk-proj-", isToken, 16, "openai"},
	{"sk-svcacct-", isToken, 16, "openai"}, {"sk-or-v1-", isToken, 16, "openrouter"}, {"sk-", isAlnum, 20, "openai"},
	{"AIza", isToken, 30, "google"}, {"ya29.", isDotted, 16, "google"}, {"GOCSPX-", isToken, 16, "google"},
	{"1//0", isToken, 30, "google"},
	{"sk_live_", isAlnum, 16, "stripe"}, {"sk_test_", isAlnum, 16, "stripe"}, {"rk_live_", isAlnum, 16, "stripe"},
	{"rk_test_", isAlnum, 16, "stripe"}, {"whsec_", isCredential, 16, "stripe"},
	{"npm_", isAlnum, 30, "npm"}, {"pypi-AgE", isToken, 16, "pypi"}, {"rubygems_", isHex, 32, "rubygems"},
	{"hf_", isAlnum, 28, "huggingface"}, {"gsk_", isAlnum, 30, "groq"}, {"xai-", isAlnum, 30, "xai"},
	{"r8_", isAlnum, 30, "replicate"}, {"pplx-", isAlnum, 30, "perplexity"}, {"nvapi-", isToken, 30, "nvidia"},
	{"dop_v1_", isHex, 32, "digitalocean"}, {"doo_v1_", isHex, 32, "digitalocean"}, {"dor_v1_", isHex, 32, "digitalocean"},
	{"SG.", isDotted, 40, "sendgrid"}, {"key-", isHex, 32, "mailgun"}, {"SK", isHex, 32, "twilio"},
	{"shpat_", isHex, 30, "shopify"}, {"shpca_", isHex, 30, "shopify"}, {"shppa_", isHex, 30, "shopify"},
	{"shpss_", isHex, 30, "shopify"}, {"lin_api_", isAlnum, 30, "linear"}, {"figd_", isToken, 30, "figma"},
	{"secret_", isAlnum, 40, "notion"}, {"ntn_", isAlnum, 30, "notion"},
	{"ATATT3", isCredential, 30, "atlassian"}, {"ATCTT3", isCredential, 30, "atlassian"}, {"ATBB", isAlnum, 28, "atlassian"},
	{"AGE-SECRET-KEY-1", isUpperDigit, 30, "age"}, {"tskey-", isToken, 16, "tailscale"},
	{"dp.pt.", isAlnum, 30, "doppler"}, {"dp.st.", isDotted, 30, "doppler"}, {"dp.ct.", isAlnum, 30, "doppler"},
	{"hvs.", isToken, 20, "vault"}, {"hvb.", isToken, 20, "vault"}, {"hvr.", isToken, 20, "vault"},
	{"dapi", isHex, 30, "databricks"}, {"sbp_", isHex, 30, "supabase"}, {"fm1_", isCredential, 30, "fly"},
	{"fm2_", isCredential, 30, "fly"}, {"glsa_", isToken, 30, "grafana"}, {"glc_", isCredential, 30, "grafana"},
	{"NRAK-", isAlnum, 20, "newrelic"}, {"dckr_pat_", isToken, 20, "docker"}, {"dckr_oat_", isToken, 20, "docker"},
	{"pscale_tkn_", isToken, 20, "planetscale"}, {"pscale_pw_", isToken, 20, "planetscale"},
	{"sntrys_", isCredential, 30, "sentry"}, {"sntryu_", isHex, 30, "sentry"}, {"sq0atp-", isToken, 20, "square"},
	{"sq0csp-", isToken, 20, "square"}, {"PMAK-", isToken, 30, "postman"}, {"AKCp", isAlnum, 50, "artifactory"},
	{"CCIPAT_", isToken, 30, "circleci"}, {"bkua_", isHex, 30, "buildkite"}, {"sgp_", isToken, 30, "sourcegraph"},
	{"CFPAT-", isToken, 30, "contentful"},
}

func isUpperDigit(c byte) bool { return isUpper(c) || isDigit(c) }
func isHex(c byte) bool        { return isDigit(c) || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F' }

// tokens finds the well-known prefixes.
func (f *finder) tokens() {
	for _, t := range &wellKnown {
		var body stretch
		for at := 0; ; {
			i := strings.Index(f.text[at:], t.prefix)
			if i < 0 {
				break
			}
			from := at + i
			to := f.runIn(&body, from+len(t.prefix), t.alphabet)
			if to-from-len(t.prefix) >= t.min && f.startsWord(from) {
				f.add(from, to, t.rule)
			}
			at = from + len(t.prefix)
		}
	}
	f.telegram()
	f.discord()
}

// telegram finds the tokens of Telegram's bots, digits:AA… with 35 characters.
func (f *finder) telegram() {
	for at := 0; ; {
		i := strings.Index(f.text[at:], ":AA")
		if i < 0 {
			return
		}
		colon := at + i
		from := colon
		for from > 0 && isDigit(f.text[from-1]) {
			from--
		}
		to := f.run(colon+1, isToken)
		if colon-from >= 8 && colon-from <= 10 && to-colon-1 >= 30 {
			f.add(from, to, "telegram")
		}
		at = colon + 1
	}
}

// discord finds the tokens of Discord's bots: the base64 of a number, six or
// seven characters, 27 or more.
func (f *finder) discord() {
	for at := 0; at < len(f.text); {
		if !isDotted(f.text[at]) {
			at++
			continue
		}
		to := f.run(at, isDotted)
		a, rest, _ := strings.Cut(f.text[at:to], ".")
		b, c, _ := strings.Cut(rest, ".")
		if len(a) >= 23 && len(a) <= 28 && strings.IndexByte("MNO", a[0]) >= 0 && (len(b) == 6 || len(b) == 7) &&
			len(c) >= 27 && len(c) <= 40 && random(c) {
			f.add(at, to, "discord")
		}
		at = to
	}
}

// jwt finds JSON web tokens: base64url of an object, a dot, and more of it.
func (f *finder) jwt() {
	for at := 0; ; {
		i := strings.Index(f.text[at:], "eyJ")
		if i < 0 {
			return
		}
		from := at + i
		head := f.run(from, isToken)
		to := f.run(from, isDotted)
		signed := to-head > 10 && f.text[head] == '.'
		if f.startsWord(from) && head-from >= 10 && (signed || strings.HasPrefix(f.text[from:], "eyJhbGciOi")) {
			f.add(from, to, "jwt")
		}
		at = max(to, from+3)
	}
}
