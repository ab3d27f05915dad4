/** Redacts the values of environment variables whose names look secret, in the forms in which they may turn up. */

import { eachIndex, type Finder, fold, isCredential } from "./finder.ts";
import { envEnds, envWords } from "./rulestable.ts";
import { ends } from "./secretwords.ts";

/** The length in bytes from which on a value is looked for: shorter ones occur by chance. */
const MIN_LENGTH = 8;

/** A text to look for; base64 says that it is part of such a text, else plain is what to look for without escapes. */
export interface SecretValue {
	text: string;
	plain: string[];
	base64: boolean;
}

/** Returns what to look for, given the environment. */
export function secretValues(env: Record<string, string | undefined>): SecretValue[] {
	const values: SecretValue[] = [];
	for (const name of Object.keys(env)) {
		if (!secretName(name)) continue;
		const text = utf8(env[name] ?? "");
		if (text.length < MIN_LENGTH || (text.startsWith("/") && /_(CREDENTIALS|KEY)$/.test(name))) continue;
		addForms(values, text);
		if (text.includes("\n")) {
			// It may be indented, or shown in part.
			for (const indented of text.split("\n")) {
				const line = indented.replace(/^[ \t\r]+|[ \t\r]+$/g, "");
				if (line.length >= MIN_LENGTH) values.push(plainValue(line));
			}
		}
		const password = urlPassword(text);
		if (password.length >= MIN_LENGTH) addForms(values, password);
	}
	return values;
}

const secretNames = new RegExp(`${ends(envEnds).source}|^(?:${envWords.join("|")})$`);

/** Says that a variable's name promises a secret. */
function secretName(name: string): boolean {
	const n = fold(name);
	return secretNames.test(n) && n !== "old_pwd";
}

/** Returns the password of a URL, or "". */
function urlPassword(text: string): string {
	const start = text.indexOf("://");
	if (start < 0) return "";
	const user = text.slice(start + 3, Math.max(text.lastIndexOf("@"), start + 3));
	const colon = user.indexOf(":");
	return colon < 0 ? "" : user.slice(colon + 1);
}

/** Adds text as it is and base64-encoded (as a part of a longer text too, whatever its offset). */
function addForms(values: SecretValue[], text: string): void {
	values.push(plainValue(text));
	for (let offset = 0; offset < 3; offset++) {
		const padded = Buffer.from("\0".repeat(offset) + text, "latin1");
		const from = Math.floor((offset * 4 + 2) / 3);
		const to = Math.floor(padded.length / 3) * 4; // these characters depend on text alone
		if (to - from < MIN_LENGTH) continue;
		const standard = padded.toString("base64").replace(/=+$/, "");
		values.push({ text: standard.slice(from, to), plain: [], base64: true });
		const url = standard.replaceAll("+", "-").replaceAll("/", "_");
		if (url !== standard) values.push({ text: url.slice(from, to), plain: [], base64: true });
	}
}

/** What was escaped holds text as it is; what was not, but looks so, becomes what withoutEscapes makes of it. */
function plainValue(text: string): SecretValue {
	return { text, plain: [text.replaceAll("+", " "), withoutEscapes(text).text], base64: false };
}

const escapes = /%([0-9A-Fa-f]{2})|'\\''|\\u([0-9A-Fa-f]{4})|\\([\s\S])/g;
const named: Record<string, string> = { n: "\n", t: "\t", r: "\r" };

/**
 * Undoes percent encoding, the escapes of JSON and other program text, and the
 * shell's quote within quotes. A + becomes a blank, also one that was encoded.
 * at[i] is where in s character i of the text comes from; it is missing when s
 * has nothing to undo.
 */
function withoutEscapes(s: string): { text: string; at?: number[] } {
	if (!/[%+\\]/.test(s)) return { text: s };
	let text = "";
	const at: number[] = [];
	const add = (part: string, from: number, step: number): void => {
		for (let i = 0; i < part.length; i++) at.push(from + i * step);
		text += part;
	};
	let done = 0;
	for (const found of s.matchAll(escapes)) {
		const [whole, percent, code, char] = found;
		add(s.slice(done, found.index), done, 1);
		done = found.index + whole.length;
		if (percent) add(String.fromCharCode(Number.parseInt(percent, 16)), found.index, 0);
		else if (code) add(utf8(String.fromCharCode(Number.parseInt(code, 16))), found.index, 0);
		else add(char ? (named[char] ?? char) : "'", found.index, 0);
	}
	add(s.slice(done), done, 1);
	at.push(s.length);
	return { text: text.replaceAll("+", " "), at };
}

/** Returns the text with one character per byte of its UTF-8. */
function utf8(text: string): string {
	return Buffer.from(text, "utf8").toString("latin1");
}

/** Finds the values: as they stand, and in the text without its escapes. */
export function findEnvValues(f: Finder, values: SecretValue[]): void {
	if (values.length === 0) return;
	const { text, at } = withoutEscapes(f.text);
	for (const value of values) {
		eachIndex(f.text, value.text, (start) => {
			const end = start + value.text.length;
			let from = start;
			let to = end;
			if (value.base64) {
				// What surrounds it holds parts of it.
				to = f.run(to, isCredential);
				while (from > 0 && isCredential(f.text.charCodeAt(from - 1))) from--;
			}
			f.add(from, to, "env");
			return end;
		});
		for (const part of value.plain) {
			if (!at || part.length < MIN_LENGTH) continue;
			eachIndex(text, part, (start) => {
				f.add(at[start] ?? 0, at[start + part.length] ?? 0, "env");
				return start + part.length;
			});
		}
	}
}
