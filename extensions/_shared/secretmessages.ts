/** Redacts the secrets in lines that speak of them, and what was found elsewhere in the text. */

import { eachIndex, eachMatch, type Finder, fold, isAlnum } from "./finder.ts";
import { counted, mixed, placeholder, random } from "./secretjudge.ts";
import { userOf } from "./secretvalues.ts";
import { classify } from "./secretwords.ts";

/** Finds a key of 64 hexadecimal digits, a key that is quoted because it has a wrong form, login failed for user:X. */
export function findMessages(f: Finder): void {
	let at = 0;
	for (const line of f.text.split("\n")) {
		if (line.length <= 512) {
			const listed = /^ *\([0-9]{0,3}\) 0x([0-9A-Fa-f]{64})(?: |$)/.exec(line)?.[1]; // as a test chain prints its private keys
			if (listed !== undefined) f.add(at + line.indexOf(listed), at + line.indexOf(listed) + listed.length, "key");
			const low = fold(line);
			if (low.includes("key")) findKeys(f, at, line, low);
			if (low.includes(" for ")) findLogin(f, at, line, low);
		}
		at += line.length + 1;
	}
}

const refusal =
	/invalid (?:value|argument) (["'`])([^\n]{1,512}?)\1 for ["'`]?(?:flag )?(?:-., )?-*([A-Za-z0-9_.-]{1,64})/g;

/**
 * Finds the value of an option that a program refuses: invalid value "X" for flag -password, invalid value 'X' for
 * '--password <P>', invalid argument "X" for "--token" flag.
 */
export function findRefused(f: Finder): void {
	eachMatch(f.text, refusal, ({ 0: whole, 1: quote = "", 2: v = "", 3: option = "", index }) => {
		const promise = classify(option);
		const secret = (promise === "password" && v.length >= 3) || (promise !== "ordinary" && mixed(v));
		const from = index + whole.indexOf(quote) + 1;
		if (secret && !placeholder(v)) f.add(from, from + v.length, "flag");
	});
}

const others = /public|fingerprint|sha256|digest|hash|checksum|cache|primary|peer/;
const privately = /(?:private|secret|signing|encryption|master) key|\(private\)/;
const wrongly = /key is not|key has wrong|invalid key|malformed key|bad key|yours was: /;

/** Judges the words of the line at at, low in small letters. */
function findKeys(f: Finder, at: number, line: string, low: string): void {
	const isPrivate = privately.test(low);
	const wrong = wrongly.test(low);
	if (others.test(low) || (!isPrivate && !wrong)) return;
	for (const { 0: v, index } of line.matchAll(/[A-Za-z0-9_.~+/=-]+/g)) {
		const n = counted(v);
		const hex = isPrivate && /^(?:0x)?[0-9A-Fa-f]{64}$/.test(v) && n.digits > 4 && n.lowers + n.uppers > 4;
		const quoted = wrong && /["'`]/.test(line[index - 1] ?? "-") && v.length >= 32;
		const yours = wrong && v.length >= 20 && random(v) && low.endsWith("yours was: ", index);
		if (hex || yours || (quoted && n.digits > 1 && n.lowers > 5 && n.uppers > 5)) {
			f.add(at + index, at + index + v.length, "key");
		}
	}
}

/** Judges what stands behind for in the line at at: user:X, with which nobody could log in. */
function findLogin(f: Finder, at: number, line: string, low: string): void {
	if (!/auth|login|credential|logon/.test(low)) return;
	const from = low.lastIndexOf(" for ") + " for ".length;
	const word = line.slice(from);
	const v = word.replace(/^["'`.,;]+|["'`.,;]+$/g, "");
	const user = userOf(v);
	if (word.includes(" ") || user === "" || v.includes(".") || !mixed(v.slice(user.length + 1))) return;
	const start = at + from + word.indexOf(v);
	f.add(start + user.length + 1, start + v.length, "password");
}

/** Finds what has been found elsewhere in the text, as where an error quotes a part of the command that failed. */
export function findRepeated(f: Finder): void {
	const most = 16; // secrets
	const longest = 256;
	for (const span of f.spans.slice(0, most)) {
		const v = f.text.slice(span.from, span.to);
		if (v.length > longest || !mixed(v) || /[ \n]/.test(v)) continue;
		eachIndex(f.text, v, (at) => {
			const to = at + v.length;
			if (at !== span.from && f.startsWord(at) && !isAlnum(f.text.charCodeAt(to))) f.add(at, to, span.rule);
			return to;
		});
	}
}
