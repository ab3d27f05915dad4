/** The corpus and the cases of the table of rules, which Go's tests read too: internal/redact/testdata. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { alarming } from "../_shared/causewords.ts";
import { field, summary, text } from "../_shared/redact.ts";

const read = <T>(file: string): T =>
	JSON.parse(readFileSync(new URL(`../../internal/redact/testdata/${file}`, import.meta.url), "utf8")) as T;

/** Put into made-up secrets so that nothing takes them for real ones. */
const whole = (s: string): string => s.replaceAll("§", "");

interface Corpus {
	kinds: { name: string; secrets: string[]; harmless: string[] }[];
	vendors: [string, string][];
	contexts: string[];
}

const corpus = read<Corpus>("kinds.json");

/** Makes up text, the same for the same seed. */
class Maker {
	#state: number;
	constructor(seed: number) {
		this.#state = seed * 2654435761 + 12345;
	}
	/** Returns a number from 0 to n-1 (mulberry32). */
	below(n: number): number {
		this.#state = (this.#state + 0x6d2b79f5) | 0;
		let t = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
		t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
		return ((t ^ (t >>> 14)) >>> 0) % n;
	}
	of(alphabet: string, n: number): string {
		let s = "";
		while (s.length < n) s += alphabet[this.below(alphabet.length)];
		return s;
	}
	pick(...choices: string[]): string {
		return choices[this.below(choices.length)] ?? "";
	}
}

const lower = "abcdefghijklmnopqrstuvwxyz";
const upper = lower.toUpperCase();
const digits = "0123456789";
const hexes = "0123456789abcdef";
const alnum = lower + upper + digits;

const url = (s: string): string => Buffer.from(s).toString("base64url");
const hex = (m: Maker, n: number): string => `a${m.of(hexes, n - 2)}7`;

/** The makers of the templates' parts; see kinds_test.go. */
const making: Record<string, (m: Maker) => string> = {
	word: (m) => m.pick("swordfish", "correcthorse", "dragonfly", "letmein", "trustno") + m.of(lower, m.below(4)),
	pw: (m) => m.pick("Hunter2!", "x9#Kd2!mQ", `Summer${m.of(digits, 4)}`, m.of(lower, 6) + m.of(digits, 2)),
	safe: (m) => m.of(lower, 6) + m.of(digits, 2),
	bitlocker: (m) => `${`${m.of(digits, 6)}-`.repeat(7)}${m.of(digits, 6)}`,
	six: (m) => m.of(lower, 3) + m.of(digits, 2) + m.of(alnum, 1 + m.below(4)),
	tok: (m) => m.of(lower, 1) + m.of(digits, 1) + m.of(alnum, 18 + m.below(20)) + m.of(upper, 2),
	hex32: (m) => hex(m, 32),
	hex40: (m) => hex(m, 40),
	hex64: (m) => hex(m, 64),
	HEX: (m) => hex(m, 40).toUpperCase(),
	b64: (m) => `${m.of(alnum, 1)}${m.of(`${alnum}+/`, 37)}Qab42=`,
	seed: (m) => Array.from({ length: 12 }, () => m.pick("abandon", "zebra", "about", "wool")).join(" "),
	pin: (m) => m.of("123456789", 1) + m.of(digits, 3 + m.below(4)),
	uuid: (m) => [8, 4, 4, 4, 12].map((n) => hex(m, n)).join("-"),
	jwt: (m) => `${url('{"alg":"HS256","typ":"JWT"}')}.${url(`{"sub":"${hex(m, 10)}"}`)}.${m.of(alnum, 43)}`,
	n: (m) => String(1 + m.below(9999)),
	w: (m) => m.pick("parser", "session", "backend", "worker", "release", "module", "handler", "config", "cache"),
	user: (m) => m.pick("bob", "alice", "root", "deploy", "admin"),
	host: (m) => m.pick("db.example.com", "git.example.org", "10.0.0.7"),
	basic: (m) => Buffer.from(`bob:${m.of(alnum, 14)}`).toString("base64"),
	apr1: (m) => `$apr${"1$"}${m.of(alnum, 8)}$${m.of(alnum, 22)}`,
	sha5: (m) => `$${"6$"}${m.of(alnum, 8)}$${m.of(alnum, 86)}`,
	bcr: (m) => `$2${"y$"}05$${m.of(alnum, 53)}`,
	yesc: (m) => `$${"y$"}j9T$${m.of(alnum, 22)}$${m.of(alnum, 43)}`,
	argon: (m) => `$argon2${"id$"}v=19$m=65536,t=3,p=4$${m.of(alnum, 22)}$${m.of(alnum, 43)}`,
	ssha: (m) => `{SSHA}${m.of(alnum, 31)}=`,
	des: (m) => m.of(alnum, 2) + m.of(digits, 2) + m.of(upper, 3) + m.of(lower, 3) + m.of(alnum, 3),
	ntlm: (m) => `${hex(m, 32)}:${hex(m, 32)}`.toUpperCase(),
	azure: (m) => `${m.of(alnum, 3)}8${"Q~"}${m.of(alnum, 34)}`,
	tf: (m) => `${m.of(alnum, 14)}.atlas${"v1."}${m.of(alnum, 67)}`,
	devops: (m) => `${m.of(alnum, 52)}JQQJ${"99"}${m.of(alnum, 18)}AZDO${m.of(alnum, 4)}`,
	airtable: (m) => `pa${"t"}${m.of(alnum, 14)}.${hex(m, 64)}`,
	chimp: (m) => `${hex(m, 32)}-u${"s"}12`,
	storage: (m) => `${m.of(alnum, 76)}+A${"St"}${m.of(alnum, 6)}==`,
};

/** Makes a text of a template and returns it with the secrets in it. */
function fill(m: Maker, template: string): { text: string; secrets: string[] } {
	const secrets: string[] = [];
	const filled = whole(template).replace(/‹(\w+)›|\{(\w+)\}/g, (part, secret: string, harmless: string) => {
		const make = making[secret ?? harmless];
		if (!make) return part; // braces of the text
		const value = make(m);
		if (secret) secrets.push(value);
		return value;
	});
	return { text: filled, secrets };
}

/** Says that eight characters in a row of the secret are left. */
function leaks(s: string, secret: string): boolean {
	for (let i = 0; i + 8 <= secret.length; i++) if (s.includes(secret.slice(i, i + 8))) return true;
	return secret.length < 8 && s.includes(secret);
}

for (const kind of corpus.kinds) {
	test(`every secret goes, and no harmless text is touched: ${kind.name}`, () => {
		for (const template of kind.secrets) {
			for (let seed = 0; seed < 3; seed++) {
				const made = fill(new Maker(seed), template);
				const got = summary(`${made.text}\n`, {});
				for (const secret of made.secrets) assert.ok(!leaks(got, secret), `left of ${made.text}: ${got}`);
			}
		}
		for (const template of kind.harmless) {
			for (let seed = 0; seed < 3; seed++) {
				const made = fill(new Maker(seed), template);
				const got = summary(`${made.text}\n`, {});
				assert.ok(!got.includes("[redacted:"), `touched: ${made.text}: ${got}`);
			}
		}
	});
}

test("every entry of the table finds what it is for, and nothing shorter or other", () => {
	const cases = read<{ in: string; env?: string[]; want: string }[]>("rulecases.json");
	assert.ok(cases.length > 1500);
	for (const c of cases) {
		const env: Record<string, string> = {};
		for (const line of c.env ?? []) env[line.slice(0, line.indexOf("="))] = line.slice(line.indexOf("=") + 1);
		const got = summary(whole(c.in), env);
		const want = whole(c.want);
		if (want.length > 150) assert.ok(!got.includes("[redacted:"), c.in);
		else assert.equal(got.replace(/\[redacted:[a-z0-9]+\]/g, "[redacted]"), want, c.in);
	}
});

test("every word that tells of a failure is heard, and not as a part of another", () => {
	const cases = read<{ alarming: string[]; quiet: string[] }>("alarmcases.json");
	assert.ok(cases.alarming.length > 150);
	for (const text of cases.alarming) assert.ok(alarming(text), text);
	for (const text of cases.quiet) assert.ok(!alarming(text), text);
});

test("names, ids and directories lose control characters and tokens, nothing else", () => {
	const github = `gh${"p_"}0aB1cD2eF3gH4iJ5kL6mN7oP8qR9sT0uV1wX`;
	assert.equal(field(`task-${github}\u001b[31m\u0007\u180e`), "task-[redacted:github]");
	assert.equal(field("two\nlines\tof"), "two lines of");
	for (const same of [
		"/home/me/password=hunter2/token",
		"123e4567-e89b-42d3-a456-426614174000",
		" blanks ",
		"größe/日本",
	]) {
		assert.equal(field(same), same);
	}
});

test("what Unicode says is not seen never comes out", () => {
	for (let c = 0xa0; c <= 0xe0fff; c++) {
		if (c >= 0xd800 && c < 0xe000) continue;
		const char = String.fromCodePoint(c);
		if (/\p{Default_Ignorable_Code_Point}|\p{Bidi_Control}/u.test(char))
			assert.equal(text(`a${char}b`), "ab", c.toString(16));
	}
});
