/** Redacts values that only blanks part from their key. */

import {
	eachIndex,
	type Finder,
	fold,
	isBackslash,
	isBare,
	isDotted,
	isQuote,
	isSpace,
	isToken,
	MARKER,
	oneOf,
} from "./finder.ts";
import { quotedEnd } from "./secretcalls.ts";
import {
	counted,
	dashedWords,
	described,
	identifier,
	isPath,
	JUDGED_MAX,
	judged,
	jumbled,
	letters,
	mixed,
	named,
	parameter,
	placeholder,
	random,
	sentence,
	versionLike,
} from "./secretjudge.ts";
import { findPin, isBeforeWord, isPin, wordAt } from "./secretothers.ts";
import { assigned, keyOf } from "./secretpairs.ts";
import { nextArgument } from "./secretprograms.ts";
import { called, userOf } from "./secretvalues.ts";
import { classify, type KeyClass, passwordWord } from "./secretwords.ts";

/** Finds password "X", IDENTIFIED BY 'X', machine … password X, set DB_PASSWORD X, columns. */
export function findSpacedPairs(f: Finder): void {
	const { text } = f;
	eachIndex(text, " ", (end) => {
		let from = end;
		while (from > 0 && end - from <= 64 && isDotted(text.charCodeAt(from - 1))) from--;
		const n = end - from;
		if (n >= 2 && n <= 64) findSpacedPair(f, text.slice(from, end), from, end);
		return end + 1;
	});
}

/** How certain it is that a value follows a key. */
interface Certainty {
	/** It belongs to password or the like. */
	key: boolean;
	/** It is written as a pair rather than in a sentence. */
	strong: boolean;
	/** Any word there is one. */
	certain: boolean;
}

const isInPath = (c: number): boolean => isDotted(c) || c === 47;

/** Judges what follows the word key and a blank. */
function findSpacedPair(f: Finder, key: string, from: number, end: number): void {
	const { text } = f;
	const k = fold(key);
	let promise = classify(key);
	if (key === "sshpass") return; // a program
	if (promise === "ordinary" && k !== "by" && k !== "key" && k !== "code" && k !== "using") return;
	let value = f.run(end, isSpace);
	let wide = value - end > 1;
	if (text[value] === "|") {
		value = f.run(value + 1, isSpace);
		wide = true;
	}
	if (k === "by") {
		// IDENTIFIED BY
		const said = text.slice(Math.max(from - 60, 0), from);
		const before = fold(said);
		const sql = said.includes("IDENTIFIED ") || /user |grant |role |link |connect /.test(before);
		if (!sql || !before.includes("identified ") || before.endsWith("revision identified ")) return;
		findSpacedValue(f, value, "password", { key: true, strong: true, certain: true });
		const to = f.runMax(value, JUDGED_MAX, isToken);
		if (text.endsWith("IDENTIFIED ", from) && to - value >= 4 && !placeholder(text.slice(value, to))) {
			f.add(value, to, "password"); // CONNECT TO user IDENTIFIED BY X USING …
		}
		return;
	}
	if (k === "using") {
		// DB2's connect to x user y using X.
		const before = fold(text.slice(Math.max(from - 80, 0), from));
		if (before.includes("connect ") && before.includes(" user ")) {
			findSpacedValue(f, value, "password", { key: true, strong: true, certain: true });
		}
		return;
	}
	const word = passwordWord(key);
	let start = from;
	if ((word || promise === "token") && from > 1 && text[from - 1] === "/") {
		// As a key in a store: put prod/db/password X.
		while (start > 0 && from - start < 128 && isInPath(text.charCodeAt(start - 1))) start--;
		if (!assigned(text, start)) start = from;
	}
	const set = start < from;
	if (!set && from > 0 && "-/".includes(text[from - 1] ?? "x")) return;
	if (key.startsWith("-") || /--$|\.$/.test(key) || (from > 0 && text[from - 1] === "=")) return;
	let compound =
		/[_-]|[a-z][A-Z]/.test(key) || (promise === "token" && assigned(text, start)) || key.slice(0, -1).indexOf(".") > 0;
	let withIt = false; // with password X
	if (k === "pass" && text.slice(Math.max(from - 40, 0), from).includes(" user ")) {
		// User bob pass X.
		findSpacedValue(f, value, "password", { key: true, strong: true, certain: false });
		return;
	}
	if (k === "code") {
		// verification code is 123456
		if (isPin(keyOf(text, from, end)[0]) && text.startsWith("is ", value)) findPin(f, value + "is ".length);
		return;
	}
	if (k === "pass" && assigned(text, from)) {
		promise = "password";
		compound = true;
	} else if (k === "key") {
		const [two] = keyOf(text, from, end);
		if (fold(two) === "option key") {
			// Of OpenWrt.
			findSpacedValue(f, value, "password", { key: true, strong: true, certain: false });
			return;
		}
		promise = classify(two);
		compound = !/^(?:secret|signing) key$/i.test(two);
	} else if (promise === "password" && k !== "secret") {
		withIt = word && /(?:^|[^A-Za-z0-9_.-])(?:with|using) $/.test(text.slice(Math.max(from - 8, 0), from));
		compound = compound || !word || assigned(text, start) || withIt;
	}
	if (promise === "ordinary") return;
	if (k.startsWith("cred") || k === "auth") {
		// Credentials bob:X.
		const v = wordAt(f, value).replace(/[.,;)]+$/, "");
		const user = userOf(v);
		if (user !== "" && (mixed(v.slice(user.length + 1)) || counted(v).odd > 0)) {
			const start = f.runMax(value, 4, isBeforeWord) + user.length + 1;
			f.add(start, start + v.length - user.length - 1, "password");
			return;
		}
	}
	const login = fold(text.slice(Math.max(from - 80, 0), from)).includes("login ");
	const own = identifier(key) && k !== "key" && k !== "pass" && !word && !k.endsWith("secret") && k !== "psk";
	const quoted = key === "SECRET" && text[value] === "'"; // SQL's
	const told = (key.indexOf("-") > 0 && lineSets(text, from)) || (key.indexOf("_") > 0 && assigned(text, from));
	const certain =
		(set && word) ||
		(promise === "password" && (own || (word && login) || quoted || told)) ||
		(key === "secret" && configured(text, from));
	const registry = /^(?:(?:\/t REG_SZ )?\/d |-Value )/.exec(text.slice(value, value + 32)); // of Windows' reg add
	if (registry !== null) {
		const argument = nextArgument(text, value + registry[0].length, Math.min(value + JUDGED_MAX, text.length));
		const { from: first, to } = argument ?? { from: 0, to: 0 };
		const v = text.slice(first, to);
		if (promise === "password" && v.length >= 3 && !placeholder(v)) f.add(first, to, "key");
		return;
	}
	const close = quotedEnd(f, value);
	if (withIt && close - value > 5) {
		const v = text.slice(value + 1, close - 1);
		if (!sentence(v) && !placeholder(v) && v[0] !== " ") {
			f.add(value + 1, close - 1, "key");
			return;
		}
	}
	findSpacedValue(f, value, promise, { key: word, strong: wide || compound || set, certain });
}

/**
 * Says that before the word at i a device is told of a user: username bob privilege 15 secret X, enable secret X.
 */
function configured(text: string, i: number): boolean {
	const line = /[^\n]*$/.exec(text.slice(Math.max(i - 80, 0), i))?.[0] ?? "";
	return /username |enable /.test(line) && !line.includes(",");
}

/** Says that the line of i starts with set, behind what lists it. */
function lineSets(text: string, i: number): boolean {
	return /(?:^|\n)[ +#>$]*set [^\n]*$/.test(text.slice(Math.max(i - 120, 0), i));
}

/** The address of an account or a contract of Ethereum. */
const address = /^0x[0-9A-Fa-f]{40}$/;

/** A place in a file, a.c:2:13, as the line behind a word such as password may begin with it. */
const fileLine = /^[^:]+\.[A-Za-z0-9_]{1,5}:[0-9]+(?::[0-9]*)?$/;
/** The name of a file with a key or the like: server1.pem. */
const fileName =
	/.\.(?:pem|key|crt|cer|der|pub|asc|gpg|jks|pfx|json|yaml|yml|toml|txt|env|ini|conf|cfg|xml|properties)$/s;
const linking = ["with value ", "to value ", "is: ", "is ", "was ", "IS ", "ENC ", "7 ", "0 ", "5 ", "6 ", "8 ", "9 "];
const isWord = (c: number): boolean => isBare(c) && c !== 124;

/** Judges the value that starts at from. */
function findSpacedValue(f: Finder, from: number, promise: KeyClass, how: Certainty): void {
	const { text } = f;
	let i = f.run(from, isBackslash);
	const told = text.startsWith("is ", i) || text.startsWith("is: ", i);
	i += linking.find((word) => text.startsWith(word, i))?.length ?? 0;
	if (i >= text.length) return;
	if (isQuote(text.charCodeAt(i))) {
		findSpacedQuoted(f, i, promise, how);
		return;
	}
	let to = f.runMax(i, JUDGED_MAX, isWord);
	while (to > i && ".,:;)]".includes(text[to - 1] ?? "-")) to--;
	const v = text.slice(i, to);
	if (placeholder(v) || isPath(v) || fileName.test(v) || fileLine.test(v)) return;
	if (named(v.replace(/^\*+/, "")) || called(v) || v.includes("://")) return;
	if (/^[A-Za-z0-9_.]*[A-Za-z0-9_][A-Za-z0-9_.]*@[A-Za-z0-9_]+\.[A-Za-z0-9_.]*$/.test(v)) return; // an address
	if ("-=:|>".includes(v[0] ?? "-") || (!how.strong && v.replace(/=+$/, "").indexOf("=") > 0)) return;
	if (v.includes("](") || parameter.test(v) || (v[0] === "*" && identifier(v.replace(/^[*;,)]+|[*;,)]+$/g, ""))))
		return;
	if (v[0] === "#" && letters(v.slice(1))) return;
	if (v.includes(":error:") || v.includes(MARKER) || v.startsWith("HTTP/") || address.test(v)) return;
	const n = counted(v);
	const looksRandom = random(v) && !versionLike(v);
	const password = promise === "password";
	if (
		((how.certain || (told && how.key)) && v.length >= 4 && endsWords(f, to) && !described(v)) ||
		((how.key || how.strong) && looksRandom) ||
		(how.key && jumbled(v) && !versionLike(v)) ||
		(how.strong && password && how.key && mixed(v)) ||
		((!password || !v.includes("-")) &&
			v.length >= 16 &&
			n.lowers + n.uppers > 1 &&
			(n.digits > 1 || (n.digits > 0 && n.uppers > 2 && n.lowers > 2)) &&
			!parsed(text, i) &&
			!versionLike(v))
	)
		f.add(i, to, "password");
}

/** Judges the value in the quotes that open at i. */
function findSpacedQuoted(f: Finder, i: number, promise: KeyClass, how: Certainty): void {
	const quote = f.text.charCodeAt(i);
	const to = f.run(i + 1, (c) => c !== quote && c !== 10);
	const v = f.text.slice(i + 1, to).replace(/\\+$/, "");
	const blank = judged(v).includes(" ");
	if (placeholder(v) || isPath(v) || v.startsWith("-") || to === f.text.length) return;
	if (named(v) && (!how.certain || /[._[]/.test(v))) return;
	const odd = promise === "password" && ((counted(judged(v)).odd > 0 && v.length >= 6) || jumbled(v));
	if (blank ? sentence(v) || !how.key || v.length < 8 : !odd && !isWordSecret(v, how)) return;
	f.add(i + 1, i + 1 + v.length, "key");
}

function isWordSecret(v: string, how: Certainty): boolean {
	if ((how.key || how.certain) && v.length >= 4) return true;
	return (random(v) && v.length >= 12 && !dashedWords(v)) || (how.strong && mixed(v));
}

const isEnd = oneOf(".; !");

/** Says that at i a line or a sentence ends. */
export function endsWords(f: Finder, i: number): boolean {
	const end = f.run(i, isEnd);
	const c = f.text.charCodeAt(end);
	const closed = isQuote(c) && !/[A-Za-z0-9]/.test(f.text[end + 1] ?? "");
	return end === f.text.length || c === 10 || closed || f.text[end - 1] === ";";
}

/** Says that the words before i speak of a parser. */
function parsed(text: string, i: number): boolean {
	return /unexpected |expected |signing |public /.test(fold(text.slice(Math.max(i - 40, 0), i)));
}
