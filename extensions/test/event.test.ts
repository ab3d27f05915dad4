import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { type Event, encode, MAX_LINE, type Rusage, type Usage } from "../_shared/event.ts";
import { isID, newID } from "../_shared/uuid.ts";

type Json = Record<string, unknown>;

const names: Record<string, string> = {
	duration_ms: "durationMs",
	exit_code: "exitCode",
	error_summary: "error",
	session_id: "sessionId",
	task_id: "taskId",
	parent_id: "parentId",
	root_id: "rootId",
	call_id: "callId",
	cache_read: "cacheRead",
	cache_write: "cacheWrite",
	user_ms: "userMs",
	sys_ms: "sysMs",
	max_rss_kb: "maxRssKb",
};

/** Turns a line's object into an event; undefined if it has keys that this writer does not know. */
function parse(line: string): Event | undefined {
	const rename = (from: Json): Json =>
		Object.fromEntries(Object.entries(from).map(([key, value]) => [names[key] ?? key, value]));
	const from = rename(JSON.parse(line) as Json);
	const known =
		"ts v id kind name status durationMs exitCode signal error cwd scope repo sessionId taskId parentId rootId " +
		"host pid src usage rusage callId ext rev agent model experiment arm writer inferred";
	if (Object.keys(from).some((key) => !known.split(" ").includes(key)) || from["v"] !== 1) return undefined;
	const event = { ...from, ts: Date.parse(from["ts"] as string) } as unknown as Event;
	if (event.usage) event.usage = rename(event.usage as unknown as Json) as Usage;
	if (event.rusage) event.rusage = rename(event.rusage as unknown as Json) as Rusage;
	return event;
}

const golden = readFileSync(new URL("../../internal/event/testdata/golden.jsonl", import.meta.url), "utf8");

test("golden lines are written byte for byte as Go writes them", () => {
	let checked = 0;
	for (const line of golden.split("\n").filter(Boolean)) {
		const event = parse(line);
		if (!event) continue; // unknown keys: only a reader meets them
		assert.equal(encode(event), `${line}\n`);
		checked++;
	}
	assert.ok(checked >= 8, `only ${checked} lines`);
});

const base: Event = { ts: 0, id: newID(0), kind: "extension_tool", name: "n", status: "failed", src: "extension" };

test("a line is never longer than 4096 bytes and stays JSON", () => {
	for (const filler of ["x", "ä", "𝄞", '"', "\\", "\u0001", "\ud800"]) {
		const long = filler.repeat(5000);
		for (const more of [
			{ error: long },
			{ cwd: long, error: long },
			{ name: long, ext: long, cwd: long, repo: long },
		]) {
			const line = encode({ ...base, ...more });
			assert.ok(Buffer.byteLength(line) <= MAX_LINE, `${filler}: ${Buffer.byteLength(line)} bytes`);
			const back = JSON.parse(line) as Json;
			assert.equal(back["id"], base.id);
			assert.ok(line.endsWith("}\n") && line.indexOf("\n") === line.length - 1);
		}
	}
});

test("the error text is cut first and has no control characters", () => {
	const cwd = `/${"d".repeat(3800)}`;
	const line = JSON.parse(encode({ ...base, cwd, error: "e\u001b[31m\n".repeat(100) })) as Json;
	assert.equal(line["cwd"], cwd);
	const error = line["error_summary"] as string;
	assert.ok(error.length < 200 && error.startsWith("e [31m e"), error);
	const full = JSON.parse(encode({ ...base, error: "x".repeat(300) })) as Json;
	assert.equal((full["error_summary"] as string).length, 200);
});

test("numbers that are none are left out or 0", () => {
	const line = encode({
		...base,
		durationMs: Number.NaN,
		pid: -1,
		usage: { tokens: Number.POSITIVE_INFINITY, cost: Number.NaN },
	});
	assert.ok(line.includes('"duration_ms":0') && !line.includes("pid") && !line.includes("usage"), line);
});

test("numbers above what readers take become the largest that they take", () => {
	for (const n of [2 ** 53, 2 ** 63, 1e21, Number.MAX_VALUE]) {
		const line = encode({ ...base, durationMs: n, usage: { tokens: n } });
		assert.ok(line.includes('"duration_ms":9007199254740991'), line);
		assert.ok(line.includes('"usage":{"tokens":9007199254740991}'), line);
	}
});

test("ids are UUIDv7, distinct, and sort by time", () => {
	const ids = Array.from({ length: 2000 }, (_, i) => newID(1795323993072 + i));
	assert.equal(new Set(ids).size, ids.length);
	assert.deepEqual(ids.toSorted(), ids);
	for (const id of ids) {
		assert.ok(isID(id), id);
		assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab]/);
	}
	assert.equal(parseInt((ids[0] ?? "").replace("-", "").slice(0, 12), 16), 1795323993072);
	for (const bad of [undefined, "", "../../etc/passwd", `${ids[0]} `]) assert.ok(!isID(bad));
});
