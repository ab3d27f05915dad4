/** Judges keys that their own name does not give away, and finds where the value behind one begins. */

import {
	type Finder,
	fold,
	isAlnum,
	isBare,
	isBlank,
	isCredentialPercent,
	isDigit,
	isDotted,
	isLine,
	isQuote,
	isSpace,
} from "./finder.ts";
import { pinWords } from "./rulestable.ts";
import { counted, JUDGED_MAX, judged, mixed, random } from "./secretjudge.ts";
import { keyStart } from "./secretpairs.ts";
import { isSeed, isSeedPhrase, userOf } from "./secretvalues.ts";
import { classify, type KeyClass, plainKey } from "./secretwords.ts";

export const isBeforeWord = (c: number): boolean => c === 32 || isQuote(c);
const named = /^(?:name|key_name|k|variable|property|param|field|id|header|parameterkey|path)$/;

/**
 * Judges keys that their own name does not give away: pwd, the code of an
 * OAuth address, and what is named by a value before, as in name="password"
 * value="X". Returns their class and where the value begins.
 */
export function otherKey(f: Finder, from: number, end: number, value: number): [KeyClass, number] {
	const { text } = f;
	const name = text.slice(from, end);
	const key = fold(judged(name));
	if (key === "pwd") {
		const v = skipToValue(f, value);
		if (v < text.length && !"/~.$\\".includes(text[v] ?? "-") && text[v + 1] !== ":") {
			const stop = f.runMax(v, 64, (c) => !isBlank(c) && c !== 59);
			const listed = text[from - 1] === ";" || /%3b$/i.test(text.slice(Math.max(from - 3, 0), from));
			if (name !== "PWD" || text[stop] === ";" || listed) return ["password", value];
		}
	} else if (key === "code" || key === "ticket" || key === "key") {
		const google = text.startsWith("4/0A", value) || text.startsWith("4%2F0A", value);
		const query = from > 0 && "?&#".includes(text[from - 1] ?? "-");
		if (google || query || oauthFollows(f, value)) {
			findCode(f, name, google, from, value);
		} else if (name === "code") {
			const v = text[value - 1] === "=" && text[value - 2] !== " " ? wordAt(f, value) : "";
			const n = counted(judged(v));
			const long = v.length >= 40 && /^[A-Za-z0-9_.-]*$/.test(v) && text.startsWith(v, value);
			if (long && n.digits > 2 && n.lowers > 2 && n.uppers > 2) f.add(value, value + v.length, "key");
		} else if (key === "key") {
			const owned = classify(`${owner(text, from)}Key`);
			if (owned !== "ordinary") return [owned, value];
			const own = f.atLineStart(from) || (from > 1 && text.endsWith(": ", from));
			if ((own && isPadded(f, value)) || besideUserName(f, from, value)) return ["token", value];
			return namedBefore(f, value);
		}
	} else if (key === "sessionid" || key === "session_id" || key === "sid") {
		// In an address, where it is no name of a session's log.
		const v = /^[A-Za-z0-9]*/.exec(text.slice(value, value + JUDGED_MAX))?.[0] ?? "";
		if (from > 0 && "?&".includes(text[from - 1] ?? "-") && v.length >= 20 && random(v)) return ["token", value];
	} else if (key === "routing_key" || key === "routingkey") {
		// PagerDuty's, not those of a queue.
		if (/^[0-9A-Fa-f]{32}$/.test(wordAt(f, value))) return ["token", value];
	} else if (key === "accounts") {
		findPrivateKeys(f, value, value + 4 * JUDGED_MAX);
	} else if (key === "default") {
		return [variable(text, from), value];
	} else if (named.test(key)) {
		return namedBefore(f, value);
	} else if (key === "login" || key === "userpwd") {
		const v = wordAt(f, value);
		const user = userOf(v);
		const at = f.runMax(value, 4, isBeforeWord);
		if (user !== "" && mixed(v)) f.add(at + user.length + 1, at + v.length, "key");
	} else if (key === ".key") {
		if (text.slice(Math.max(from - 40, 0), from).includes("wireless.")) return ["password", value]; // of OpenWrt
	} else if (key === "seed" || key === "phrase" || key === "words") {
		const seed = skipToValue(f, value);
		const to = f.runMax(seed, 24 * 9, isSeed);
		if (isSeedPhrase(text.slice(seed, to).trimEnd())) f.add(seed, to, "key");
		else if (/^[0-9A-Fa-f]{64,}$/.test(wordAt(f, value))) {
			const at = f.runMax(value, 4, isBeforeWord);
			f.add(at, at + wordAt(f, value).length, "key");
		}
	} else {
		if (name.startsWith("BUNDLE_") && name.includes("__")) {
			// The account at a host, as Bundler names it.
			const at = f.runMax(value, 4, isBeforeWord);
			const v = wordAt(f, value);
			if (userOf(v) !== "") f.add(at, at + v.length, "key");
		}
		if (/^wireless\..*\.key$/s.test(name)) return ["password", value]; // of OpenWrt
		if (text.startsWith(" static:", value)) {
			const to = f.runMax(value, JUDGED_MAX, isLine); // of Postfix
			const v = text.slice(value + " static:".length, to);
			if (userOf(v) !== "") f.add(to - v.length + v.indexOf(":") + 1, to, "key");
		}
		if (text.startsWith("= ", value - 1)) {
			const promise = annotated(f, from, value);
			if (promise !== "ordinary") return [promise, value];
		}
		if (key.startsWith("user")) findUserOfShare(f, from, value);
		if (text[value - 1] === ":" && speaksOfPassword(text, from)) return ["password", f.runMax(value, 4, isBlank)];
	}
	return ["ordinary", value];
}

const isType = (c: number): boolean => isDotted(c) || " |[]<>&?,*".includes(String.fromCharCode(c));

/**
 * Returns the class of a name with a type that has several words or brackets, before the value in quotes that begins
 * at value: name: Optional[str] = "X".
 */
function annotated(f: Finder, i: number, value: number): KeyClass {
	const longest = 48; // of a type
	const { text } = f;
	if (!isQuote(text.charCodeAt(skipToValue(f, value)))) return "ordinary";
	let colon = i;
	while (colon > 0 && i - colon < longest && isType(text.charCodeAt(colon - 1))) colon--;
	if (colon < 2 || text[colon - 1] !== ":" || !/[|[<]/.test(text.slice(colon, value))) return "ordinary";
	const end = text[colon - 2] === "?" ? colon - 2 : colon - 1;
	return classify(text.slice(keyStart(text, end), end));
}

const isShareOption = (c: number): boolean => isBare(c) && c !== 44;

/** Finds the password behind the name of a user, whose key is at i: user=bob%X, as what mounts a share of Windows takes it. */
function findUserOfShare(f: Finder, i: number, value: number): void {
	const before = /[^\n]*$/.exec(fold(f.text.slice(Math.max(i - JUDGED_MAX / 2, 0), i)))?.[0] ?? "";
	if (!/cifs|smb/.test(before)) return;
	const to = f.runMax(value, JUDGED_MAX, isShareOption);
	const k = f.text.slice(value, to).indexOf("%");
	if (k > 0 && to - value - k > 3) f.add(value + k + 1, to, "key");
}

/** Finds the keys in a list from start to end of accounts of Ethereum, whose addresses are shorter. */
export function findPrivateKeys(f: Finder, start: number, end: number): void {
	const list = /^[^\]}]*/.exec(f.text.slice(start, end))?.[0] ?? "";
	for (const { 0: word, index } of list.matchAll(/[A-Za-z0-9]+/g)) {
		const whole = f.text.slice(start + index, f.run(start + index, isAlnum));
		if (/^(?:0x)?[0-9A-Fa-f]{64}$/.test(whole)) f.add(start + index, start + index + word.length, "key");
	}
}

/** Returns the word at i, without the blank and the quotes around it. */
export function wordAt(f: Finder, i: number): string {
	const from = f.runMax(i, 4, isBeforeWord);
	return f.text.slice(from, f.runMax(from, JUDGED_MAX, isBare));
}

/** Says that the value at i is a longer text in base64 that ends in =, as the keys of Ceph. */
function isPadded(f: Finder, i: number): boolean {
	const v = wordAt(f, i).replace(/[;,]+$/, "");
	const n = counted(v);
	return v.length >= 32 && /^[A-Za-z0-9+/=]*=$/.test(v) && n.digits > 1 && n.lowers > 4 && n.uppers > 4;
}

/**
 * Says that the key at i stands in one object with the name of a user, its value at value being long:
 * {"username":"bob","key":"X"}.
 */
function besideUserName(f: Finder, i: number, value: number): boolean {
	const before = /[^{}\n]*$/.exec(fold(f.text.slice(Math.max(i - 200, 0), i)))?.[0] ?? "";
	const v = wordAt(f, value);
	if (v.length < 20 || counted(v).digits <= 2 || !/^[A-Za-z0-9_-]*$/.test(v)) return false;
	return /"user(?:name)?"|'username'|user(?:name)?=/.test(before);
}

/**
 * Returns the name of the object that the key at i belongs to: of "Jwt": {"Key": X}, of Jwt:Key, and of jwt: with
 * key: in a line below that is indented more.
 */
function owner(text: string, i: number): string {
	let before = text.slice(Math.max(i - 200, 0), i).replace(/["'`\\]+$/, "");
	const line = before.slice(before.lastIndexOf("\n") + 1);
	let end = 0;
	let depth = 0;
	for (let k = before.length; k > 0 && end === 0; k--) {
		if (before[k - 1] === "}") depth++;
		if (before[k - 1] === "{" && --depth < 0) end = k - 1;
	}
	if (end > 0) before = before.slice(0, end);
	else if (!before.endsWith(":")) {
		if (line === "" || !/^ *$/.test(line)) return "";
		before = above(before.slice(0, before.length - line.length), line.length);
	}
	return /[A-Za-z0-9_.-]*$/.exec(before.replace(/[ :=>"'`\\]+$/, ""))?.[0] ?? "";
}

/** Returns the last line of lines that is indented less than indent, if it ends in a colon. */
function above(lines: string, indent: number): string {
	for (const line of lines.replace(/\n$/, "").split("\n").reverse()) {
		const name = line.replace(/^ +/, "");
		if (line.length - name.length < indent) return name.endsWith(":") ? name : "";
	}
	return "";
}

/** Says that the value at i is one of a form of OAuth. */
function oauthFollows(f: Finder, i: number): boolean {
	const rest = f.text.slice(f.runMax(i, JUDGED_MAX, isCredentialPercent)).slice(0, 16);
	return /^&(?:redirect_uri|state|grant_type)=/.test(rest);
}

/** Returns the class of the name in variable "name" { … default = X }, the default being at i. */
function variable(text: string, i: number): KeyClass {
	const before = text.slice(Math.max(i - 200, 0), i);
	const block = before.lastIndexOf('variable "');
	if (block < 0) return "ordinary";
	const rest = before.slice(block + 'variable "'.length);
	const end = rest.indexOf('"');
	return end < 0 || rest.slice(end).includes("}") ? "ordinary" : classify(rest.slice(0, end));
}

const pins = new Set(pinWords);
/** Says that key is pin, otp or the like. */
export const isPin = (key: string): boolean => pins.has(plainKey(key));
const isJoined = (c: number): boolean => isDotted(c) && c !== 46;

/** Finds a number of four to eight digits at i, which belongs to a key such as pin or otp. */
export function findPin(f: Finder, i: number): void {
	let from = skipToValue(f, i);
	if (isQuote(f.text.charCodeAt(from))) from++;
	const to = f.run(from, isDigit);
	const c = f.text.charCodeAt(to);
	if (to - from < 4 || to - from > 8 || isJoined(c) || c === 58) return;
	if (c !== 46 || !isDotted(f.text.charCodeAt(to + 1))) f.add(from, to, "key");
}

/** Judges the code of an OAuth address, or the key of another. */
function findCode(f: Finder, name: string, google: boolean, from: number, value: number): void {
	const { text } = f;
	const to = f.runMax(value, 2 * JUDGED_MAX, isCredentialPercent);
	const v = text.slice(value, to);
	const n = counted(v);
	const state =
		text.slice(value, to + JUDGED_MAX).includes("state=") ||
		text.slice(Math.max(from - JUDGED_MAX / 2, 0), from).includes("state=");
	if (!google && (n.digits === 0 || n.lowers + n.uppers === 0 || v.includes("/"))) return;
	const both = n.uppers > 1 && n.lowers > 1;
	const key = name !== "key" || both || (n.digits > 5 && !v.includes("-"));
	const long = (v.length >= 20 && key) || (v.length >= 16 && both && n.digits > 1);
	if (long || (v.length >= 8 && state)) f.add(value, to, "key");
}

/** Says that the words before i are "password for" and the like. */
export function speaksOfPassword(text: string, i: number): boolean {
	const words = fold(text.slice(Math.max(i - 60, 0), i));
	const before = words.slice(words.lastIndexOf("\n") + 1);
	return (
		/password (?:for|of) |following password /.test(before) ||
		(before.includes("generated for ") && before.includes("password"))
	);
}

const isInPath = (c: number): boolean => isDotted(c) || c === 47;
const isBeforeName = (c: number): boolean => c === 32 || isQuote(c) || c === 92;
const isBetween = (c: number): boolean => isBlank(c) || isQuote(c) || c === 44 || c === 92 || c === 45;

/** Judges name="password" value="X" from behind the first equals sign: the class of the name, and where the value begins. */
function namedBefore(f: Finder, i: number): [KeyClass, number] {
	const start = f.runMax(i, 8, isBeforeName);
	const end = f.runMax(start, 64, isInPath);
	const from = start + f.text.slice(start, end).lastIndexOf("/") + 1;
	const promise = classify(f.text.slice(from, end));
	if (promise === "ordinary") return [promise, i];
	const at = f.runMax(end, 64, isBetween);
	for (const word of ["value", "Value", "ParameterValue", "content", "val", "v"]) {
		if (!f.text.startsWith(word, at)) continue;
		const sep = f.runMax(at + word.length, 4, isBeforeName);
		if (f.text[sep] === "=" || f.text[sep] === ":") return [promise, sep + 1];
	}
	return ["ordinary", i];
}

const marks = ["\\\n", "|\n", ">\n", "|-\n", ">-\n", "|+\n", "!!str ", "!!binary ", "new "];
const wrappers =
	/^(?:b|B|u|U|r|f|N|n|@|\$|rb|br|<<|\[ ?|\[\]string\{|SecretStr\(|SecretBytes\(|Some\(|Just\(|String\(|Secret\(|Password\(|String::from\(|&)(?=["'`])/;

/**
 * Returns where the value behind a separator begins: behind blanks, the
 * shell's line continuation, a tag of YAML, the mark of a literal or of a
 * wrapper such as SecretStr(.
 */
export function skipToValue(f: Finder, from: number): number {
	let i = f.run(from, isSpace);
	const stars = /^\*{1,2} +/.exec(f.text.slice(i, i + 32))?.[0].length ?? 0;
	if (stars > 0) i = f.run(i + stars, isSpace); // **Password:** X
	const rest = f.text.slice(i, i + 32);
	const dumped = /^(?:string\(|\(string\) \(len=).*?\) (?=")/.exec(rest); // PHP's string(8) "X", spew's (string) (len=8) "X"
	if (dumped !== null) return i + dumped[0].length;
	for (const mark of marks) if (rest.startsWith(mark)) return f.run(i + mark.length, isSpace);
	return i + (wrappers.exec(rest)?.[0].length ?? 0);
}
