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
	const k = fold(key).replace(/[_.-]/g, "");
	if (/^(pwd|oldpwd|key)$/.test(k)) return "ordinary";
	if (/^(sig|pass|jwt|auth)$/.test(k)) return "token";
	if (passwordEnds.test(k)) return "password";
	return tokenEnds.test(k) || /_(KEY|PASS|AUTH)$/.test(key) ? "token" : "ordinary";
}

const BACKSLASH = 92;

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
		const promise = classify(text.slice(from, end));
		const element = separator === ">";
		if (promise === "ordinary" || (element && (end !== sep || text[from - 1] !== "<"))) continue;
		const behind = sep + separator.length;
		let value = behind;
		if (text[value] === "=" || text[value] === ">") value++; // := => ==
		value = f.run(value, (c) => c === 32);
		const inside = f.run(value, (c) => c === BACKSLASH);
		if (isQuote(text.charCodeAt(inside))) findQuoted(f, inside, promise);
		else findBare(f, value, promise, separator !== ":", value > behind && text[behind] === " ");
	}
}

/** Judges the value in the quotes that open at i. */
function findQuoted(f: Finder, i: number, promise: KeyClass): void {
	const quote = f.text.charCodeAt(i);
	const from = i + 1;
	let to = f.run(from, (c) => c !== quote && c !== 10);
	while (to > from && f.text[to - 1] === "\\") to--;
	const value = f.text.slice(from, to);
	if (value === "" || placeholder(value) || value.includes(" ")) return;
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
	const certain = promise === "password" && equals && value.length >= 4;
	if (certain || random(value) || isUserAndPassword(value)) f.add(i, to, "key");
}

/** Finds --token X, --password X and their kind, and the user:password of curl's -u. */
export function findFlags(f: Finder): void {
	const { text } = f;
	const parts = (i: number): boolean => i < 0 || isBlank(text.charCodeAt(i)) || isQuote(text.charCodeAt(i));
	for (let dash = text.indexOf("-"); dash >= 0; ) {
		const end = f.run(dash, isDotted);
		if (parts(dash - 1) && text[end] === " ") findFlagValue(f, text.slice(dash, end), end);
		dash = text.indexOf("-", Math.max(end, dash + 1));
	}
}

/** Judges the value of the option name, which ends at end. */
function findFlagValue(f: Finder, name: string, end: number): void {
	const from = f.run(end, (c) => c === 32 || isQuote(c));
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
