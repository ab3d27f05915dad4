/** Redacts the passwords in what clients send: PASS, AUTH and LOGIN of FTP, POP, Redis and IMAP, and send of expect. */

import { type Finder, fold, MARKER } from "./finder.ts";
import { mixed, placeholder, random } from "./secretjudge.ts";

const send = /send (?:-- )?["'`]([^\\]*)\\[rn]/;

/** Judges every line. The words themselves are common in text, so the value has to have letters and digits. */
export function findProtocol(f: Finder): void {
	let at = 0;
	for (const line of f.text.split("\n")) {
		if (line.length <= 512) {
			findTyped(f, at, line);
			findSetUser(f, at, line);
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

/** Finds the passwords that the line at at gives a user of Redis: ACL SETUSER bob on >X. */
function findSetUser(f: Finder, at: number, line: string): void {
	const start = fold(line).indexOf("acl setuser ");
	if (start < 0) return;
	for (let i = line.indexOf(" >", start); i >= 0; i = line.indexOf(" >", i + 2)) {
		const v = line.slice(i + 2).split(" ", 1)[0] ?? "";
		if (v.length >= 4 && !placeholder(v)) f.add(at + i + 2, at + i + 2 + v.replace(/["'`]+$/, "").length, "password");
	}
}

/** Judges the last word of the line that begins at at. */
function findSent(f: Finder, at: number, text: string): void {
	const line = text.replace(/[ "']+$/, "").replace(/\\r$/, "");
	const last = line.lastIndexOf(" ") + 1;
	const v = line.slice(last);
	if (answered(f, at, v)) {
		f.add(at + last, at + line.length, "password");
		return;
	}
	const plain = line.slice(0, last).endsWith("AUTH PLAIN ") && random(v);
	if (v.length < 4 || (!mixed(v) && !plain) || v.includes("/") || placeholder(v)) return;
	if (v.startsWith(MARKER) || mechanism.test(v) || (v.includes(":") && !v.startsWith("oauth:"))) return; // Twitch's
	const start = line.slice(0, last);
	const words = start
		.replace(/^[ "']+/, "")
		.split(/\s+/)
		.filter((word) => word !== "");
	words.forEach((word, i) => {
		const behind = words.length - 1 - i;
		const found =
			(word === "PASS" && behind === 0 && loggingIn(f, at, line)) ||
			(word === "AUTH" && behind <= 1 && (i <= 3 || words[i - 1]?.endsWith(":"))) ||
			(word === "IDENTIFY" && behind <= 1) ||
			(word === "user" &&
				behind === 1 &&
				((i === 1 && words[0] === "ftp>") || (i === 0 && f.text.slice(Math.max(at - 200, 0), at).includes("ftp ")))) ||
			(word === "LOGIN" && behind === 1 && i <= 2);
		if (found) f.add(at + last, at + line.length, "password");
	});
}

/** A way to log in, as servers list them. */
const mechanism = /^(?:TLS|SSL|CRAM-|SCRAM-|DIGEST-|XOAUTH|OAUTH)/;

/** Says that a client logs in with the line at at: before it, at its start, or in the server's answer. */
function loggingIn(f: Finder, at: number, line: string): boolean {
	if (/> |C: /.test(line) || /USER |331 /.test(f.text.slice(Math.max(at - 200, 0), at))) return true;
	const next = f.text.slice(at + line.length).replace(/^[\n"' ]+/, "");
	return /^(?:-ERR|\+OK|230 |530 |ERR |:|NICK |USER )/.test(next);
}

/** Says that v, in the line at at, answers a server that asks for a password in base64, as SMTP's AUTH LOGIN does. */
function answered(f: Finder, at: number, v: string): boolean {
	const before = f.text.slice(Math.max(at - 40, 0), at).replace(/[\n"']+$/, "");
	return before.endsWith("UGFzc3dvcmQ6") && v.length >= 4 && /^[A-Za-z0-9+/=]*$/.test(v);
}
