/** Redacts tokens that announce themselves by a prefix. */

import {
	type CharClass,
	eachPlace,
	type Finder,
	isAlnum,
	isCredential,
	isDigit,
	isDotted,
	isHex,
	isToken,
	isUpperDigit,
	random,
} from "./finder.ts";

/** A provider's tokens: prefixes, the alphabet behind them, the least number of its characters. */
type Family = [rule: string, alphabet: CharClass, least: number, prefixes: string];

const families: Family[] = [
	["aws", isUpperDigit, 12, "AKIA ASIA ABIA"],
	["github", isAlnum, 16, "ghp_ gho_ ghu_ ghs_ ghr_"],
	["github", isToken, 16, "github_pat_"],
	["gitlab", isDotted, 16, "glpat- gldt- glrt- glptt- glcbt- glsoat-"],
	["slack", isToken, 10, "xoxb- xoxp- xoxa- xoxr- xoxs- xoxe- xapp-"],
	["slack", isDotted, 10, "xoxe.xox"],
	["anthropic", isToken, 16, "sk-ant-"],
	["openai", isToken, 16, "sk-proj- sk-svcacct-"],
	["openrouter", isToken, 16, "sk-or-v1-"],
	["openai", isAlnum, 20, "sk-"],
	["google", isToken, 30, "AIza 1//0"],
	["google", isDotted, 16, "ya29."],
	["google", isToken, 16, "GOCSPX-"],
	["stripe", isAlnum, 16, "sk_live_ sk_test_ rk_live_ rk_test_"],
	["stripe", isCredential, 16, "whsec_"],
	["npm", isAlnum, 30, "npm_"],
	["pypi", isToken, 16, "pypi-AgE"],
	["rubygems", isHex, 32, "rubygems_"],
	["huggingface", isAlnum, 28, "hf_"],
	["groq", isAlnum, 30, "gsk_"],
	["xai", isAlnum, 30, "xai-"],
	["replicate", isAlnum, 30, "r8_"],
	["perplexity", isAlnum, 30, "pplx-"],
	["nvidia", isToken, 30, "nvapi-"],
	["digitalocean", isHex, 32, "dop_v1_ doo_v1_ dor_v1_"],
	["sendgrid", isDotted, 40, "SG."],
	["mailgun", isHex, 32, "key-"],
	["twilio", isHex, 32, "SK"],
	["shopify", isHex, 30, "shpat_ shpca_ shppa_ shpss_"],
	["linear", isAlnum, 30, "lin_api_"],
	["figma", isToken, 30, "figd_"],
	["notion", isAlnum, 40, "secret_"],
	["notion", isAlnum, 30, "ntn_"],
	["atlassian", isCredential, 30, "ATATT3 ATCTT3"],
	["atlassian", isAlnum, 28, "ATBB"],
	["age", isUpperDigit, 30, "AGE-SECRET-KEY-1"],
	["tailscale", isToken, 16, "tskey-"],
	["doppler", isAlnum, 30, "dp.pt. dp.ct."],
	["doppler", isDotted, 30, "dp.st."],
	["vault", isToken, 20, "hvs. hvb. hvr."],
	["databricks", isHex, 30, "dapi"],
	["supabase", isHex, 30, "sbp_"],
	["fly", isCredential, 30, "fm1_ fm2_"],
	["grafana", isToken, 30, "glsa_"],
	["grafana", isCredential, 30, "glc_"],
	["newrelic", isAlnum, 20, "NRAK-"],
	["docker", isToken, 20, "dckr_pat_ dckr_oat_"],
	["planetscale", isToken, 20, "pscale_tkn_ pscale_pw_"],
	["sentry", isCredential, 30, "sntrys_"],
	["sentry", isHex, 30, "sntryu_"],
	["square", isToken, 20, "sq0atp- sq0csp-"],
	["postman", isToken, 30, "PMAK-"],
	["artifactory", isAlnum, 50, "AKCp"],
	["circleci", isToken, 30, "CCIPAT_"],
	["buildkite", isHex, 30, "bkua_"],
	["sourcegraph", isToken, 30, "sgp_"],
	["contentful", isToken, 30, "CFPAT-"],
];

/** One look for all prefixes at once; most texts have none. */
const anyPrefix = new RegExp(
	families
		.flatMap((family) => family[3].split(" "))
		.join("|")
		.replaceAll(".", "\\."),
);

/** Finds the well-known prefixes. */
export function findTokens(f: Finder): void {
	for (const [rule, alphabet, least, prefixes] of anyPrefix.test(f.text) ? families : []) {
		for (const prefix of prefixes.split(" ")) {
			eachPlace(f.text, prefix, (from) => {
				const body = from + prefix.length;
				const to = f.run(body, alphabet);
				if (to - body >= least && f.startsWord(from)) f.add(from, to, rule);
				return body;
			});
		}
	}
	findTelegram(f);
	findDiscord(f);
}

/** Finds the tokens of Telegram's bots: digits, a colon, AA and more. */
function findTelegram(f: Finder): void {
	eachPlace(f.text, ":AA", (colon) => {
		let from = colon;
		while (from > 0 && isDigit(f.text.charCodeAt(from - 1))) from--;
		const to = f.run(colon + 1, isToken);
		const digits = colon - from;
		if (digits >= 8 && digits <= 10 && to - colon - 1 >= 30) f.add(from, to, "telegram");
		return colon + 1;
	});
}

const discord = /(?<![\w.-])[MNO][\w-]{22,27}\.[\w-]{6,7}\.([\w.-]{27,40})(?![\w.-])/g;

/** Finds the tokens of Discord's bots: the base64 of a number, six or seven characters, 27 or more. */
function findDiscord(f: Finder): void {
	for (const found of f.text.matchAll(discord)) {
		if (random(found[1] ?? "")) f.add(found.index, found.index + found[0].length, "discord");
	}
}

/** Finds JSON web tokens: base64url of an object, a dot, and more of it. */
export function findJWTs(f: Finder): void {
	eachPlace(f.text, "eyJ", (from) => {
		const head = f.run(from, isToken);
		const to = f.run(from, isDotted);
		const signed = to - head > 10 && f.text[head] === ".";
		if (f.startsWord(from) && head - from >= 10 && (signed || f.text.startsWith("eyJhbGciOi", from))) {
			f.add(from, to, "jwt");
		}
		return Math.max(to, from + 3);
	});
}
