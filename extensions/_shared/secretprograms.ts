/** Redacts the secrets among the arguments of programs that name them by options of their own. */

import { eachIndex, eachMatch, type Finder, fold, isDotted, isLine, isQuote, MARKER } from "./finder.ts";
import { type Command, commands, stdin } from "./rulestable.ts";
import {
	allDigits,
	identifier,
	isPath,
	isUsageWord,
	JUDGED_MAX,
	letters,
	mixed,
	named,
	placeholder,
} from "./secretjudge.ts";
import { isUserPassword, userOf } from "./secretvalues.ts";

/** How much of a command's arguments is looked at, in bytes. */
const COMMAND_MAX = 1024;

const byProgram = new Map<string, Command[]>();
for (const command of commands) {
	byProgram.set(command[0], [...(byProgram.get(command[0]) ?? []), command]);
}

/** Finds the secrets among the arguments of programs. */
export function findPrograms(f: Finder): void {
	const { text } = f;
	eachMatch(text, words, (found) => {
		const end = found.index + found[0].length;
		if (text[end] !== " " && !isQuote(text.charCodeAt(end))) return;
		for (const command of byProgram.get(found[0]) ?? []) findArguments(f, command, end);
	});
}

const words = /(?<![A-Za-z0-9_.-])[a-z0-9][A-Za-z0-9_.-]*/g;

/** An argument without its quotes, and where to go on. */
interface Argument {
	from: number;
	to: number;
	next: number;
}

/** Looks through the arguments of a command from behind its program. */
function findArguments(f: Finder, [, after, options]: Command, start: number): void {
	const { text } = f;
	const limit = Math.min(start + COMMAND_MAX, text.length);
	let ready = after === "";
	let behind = 0; // arguments without a dash behind the word after
	let pending = ""; // the option whose value is next
	let counting = ""; // what an option says of the count of arguments: htpasswd -b
	let i = isQuote(text.charCodeAt(start)) ? start + 1 : start;
	while (i < limit) {
		const argument = nextArgument(text, i, limit);
		if (argument === undefined) return;
		const { from, to } = argument;
		i = argument.next;
		const word = text.slice(from, to);
		if (!ready) {
			ready = word === after;
			continue;
		}
		if (pending !== "") {
			findOptionValue(f, pending, from, to);
			pending = "";
			continue;
		}
		if (word === "") continue;
		const option = optionOf(options, word);
		if (option === "") {
			if (word[0] !== "-" && (counting === "" || word.length > 2 || !allDigits(word))) {
				behind++;
				findPositional(f, options, counting, behind, from, to);
			}
			continue;
		}
		const count = option.indexOf("@");
		if (count > 0) {
			counting = option.slice(count);
			behind = 0;
			continue;
		}
		const name = option.slice(0, -1);
		if (word.length === name.length || (name.length === 2 && !word.startsWith(name))) {
			if (!option.endsWith("+")) pending = option;
			continue;
		}
		const value = from + name.length;
		findOptionValue(f, option, text[value] === "=" && name.length > 2 ? value + 1 : value, to);
	}
}

/** Returns the next argument from start on; none at the command's end. */
export function nextArgument(text: string, start: number, limit: number): Argument | undefined {
	let i = start;
	while (i < limit && (" ,\\[(".includes(text[i] ?? "-") || (text[i] === "\n" && text[i - 1] === "\\"))) i++;
	if (i >= limit || "\n|;&)]".includes(text[i] ?? "-")) return undefined;
	const from = i;
	while (i < limit && !" \n|;".includes(text[i] ?? "-")) {
		if (text[i] === "&" && (i + 1 >= limit || text[i + 1] === "&")) break;
		if (!isQuote(text.charCodeAt(i))) {
			i++;
			continue;
		}
		let end = i + 1;
		while (end < limit && text[end] !== text[i] && text[end] !== "\n") end++;
		if (end === limit || text[end] === "\n") {
			i++; // it closes what was opened before
		} else if (i !== from || (end + 1 < limit && !" \n,|;)]".includes(text[end + 1] ?? "-"))) {
			i = end + 1; // 'a'b: a word of several parts
		} else {
			return { from: from + 1, to: end, next: end + 1 };
		}
	}
	let to = i;
	while (to > from) {
		const last = text.charCodeAt(to - 1);
		const closing = last === 44 || last === 93 || (isQuote(last) && !isQuote(text.charCodeAt(from)));
		if (!closing || text.slice(from, to - 1).includes(text[to - 1] ?? "")) break;
		to--;
	}
	return { from, to, next: i };
}

/** Returns the option that word is or begins with, "" of none. */
function optionOf(options: readonly string[], word: string): string {
	if (!/^[-/a-z0-9]/.test(word)) return "";
	for (const option of options) {
		if (option[0] === "@") continue;
		const count = option.indexOf("@");
		if (count > 0) {
			// -nb, -bn, -bnB
			if (word[0] === "-" && Array.from(option.slice(1, count)).every((c) => word.includes(c))) return option;
			continue;
		}
		const name = option.slice(0, -1);
		const sign = option.at(-1);
		if (word === name) return option;
		if (word.startsWith(name) && (name.length <= 2 || sign === "+" || word[name.length] === "=")) return option;
		const last = name.length === 2 && word.length <= 6 && word[0] === "-" && sign !== "+" && word.at(-1) === name[1];
		if (last && letters(word.slice(1))) return option; // -su a:b is -s -u a:b
	}
	return "";
}

/** Judges the nth argument that is no option. */
function findPositional(
	f: Finder,
	options: readonly string[],
	counting: string,
	n: number,
	from: number,
	to: number,
): void {
	const v = f.text.slice(from, to);
	for (const option of options) {
		if (option === "@/" || option === "@/@") {
			// user/password, user/password@database
			const slash = v.indexOf("/");
			const last = v.lastIndexOf("@");
			if (last < 0 && option === "@/@") return;
			const at = last < 0 ? v.length : last;
			const plain = !v.includes("://") && !v.slice(0, Math.max(slash, 0)).includes(".") && v[slash + 1] !== "/";
			if (slash > 0 && at - slash > 3 && n === 1 && plain) f.add(from + slash + 1, from + at, "flag");
			return;
		}
		if (option === "@:") {
			// user:password
			if (userOf(v) === "") continue;
			f.add(from + v.indexOf(":") + 1, to, "flag");
			return;
		}
		if ((option === "@" && n === 1) || (option[0] === "@" && Number(option[1]) === n)) {
			const sure = mixed(v) || !option.endsWith("~");
			if (v.length >= 4 && sure && !placeholder(v) && !isUsageWord(v) && !v.includes("://")) f.add(from, to, "flag");
			return;
		}
	}
	if (counting !== "" && Number(counting[1]) === n && v.length >= 3 && !placeholder(v) && !isUsageWord(v)) {
		f.add(from, to, "flag");
	}
}

/** Judges the value text[start:end] of an option. */
function findOptionValue(f: Finder, option: string, start: number, end: number): void {
	let from = start;
	let to = end;
	while (from < to && isQuote(f.text.charCodeAt(from))) from++;
	while (to > from && isQuote(f.text.charCodeAt(to - 1))) to--;
	const sign = option.at(-1) ?? "";
	if (sign === "!") return;
	let v = f.text.slice(from, to);
	if (sign !== "*" && sign !== "+") {
		const k = v.indexOf(sign);
		if (k < 0 || (sign === ":" && !isUserPassword(`x${v.slice(0, k).replace(/^.*\//s, "")}`, v.slice(k + 1)))) return;
		if (sign === "=" && placeholder(v.slice(k + 1))) return;
		if (sign !== "=") {
			// Of a cookie, all of it.
			from += k + 1;
			v = v.slice(k + 1);
		}
	}
	for (const mark of ["pass:", "password:"]) {
		if (!v.startsWith(mark)) continue;
		from += mark.length;
		v = v.slice(mark.length);
	}
	if (v.indexOf(":") > 0 && option.startsWith("-pass")) return; // openssl's file:, env:, fd:
	if (sign === "+" && /^ass(?:word)?$/.test(v)) return; // -password of another program
	if (v.length < 3 || v[0] === "-" || placeholder(v) || isUsageWord(v) || isPath(v) || v === "stdin") return;
	if (f.text[to] === "]" && named(v)) return; // of a synopsis
	if (v.length < 6 && allDigits(v) && sign === "*" && option.startsWith("-p")) return;
	if (!v.startsWith(MARKER)) f.add(from, to, "flag");
}

const readers = stdin.map((reader) => reader.replaceAll(".", " "));

/**
 * Finds what is given to a program that reads a secret from its standard
 * input: echo X | docker login --password-stdin, and <<< X.
 */
export function findPiped(f: Finder): void {
	const { text } = f;
	for (const reader of readers) {
		eachIndex(text, reader, (at) => {
			const behind = at + reader.length;
			if (!f.startsWord(at) || (behind < text.length && isDotted(text.charCodeAt(behind)))) return behind;
			const near = Math.max(at - COMMAND_MAX, 0);
			const begin = near + text.slice(near, at).lastIndexOf("\n") + 1;
			const pipe = text.slice(begin, at).lastIndexOf("|");
			if (pipe >= 0) {
				const between = text.slice(begin + pipe + 1, at).trim();
				const verb = reader.includes(" ") && identifier(between); // gh secret set
				if (reader[0] === "-" || between === "" || verb || between.startsWith("sudo") || between.endsWith("/")) {
					findEchoed(f, begin, begin + pipe);
				}
			}
			const end = f.runMax(at, JUDGED_MAX, isLine);
			const here = text.slice(at, end).indexOf("<<<");
			const argument = here < 0 ? undefined : nextArgument(text, at + here + 3, end);
			if (argument !== undefined && argument.to - argument.from >= 3) {
				if (!placeholder(text.slice(argument.from, argument.to))) f.add(argument.from, argument.to, "flag");
			}
			return behind;
		});
	}
}

/** Finds what <<< gives to a command that speaks of a password, a token or its standard input. */
export function findHereStrings(f: Finder): void {
	const { text } = f;
	eachIndex(text, "<<<", (at) => {
		const before = fold(text.slice(Math.max(at - JUDGED_MAX, 0), at));
		if (/pass|token|secret|stdin|login/.test(before.slice(before.lastIndexOf("\n") + 1))) {
			const argument = nextArgument(text, at + 3, text.length);
			const v = argument === undefined ? "" : text.slice(argument.from, argument.to);
			if (argument !== undefined && v.length >= 4 && !placeholder(v) && !isPath(v))
				f.add(argument.from, argument.to, "flag");
		}
		return at + 3;
	});
}

/**
 * Finds what a command inside of another prints for an option that speaks of a secret: --password-file <(echo X),
 * --password-command 'echo X'.
 */
export function findSubstitutions(f: Finder): void {
	for (const program of ["echo ", "printf "]) {
		eachIndex(f.text, program, (at) => {
			const before = /([^ \n]*)[<($"'` =]*(?:["'`]|[<$]\()$/.exec(f.text.slice(Math.max(at - 48, 0), at));
			const behind = at + program.length;
			const option = before?.[1]?.replace(/[<($"'` =]+$/, "") ?? "";
			if (option.includes("-") && /pass|secret|token|key|auth/i.test(option)) {
				findEchoed(f, at, f.runMax(behind, JUDGED_MAX, isLine));
			}
			return behind;
		});
	}
}

/** Finds the arguments of the echo or printf that ends at end. */
function findEchoed(f: Finder, begin: number, end: number): void {
	const line = f.text.slice(begin, end);
	let i = -1;
	for (const program of ["echo ", "printf ", "print ", "yes "]) {
		const k = line.lastIndexOf(program);
		if (k >= 0) i = Math.max(i, begin + k + program.length);
	}
	const here = line.lastIndexOf("<<<");
	if (here >= 0) i = begin + here + 3;
	if (i < 0) return;
	while (i < end) {
		const argument = nextArgument(f.text, i, end);
		if (argument === undefined) return;
		const v = f.text.slice(argument.from, argument.to);
		const k = f.text.slice(argument.from, end).indexOf("}}");
		if (k > 0 && v.startsWith("${{")) {
			i = argument.from + k + 2;
			continue;
		}
		if (v.length >= 3 && !"-%".includes(v[0] ?? "-") && !placeholder(v)) f.add(argument.from, argument.to, "flag");
		i = Math.max(argument.next, i + 1);
	}
}
