/** Redacts private keys, whole or in part, and the hashes in lines of account files. */

import { eachIndex, type Finder, isBlank, isCredential, isDigit, isHex, isQuote, isSpace, oneOf } from "./finder.ts";
import { counted, JUDGED_MAX, placeholder } from "./secretjudge.ts";
import { userOf } from "./secretvalues.ts";

const BEGIN = "-- BEGIN ";
const END = "-- END ";

const isDash = oneOf("-");

/** Finds private keys, also those whose begin or end was cut off. */
export function findPEM(f: Finder): void {
	const text = f.text.replace(/-----(BEGIN|END)(?:[ +]|%(?=20))/g, "---- $1 ");
	for (let at = 0; ; ) {
		const begin = text.indexOf(BEGIN, at);
		const end = text.indexOf(END, at);
		if (begin < 0 && end < 0) return;
		if (begin < 0 || (end >= 0 && end < begin)) {
			// An end whose begin was cut off.
			const to = lineOfPEM(f, end + END.length);
			if (isPrivate(f.text.slice(end, to))) f.add(bodyOfPEM(f, at, dashes(f.text, end)), to, "pem");
			at = to;
			continue;
		}
		const from = dashes(f.text, begin);
		const label = lineOfPEM(f, begin + BEGIN.length);
		at = label;
		if (isPrivate(f.text.slice(from, label))) {
			const close = text.indexOf(END, label);
			at = close < 0 ? f.text.length : lineOfPEM(f, close + END.length);
			f.add(from, at, "pem");
		}
	}
}

/** Returns where the dashes before i begin. */
function dashes(text: string, i: number): number {
	let from = i;
	while (from > 0 && text[from - 1] === "-") from--;
	return from;
}

function isPrivate(label: string): boolean {
	return /PRIVATE KEY|OpenVPN Static key|OpenVPN tls-crypt-v2/.test(label.replace(/\n|\+|%20/g, " "));
}

/** Returns the end of the marker whose label starts at i. */
function lineOfPEM(f: Finder, i: number): number {
	const close = f.text.slice(i, i + 64).indexOf("----");
	return close < 0 ? i : f.run(i + close, isDash);
}

/** Returns the start of the base64 that ends at end. */
function bodyOfPEM(f: Finder, from: number, end: number): number {
	let i = end;
	while (i > from) {
		let word = i;
		while (word > from && isBlank(f.text.charCodeAt(word - 1))) word--;
		let first = word;
		while (first > from && isCredential(f.text.charCodeAt(first - 1))) first--;
		if ((word - first < 16 && i !== end) || first === word) break;
		i = first;
	}
	return i;
}

/** Finds private keys in base64, as in a kubeconfig, over several lines too. */
export function findEncodedPEM(f: Finder): void {
	const begin = "LS0tLS1CRUdJTi"; // -----BEGIN and a blank
	const label = 60; // characters, of which the label is at the start
	eachIndex(f.text, begin, (from) => {
		const to = f.run(from, isCredential);
		const start = f.text.slice(from, from + Math.floor(Math.min(to - from, label) / 4) * 4);
		if (isPrivate(Buffer.from(start, "base64").toString("latin1"))) f.add(from, wrappedBase64(f, to), "pem");
		return from + begin.length;
	});
}

/** Returns the end of base64 that goes on in the lines behind end. */
function wrappedBase64(f: Finder, end: number): number {
	let to = end;
	while (f.text[to] === "\n") {
		const first = f.run(to + 1, isSpace);
		const last = f.run(first, isCredential);
		if (last - first < 2 || (last < f.text.length && f.text[last] !== "\n")) break;
		to = last;
	}
	return to;
}

/** Finds what ansible-vault has encrypted: lines of hexadecimal digits behind their head. */
export function findVault(f: Finder): void {
	const head = "$ANSIBLE_VAULT;";
	const least = 16;
	eachIndex(f.text, head, (at) => {
		const first = f.runMax(f.run(at, isNotBlank), 64, isBlank);
		let to = first;
		for (;;) {
			const word = f.run(to, isBlank);
			const end = f.run(word, isHex);
			const closed = end === f.text.length || isBlank(f.text.charCodeAt(end));
			if (end - word < least && (to === first || end === word || !closed)) break;
			to = end;
		}
		f.add(first, to, "pem");
		return Math.max(to, at + head.length);
	});
}

const isNotBlank = (c: number): boolean => !isBlank(c);
const isPlain = (c: number): boolean => !isBlank(c) && !isQuote(c) && c !== 60 && c !== 58 && c !== 44;
const isMargin = oneOf(" \n|>");

/** Returns where a line's text begins behind its end, which may be escaped, and a margin. */
function margin(f: Finder, start: number): number {
	let i = start;
	while (f.text.startsWith("\\r", i) || f.text.startsWith("\\n", i)) i += 2;
	return f.run(i, isMargin);
}

/** Finds the private part of PuTTY's keys: the lines that follow its number of them. */
export function findPuTTY(f: Finder): void {
	const head = "Private-Lines:";
	eachIndex(f.text, head, (at) => {
		const from = f.run(at + head.length, isSpace);
		const digits = f.run(from, isDigit);
		if (digits === from) return digits;
		const first = margin(f, digits);
		let to = first;
		for (let line = Math.min(Number(f.text.slice(from, digits)), 256); line > 0; line--) {
			const word = margin(f, to);
			const end = f.run(word, isCredential);
			const c = f.text.charCodeAt(end);
			const closed = end === f.text.length || isBlank(c) || isQuote(c) || f.text[end] === "\\";
			if (end === word || (end - word < 40 && !closed)) break;
			to = end;
		}
		f.add(first, to, "pem");
		return Math.max(to, first);
	});
}

/**
 * Finds the hashes in lines of account files that no prefix gives away: DES in
 * shadow and htpasswd, the two hashes of Windows.
 */
export function findAccounts(f: Finder): void {
	const { text } = f;
	eachIndex(text, ":::", (at) => {
		const hash = 32;
		const from = at - 2 * hash - 1;
		if (
			from > 0 &&
			text[from - 1] === ":" &&
			text[from + hash] === ":" &&
			f.run(from, isHex) === from + hash &&
			f.run(from + hash + 1, isHex) >= at
		)
			f.add(from, at, "hash");
		return at + 1;
	});
	findPgPass(f);
	findRelay(f);
	for (const mark of ["{PLAIN}", "{plain}", "{CLEAR}", "{CLEARTEXT}", "{noop}", "::add-mask::"]) {
		// Of Dovecot, LDAP, Spring and GitHub.
		eachIndex(text, mark, (at) => {
			const from = at + mark.length;
			const to = f.runMax(from, JUDGED_MAX, isPlain);
			if (to - from >= 3 && !placeholder(text.slice(from, to))) f.add(from, to, "password");
			return from;
		});
	}
	const des = 13; // characters: two of salt, eleven of the hash
	for (const line of text.matchAll(/^([^ :\n]+):([./0-9A-Za-z]{13})(?::(.*))?$/gm)) {
		const n = counted(line[2] ?? "");
		if (n.lowers === 0 || n.uppers === 0) continue;
		const more = line[3];
		const words = n.digits === 0 || n.uppers < 2;
		if (more === undefined ? words : more.split(":").length < 5) continue;
		const from = line.index + (line[1] ?? "").length + 1;
		f.add(from, from + des, "hash");
	}
}

/** Finds the passwords in the lines of Postfix for other hosts: [host]:port user:X. */
function findRelay(f: Finder): void {
	if (!f.text.includes("]:")) return;
	let at = 0;
	for (const line of f.text.split("\n")) {
		const account = /\]:[0-9]+ +([^ ]+)$/.exec(line)?.[1] ?? "";
		// The first ]: of the line, as the host is the first word.
		const first = line.indexOf("]:");
		const whole = first >= 0 && /^[0-9]+ +[^ ]+$/.test(line.slice(first + 2));
		at += line.length;
		if (whole && userOf(account.replaceAll(".", "").replace("@", "")) !== "")
			f.add(at - account.length + account.indexOf(":") + 1, at, "password");
		at++;
	}
}

/** Finds the passwords in lines of ~/.pgpass: host:port:database:user:X. */
function findPgPass(f: Finder): void {
	for (const line of f.text.matchAll(/^[^: \n]+:(?:\*|54[0-9]{2}|6432):[^: \n]+:[^: \n]+:((?:\\:|[^: \n]){3,})$/gm)) {
		const v = line[1] ?? "";
		const to = line.index + line[0].length;
		if (!placeholder(v)) f.add(to - v.length, to, "password");
	}
}
