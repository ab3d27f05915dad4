/** Redacts the values of environment variables whose names look secret, in the forms in which they may turn up. */

import { eachPlace, type Finder, isCredential } from "./finder.ts";

/** The length in bytes from which on a value is looked for: shorter ones occur by chance. */
const MIN_LENGTH = 8;

/** A text to look for; base64 says that it is part of such a text. */
export interface SecretValue {
	text: string;
	base64: boolean;
}

/** Returns what to look for, given the environment. */
export function secretValues(env: Record<string, string | undefined>): SecretValue[] {
	const values: SecretValue[] = [];
	for (const name of Object.keys(env)) {
		if (!secretName(name)) continue;
		const text = Buffer.from(env[name] ?? "", "utf8").toString("latin1");
		if (text.length < MIN_LENGTH || (text.startsWith("/") && /_(CREDENTIALS|KEY)$/.test(name))) continue;
		addForms(values, text);
		const password = urlPassword(text);
		if (password.length >= MIN_LENGTH) addForms(values, password);
	}
	return values;
}

const endings =
	/(TOKEN|SECRETS?|PASSWORD|PASSWD|PASSPHRASE|_PASS|_PWD|_KEY|APIKEY|CREDENTIALS?|_AUTH|_DSN|_COOKIE|DATABASE_URL|_DB_URL|REDIS_URL|MONGO_URL|MONGODB_URI|MONGO_URI|AMQP_URL|CONNECTION_STRING|WEBHOOK_URL)$/i;

/** Says that a variable's name promises a secret. */
function secretName(name: string): boolean {
	return endings.test(name) ? name.toUpperCase() !== "OLD_PWD" : /^(PASS|KEY|AUTH)$/i.test(name);
}

/** Returns the password of a URL, or "". */
function urlPassword(text: string): string {
	const start = text.indexOf("://");
	if (start < 0) return "";
	const user = text.slice(start + 3, Math.max(text.lastIndexOf("@"), start + 3));
	const colon = user.indexOf(":");
	return colon < 0 ? "" : user.slice(colon + 1);
}

/** Adds text as it is, URL-encoded and base64-encoded (as a part of a longer text too, whatever its offset). */
function addForms(values: SecretValue[], text: string): void {
	values.push({ text, base64: false });
	const upper = escapeURL(text, "%20");
	const lower = upper.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase());
	for (const form of [upper, lower, escapeURL(text, "+")]) {
		if (form !== text) values.push({ text: form, base64: false });
	}
	for (let offset = 0; offset < 3; offset++) {
		const padded = Buffer.from("\0".repeat(offset) + text, "latin1");
		const from = Math.floor((offset * 4 + 2) / 3);
		const to = Math.floor(padded.length / 3) * 4; // these characters depend on text alone
		if (to - from < MIN_LENGTH) continue;
		const standard = padded.toString("base64").replace(/=+$/, "");
		values.push({ text: standard.slice(from, to), base64: true });
		const url = standard.replaceAll("+", "-").replaceAll("/", "_");
		if (url !== standard) values.push({ text: url.slice(from, to), base64: true });
	}
}

function escapeURL(text: string, blank: string): string {
	return text.replace(/[^A-Za-z0-9_.~-]/g, (c) => {
		if (c === " ") return blank;
		return `%${c.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`;
	});
}

/** Finds the values. One in base64 takes what surrounds it along: the characters at its ends hold parts of it. */
export function findEnvValues(f: Finder, values: SecretValue[]): void {
	for (const value of values) {
		eachPlace(f.text, value.text, (at) => {
			const end = at + value.text.length;
			let from = at;
			let to = end;
			if (value.base64) {
				to = f.run(to, isCredential);
				while (from > 0 && isCredential(f.text.charCodeAt(from - 1))) from--;
			}
			f.add(from, to, "env");
			return end;
		});
	}
}
