/** Judges the values of keys. */

import { type Finder, isAlnum, isBackslash, isBare, isBlank, isDotted, isLower, isQuote, MARKER } from "./finder.ts";
import {
	allDigits,
	counted,
	described,
	identifier,
	isPath,
	isUserAndPassword,
	JUDGED_MAX,
	judged,
	jumbled,
	mixed,
	named,
	placeholder,
	random,
	sentence,
} from "./secretjudge.ts";
import { classify, type KeyClass } from "./secretwords.ts";

/** A key and how its value follows. */
export interface Pair {
	promise: KeyClass;
	/** =, :, >, <, %, (, a blank, . or , */
	sep: string;
	/** No blanks around the separator. */
	tight: boolean;
	/** The key begins its line. */
	line: boolean;
	/** The key is an option: -Dx=, /p: */
	option: boolean;
	/** The key is a parameter of a URL. */
	query: boolean;
	/** The key is password, token, key or the like, not secret. */
	word: boolean;
	/** Only values of 6 characters and more count. */
	long: boolean;
	/** The argument of a function that sets something. */
	setter: boolean;
	/** Compared: == */
	equals: boolean;
	/** The key stands behind a file's name and a colon, or has several words. */
	label: boolean;
	/** A field of a struct or a map as Go prints them. */
	inside: boolean;
	/** In a list of two, or the argument of a method of this name. */
	member: boolean;
	/** The words before speak of a password. */
	spoken: boolean;
}

/** Returns a key of which no more is known. */
export function newPair(promise: KeyClass, sep: string, line: boolean): Pair {
	const no = false;
	return {
		promise,
		sep,
		line,
		tight: no,
		option: no,
		query: no,
		word: no,
		long: no,
		setter: no,
		equals: no,
		label: no,
		inside: no,
		member: no,
		spoken: no,
	};
}

/** The ways to write a quote, other than as itself. */
export const QUOTES = "%22 %27 &quot; &#34; &#39; &#x27; &apos; \\u0022 \\u0027 \\x22 \\x27".split(" ");

/** Judges the value that starts at i, quoted or not. */
export function findPairValue(f: Finder, i: number, p: Pair): void {
	const inside = f.run(i, isBackslash);
	if (isQuote(f.text.charCodeAt(inside))) {
		findQuoted(f, inside, inside > i, p);
		return;
	}
	const quote = QUOTES.find((q) => f.text.startsWith(q, i));
	if (quote !== undefined) {
		const from = i + quote.length;
		const n = f.text.slice(from, from + JUDGED_MAX).indexOf(quote);
		if (n > 0 && isQuotedSecret(f.text.slice(from, from + n), p)) f.add(from, from + n, "key");
		return;
	}
	if ("({,".includes(p.sep)) return;
	const [from, to] = bracedValue(f, i, p);
	if (from === i) findBare(f, i, p);
	else if (isQuotedSecret(f.text.slice(from, to), p)) f.add(from, to, "key");
}

const braces: Record<string, string> = { "{": "}", "(": ")", "[": "]", "<": ">" };

/**
 * Returns the text in what Perl and Ruby take for quotes, q{X} and %Q(X), or in the braces of an ODBC address, {X};,
 * at i; its start is i of none.
 */
function bracedValue(f: Finder, i: number, p: Pair): [number, number] {
	const { text } = f;
	const open = i + (/^(?:qq|q|%q|%Q)/.exec(text.slice(i, i + 2))?.[0].length ?? 0);
	const close = braces[text[open] ?? "-"]?.charCodeAt(0);
	if (close === undefined || (open === i && (text[i] !== "{" || p.sep !== "=" || !p.tight))) return [i, i];
	const to = f.runMax(open + 1, JUDGED_MAX, (c) => c !== close && c !== 10);
	if (text.charCodeAt(to) !== close) return [i, i];
	const v = text.slice(open + 1, to);
	const address = (!identifier(v) || mixed(v)) && (to + 1 >= text.length || ";\n\"'`".includes(text[to + 1] ?? "-"));
	return open > i || address ? [open + 1, to] : [i, i];
}

/** Judges the value in the quotes that open at i; escaped ones are closed by such. */
function findQuoted(f: Finder, i: number, escaped: boolean, p: Pair): void {
	const { text } = f;
	const quote = text.charCodeAt(i);
	const q = text[i] ?? "";
	const from = text.startsWith(q + q, i + 1) ? i + 3 : i + 1; // """
	if (text[from] === q && isAlnum(text.charCodeAt(from + 1))) {
		// A quote within quotes: password=''X''.
		const end = f.runMax(from + 1, JUDGED_MAX, (c) => !isBlank(c) && c !== quote);
		if (text.startsWith(q + q, end)) {
			if (isQuotedSecret(text.slice(from + 1, end), p)) f.add(from + 1, end, "key");
			return;
		}
	}
	const inside = (c: number): boolean => c !== quote && c !== 10;
	let to = f.run(from, inside);
	while (!escaped && text[to] === q && (text[to - 1] === "\\" || (q === "'" && text[to + 1] === "'" && to > from))) {
		if (text[to - 1] !== "\\") to++; // SQL's quote within quotes
		to = f.run(to + 1, inside);
	}
	while (to > from && text[to - 1] === "\\") to--;
	const closing = text[from] === " " && from < to && (to === text.length || text[to] === "\n"); // `password=' for nil
	if (!closing && isQuotedSecret(text.slice(from, to), p)) f.add(from, to, "key");
	else if (to === text.length || text[to] === "\n") {
		to = f.runMax(from, JUDGED_MAX, isDotted); // cut off
		const v = text.slice(from, to);
		if (random(v) && isQuotedSecret(v, p)) f.add(from, to, "key");
		return;
	}
	const arrow = ' -> "'; // Terraform's: "old" -> "new"
	if (q === '"' && !escaped && text.startsWith(arrow, to + 1)) findQuoted(f, to + arrow.length, false, p);
}

/** Says that v may be the words that a wallet's key is made of: twelve or more, all in small letters. */
export const isSeedPhrase = (v: string): boolean => v.length <= 24 * 9 && /^[a-z]{3,8}(?: [a-z]{3,8}){11,}$/.test(v);

/** Says that v, in quotes, is the secret of p. */
export function isQuotedSecret(v: string, p: Pair): boolean {
	if (placeholder(v) || v.startsWith(MARKER) || isPath(v) || (p.long && v.length < 6)) return false;
	const password = p.promise === "password";
	// In quotes, dbPassword is a value, and db.password a name.
	if (named(v) && (!password || ((p.sep === "," || p.sep === " ") && !p.setter) || /[._[]/.test(v))) return false;
	const start = judged(v);
	if (start.includes("${") || start.includes("--BEGIN ")) return false;
	if (start.includes(" ")) {
		if (p.promise !== "ordinary" && isSeedPhrase(v)) return true;
		if (password && p.sep !== "(" && p.sep !== "{" && v.length >= 6 && ((p.sep === "=" && !p.equals) || !sentence(v)))
			return true;
		return v.length >= 40 && counted(start).odd > 3;
	}
	if (password) {
		return v.length >= 4 && (!",({ ".includes(p.sep) || p.setter || mixed(v) || (!identifier(v) && !p.member));
	}
	if (p.member) return random(v) && v.length >= 16;
	const written = (p.sep === "=" && p.tight) || (p.word && (!",(".includes(p.sep) || p.setter));
	return random(v) || jumbled(v) || isUserAndPassword(v) || (written && mixed(v));
}

export const isSeed = (c: number): boolean => c === 32 || isLower(c);
const isValue = (c: number): boolean => isBare(c) && c !== 60;

/** Judges the value without quotes that starts at i. Behind a colon or a blank it may be ordinary text or code. */
function findBare(f: Finder, i: number, p: Pair): void {
	let to = f.run(i, isValue);
	if (p.spoken && f.endsLine(to)) {
		const v = f.text.slice(i, to);
		if ((mixed(v) || (v.length >= 6 && counted(judged(v)).odd > 0)) && !placeholder(v) && !v.startsWith(MARKER)) {
			f.add(i, to, "key"); // what ends other values may be a part of it
			return;
		}
	}
	const n = valueEnd(f.text.slice(i, Math.min(to, i + JUDGED_MAX)), p);
	if (n < JUDGED_MAX) to = i + n;
	const v = f.text.slice(i, to);
	const end = f.runMax(i, 24 * 9, isSeed);
	if (isSeedPhrase(f.text.slice(i, end).trimEnd())) {
		f.add(i, end, "key");
		return;
	}
	if (p.sep === ":" && (isDashedName(v) || (!p.word && /^[a-z-]+$/.test(v) && v.indexOf("-") > 0))) return;
	const line =
		(p.line || p.label) && !p.tight && p.promise === "password" && p.sep === ":" && v.length >= 4 && f.endsLine(to);
	const word = line && !placeholder(v) && !described(v) && !named(v) && !called(v) && !isPath(v) && v[0] !== "-";
	if (word || isBareSecret(v, p)) f.add(i, to, "key");
}

/** Says that v is the name of a secret, as of Kubernetes: db-secret. */
const isDashedName = (v: string): boolean => /^[a-z-]+$/.test(v) && v.indexOf("-") > 0 && classify(v) !== "ordinary";

const opening: Record<string, string> = { ")": "(", "]": "[", "}": "{" };

/** Returns where the value at the start of s ends: before what closes the text around it, if that does not belong to the value. */
function valueEnd(s: string, p: Pair): number {
	let end = s.length;
	for (let i = 0; i < s.length; i++) {
		const c = s[i] ?? "";
		const next = s[i + 1];
		const open = opening[c];
		const ends =
			c === ";" ||
			c === ">" ||
			(c === "\\" && /^\\(?:r\\)?n/.test(s.slice(i, i + 4))) ||
			(c === "&" && (p.query || next === undefined || s.indexOf("=", i + 1) > 0)) ||
			(c === "%" && p.sep === "%" && /^%(?:26|3[Bb])/.test(s.slice(i, i + 3))) ||
			(open !== undefined && (next === undefined || ",.;:)]}".includes(next)) && !s.slice(0, i).includes(open));
		if (ends) {
			end = i;
			break;
		}
	}
	while (end > 0 && ".,:!\\".includes(s[end - 1] ?? "-")) end--;
	return end;
}

/** Says that v, without quotes, is the secret of p. */
function isBareSecret(v: string, p: Pair): boolean {
	if (placeholder(v) || v.startsWith(MARKER) || (p.long && v.length < 6) || named(v) || isPath(v)) return false;
	if (called(v) || judged(v).includes("://")) return false;
	if (p.promise === "token" && /^[0-9A-F]{16}$/.test(v)) return false; // the number of a key of GPG
	if (p.sep === ">" && p.tight && identifier(v) && (!/[0-9]/.test(v) || v.includes("_"))) return false; // a member of a struct
	if (random(v) || jumbled(v) || isUserAndPassword(v)) return true;
	if (p.equals) return false;
	const equals = "=><%".includes(p.sep);
	if (p.promise === "password") {
		if (equals || p.option) return v.length >= 4 || (p.tight && v.length >= 3);
		return mixed(v) || (v.length >= 6 && counted(v).odd > 0) || (p.inside && v.length >= 4 && !described(v));
	}
	if (!equals || !p.tight) return p.line && p.word && mixed(v);
	if (userOf(v) !== "" && !p.word) return true;
	if (v.length < 6 || v.includes("/")) return false;
	return mixed(v) || (identifier(v) && (p.query || (p.word && !allDigits(v))));
}

/** Returns the user of user:password, "" of anything else. */
export function userOf(v: string): string {
	const colon = v.indexOf(":");
	if (colon < 0) return "";
	const user = v.slice(0, colon);
	const secret = v.slice(colon + 1);
	return identifier(user) && isUserPassword(user, secret) && !/[/:]/.test(secret) ? user : "";
}

const groups = new Set("root staff wheel users docker nogroup nobody daemon www-data group adm sudo".split(" "));

/** Says that password is one, behind user and a colon: not the group of a user, not a port. */
export function isUserPassword(user: string, password: string): boolean {
	if (password.length < 4 || allDigits(password) || user.endsWith("[") || user === password) return false;
	return !user.includes("/") && !placeholder(password) && !password.startsWith("/") && !groups.has(password);
}

/** Says that v is a call or an index of a program's text: name(, a[0]. */
export function called(v: string): boolean {
	const bare = judged(v).replace(/^[&*$]+/, "");
	const i = bare.search(/[([{]/);
	if (i < 0) return false;
	const name = bare.slice(0, i);
	return (
		i === 0 ||
		identifier(name) ||
		(bare[i] === "(" && identifier(name.replaceAll(".", ""))) ||
		named(name) ||
		name.includes("::")
	);
}
