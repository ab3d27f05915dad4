/** Judges texts: what looks like a secret, what stands for one, what is a name of a program's text. */

import { fold } from "./finder.ts";
import { placeholders, sentenceWords, usageWords } from "./rulestable.ts";
import { classify } from "./secretwords.ts";

/** How much of a value is looked at, in bytes: it bounds the time that a text takes. */
export const JUDGED_MAX = 512;

export const judged = (s: string): string => (s.length > JUDGED_MAX ? s.slice(0, JUDGED_MAX) : s);

/** How many characters of each sort a text has. */
export interface Count {
	digits: number;
	lowers: number;
	uppers: number;
	odd: number;
}

const ODD = "!@#$%^*+~?";

export function counted(s: string): Count {
	const n = { digits: 0, lowers: 0, uppers: 0, odd: 0 };
	for (let i = 0; i < s.length; i++) {
		const c = s.charCodeAt(i);
		if (c >= 48 && c <= 57) n.digits++;
		else if (c >= 97 && c <= 122) n.lowers++;
		else if (c >= 65 && c <= 90) n.uppers++;
		else if (ODD.includes(s[i] ?? "-")) n.odd++;
	}
	return n;
}

/**
 * Says that s does not look like a word or a name: it has 8 characters or
 * more, letters and digits; or 16 or more, in both cases and not as words
 * written together have them; or a character that only passwords have.
 */
export function random(s: string): boolean {
	const n = counted(judged(s));
	const letters = n.lowers + n.uppers;
	return (
		(s.length >= 8 && letters > 0 && n.digits > 0) ||
		(s.length >= 16 && n.lowers > 0 && n.uppers * 5 >= letters) ||
		(s.length >= 6 && letters > 0 && n.odd > 0)
	);
}

/** Says that v is ten letters or more that change their case as no words do that are written together. */
export function jumbled(v: string): boolean {
	if (v.length < 10 || v.length > JUDGED_MAX || !letters(v)) return false;
	const n = counted(v);
	return n.uppers * 3 >= v.length && n.lowers * 4 >= v.length && v.split(/[a-z](?=[A-Z])/).length > 3;
}

/** Says that v, behind a password's colon, is no word of a sentence. */
export function mixed(v: string): boolean {
	const n = counted(judged(v));
	return v.length >= 6 && n.digits > 0 && n.lowers + n.uppers > 0;
}

/** Says that s consists of digits, or is empty. */
export const allDigits = (s: string): boolean => /^[0-9]*$/.test(s);

const placeholderWords = new Set(placeholders);

/** Says that s stands for a secret and is none. */
export function placeholder(s: string): boolean {
	// The bullet and the ellipsis are three bytes of UTF-8 each.
	if (/^(?:[*x.X]|\u00e2\u0080[\u00a2\u00a6])*$/.test(s) || (s.length > 2 && /^(.)\1*$/s.test(s))) return true;
	if (s[0] === "<" || /^(?:\{.*\}|\[.*\]|\(.*\))$/s.test(s)) return true;
	if (/^(?:arn:aws|#\{|\$env:|ENC\[|\.\*|\[\^)/.test(s)) return true; // where it is, encrypted, an expression
	if (/^\.[A-Z][A-Za-z]*$/.test(s)) return true; // a field in a template
	const name = s[0] === "@" ? s.slice(1) : ""; // a parameter of SQL
	if (name !== "" && (placeholderWords.has(fold(name)) || classify(name) !== "ordinary")) return true;
	if ("$%!&{".includes(s[0] ?? "-")) return substituted(s);
	if (/^[A-Z]+_[A-Z_]*$/.test(s) || /^:[A-Za-z_]*$/.test(s)) return true; // :name, a parameter of SQL, an atom of Ruby
	if (s.length > 64) return false;
	if (/^-?0x[0-9a-fA-F]{0,8}$/.test(s)) return true; // a number as programs write it
	if (/^(?:env:[A-Z0-9_]+|(?:(?:file|vault|ssm|keyring):|op:\/\/|ref\+).*)$/s.test(s) && /\/|^env:/.test(s))
		return true; // where it is
	const word = fold(s).replace(/[!?.,;:)\]}|]+$/, "");
	const first = word.split("|", 1)[0] ?? ""; // required|min:8
	return (
		placeholderWords.has(word) ||
		placeholderWords.has(first) ||
		/^your[-_]/.test(word) ||
		/[-_]here$/.test(word) ||
		/^your[a-z]*$/.test(word)
	);
}

/**
 * Says that s is a reference to a value: $NAME, ${name}, $(command), %s,
 * %(name)s, %NAME%, {{ name }}; a tag of YAML; an alias.
 */
function substituted(s: string): boolean {
	const rest = s.slice(1);
	if (rest === "" || "{(%".includes(rest[0] ?? "-")) return true;
	if (s[0] === "%") return rest.endsWith("%") || rest.length <= 2 || /^[sdcxvu].*%/s.test(rest);
	if (s[0] === "$" && "@*#?$!-".includes(rest[0] ?? "_")) return rest.length === 1;
	return s[0] !== "{" && identifier(rest.replace(/[.,;:]+$/, ""));
}

/** The next one of a list, as in token_type=Bearer expires_in=3600. */
export const parameter = /^[a-z_]*=.*[^=]/s;

/** Says that s is a name in a program's text. */
export const identifier = (s: string): boolean => /^[A-Za-z0-9_]+$/.test(s);

export const letters = (s: string): boolean => /^[A-Za-z]*$/.test(s);

/**
 * Says that v is a name of a program's text rather than a value: with dots
 * between its words, or with a word that promises a secret of its own.
 */
export function named(v: string): boolean {
	if (letters(v.replaceAll("_", "")) && /[a-z][A-Z]/.test(v) && classify(v) !== "ordinary") return true;
	if (!/^[A-Za-z._[]+$/.test(v) || !/[A-Za-z]/.test(v)) return false;
	if (v.includes(".") && v[0] !== ".") return true;
	const words = v.indexOf("_") > 0 || /[a-z][A-Z]/.test(v);
	return words && (classify(v) !== "ordinary" || fold(v).startsWith("get"));
}

/** Says that v is a file's name with its directories. */
export function isPath(v: string): boolean {
	if (/^(?:~\/|\.\.?\/|\.\\|projects\/)/.test(v) || /^[^0-9]:[\\/]/s.test(v)) return true;
	if (v[0] !== "/") return false;
	for (const part of judged(v.slice(1)).split("/")) {
		const n = counted(part);
		if (/[+=]/.test(part) || (n.digits > 0 && n.lowers > 0 && n.uppers > 1 && part.length >= 10)) return false;
	}
	return true;
}

/** Says that s is base64 of user:password. */
export function isUserAndPassword(s: string): boolean {
	const bare = judged(s).replace(/=+$/, "");
	if (bare.length < 6) return false;
	const whole = bare.slice(0, bare.length - (bare.length % 4));
	if (!/^[A-Za-z0-9+/]*$/.test(whole)) return false;
	return /^[A-Za-z0-9_.@\\+/ -]*:[ -~]*$/.test(Buffer.from(whole, "base64").toString("latin1"));
}

const usages = new Set(usageWords);

/** Says that v, behind --password, is how a help text goes on. */
export function isUsageWord(v: string): boolean {
	return usages.has(fold(v).replace(/[.,:;)\]]+$/, "")) || !/[a-z0-9=]/.test(v);
}

/** Says that v is a word that says of something how it is. */
export function described(v: string): boolean {
	const word = fold(v).replace(/[!?.,;:]+$/, "");
	return letters(word) && /(?:ed|ing|able|ible|ory|ous|ive|ful)$/.test(word);
}

const speaking = new Set(sentenceWords);

/** Says that v, of several words, speaks of a password. */
export function sentence(v: string): boolean {
	return judged(v)
		.split(" ")
		.some((word) => speaking.has(fold(word).replace(/^[.,:;!?]+|[.,:;!?]+$/g, "")));
}

/** Says that v is a version, a date, a number with its unit or a name with dots or slashes. */
export function versionLike(v: string): boolean {
	const n = counted(v);
	if (n.odd > 0) return false;
	return (
		(v.includes("/") && Math.min(n.uppers, n.lowers, n.digits) < 3) ||
		v.split(".").length > 2 ||
		(v.split("-").length > 2 && n.digits < 4)
	);
}

/** Says that v is made of words in small letters and dashes: a title. */
export function dashedWords(v: string): boolean {
	if (/[A-Z]/.test(v)) return false;
	return v
		.split(/[-_]/)
		.some((part) => part.length >= 3 && part.length < v.length && letters(part) && !/^[a-f]+$/.test(part));
}
