/** Redacts the passwords in what clients send: PASS, AUTH and LOGIN of FTP, POP, Redis and IMAP, and send of expect. */

import type { Finder } from "./finder.ts";
import { MARKER } from "./finder.ts";
import { mixed, placeholder, random } from "./secretjudge.ts";

const send = /send (?:-- )?["'`]([^\\]*)\\[rn]/;

/** Judges every line. The words themselves are common in text, so the value has to have letters and digits. */
export function findProtocol(f: Finder): void {
	let at = 0;
	for (const line of f.text.split("\n")) {
		if (line.length <= 512) {
			findTyped(f, at, line);
			findSent(f, at, line);
		}
		at += line.length + 1;
	}
}

/** Judges what the program expect is to type. */
function findTyped(f: Finder, at: number, line: string): void {
	const found = send.exec(line);
	const v = found?.[1] ?? "";
	if (found === null || v.length < 6 || !mixed(v) || v.includes(" ")) return;
	const from = at + found.index + found[0].length - 2 - v.length;
	f.add(from, from + v.length, "password");
}

/** Judges the last word of the line that begins at at. */
function findSent(f: Finder, at: number, text: string): void {
	const line = text.replace(/[ "']+$/, "").replace(/\\r$/, "");
	const last = line.lastIndexOf(" ") + 1;
	const v = line.slice(last);
	const plain = line.slice(0, last).endsWith("AUTH PLAIN ") && random(v);
	if (v.length < 4 || (!mixed(v) && !plain) || /[/:]/.test(v) || placeholder(v) || v.startsWith(MARKER)) return;
	const start = line.slice(0, last);
	const words = start
		.replace(/^[ "']+/, "")
		.split(/\s+/)
		.filter((word) => word !== "");
	words.forEach((word, i) => {
		const behind = words.length - 1 - i;
		const found =
			(word === "PASS" && behind === 0 && loggingIn(f, at, start)) ||
			(word === "AUTH" && behind <= 1 && i <= 3 && !/^(?:TLS|SSL)/.test(v)) ||
			(word === "IDENTIFY" && behind === 0) ||
			(word === "LOGIN" && behind === 1 && i <= 2);
		if (found) f.add(at + last, at + line.length, "password");
	});
}

/** Says that before the line at at, or at its start, a client logs in. */
function loggingIn(f: Finder, at: number, start: string): boolean {
	return /> |C: /.test(start) || /USER |331 /.test(f.text.slice(Math.max(at - 200, 0), at));
}
