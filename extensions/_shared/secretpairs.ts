/** Redacts the values of keys and options whose names promise a secret. */

import {
	allDigits,
	type Finder,
	fold,
	isBlank,
	isDotted,
	isQuote,
	isUserAndPassword,
	placeholder,
	random,
} from "./finder.ts";

/**
 * How much a key's name promises that its value is a secret: "token" (token,
 * api_key) if the value looks random, "password" (password, secret) always.
 */
type KeyClass = "ordinary" | "token" | "password";

const passwordEnds =
	/(password|passwd|passphrase|passwort|pwd|secret|secretkey|secretaccesskey|clientsecret|privatekey|passcode)$/;

const tokenEnds =
	/(token|apikey|accesskey|accountkey|signingkey|encryptionkey|masterkey|authkey|sharedkey|sharedaccesssignature|securitytoken|credentials?|amzsignature|sessionkey|subscriptionkey|applicationkey|secretkeybase|connectionstring|cookie|authorization)$/;

/** Judges the name of a key, a variable or an option. */
function classify(key: string): KeyClass {
	const k = fold(key).replace(/[_. -]/g, "");
	if (/^(pwd|oldpwd|key)$/.test(k)) return "ordinary";
	if (/^(sig|pass|jwt|auth)$/.test(k)) return "token";
	if (passwordEnds.test(k) || key.endsWith("_PASS")) return "password";
	return tokenEnds.test(k) || /_(KEY|AUTH)$/.test(key) ? "token" : "ordinary";
}

const BACKSLASH = 92;

/** Where the key from…end begins when it may be two words, as in "API key: X". */
function keyInWords(text: string, from: number, end: number): number {
	if (end - from !== 3 || fold(text.slice(from, end)) !== "key") return from;
	const words = /(api|access|secret) $/i.exec(text.slice(Math.max(from - 7, 0), from));
	return words === null ? from : from - words[0].length;
}

/** Finds key=value, key: value, "key": "value", [key] => value, key%3Dvalue, <key>value and their kind. */
export function findPairs(f: Finder): void {
	const { text } = f;
	for (const found of text.matchAll(/[=:>]|%3[Dd]/g)) {
		const sep = found.index;
		const separator = found[0];
		const around = separator === "=" ? /[ "'`\\\]]/ : /[ "'`\\]/;
		let end = sep;
		while (end > 0 && around.test(text[end - 1] ?? "")) end--;
		let from = end;
		while (from > 0 && isDotted(text.charCodeAt(from - 1))) from--;
		const promise = classify(text.slice(keyInWords(text, from, end), end));
		const element = separator === ">";
		if (promise === "ordinary" || (element && (end !== sep || text[from - 1] !== "<"))) continue;
		const behind = sep + separator.length;
		let value = behind;
		if (text[value] === "=" || text[value] === ">") value++; // := => ==
		value = f.run(value, (c) => c === 32);
		const inside = f.run(value, (c) => c === BACKSLASH);
		if (isQuote(text.charCodeAt(inside))) findQuoted(f, inside, promise, separator !== ":", inside > value);
		else findBare(f, value, promise, separator !== ":", value > behind && text[behind] === " ");
	}
}

/** Judges the value in the quotes that open at i; escaped ones are closed by such. */
function findQuoted(f: Finder, i: number, promise: KeyClass, equals: boolean, escaped: boolean): void {
	const quote = f.text.charCodeAt(i);
	const from = i + 1;
	const inside = (c: number): boolean => c !== quote && c !== 10;
	let to = f.run(from, inside);
	while (!escaped && f.text.charCodeAt(to) === quote && f.text[to - 1] === "\\") to = f.run(to + 1, inside);
	while (to > from && f.text[to - 1] === "\\") to--;
	const value = f.text.slice(from, to);
	if (value === "" || placeholder(value)) return;
	if (value.includes(" ") && !(promise === "password" && equals)) return;
	if ((promise === "password" && value.length >= 4) || random(value) || isUserAndPassword(value))
		f.add(from, to, "key");
}

/** Judges the value without quotes that starts at i. Behind a colon or a blank it may be ordinary text or code. */
function findBare(f: Finder, i: number, promise: KeyClass, equals: boolean, spaced: boolean): void {
	let to = f.run(i, (c) => !isBlank(c) && !isQuote(c) && !"&;)}]<>".includes(String.fromCharCode(c)));
	while (to > i && ".,:!\\".includes(f.text[to - 1] ?? "-")) to--;
	const value = f.text.slice(i, to);
	if (value === "" || placeholder(value) || value.includes("://") || value.includes("(")) return;
	if (spaced && /^[A-Za-z_][A-Za-z_.]*$/.test(value) && value.includes(".")) return; // a name in a program's text
	const certain = promise === "password" && ((equals && value.length >= 4) || mixed(value));
	if (certain || random(value) || isUserAndPassword(value)) f.add(i, to, "key");
}

/** Whether a value behind a password's colon is no word of a sentence. */
function mixed(value: string): boolean {
	return value.length >= 6 && /[0-9]/.test(value) && /\p{L}/u.test(value);
}

/** Finds --token X, --password X and their kind, and the user:password of curl's -u. */
export function findFlags(f: Finder): void {
	const { text } = f;
	const parts = (i: number): boolean => i < 0 || isBlank(text.charCodeAt(i)) || isQuote(text.charCodeAt(i));
	for (let dash = text.indexOf("-"); dash >= 0; ) {
		const end = f.run(dash, isDotted);
		if (parts(dash - 1) && endsFlag(text, end)) findFlagValue(f, text.slice(dash, end), end);
		dash = text.indexOf("-", Math.max(end, dash + 1));
	}
}

/** Says that at i an option ends whose value follows: in a command line or in a list of arguments. */
function endsFlag(text: string, i: number): boolean {
	return text[i] === " " || (isQuote(text.charCodeAt(i)) && text[i + 1] === ",");
}

/** Says that -p at i takes a password: docker login, sshpass. */
function logsIn(text: string, i: number): boolean {
	return /(login|sshpass)[^\n]*$/.test(text.slice(Math.max(i - 100, 0), i));
}

/** Judges the value of the option name, which ends at end. */
function findFlagValue(f: Finder, name: string, end: number): void {
	const from = f.run(end, (c) => c === 32 || c === 44 || isQuote(c));
	const to = f.run(from, (c) => !isBlank(c) && !isQuote(c));
	const value = f.text.slice(from, to);
	if (value === "" || value.startsWith("-") || placeholder(value)) return;
	if (name === "-u" || name === "--user" || name === "--proxy-user") {
		const colon = value.indexOf(":");
		const password = value.slice(colon + 1);
		if (colon > 0 && value[colon - 1] !== "[" && password.length > 3 && !allDigits(password)) {
			f.add(from + colon + 1, to, "flag");
		}
		return;
	}
	if (name === "-p" && logsIn(f.text, end - name.length) && value.length >= 4 && !allDigits(value))
		f.add(from, to, "flag");
	if (!name.startsWith("--")) return;
	const promise = classify(name);
	const certain = promise === "password" && value.length >= 6 && !isUsageWord(value);
	if (certain || (promise !== "ordinary" && random(value))) f.add(from, to, "flag");
}

const usageWords = new Set(
	(
		"string option options instead cannot requires required should argument because without prompt stdin " +
		"environment variable missing together before after rather either"
	).split(" "),
);

/** Says that s, behind --password, is how a help text goes on. */
function isUsageWord(s: string): boolean {
	return usageWords.has(fold(s).replace(/[.,:;)\]]+$/, "")) || !/[a-z0-9]/.test(s);
}
