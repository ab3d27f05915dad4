/** Judges the names of keys, variables and options. */

import { fold, isLower } from "./finder.ts";
import {
	notUpperKey,
	passOwners,
	passwordEnds,
	passwordWords,
	plainWords,
	tails,
	tokenEnds,
	tokenWords,
	upperPassword,
	upperToken,
} from "./rulestable.ts";

/**
 * How much a key's name promises that its value is a secret: "token" (token,
 * api_key) if the value looks random, "password" (password, secret) always.
 */
export type KeyClass = "ordinary" | "token" | "password";

const escaped = (words: readonly string[]): string => words.map((w) => w.replace(/[.\\]/g, "\\$&")).join("|");
/** Words with one of these ends. */
export const ends = (words: readonly string[]): RegExp => new RegExp(`(?:${escaped(words)})$`);
/** One of these words, whole. */
const whole = (words: readonly string[]): RegExp => new RegExp(`^(?:${escaped(words)})$`);

const tail = ends(tails);
const plain = whole(plainWords);
const password = new RegExp(`${whole(passwordWords).source}|${ends(passwordEnds).source}`);
const token = whole(tokenWords);
const tokenEnd = ends(tokenEnds);
const owner = ends(passOwners);
const owners = new Set(passOwners);
const upperPass = ends(upperPassword);
const upperTok = new RegExp(`^(.*)(?:${escaped(upperToken)})$`, "s");
const notKeys = new Set(notUpperKey);

/** The last two letters of every word that promises something: most names have others. */
const lasts = new Set(
	[passwordWords, passwordEnds, tokenWords, tokenEnds, upperPassword, upperToken, tails, ["pass"]]
		.flat()
		.map((word) => {
			const [a = "", b = ""] = fold(word)
				.replace(/[^a-z]/g, "")
				.slice(-2);
			return (a.charCodeAt(0) << 8) | b.charCodeAt(0);
		}),
);

/** Says that the last two letters of a name, whatever stands between and behind them, are those of a word above. */
function mayPromise(name: string): boolean {
	let last = 0;
	for (let i = name.length - 1; i >= 0; i--) {
		const letter = name.charCodeAt(i) | 32;
		if (!isLower(letter)) continue;
		if (last > 0) return lasts.has((letter << 8) | last);
		last = letter;
	}
	return false;
}

/** Says that word is one whose pass is a password: db, smtp. */
export const ownsPass = (word: string): boolean => owners.has(word);

/** Judges the name of a key, a variable or an option. */
export function classify(name: string): KeyClass {
	if (!mayPromise(name)) return "ordinary";
	const key = name.replace(/[0-9]+$/, "");
	const k = plainKey(key).replace(/[0-9]+$/, "");
	const promise = classifyPlain(key, k);
	if (promise !== "ordinary" || plain.test(k)) return promise;
	const shorter = k.replace(tail, "");
	return shorter === "" || shorter === k ? promise : classifyPlain(key, shorter);
}

/** Judges key, which is k without what separates its words. */
function classifyPlain(key: string, k: string): KeyClass {
	if (plain.test(k)) return "ordinary";
	if (password.test(k)) return "password";
	const upper = classifyUpper(key.replace(/[-_.]+$/, ""));
	if (upper !== "ordinary") return upper;
	if (token.test(k) || (tokenEnd.test(k) && !k.startsWith("public"))) return "token";
	if (k.startsWith("x") && k.endsWith("auth") && /^.[-_]/.test(key)) return "token"; // a header
	const header = /^x-(?:.*-)?([^-]*)-key$/is.exec(key)?.[1];
	if (header !== undefined && !notKeys.has(header.toUpperCase())) return "token";
	return classifyPass(key, k);
}

/** Judges a name in capitals. */
function classifyUpper(key: string): KeyClass {
	if (upperPass.test(key)) return "password";
	const before = upperTok.exec(key)?.[1];
	if (before === undefined || notKeys.has(before.slice(before.lastIndexOf("_") + 1).toUpperCase())) return "ordinary";
	return "token";
}

/** Judges db_pass, sshPass and their kind: the word before says whether a password is meant. */
function classifyPass(key: string, k: string): KeyClass {
	if (!k.endsWith("pass") || k === "pass") return "ordinary";
	const before = k.slice(0, -4);
	const at = key.length - 4;
	if (!"_-.".includes(key[at - 1] ?? "x") && !/[A-Z]/.test(key[at] ?? "") && !owners.has(before)) return "ordinary";
	return owner.test(before) ? "password" : "token";
}

/** Returns the end of key in lower case without what separates its words. */
export function plainKey(key: string): string {
	return fold(key.slice(-64)).replace(/[_. -]+/g, "");
}

/** Says that key means a password, other than a secret. */
export function passwordWord(key: string): boolean {
	return /(?:password|passwd|passphrase|pwd|passcode|passwort)$/.test(plainKey(key));
}

/** Says that key ends in token or key. */
export function tellingWord(key: string): boolean {
	return /(?:token|key)$/.test(plainKey(key));
}
