/** Redacts the passwords among the arguments of functions that log in, and of commands of Windows. */

import { eachIndex, type Finder, fold, isAlnum, isBare, isBlank, isDotted, isQuote, isSpace } from "./finder.ts";
import { isPath, JUDGED_MAX, mixed, placeholder, random } from "./secretjudge.ts";
import { findPrivateKeys } from "./secretothers.ts";
import { isQuotedSecret, newPair } from "./secretvalues.ts";
import { classify } from "./secretwords.ts";

/** The names of functions whose second argument in quotes is a password, and what opens such a list of arguments. */
const logins =
	"auth(|auth=(|auth=[|auth = (|auth: [|auth': (|auth\": [|login(|logon(|signin(|sign_in(|authenticate(|networkcredential(|" +
	"credentials(|passwordauthentication(|authenticationtoken(|credentials=(|credentials = (|creds=(|creds = (|oci_connect(|simple_bind_s(|changeuserpassword(|sp_addlogin |sp_password ";
/** Those of the first, which make a hash of it. */
const hashers =
	"crypt(|make_password(|check_password(|generate_password_hash(|password_hash(|hashpw(|encode_password(|cookieparser(|ethers.wallet(|privatekeytoaccount(";
/** Those of the third. */
const connects =
	"mysqli_connect(|mysqli(|mysql_connect(|mysqldb.connect(|pymysql.connect(|getconnection(|pdo(|ftp_login(|" +
	"pdo::__construct(|pdo->__construct(|mysqli::__construct(|mysqli->__construct(|real_connect(|ldap_bind(|ftp(|hash_hmac(|openssl_encrypt(|openssl_decrypt(|create_credential(";

/** Finds the passwords among the arguments: HTTPBasicAuth('user', 'X'), mysqli_connect('host', 'user', 'X'). */
export function findCalls(f: Finder): void {
	const lower = fold(f.text);
	for (const mark of logins.split("|")) {
		eachIndex(lower, mark, (at) => {
			const from = at + mark.length;
			if (quotedEnd(f, from) > from) {
				const four = mark === "credentials(" && hasFourArguments(f, from); // realm, host, user, X: sbt's
				const plain = mark === "auth(" && at > 4 && lower.endsWith("plain", at); // identity, user, X: Go's
				findArgument(f, from, four ? 3 : plain ? 2 : 1);
			}
			return from;
		});
	}
	for (const mark of connects.split("|")) {
		eachIndex(lower, mark, (at) => {
			findArgument(f, at + mark.length, 2);
			return at + mark.length;
		});
	}
	eachIndex(lower, "connect(", (at) => {
		findConnect(f, at + "connect(".length);
		return at + "connect(".length;
	});
	for (const mark of [': PSK "', ': EAP "', ': XAUTH "', ': NTLM "', ': PIN "', '" * "']) {
		// Of ipsec.secrets and ppp.
		eachIndex(f.text, mark, (at) => {
			const from = at + mark.length;
			const end = quotedEnd(f, from - 1);
			if (end > from + 3 && (mark[0] === ":" || f.text.startsWith(" *", end))) f.add(from, end - 1, "password");
			return from;
		});
	}
	eachIndex(lower, "wallet(", (at) => {
		const from = at + "wallet(".length; // of Ethereum
		findPrivateKeys(f, from, quotedEnd(f, from));
		return from;
	});
	for (const mark of hashers.split("|")) {
		eachIndex(lower, mark, (at) => {
			if (f.startsWord(at)) findArgument(f, at + mark.length, 0);
			return at + mark.length;
		});
	}
	findSecureString(f, lower);
	findNetUse(f, lower);
	findInserted(f, lower);
	findKeyed(f, lower);
	findFallbacks(f);
}

const isClosing = (c: number): boolean => isQuote(c) || c === 41 || c === 93 || c === 125;
const isWord = (c: number): boolean => isAlnum(c) || c === 95 || c === 45;

/** Finds what a program takes where a variable is not set: DB_PASSWORD || 'X', DB_PASS ?: "X". */
function findFallbacks(f: Finder): void {
	const { text } = f;
	for (const mark of [" || ", " ?? ", " ?: ", " // ", " or "]) {
		eachIndex(text, mark, (at) => {
			const from = at + mark.length;
			const end = quotedEnd(f, from);
			if (end === from || isQuote(text.charCodeAt(at - 1))) return from;
			let last = at;
			while (last > 0 && isClosing(text.charCodeAt(last - 1))) last--;
			let first = last;
			while (first > 0 && last - first < 64 && isWord(text.charCodeAt(first - 1))) first--;
			const p = newPair(classify(text.slice(first, last)), "=", false);
			p.tight = true;
			if (p.promise !== "ordinary" && isQuotedSecret(text.slice(from + 1, end - 1), p)) f.add(from + 1, end - 1, "key");
			return from;
		});
	}
}

const isSimple = (c: number): boolean => isAlnum(c) || c === 95 || c === 46 || c === 36;

/** Judges the arguments of a function connect from start on: a host, perhaps a port, a user, and a password. */
function findConnect(f: Finder, start: number): void {
	let i = start;
	for (let n = 0; n < 4; n++) {
		let end = quotedEnd(f, i);
		if (n === 0 && f.text.slice(i, end).includes("://")) return; // a broker, a client, a topic
		const v = f.text.slice(i + 1, Math.max(end - 1, i + 1));
		if (n >= 2 && mixed(v) && !/[ =.]|:\/\//.test(v) && !placeholder(v) && !isPath(v)) {
			f.add(i + 1, end - 1, "key");
			return;
		}
		if (end === i) end = f.runMax(i, JUDGED_MAX, isSimple);
		if (f.text[end] !== ",") return;
		i = f.runMax(end + 1, 4, isSpace);
	}
}

const isNotNext = (c: number): boolean => c !== 44 && c !== 41 && c !== 10;

/** Finds the values of SQL's INSERT INTO t (a, password) VALUES ('x', 'X'), and of SET PASSWORD FOR. */
function findInserted(f: Finder, lower: string): void {
	const { text } = f;
	eachIndex(lower, "set password for ", (at) => {
		// SET PASSWORD FOR 'bob'@'%' = 'X'
		const from = at + "set password for ".length;
		const k = text.slice(from, from + JUDGED_MAX).indexOf("= ");
		if (k < 0 || text.slice(from, from + k).includes("\n")) return from;
		const end = quotedEnd(f, from + k + 2);
		if (end > from + k + 5 && !placeholder(text.slice(from + k + 3, end - 1))) f.add(from + k + 3, end - 1, "key");
		return from;
	});
	eachIndex(lower, "insert into ", (at) => {
		const from = at + "insert into ".length;
		const open = text.slice(from, from + JUDGED_MAX).indexOf("(");
		const length = open < 0 ? -1 : text.slice(from + open, from + open + JUDGED_MAX).indexOf(")");
		if (length < 0) return from;
		const end = from + open + length;
		const values = f.runMax(end + 1, 4, isBlank);
		if (!lower.startsWith("values", values)) return from;
		let i = f.runMax(values + "values".length, 4, isBlank);
		if (text[i] !== "(") return from;
		i++;
		for (const column of text.slice(from + open + 1, end).split(",")) {
			i = f.runMax(i, 4, isBlank);
			let to = quotedEnd(f, i);
			if (to > i) {
				const promise = classify(column.replace(/^[ \n"`[\]]+|[ \n"`[\]]+$/g, ""));
				const v = text.slice(i + 1, to - 1);
				const secret = (promise === "password" && v.length >= 3) || (promise !== "ordinary" && random(v));
				if (secret && !placeholder(v)) f.add(i + 1, to - 1, "key");
			}
			to = f.runMax(to, JUDGED_MAX, isNotNext);
			if (text[to] !== ",") break;
			i = to + 1;
		}
		return from;
	});
}

const isArgument = (c: number): boolean => isAlnum(c) || "_.$>-[]():".includes(String.fromCharCode(c));

/** Says that four arguments in quotes follow each other from start on. */
function hasFourArguments(f: Finder, start: number): boolean {
	let i = start;
	for (let n = 0; n < 4; n++) {
		const end = quotedEnd(f, i);
		if (end === i) return false;
		if (n === 3) break;
		if (f.text[end] !== ",") return false;
		i = f.runMax(end + 1, 4, isBlank);
	}
	return true;
}

/** Takes the argument in quotes behind the first n of those from start on for a password. */
function findArgument(f: Finder, start: number, n: number): void {
	let i = start;
	for (let skipped = 0; skipped < n; skipped++) {
		let end = quotedEnd(f, i);
		if (end === i) end = f.runMax(i, JUDGED_MAX, isArgument);
		if (f.text[end] !== ",") return;
		i = f.runMax(end + 1, 4, isSpace);
	}
	const end = quotedEnd(f, i);
	if (end > i + 5 && !placeholder(f.text.slice(i + 1, end - 1))) f.add(i + 1, end - 1, "key");
}

/** Returns the end of the text in quotes that begins at i, i of none. */
export function quotedEnd(f: Finder, i: number): number {
	const quote = f.text.charCodeAt(i);
	if (!isQuote(quote)) return i;
	const end = f.runMax(i + 1, JUDGED_MAX, (c) => c !== quote && c !== 10);
	return f.text.charCodeAt(end) === quote ? end + 1 : i;
}

const isPlain = (c: number): boolean => isBare(c) && c !== 41;

/** Finds what PowerShell's ConvertTo-SecureString makes one of. */
function findSecureString(f: Finder, lower: string): void {
	const mark = "convertto-securestring";
	eachIndex(lower, mark, (at) => {
		let from = f.run(at + mark.length, isSpace);
		while (f.text[from] === "-") from = f.run(f.run(from, isDotted), isSpace); // -String, -AsPlainText, -Force
		let to = quotedEnd(f, from) - 1;
		if (to < from) {
			to = f.runMax(from, JUDGED_MAX, isPlain);
			from--;
		}
		if (to - from > 3 && !placeholder(f.text.slice(from + 1, to))) f.add(from + 1, to, "key");
		return at + mark.length;
	});
}

/** Finds the passwords in the commands of Windows net use Z: \\\\host\\share X and net user name X /add. */
function findNetUse(f: Finder, lower: string): void {
	for (const mark of ["net use ", "net user "]) {
		eachIndex(lower, mark, (at) => {
			let from = at + mark.length;
			const line = f.text.slice(from, from + JUDGED_MAX).split("\n", 1)[0] ?? "";
			let ready = false; // the share, or the user
			for (const word of line.split(" ")) {
				const share = word.startsWith("\\\\");
				const v = word.replace(/^["'`]+|["'`]+$/g, "");
				const secret = ready && !share && v.length >= 4 && v[0] !== "/" && !placeholder(v);
				if (secret && (mark === "net use " || (mixed(v) && line.includes("/")))) {
					f.add(from, from + word.length, "flag");
					break;
				}
				ready = ready || share || (mark === "net user " && word !== "");
				from += word.length + 1;
			}
			return at + mark.length;
		});
	}
}

const ciphers =
	"pgp_sym_encrypt(|pgp_sym_decrypt(|aes_encrypt(|aes_decrypt(|encryptbypassphrase(|decryptbypassphrase(|jwt.sign(|jwt.verify(|jwt.encode(|jwt.decode(|createhmac(|wifi.begin(".split(
		"|",
	);
const isBeforeKey = (c: number): boolean => c === 32 || c === 61 || c === 40;

/**
 * Finds the keys that a database is opened or a column encrypted with: PRAGMA key = 'X', ATTACH … AS db KEY 'X',
 * pgp_sym_encrypt(column, 'X').
 */
function findKeyed(f: Finder, lower: string): void {
	for (const mark of ["pragma key", "pragma rekey"]) {
		eachIndex(lower, mark, (at) => {
			findArgument(f, f.runMax(at + mark.length, 4, isBeforeKey), 0);
			return at + mark.length;
		});
	}
	eachIndex(lower, " key '", (at) => {
		if (/attach [^\n]*$/.test(lower.slice(Math.max(at - JUDGED_MAX, 0), at))) findArgument(f, at + 5, 0);
		return at + 6;
	});
	for (const mark of ciphers) {
		eachIndex(lower, mark, (at) => {
			findArgument(f, at + mark.length, 1);
			return at + mark.length;
		});
	}
}
