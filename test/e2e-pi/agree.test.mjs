// The same sessions recorded live and imported: every run says the same, but
// for what the format of the session files cannot tell. docs/pi.md has that
// list, and nothing else may differ.

import assert from "node:assert/strict";
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { readEvents, until } from "./lib/events.mjs";
import { Rpc } from "./lib/pi.mjs";
import { scenario } from "./lib/scenario.mjs";
import { fixtures } from "./lib/world.mjs";

const SKILL = "---\nname: demo\ndescription: shows how\n---\nDo it so.\n";
const helpers = { broken: "echo 'no luck' >&2; exit 3", fine: ":", left: "exit 130" };
const named = (...names) => names.map((name) => ({ name }));

const plain = ["fx_ok", "fx_throw", "fx_iserror", "fx_number", "fx_blocked", "fx_usage", "no_such_tool"];
const returned = ["ag_error", "ag_exit", "ag_left", "ag_line", "ag_agents", "grep"];
const code = "await tools.fx_ok({}); return await tools.mcp__echo__say({});";
const coded = { name: "codemode", args: { code }, id: "script" };
const builtin = [{ name: "bash", args: { command: "fine" } }, { name: "read", args: { path: ".pi/skills/demo/SKILL.md" } }];
const options = (pi) => ({
	extensions: ["fx.ts", "agree.ts"],
	helpers,
	scripts: {
		one: [{ tools: named(...plain) }, { tools: [...named(...returned), ...builtin] }],
		two: [{ tools: pi.label === "new" ? [...named("ag_calls", "mcp__echo__say", "mcp__echo__refuse"), coded] : named("fx_ok") }],
		wait: [{ tools: named("fx_wait", "fx_ok") }],
	},
});

/** What is compared of a run; the times are compared apart. */
const fields = ["name", "kind", "status", "error_summary", "inferred", "exit_code", "scope", "ext", "usage", "repo", "cwd", "parent_id"];

/**
 * What the session files of each version cannot tell: FIELD of RUN, where RUN
 * is a tool, a helper or a skill, (missing) where the run itself is not there
 * and (import only) where it has no line in the live log.
 */
const untold = {
	old: [
		"fx_iserror: error_summary", // stores a returned isError as false
		"fx_iserror: status",
		"fx_usage: usage", // does not store what a tool says it spent
	],
	new: [
		"ag_calls: usage", // the file adds what the calls within spent
		"ag_error within ag_calls: error_summary", // of calls within calls only Pi's own judgement is kept
		"ag_error within ag_calls: inferred",
		"ag_error within ag_calls: status",
		"fx_usage within ag_calls: usage",
	],
	both: [
		"/fx-ok: (missing)", // commands are not in the files
		"grep: (missing)", // nor is whose tool an overridden built-in was
		"cat: (import only)", // a program of a ! line needs no shim to be imported
		"fine: (missing)", // what the bash tool ran is in nobody's words but the model's
		"any extension tool: scope", // nor is where a tool came from
		"any extension tool: ext",
		"any helper: scope",
	],
};

async function play(world) {
	const rpc = new Rpc(world);
	await rpc.prompt("play:one");
	await rpc.idle(1);
	await rpc.prompt("play:two");
	await rpc.idle(2);
	for (const line of ["broken", "cd / && broken", "left", "fine | cat", "env A=1 fine"]) await rpc.shell(line);
	await rpc.prompt("/skill:demo go on");
	await rpc.idle(3);
	await rpc.prompt("/fx-ok");
	await rpc.prompt("play:wait");
	await until(() => world.events().some((event) => event.name === "fx_wait"), "the start line of fx_wait");
	rpc.send({ type: "abort" });
	await rpc.idle(4);
	await rpc.close();
}

/** The runs of a log by what identifies them: session and call id, else session, name and how often before. */
function byKey(events) {
	const found = new Map();
	const serial = new Map();
	const starts = new Map(events.filter((event) => event.status === "started").map((event) => [event.id, event]));
	for (const end of events.filter((event) => event.status !== "started")) {
		let key = end.call_id;
		if (key === undefined) {
			const n = (serial.get(end.name) ?? 0) + 1;
			serial.set(end.name, n);
			key = `${end.name} ${n}`;
		}
		assert.ok(starts.has(end.id), `${end.name} has a start`);
		found.set(`${end.session_id} ${key}`, { start: starts.get(end.id), end });
	}
	return found;
}

/** Compares two runs and returns the fields that differ. */
function differing(live, imported, ids) {
	const value = (event, field) => {
		if (field === "parent_id") return ids.get(event.parent_id) ?? event.parent_id ?? "";
		if (field === "usage" && event.usage) return JSON.stringify({ ...event.usage, cost: event.usage.cost?.toFixed(9) });
		return event[field] ?? "";
	};
	return fields.filter((field) => value(live.end, field) !== value(imported.end, field));
}

scenario("live and import agree", options, async (world) => {
	for (const dir of [join(world.project, ".pi", "skills", "demo")]) mkdirSync(dir, { recursive: true });
	writeFileSync(join(world.project, ".pi", "skills", "demo", "SKILL.md"), SKILL);
	writeFileSync(join(world.project, "note.txt"), "a note\n");
	const server = { command: world.pi.node, args: [join(fixtures, "echo-mcp.mjs")], exposure: "direct" };
	writeFileSync(join(world.agent, "mcp.json"), JSON.stringify({ mcpServers: { echo: server } }));
	await play(world);
	const live = byKey(world.events());

	world.env.PI_TRACK_HOME = join(world.root, "track2");
	world.env.PI_TRACK_LOG = join(world.root, "track2", "events.jsonl");
	world.pitrack("import", "pi-sessions");
	const dir = dirname(world.env.PI_TRACK_LOG);
	const segment = readdirSync(dir).find((file) => file.includes("import"));
	const imported = byKey(readEvents(join(dir, segment)));

	const ids = new Map([...live, ...imported].map(([key, { end }]) => [end.id, key]));
	const names = new Map([...live, ...imported].map(([key, { end }]) => [key, end.name]));
	const label = (key) => {
		const outer = key.replace(/\/\d+$/, "");
		return outer === key ? names.get(key) : `${names.get(key)} within ${names.get(outer)}`;
	};
	const stored = storedDurations(world.sessionLines());
	assert.equal(stored.size > 0, world.pi.label === "new", "0.73.1 stores no durations");
	const found = new Set();
	for (const key of new Set([...live.keys(), ...imported.keys()])) {
		const [a, b] = [live.get(key), imported.get(key)];
		if (!a) found.add(`${label(key)}: (import only)`);
		else if (!b) found.add(`${a.end.kind === "extension_command" ? "/" : ""}${label(key)}: (missing)`);
		else for (const field of differing(a, b, ids)) found.add(`${ofAll(a.end, field) ?? label(key)}: ${field}`);
		if (a && b) compareTimes(label(key), a, b, stored.has(key));
	}
	assert.deepEqual([...found].sort(), [...untold.both, ...untold[world.pi.label]].sort());
});

/** What a difference is said of when it is the same for all runs of a sort: the origin of a tool, the scope of a helper. */
function ofAll({ kind, name }, field) {
	if (kind === "extension_tool" && (field === "scope" || (field === "ext" && !name.startsWith("mcp__")))) return "any extension tool";
	return kind === "script" && field === "scope" ? "any helper" : undefined;
}

/** The keys of the calls of which the session files store how long they took; of calls within calls it is more than that. */
function storedDurations(lines) {
	const found = new Set();
	let session;
	for (const { type, id, message } of lines) {
		if (type === "session") session = id;
		if (message?.role === "toolResult" && typeof message.durationMs === "number") found.add(`${session} ${message.toolCallId}`);
	}
	return found;
}

/**
 * What the file stores is what was recorded live. Else an imported tool call
 * lasts at least as long as it did, and a ! line's duration is 0.
 */
function compareTimes(name, live, imported, stored) {
	const slack = 1 + 5; // rounding to milliseconds, and Pi's clock against its timer
	if (stored) assert.equal(imported.end.duration_ms, live.end.duration_ms, name);
	else if (imported.end.call_id === undefined) assert.equal(imported.end.duration_ms, 0, name);
	else assert.ok(imported.end.duration_ms + slack >= live.end.duration_ms, `${name}: ${imported.end.duration_ms} ms, live ${live.end.duration_ms} ms`);
}
