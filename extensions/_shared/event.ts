/**
 * One line of the log: its keys, their order, and how it is encoded. The
 * format is specified in docs/events.md; Go's package event writes the same
 * bytes for the same event, which golden lines shared by both tests hold.
 */

export const VERSION = 1;

/** The longest line in bytes, its newline included. */
export const MAX_LINE = 4096;

export type Kind = "extension_tool" | "extension_command" | "script" | "job" | "loop" | "skill" | "prompt";
export type EndStatus = "succeeded" | "failed" | "cancelled";
export type Status = "started" | EndStatus;
export type Scope = "global" | "project";

/** What a run spent on models. What is not known is left out. */
export interface Usage {
	tokens?: number;
	input?: number;
	output?: number;
	cacheRead?: number;
	cacheWrite?: number;
	/** US dollars. */
	cost?: number;
	model?: string;
}

/** What a run that is a process consumed. */
export interface Rusage {
	userMs?: number;
	sysMs?: number;
	maxRssKb?: number;
}

/** One line. Empty fields are left out of it. */
export interface Event {
	/** Milliseconds since 1970. Start line: when the run started; end line: when it was written. */
	ts: number;
	id: string;
	kind: Kind;
	name: string;
	status: Status;
	/** End lines only, from a monotonic clock. */
	durationMs?: number;
	exitCode?: number;
	signal?: string;
	/** At most 200 characters, redacted, one line. */
	error?: string;
	cwd?: string;
	scope?: Scope;
	repo?: string;
	sessionId?: string;
	taskId?: string;
	parentId?: string;
	rootId?: string;
	host?: string;
	pid?: number;
	src: string;
	usage?: Usage;
	rusage?: Rusage;
	callId?: string;
	ext?: string;
	/** The agent with its version, and the model that it used. */
	agent?: string;
	model?: string;
	/** Which file ran; this writer knows none. */
	rev?: string;
	/** Id of the experiment that the run is part of, and its arm. */
	experiment?: string;
	arm?: string;
	/** Start lines only: the process that writes, see writer.ts. */
	writer?: string;
	/** End lines of extension tools: the rule by which the status was inferred. */
	inferred?: string;
	/** End lines without an error text: terminal, stderr was one and was not kept. */
	stderr?: string;
}

/** The longest error text in characters (code points). */
const MAX_ERROR = 200;

/**
 * Returns e as one line, its newline included, of at most MAX_LINE bytes.
 * When it would be longer, the error text is cut first, then every other text
 * is cut to the same, ever smaller length.
 */
export function encode(e: Event): string {
	let error = cleanError(e.error);
	let line = encodeWith(e, error, MAX_LINE);
	// A string of n UTF-16 units has at most 3n bytes: most lines need no count.
	if (line.length * 3 <= MAX_LINE) return line;
	let over = Buffer.byteLength(line) - MAX_LINE;
	while (over > 0 && error !== "") {
		error = cutBytes(error, Buffer.byteLength(error) - over);
		line = encodeWith(e, error, MAX_LINE);
		over = Buffer.byteLength(line) - MAX_LINE;
	}
	for (let limit = MAX_LINE / 4; over > 0; limit /= 2) {
		line = encodeWith(e, "", limit);
		over = Buffer.byteLength(line) - MAX_LINE;
	}
	return line;
}

function encodeWith(e: Event, error: string, limit: number): string {
	let line = `{"ts":"${timestamp(e.ts)}","v":${VERSION},"id":${JSON.stringify(cutBytes(e.id.toWellFormed(), 64))}`;
	line += text("kind", e.kind, limit) + text("name", e.name, limit) + text("status", e.status, limit);
	// The members are generated from internal/event/keys.json.
	if (e.status !== "started") line += `,"duration_ms":${whole(e.durationMs)}`;
	if (e.status !== "started" && e.exitCode !== undefined) line += `,"exit_code":${whole(e.exitCode)}`;
	if (e.status !== "started") line += text("signal", e.signal, limit);
	if (e.status !== "started" && e.status !== "succeeded") line += text("error_summary", error, limit);
	line += text("cwd", e.cwd, limit);
	line += text("scope", e.scope, limit);
	line += text("repo", e.repo, limit);
	line += text("session_id", e.sessionId, limit);
	line += text("task_id", e.taskId, limit);
	line += text("parent_id", e.parentId, limit);
	line += text("root_id", e.rootId, limit);
	line += text("host", e.host, limit);
	if (whole(e.pid) > 0) line += `,"pid":${whole(e.pid)}`;
	line += text("src", e.src, limit);
	line += usageMember(e.usage, limit);
	line += rusageMember(e.rusage);
	line += text("call_id", e.callId, limit);
	line += text("ext", e.ext, limit);
	line += text("rev", e.rev, limit);
	line += text("agent", e.agent, limit);
	line += text("model", e.model, limit);
	line += text("experiment", e.experiment, limit);
	line += text("arm", e.arm, limit);
	if (e.status === "started") line += text("writer", e.writer, limit);
	if (e.status !== "started") line += text("inferred", e.inferred, limit);
	if (e.status !== "started" && e.status !== "succeeded") line += text("stderr", e.stderr, limit);
	// End of the members.
	return `${line}}\n`;
}

/** Returns `,"key":"value"`, or nothing for an empty value. The hot path: no closures, no copies. */
function text(key: string, value: string | undefined, limit: number): string {
	return value ? `,"${key}":${JSON.stringify(cutBytes(value.toWellFormed(), limit))}` : "";
}

function usageMember(u: Usage | undefined, limit: number): string {
	const usage = encodeUsage(u, limit);
	return usage === "{}" ? "" : `,"usage":${usage}`;
}

function rusageMember(r: Rusage | undefined): string {
	if (!r) return "";
	return `,"rusage":{"user_ms":${whole(r.userMs)},"sys_ms":${whole(r.sysMs)},"max_rss_kb":${whole(r.maxRssKb)}}`;
}

/** Returns u as the JSON object that the log and usage files hold; "{}" when nothing is known. */
export function encodeUsage(u: Usage | undefined, limit: number = MAX_LINE): string {
	if (!u) return "{}";
	const members: string[] = [];
	const add = (key: string, value: number | undefined): void => {
		if (whole(value) > 0) members.push(`"${key}":${whole(value)}`);
	};
	add("tokens", u.tokens);
	add("input", u.input);
	add("output", u.output);
	add("cache_read", u.cacheRead);
	add("cache_write", u.cacheWrite);
	if (u.cost && u.cost > 0 && Number.isFinite(u.cost)) members.push(`"cost":${u.cost}`);
	if (u.model) members.push(`"model":${JSON.stringify(cutBytes(u.model.toWellFormed(), limit))}`);
	return `{${members.join(",")}}`;
}

/** Formats milliseconds since 1970 as 24 bytes; moments outside the years 0–9999 become the nearest one inside. */
function timestamp(ms: number): string {
	const first = -62167219200000;
	const last = 253402300799999;
	return new Date(Math.min(Math.max(Number.isFinite(ms) ? ms : 0, first), last)).toISOString();
}

/** Returns n as a whole number, 0 for what is none; readers refuse a line with one above 2^53-1. */
function whole(n: number | undefined): number {
	return n !== undefined && Number.isFinite(n) ? Math.min(Math.max(0, Math.trunc(n)), Number.MAX_SAFE_INTEGER) : 0;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this is about
const controls = /[\u0000-\u001f\u007f-\u009f]/g;

/** Makes one line of at most MAX_ERROR characters, without control characters. */
function cleanError(s: string | undefined): string {
	if (!s) return "";
	const text = s.toWellFormed().replace(controls, " ");
	return text.length <= MAX_ERROR
		? text
		: Array.from(text.slice(0, 2 * MAX_ERROR))
				.slice(0, MAX_ERROR)
				.join("");
}

/** Shortens s to at most n bytes of UTF-8 without splitting a character. */
function cutBytes(s: string, n: number): string {
	if (s.length * 3 <= n || Buffer.byteLength(s) <= n) return s;
	const bytes = Buffer.from(s);
	let end = Math.max(n, 0);
	while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end--;
	return bytes.toString("utf8", 0, end);
}
