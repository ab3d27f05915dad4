/** What the text of a line of an output is; the rules are those of Go's package redact (line.go). */

import { jsonString, told } from "./causelog.ts";
import { cut, trimLeft, trimRight } from "./causetext.ts";
import { usageTitle } from "./causewords.ts";

/**
 * A line of OpenSSL's queue of errors, which goes on with what failed because
 * of it: 40E7D499A97F0000:error:8000006F:system library:….
 */
export const queued = /^[0-9A-F]{8,}:error:/;

/** Says that a line of npm begins the usage text of its command, or is an option in it. */
export function npmUsage(low: string): boolean {
	if (!low.startsWith("npm error ")) return false;
	const rest = low.slice("npm error ".length);
	return usageTitle(rest) || option(rest) || rest.startsWith("[-");
}

/**
 * Removes frames and bullets from the front of a line. The mark is ✖ for a
 * bullet that says that something failed, ✓ for one that it did not.
 */
export function undecorate(whole: string, raw: string): [string, string] {
	if (raw.startsWith("E  ")) return [trimLeft(whole.slice(1), " "), "✖"]; // pytest
	let mark = "";
	let text = trimRight(whole, " ─╮╯│");
	for (;;) {
		const c = text.charAt(0);
		if (c !== "" && "✖✗✘×✕❌●⨯".includes(c)) mark = "✖";
		else if (c !== "" && "✓✔✅".includes(c)) mark = "✓";
		else if (c === "" || !"│┃╷╵╭╰├└─━❯→➤•⎯|*!".includes(c)) return [text, mark];
		if (c < "\x80" && text.length > 1 && text[1] !== " " && text[1] !== c) return [text, mark];
		text = trimLeft(text.slice(1), " ");
	}
}

/**
 * Removes what stands around the message of a line: curl's progress meter,
 * which ends without a newline, Node's sentence about a promise, and the
 * members of a JSON object behind it that do not tell what is wrong.
 */
export function unwrapped(whole: string): string {
	let text = whole;
	const meter = text.lastIndexOf("--:--:--");
	if (meter >= 0) text = trimLeft(text.slice(meter + 8), "0123456789kMG. ");
	const [sentence, reason, found] = cut(text, "The promise rejected with the reason ");
	if (found) text = `${cut(sentence, ":")[0].replace(/^\[/, "")}: ${reason}`;
	const object = text.indexOf('{"');
	if (object > 0 && text.endsWith("}")) {
		const members = text.slice(object);
		const said = told((key) => jsonString(members, key));
		if (said) text = text.slice(0, object) + said;
	}
	return text;
}

/** Says that there is a letter in a text. */
export function wordy(text: string): boolean {
	return /[A-Za-z]|(?![×÷\u2000-\u2bff\ue000-\uf8ff])[\u00c0-\u{10ffff}]/u.test(text);
}

/** Says that a line is source code, a command that is echoed, an option of a usage text, or the like. */
export function quoted(text: string, low: string): boolean {
	if (/^[>$+#]($|[ +])/.test(text)) return true;
	if (text.startsWith("-")) return option(text) && !text.startsWith("--- FAIL: ") && !isLocation(text) && !located(low);
	if (/^[{}]/.test(text)) return Buffer.byteLength(text) < 4;
	return (
		/^(\[-|=== |====|[0-9]+ ?[|+\-~]( |$))/.test(text) ||
		/^(node\.js v|goroutine |\[signal |failuretype: |npm error$)/.test(low)
	);
}

/** Says that a text begins with an option: -h, --help. */
export function option(text: string): boolean {
	return /^-[^ ]/.test(text);
}

/** Says that a line is a location: "--> a.rs:1:25". */
export function isLocation(text: string): boolean {
	return text.startsWith("--> ") || (text.startsWith("at ") && located(text));
}

/** Says that a text begins with a location: a.go:3: … */
export function located(low: string): boolean {
	return /^[^ :]*:[0-9]+([:)]|$)/.test(cut(low, " ")[0]);
}

/** Makes "a.py:3 in f" of a frame of Python: File "a.py", line 3, in f. */
export function frame(text: string): string {
	const [file, rest] = cut(text.slice('File "'.length), '", line ');
	const [line, name] = cut(rest, ",");
	return `${file}:${line}${name}`;
}
