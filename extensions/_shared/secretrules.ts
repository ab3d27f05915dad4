/** Redacts private keys, passwords in URLs, webhook addresses and credentials in headers. */

import {
	allDigits,
	eachPlace,
	type Finder,
	fold,
	isBlank,
	isCredential,
	isQuote,
	isUserAndPassword,
	MARKER,
	placeholder,
	random,
} from "./finder.ts";

const DASHES = "-----";

/** Finds private keys, also those whose begin or end was cut off. */
export function findPEM(f: Finder): void {
	for (let at = 0; ; ) {
		const begin = f.text.indexOf("-----BEGIN ", at);
		const end = f.text.indexOf("-----END ", at);
		if (begin < 0 && end < 0) return;
		if (begin < 0 || (end >= 0 && end < begin)) {
			// An end whose begin was cut off.
			const to = lineOfPEM(f, end);
			if (isPrivate(f.text.slice(end, to))) f.add(bodyOfPEM(f, at, end), to, "pem");
			at = to;
			continue;
		}
		const label = lineOfPEM(f, begin);
		const close = f.text.indexOf("-----END ", label);
		const to = close < 0 ? f.text.length : lineOfPEM(f, close);
		at = label;
		if (isPrivate(f.text.slice(begin, label))) {
			f.add(begin, to, "pem");
			at = to;
		}
	}
}

/** Finds private keys in base64, as in a kubeconfig. */
export function findEncodedPEM(f: Finder): void {
	const begin = "LS0tLS1CRUdJTi"; // -----BEGIN and a blank
	const label = 60; // characters, of which the label is at the start
	eachPlace(f.text, begin, (from) => {
		const to = f.run(from, isCredential);
		const start = f.text.slice(from, from + Math.floor(Math.min(to - from, label) / 4) * 4);
		if (isPrivate(Buffer.from(start, "base64").toString("latin1"))) f.add(from, to, "pem");
		return from + begin.length;
	});
}

function isPrivate(label: string): boolean {
	return label.includes("PRIVATE KEY");
}

/** Returns the end of the marker that starts at i. */
function lineOfPEM(f: Finder, i: number): number {
	const start = i + DASHES.length;
	const close = f.text.indexOf(DASHES, start);
	return close >= 0 && close - start < 60 ? close + DASHES.length : start;
}

/** Returns the start of the base64 that ends at end. */
function bodyOfPEM(f: Finder, from: number, end: number): number {
	let i = end;
	while (i > from) {
		let word = i;
		while (word > from && isBlank(f.text.charCodeAt(word - 1))) word--;
		let first = word;
		while (first > from && isCredential(f.text.charCodeAt(first - 1))) first--;
		if ((word - first < 16 && i !== end) || first === word) break;
		i = first;
	}
	return i;
}

/** Finds passwords and tokens in front of the @ of a URL. */
export function findURLs(f: Finder): void {
	eachPlace(f.text, "://", (at) => {
		const from = at + 3;
		const to = f.run(from, (c) => !isBlank(c) && !isQuote(c) && c !== 60 && c !== 62);
		const rest = f.text.slice(from, to);
		const slash = rest.indexOf("/");
		const host = slash < 0 ? rest.length : slash;
		const colon = rest.indexOf(":");
		let user = rest.slice(0, host).lastIndexOf("@");
		if (user < 0 && colon >= 0 && colon < host && !allDigits(rest.slice(colon + 1, host))) {
			user = rest.lastIndexOf("@"); // a slash in the password
		}
		if (user < 0 || rest.slice(0, user).includes(MARKER)) return from;
		if (colon >= 0 && colon < user) {
			if (!placeholder(rest.slice(colon + 1, user))) f.add(from + colon + 1, from + user, "url");
		} else if (user >= 16 && random(rest.slice(0, user))) {
			f.add(from, from + user, "url");
		}
		return from;
	});
}

const webhooks = [
	"hooks.slack.com/services/",
	"hooks.slack.com/workflows/",
	"hooks.slack.com/triggers/",
	"discord.com/api/webhooks/",
	"discordapp.com/api/webhooks/",
	".webhook.office.com/",
	"outlook.office.com/webhook/",
	"hooks.zapier.com/hooks/catch/",
	"maker.ifttt.com/use/",
	"api.telegram.org/bot",
];

/** Finds the addresses that are secrets themselves. */
export function findWebhooks(f: Finder): void {
	for (const address of webhooks) {
		eachPlace(f.text, address, (at) => {
			const from = at + address.length;
			const to = f.run(from, (c) => isCredential(c) || c === 64 || c === 58);
			if (to - from >= 12) f.add(from, to, "webhook");
			return from;
		});
	}
}

/** Finds the credentials behind the words Bearer and Basic, and the values of the headers that carry credentials. */
export function findSchemes(f: Finder): void {
	const lower = fold(f.text);
	const wrapped = lower.replaceAll("\n", " ");
	for (const word of ["bearer ", "basic ", "password "]) {
		eachPlace(word === "password " ? lower : wrapped, word, (at) => {
			const from = f.run(at + word.length, isBlank);
			// As in .netrc, a password may have any character.
			const to = f.run(from, word === "password " ? (c) => !isBlank(c) && !isQuote(c) : isCredential);
			const value = f.text.slice(from, to);
			const secret = word === "basic " ? isUserAndPassword(value) : random(value) && !placeholder(value);
			if (secret && f.startsWord(at)) f.add(from, to, word.trimEnd());
			return from;
		});
	}
	for (const header of ["authorization:", 'authorization":', "authorization':", "cookie:", 'cookie":', "cookie':"]) {
		eachPlace(lower, header, (at) => {
			const from = f.run(at + header.length, (c) => c === 32 || isQuote(c));
			findHeaderValue(f, header, from);
			return from;
		});
	}
}

function findHeaderValue(f: Finder, header: string, from: number): void {
	const to = f.run(from, (c) => c !== 10 && !isQuote(c));
	const value = f.text.slice(from, to);
	if (header.startsWith("cookie")) {
		if (value.indexOf("=") > 0) f.add(from, to, "cookie");
		return;
	}
	const word = value.indexOf(" ");
	if (word < 0) {
		addUncertain(f, from, to, "authorization");
		return;
	}
	const last = f.run(from + word + 1, isCredential);
	if (last - from - word >= 6) addUncertain(f, from + word + 1, last, "authorization");
}

/** Adds a value that may be a word of ordinary text only if it does not look like one. */
function addUncertain(f: Finder, from: number, to: number, rule: string): void {
	const value = f.text.slice(from, to);
	if (random(value) && !placeholder(value)) f.add(from, to, rule);
}
