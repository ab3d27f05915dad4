/** Lines of logs; the rules are those of Go's package redact (logline.go). */

import { cut, fold, squeeze, trimLeft, trimRight } from "./causetext.ts";
import { hasDigit } from "./causewords.ts";

/** What a line says itself to be. */
export type Level = "error" | "warning" | "info";

/** The level of a line and the text behind it. */
export type Said = [Level, string] | undefined;

/**
 * Finds the level of a line of a log and its message: JSON, logfmt, klog, or
 * a level in capitals or brackets behind at most a time, a logger's name and
 * the like.
 */
export function logged(text: string): Said {
	if (text.startsWith("{") && text.endsWith("}")) return loggedFields((key) => jsonString(text, key));
	if (text.includes("level=") || text.includes("lvl=")) return loggedFields((key) => logfmtValue(text, key));
	const level = klogLevel(text);
	if (level) {
		const message = cut(text, "] ")[1];
		const why = logfmtValue(message, "err") || message;
		return why ? [level, why] : undefined;
	}
	return loggedHead(text);
}

/** Reads a line of fields: the message, and what is wrong. */
function loggedFields(field: (key: string) => string): Said {
	for (const key of ["level", "severity", "lvl", "levelname", "log.level", "loglevel"]) {
		const level = levelName(fold(field(key)));
		if (!level) continue;
		const message = told(field);
		return message ? [level, message] : undefined;
	}
	return undefined;
}

/** Joins what the fields of a line tell. */
export function told(field: (key: string) => string): string {
	let message = "";
	for (const key of ["msg", "message", "event", "error", "err", "reason", "stderr"]) {
		const value = squeeze(field(key));
		if (value === "" || message.includes(value)) continue;
		message += message === "" ? value : `: ${value}`;
	}
	return message;
}

const levels = new Map<string, Level>();
for (const [level, names] of [
	["error", "error err fatal ftl critical crit panic pnc severe alert emerg emergency 50 60 fehler"],
	["warning", "warn wrn warning 40 warnung"],
	["info", "info inf notice debug dbg trace trc verbose fine 10 20 30 information"],
] as const) {
	for (const name of names.split(" ")) levels.set(name, level);
}

/** Judges the name of a log's level, or its number (pino). */
function levelName(low: string): Level | undefined {
	return levels.get(low);
}

const PUNCTUATION = "[]()<>|:,-*";

/** Finds the level among the first words of a line. */
function loggedHead(text: string): Said {
	let dated = false;
	let at = 0;
	for (let n = 0; n < 7; n++) {
		while (text[at] === " ") at++;
		const blank = text.indexOf(" ", at);
		const end = blank < 0 ? text.length : blank;
		const word = text.slice(at, end);
		const core = trimRight(trimLeft(word, PUNCTUATION), PUNCTUATION);
		const bracket = /^[[<(]/.test(word);
		const [name, behind, more] = cut(core, ":");
		const level = levelName(fold(name));
		const capitals = name === name.toUpperCase() && /[A-Za-z]/.test(name);
		if (level && ((capitals && !(more && bracket)) || (bracket && !more))) {
			let rest = text.slice(end);
			if (more) rest = cut(behind, ":")[1] + rest; // ERROR:root:message
			return [level, trimLeft(rest, " -:|]>")];
		}
		if (hasDigit(word) && /[:\-/TA]/.test(word)) dated = true;
		else if (bracket || word === "-" || word === "|" || word === ":" || (hasDigit(word) && !/[A-Za-z]/.test(word))) {
			// A thread, a process id, a separator.
		} else if (!(n === 0 && word.length === 3) && (!dated || n > 5)) return undefined;
		at = end;
		if (at >= text.length) break;
	}
	return undefined;
}

/** Reads E1130 11:42:11.540484 12857 file.go:265] message. */
function klogLevel(text: string): Level | undefined {
	if (!/^[EFWI][0-9]{4} .{14}/.test(text) || !text.includes("] ")) return undefined;
	return text.startsWith("W") ? "warning" : text.startsWith("I") ? "info" : "error";
}

/** Says that a log line begins with its level, which then stays. */
export function labelFirst(low: string): boolean {
	const word = cut(cut(trimLeft(low, "[<("), " ")[0], ":")[0];
	return levelName(trimRight(word, "]>):,")) !== undefined;
}

/** Returns the value of the first member of this name that is a string or a number, wherever it stands. */
export function jsonString(text: string, key: string): string {
	const name = `"${key}"`;
	for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + name.length)) {
		let rest = trimLeft(text.slice(at + name.length), " ");
		if (!rest.startsWith(":")) continue; // a value: "level":"error","error":"…"
		rest = trimLeft(rest.slice(1), " ");
		return rest.startsWith('"') ? quotedValue(rest) : (/^[0-9]*/.exec(rest)?.[0] ?? "");
	}
	return "";
}

/** Returns the value of key=value or key="value". */
function logfmtValue(text: string, key: string): string {
	for (let at = text.indexOf(`${key}=`); at >= 0; at = text.indexOf(`${key}=`, at + 1)) {
		if (at > 0 && text[at - 1] !== " ") continue;
		const rest = text.slice(at + key.length + 1);
		return rest.startsWith('"') ? quotedValue(rest) : cut(rest, " ")[0];
	}
	return "";
}

/** Reads a string in double quotes with escapes. */
function quotedValue(text: string): string {
	let value = "";
	for (let i = 1; i < text.length && text[i] !== '"'; i++) {
		let c = text.charAt(i);
		if (c === "\\" && i + 1 < text.length) {
			c = text.charAt(++i);
			if (c === "n" || c === "t" || c === "r") c = " ";
		}
		value += c;
	}
	return value;
}
