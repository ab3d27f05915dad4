/** Redacts passwords in URLs, webhook addresses, credentials in headers and elements. */

import {
	eachIndex,
	type Finder,
	fold,
	isBare,
	isBlank,
	isCredential,
	isDotted,
	isLine,
	isQuote,
	MARKER,
	oneOf,
} from "./finder.ts";
import { signs } from "./rulestable.ts";
import {
	allDigits,
	counted,
	isPath,
	isUserAndPassword,
	JUDGED_MAX,
	judged,
	mixed,
	parameter,
	placeholder,
	random,
	sentence,
} from "./secretjudge.ts";
import { classify, type KeyClass } from "./secretwords.ts";

const isURL = (c: number): boolean => isBare(c) && c !== 60 && c !== 62;

/** Finds passwords and tokens in front of the @ of a URL, or of the address of a database's driver. */
export function findURLs(f: Finder): void {
	eachIndex(f.text, "://", (at) => {
		const from = at + 3;
		const rest = f.text.slice(from, f.run(from, isURL));
		const slash = rest.indexOf("/");
		const host = slash < 0 ? rest.length : slash;
		const colon = rest.indexOf(":");
		let user = rest.slice(0, host).lastIndexOf("@");
		if (user < 0 && colon >= 0 && colon < host && !allDigits(rest.slice(colon + 1, host))) {
			user = rest.lastIndexOf("@"); // a slash in the password
		}
		if (user < 0 || rest.slice(0, user).includes(MARKER) || rest.startsWith("[")) return from;
		if (colon >= 20 && colon < user && random(rest.slice(0, colon))) {
			f.add(from, from + user, "url"); // as the user of x-oauth-basic
		} else if (colon >= 0 && colon < user) {
			if (!placeholder(rest.slice(colon + 1, user))) f.add(from + colon + 1, from + user, "url");
		} else if (user >= 16 && random(rest.slice(0, user)) && !judged(rest.slice(0, user)).includes("..")) {
			f.add(from, from + user, "url");
		}
		return from;
	});
	findBareLogins(f);
	findDrivers(f);
}

/**
 * Finds the passwords in user:X@host:port, user:X@1.2.3.4 and domain/user:X@host without a scheme, and in
 * :pserver:user:X@host of CVS.
 * What has none of these may be a word and an address.
 */
function findBareLogins(f: Finder): void {
	const { text } = f;
	const login = /(:pserver:|[A-Za-z0-9_.-]\/|)([A-Za-z0-9_.-]+):(["'`]?)([^ \n:/@="'`()[\]{},;<>]{6,64})\3$/;
	eachIndex(text, "@", (at) => {
		const found = login.exec(text.slice(Math.max(at - 140, 0), at));
		const host = f.runMax(at + 1, 64, isDotted);
		if (found === null || host === at + 1 || text.startsWith("sha", at + 1)) return at + 1;
		const [, domain, , quote = "", v = ""] = found;
		const number = /^[0-9]*(?:\.[0-9]*){3}$/.test(text.slice(at + 1, host));
		const sure = domain !== "" || number || (text[host] === ":" && /[0-9/]/.test(text[host + 1] ?? "-"));
		const to = at - quote.length;
		if (sure && (mixed(v) || counted(v).odd > 0) && !placeholder(v)) f.add(to - v.length, to, "url");
		return at + 1;
	});
}

/** Finds user:password@tcp(host), thin:user/password@ and user/password@//host. */
function findDrivers(f: Finder): void {
	const { text } = f;
	eachIndex(text, "@//", (at) => {
		// Oracle's user/X@//host:1521/service.
		const v = /(?:^|[ \n"'`:])[A-Za-z0-9_]+\/([^/ \n"'`:]+)$/.exec(text.slice(Math.max(at - 128, 0), at))?.[1] ?? "";
		if (mixed(v) && !placeholder(v)) f.add(at - v.length, at, "url");
		return at + 3;
	});
	for (const network of ["@tcp(", "@unix(", "@tcp6(", "@udp(", "@cloudsql("]) {
		eachIndex(text, network, (at) => {
			let from = at;
			while (from > 0 && at - from < JUDGED_MAX && isBare(text.charCodeAt(from - 1)) && text[from - 1] !== "=") from--;
			const colon = text.slice(from, at).indexOf(":");
			if (colon > 0 && !placeholder(text.slice(from + colon + 1, at))) f.add(from + colon + 1, at, "url");
			return at + network.length;
		});
	}
	for (const driver of [":thin:", ":oci:", ":oci8:"]) {
		eachIndex(text, driver, (at) => {
			const from = at + driver.length;
			const rest = text.slice(from, f.runMax(from, JUDGED_MAX, isBare));
			const slash = rest.indexOf("/");
			const end = rest.indexOf("@");
			if (slash > 0 && end > slash && !placeholder(rest.slice(slash + 1, end)))
				f.add(from + slash + 1, from + end, "url");
			return from;
		});
	}
}

const isMark = oneOf("@:?&%");
const isAddress = (c: number): boolean => isCredential(c) || isMark(c);

/** Finds the addresses that are secrets themselves. */
export function findWebhooks(f: Finder): void {
	if (!f.text.includes("/")) return;
	for (const address of signs) {
		eachIndex(f.text, address, (at) => {
			const from = at + address.length;
			const to = f.run(from, isAddress);
			const n = counted(judged(f.text.slice(from, to)));
			if (to - from >= 12 && (n.digits > 0 || (n.uppers > 0 && n.lowers > 0))) f.add(from, to, "webhook");
			return from;
		});
	}
}

const isGap = (c: number): boolean => isBlank(c) || c === 92;
const isBehindName = oneOf("\"'`\\ ])");
const isBeforeValue = oneOf(" >[\\\"'`");

/** Finds the credentials behind the words Bearer, Basic and SSWS (Okta's), and the values of the headers that carry credentials. */
export function findSchemes(f: Finder): void {
	const lower = fold(f.text);
	const wrapped = lower.replaceAll("\n", " ");
	for (const word of ["bearer ", "basic ", "ssws "]) {
		eachIndex(wrapped, word, (at) => {
			const from = f.run(at + word.length, isGap);
			let to = f.run(from, word === "bearer " ? isCredentials : isCredential);
			while (to > from && f.text[to - 1] === ":") to--;
			const value = f.text.slice(from, to);
			const secret =
				word === "basic " ? isUserAndPassword(value) : random(value) && !placeholder(value) && !parameter.test(value);
			if (secret && f.startsWord(at)) f.add(from, to, word.trimEnd());
			return from;
		});
	}
	for (const name of ["authorization", "cookie"]) {
		eachIndex(lower, name, (at) => {
			const end = f.run(at + name.length, isBehindName);
			if (end === f.text.length || !":=,".includes(f.text[end] ?? "-")) return at + name.length;
			const from = f.run(end + 1, isBeforeValue);
			findHeaderValue(f, name, from);
			return from;
		});
	}
}

const isHeader = (c: number): boolean => c !== 10 && !isQuote(c);
const isCredentials = (c: number): boolean => isCredential(c) || c === 58;

/** Judges the value of the header name that starts at from. */
function findHeaderValue(f: Finder, name: string, from: number): void {
	const to = f.run(from, isHeader);
	const value = judged(f.text.slice(from, to));
	if (name === "cookie") {
		const pair = value.indexOf("=");
		if (value.startsWith("=;", pair) && /max-age=|expires=/i.test(value)) return; // taken away
		if (pair > 0 && value.length > pair + 3 && !value.slice(0, pair).includes(" ") && !value.endsWith("(")) {
			f.add(from, to, "cookie");
		}
		return;
	}
	const word = value.indexOf(" ");
	if (word < 0) {
		addUncertain(f, from, f.run(from, isCredential), "authorization");
		return;
	}
	if (/^(?:digest|oauth|hawk|mac)$/i.test(value.slice(0, word))) {
		if (value.includes("=")) f.add(from + word + 1, f.runMax(from, 4 * JUDGED_MAX, isLine), "authorization");
		return;
	}
	const last = f.run(from + word + 1, isCredentials);
	if (last - from - word >= 6) addUncertain(f, from + word + 1, last, "authorization");
}

/** Adds a value that may be a word of ordinary text only if it does not look like one. */
function addUncertain(f: Finder, from: number, to: number, rule: string): void {
	const value = f.text.slice(from, to);
	if (random(value) && !placeholder(value)) f.add(from, to, rule);
}

const isTag = oneOf("><\n");
const isEnd = oneOf("<\n");

/**
 * Finds the content of <password>, <x:Password type="t">, <entry key="password">, <setting name="Password"><value> and what follows
 * <key>password</key>.
 */
export function findElements(f: Finder): void {
	const longest = 200; // of a tag
	const { text } = f;
	findInlineLogin(f);
	eachIndex(text, "<", (at) => {
		const from = at + 1;
		const end = f.runMax(from, longest, (c) => !isTag(c));
		if (text[end] !== ">" || end === from || text[from] === "/" || text[end - 1] === "/") return from;
		const tag = text.slice(from, end);
		let promise = elementClass(tag);
		let behind = end + 1;
		if (promise === "ordinary") [promise, behind] = keyElement(f, tag, end + 1);
		if (promise === "ordinary") return from;
		let value = f.runMax(behind, longest, isBlank);
		for (const mark of ["<value>", "<string>", "<param-value>", "<Value>", "<![CDATA["]) {
			if (text.startsWith(mark, value)) value += mark.length;
		}
		const to = f.runMax(value, 4 * JUDGED_MAX, (c) => !isEnd(c));
		const content = text.slice(value, to);
		const v = content.replace(/[\] ]+$/, "").replace(/\]\]>$/, "");
		if (!text.startsWith("</", to) && !content.endsWith("]]>")) return from;
		const encrypted = v.length > 20 && /^\{[A-Za-z0-9+/=]*\}$/.test(v) && random(v); // Maven's
		if ((placeholder(v) && !encrypted) || (v.includes(" ") && sentence(v)) || isPath(v)) return from;
		if ((promise === "password" && v.length >= 3) || random(v) || isUserAndPassword(v) || mixed(v)) {
			f.add(value, value + v.length, "key");
		}
		return from;
	});
}

/** Finds the second line of what OpenVPN keeps in <auth-user-pass>. */
function findInlineLogin(f: Finder): void {
	const mark = "<auth-user-pass>\n";
	eachIndex(f.text, mark, (at) => {
		const from = at + mark.length;
		const [user = "", second = ""] = f.text.slice(from, from + JUDGED_MAX).split("\n", 2);
		const v = second.replace(/ +$/, "");
		const start = from + user.length + 1;
		if (v.length >= 3 && v[0] !== "<" && !placeholder(v)) f.add(start, start + v.length, "password");
		return from;
	});
}

/** Judges what the element tag holds, its content being at i, as in <key>password</key><string>X</string>; and where what follows begins. */
function keyElement(f: Finder, tag: string, i: number): [KeyClass, number] {
	if (!/^(?:key|name|Key|Name|param-name)$/.test(tag)) return ["ordinary", i];
	const end = f.runMax(i, 64, isDotted);
	const closing = `</${tag}>`;
	return f.text.startsWith(closing, end) ? [classify(f.text.slice(i, end)), end + closing.length] : ["ordinary", i];
}

/** Judges a tag: its name, or the value of its name or key. */
function elementClass(tag: string): KeyClass {
	const blank = tag.indexOf(" ");
	const name = blank < 0 ? tag : tag.slice(0, blank);
	const promise = classify(name.slice(name.lastIndexOf(":") + 1));
	if (promise !== "ordinary" || blank < 0) return promise;
	const attributes = tag.slice(blank + 1);
	for (const attribute of ['name="', 'key="', 'id="', 'Name="', "name='", "key='"]) {
		const start = attributes.indexOf(attribute);
		if (start < 0) continue;
		const rest = attributes.slice(start + attribute.length);
		const close = rest.search(/["']/);
		if (close > 0) return classify(rest.slice(0, close));
	}
	return "ordinary";
}
