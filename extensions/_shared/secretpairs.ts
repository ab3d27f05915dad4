/** Redacts the values of keys whose names promise a secret. */

import { eachMatch, type Finder, fold, isBare, isDotted, isQuote, isSpace } from "./finder.ts";
import { quotedEnd } from "./secretcalls.ts";
import { allDigits, JUDGED_MAX } from "./secretjudge.ts";
import { findPin, isPin, otherKey, skipToValue, speaksOfPassword } from "./secretothers.ts";
import { findPairValue, newPair, type Pair, QUOTES } from "./secretvalues.ts";
import { classify, ownsPass, passwordWord, tellingWord } from "./secretwords.ts";

const separators =
	/[=:]|->|<- |[(,{](?= {0,23}["'`]| {0,21}<<["'`])|(?<=(["'`])) (?=\1)|(?<= )\.(?= ["'`])|%3[DdAa]|%253[Dd]/g;

/** Finds key=value, key: value, "key": "value", [key] => value, key%3Dvalue, ('key', 'value'), key('value') and their kind. */
export function findPairs(f: Finder): void {
	eachMatch(f.text, separators, ({ 0: mark, index }) => findPair(f, mark, index));
}

/** Judges the key before, and the value behind, the separator mark at at. */
function findPair(f: Finder, mark: string, at: number): void {
	const { text } = f;
	const sep = at + (mark === "->" ? 1 : 0);
	if (sep === 0) return;
	const width = "({,-".includes(mark[0] ?? "x") ? 1 : mark === "<- " ? 2 : mark.length;
	const end = keyEnd(text, sep);
	const from = keyStart(text, end);
	const [key, first] = keyOf(text, from, end);
	if (key === "PASS" && end === sep && text[sep] === ":") return; // a test's outcome
	const known = classify(key);
	let promise = known;
	let value = sep + width;
	if (promise === "ordinary") {
		if (isPin(key)) findPin(f, value);
		[promise, value] = otherKey(f, from, end, value);
		if (promise === "ordinary") return;
	}
	const p = newPair(promise, text[sep] ?? "", f.atLineStart(first));
	p.word = passwordWord(key) || (known === "token" && tellingWord(key));
	if (!mayBeKey(f, p, first, end, sep)) return;
	const password = promise === "password";
	p.spoken = known === "ordinary" && password && p.sep === ":" && speaksOfPassword(text, from);
	p.label =
		password &&
		text[first - 1] !== "/" &&
		(key.indexOf("_") > 0 || (p.word && text.endsWith(": ", first) && first > 1));
	p.inside = end === sep && (isField(text, first) || (p.sep === ":" && isFlow(text, first)));
	if (text[value] === "?" && text.endsWith("${", from) && from > 1) return; // the shell's ${NAME:?message}
	if (text[value] === "=" || text[value] === ">") {
		// := => ==
		p.equals = p.sep === "=" && text[value] === "=";
		value++;
		if (p.equals && text[value] === "=") value++; // ===
	}
	const behind = value;
	value = skipToValue(f, value);
	p.tight = (end === sep || (p.sep === ">" && end === sep - 1)) && value === behind;
	if (p.tight && isAlone(text, from, end, value)) return;
	const pass = fold(key) === "pass" && (p.sep !== ":" || key !== "PASS");
	if (pass && value < text.length && !/[0-9]/.test(text[value] ?? "")) {
		p.promise = "password";
		p.long = true;
	}
	findPairValue(f, value, p);
}

/** Returns the end of the key before the separator at sep. */
function keyEnd(text: string, sep: number): number {
	let end = text[sep] === ">" ? sep - 1 : sep;
	while (end > 1) {
		const c = text[end - 1] ?? "";
		const bracket = c === "]" && (text[sep] === "=" || (text[sep] === ":" && isQuote(text.charCodeAt(end - 2))));
		if (" \"'`\\?".includes(c) || (c === "|" && text[sep] === "=") || (c === "." && text[end - 2] === " ") || bracket) {
			end--;
			if (bracket && text[end - 1] === "[") end--;
			continue;
		}
		if (end > 3 && c === ">" && text[end - 2] === ">" && isQuote(text.charCodeAt(end - 3))) {
			end -= 2; // Erlang's binaries
			continue;
		}
		if (c === "}" && text[sep] === "=" && isDotted(text.charCodeAt(end - 2))) {
			end--; // Perl's $ENV{X}
			continue;
		}
		if (c === "*" && text[sep] === ":") {
			end--; // Markdown's
			continue;
		}
		if (c === ")" || (c === "]" && text[sep] === ":")) {
			const open = bracketed(text, end);
			if (open > 0) {
				end = open;
				continue;
			}
		}
		const quote = QUOTES.find((q) => text.endsWith(q, end));
		if (quote === undefined) return end;
		end -= quote.length;
	}
	return end;
}

const remarked = /(?:(?: |char|varchar2)\([^()\n]*\)|\[[^[\]\n]* [^[\]\n]*\])$/i;

/**
 * Returns the start of the brackets that end at end, if what they hold belongs to a key: private key (hex): X,
 * NVARCHAR(50) = 'X', password[defaults to that of SSH]: X. 0 of others.
 */
function bracketed(text: string, end: number): number {
	const longest = 32;
	const first = Math.max(end - longest, 0);
	const open = first + text.slice(first, end).lastIndexOf(text[end - 1] === ")" ? "(" : "[");
	return open > first && remarked.test(text.slice(Math.max(open - 8, 0), end)) ? open : 0;
}

/** Says that the key at i is one of those in map[…] or {…} as Go prints them: {User:bob Password:X}. */
function isField(text: string, i: number): boolean {
	if (i === 0 || !"[{ ".includes(text[i - 1] ?? "-")) return false;
	const before = /(map\[|[[{\n])[^[{\n]*$/.exec(text.slice(Math.max(i - 200, 0), i));
	if (before === null || before[0].includes(",")) return false;
	return before[1] === "map[" || (before[1] === "{" && /[A-Z]/.test(text[i] ?? "-"));
}

/**
 * Says that the key at i stands in a mapping of YAML on one line: smtp: {user: a, password: X}. An object of JavaScript
 * has a blank behind its brace.
 */
function isFlow(text: string, i: number): boolean {
	return /[:-] \{(?! )[^{[\n]*$/s.test(text.slice(Math.max(i - 200, 0), i));
}

/**
 * Says that the value is no more than the key again, as in f(authkey=authkey), or that what looks like the start of it
 * ends what the key stands in: print('password:', x).
 */
function isAlone(text: string, from: number, end: number, value: number): boolean {
	const key = text.slice(from, end);
	if (key !== "" && text.startsWith(key, value)) {
		const next = value + key.length;
		return next === text.length || (!isDotted(text.charCodeAt(next)) && text[next] !== "=");
	}
	return isQuote(text.charCodeAt(value)) && from > 0 && text[from - 1] === text[value] && text[end] === ":";
}

/** Returns where the key that ends at end begins. */
export function keyStart(text: string, end: number): number {
	let from = end;
	while (from > 0 && end - from < 128 && isDotted(text.charCodeAt(from - 1))) from--;
	const before = text[from - 1];
	for (const q of QUOTES) {
		// %22password, \u0022password
		if ((q[0] === "%" || q[0] === "\\") && before === q[0] && text.slice(from, end).startsWith(q.slice(1))) {
			return from + q.length - 1;
		}
	}
	if (before === "%" && end - from > 2 && /^[0-9A-Fa-f]{2}/.test(text.slice(from, from + 2))) return from + 2;
	if (before === "\\" && end - from > 1 && "nrt".includes(text[from] ?? "-")) return from + 1;
	return from;
}

const types = /^(?:string|str|text|char|value|n?varchar|varchar2|token|key|phrase|bytes|codes?)$/;

/**
 * Returns the key text[from:end] and where it begins when it may be of two
 * words, as in "API key: X" and "private key: X", or has a type behind it, as
 * in "password: string = X".
 */
export function keyOf(text: string, from: number, end: number): [string, number] {
	const key = text.slice(from, end);
	if (key.length > 12) return [key, from];
	const k = fold(key);
	if (k === "secret" || k === "password") {
		const [first, owner] = wordBefore(text, from);
		return [key, first < from && text[first - 1] !== ":" && ownsPass(fold(owner)) ? first : from];
	}
	if (!types.test(k) && (!allDigits(key) || key.length > 2)) return [key, from];
	let before = from;
	while (before > 0 && from - before < 3 && " :&*".includes(text[before - 1] ?? "-")) before--;
	if (before === from) return [key, from];
	let first = before;
	while (first > 0 && before - first < 40 && isDotted(text.charCodeAt(first - 1))) first--;
	const word = text.slice(first, before);
	if (word === "") return [key, from];
	if (!k.includes("varchar") && text[before] === " " && from - before === 1) {
		if (!allDigits(key) || first <= 4 || text[first - 1] !== " ") return [`${word} ${key}`, first];
		let at = first - 1; // unseal key 1
		while (at > 0 && isDotted(text.charCodeAt(at - 1))) at--;
		return [text.slice(at, before), at];
	}
	return classify(word) === "ordinary" || classify(key) !== "ordinary" ? [key, from] : [word, first];
}

/** Returns where the word before the blank before i begins, and the word. */
function wordBefore(text: string, i: number): [number, string] {
	if (i < 2 || text[i - 1] !== " ") return [i, ""];
	let first = i - 1;
	while (first > 0 && i - first < 24 && isDotted(text.charCodeAt(first - 1))) first--;
	return [first, text.slice(first, i - 1)];
}

/**
 * Says whether what stands around the key, text[from:end] before the separator
 * at sep, allows that its value is a secret, and notes it in p.
 */
function mayBeKey(f: Finder, p: Pair, from: number, end: number, sep: number): boolean {
	const { text } = f;
	const before = from > 0 ? text[from - 1] : "\n";
	if (before === "/" && text.endsWith("checksum/", from)) return false; // Helm's checksum/secret: X
	if (
		before === ":" &&
		p.sep === ":" &&
		/(?:^|[ \n"'`(=])arn:aws[^ \n"'`(=]*$/.test(text.slice(Math.max(from - JUDGED_MAX / 4, 0), from))
	)
		return false; // the name of a secret
	switch (p.sep) {
		case ">": // key->value
			return end < sep;
		case ",": {
			// The second argument of a call.
			const quoted = end < sep && text[sep - 1] !== "]" && (text[sep - 1] !== " " || isQuote(text.charCodeAt(end)));
			let open = from - 2;
			while (open > 0 && " ub<".includes(text[open] ?? "-")) open--;
			if (open > 0 && text.slice(from - 3, from) === '<<"' && (text[open] === "," || text[open] === "{")) {
				p.setter = true; // Erlang's binaries in a tuple
				return p.promise === "password";
			}
			p.setter =
				open > 0 && text[open] === "(" && setter.test(fold(text.slice(Math.max(open - 24, 0), open)).trimEnd());
			if (before === "{" || before === ":") {
				p.setter = true; // as in Erlang and Elixir
				return p.promise === "password" && end === sep;
			}
			const listed = text[open] === "[" || text[open] === "{";
			p.member = p.promise !== "password" && text[open] === "[";
			return quoted && (text[open] === "(" || p.member || (listed && p.promise === "password"));
		}
		case ".":
			return before === "(" || (isQuote(text.charCodeAt(from - 1)) && text[from - 2] === "(");
		case " ":
			p.setter = from > 0 && assigned(text, from - 1);
			return p.promise === "password" && end === sep - 1 && before === text[end];
		case "(":
		case "{":
			p.setter =
				p.word &&
				(/(?:^|\.)(?:set|with)[^.]*$/i.test(text.slice(from, end)) ||
					(/(?:^|\.)pass[^.]*$/i.test(text.slice(from, end)) &&
						/[)}]/.test(text[quotedEnd(f, f.run(sep + 1, isSpace))] ?? ""))); // password('X')
			p.member = !p.word && /\.[^.]*$|^(?:set|with)/i.test(text.slice(from, end));
			return end === sep && (p.word || (p.member && p.promise === "password"));
	}
	p.query = before === "?" || before === "&";
	p.option =
		text[from] === "-" ||
		before === "-" ||
		(before === "/" && p.sep === ":" && (from < 2 || !isBare(text.charCodeAt(from - 2))));
	return true;
}

const setters = /^(?:set|setenv|env|#define|define|export|put|arg|passwordset)$/;

/** Says that a word that sets something stands before i. */
export function assigned(text: string, i: number): boolean {
	const before = text
		.slice(Math.max(i - 40, 0), i)
		.replace(/ +$/, "")
		.replace(/ +-[^ \n]{0,3}$/, ""); // fish's set -gx
	return setters.test(fold(/[^ \n]*$/.exec(before)?.[0] ?? "").replace(/^\(+/, ""));
}

/** The ends of the names of functions that set something. */
const setter = /(?:define|env|set|put|add|append|header|property|default|config|option|attr|setitem|store|insert)$/;
