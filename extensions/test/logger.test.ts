import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { errorText, follow, logEvent, newID, startRun, trackCommand, trackTool } from "../_shared/logger.ts";
import { toolOutcome } from "../_shared/outcome.ts";
import { processState } from "../_shared/state.ts";
import { type RunnerPrototype, recordCommand, wrapGetCommand } from "../pi-track/commands.ts";
import type { Command, Context, SourceInfo } from "../pi-track/pi.ts";
import { fakeContext, source, World } from "./world.ts";

let world: World;
beforeEach(() => {
	world = new World();
});
afterEach(() => world.close());

const info = { kind: "extension_tool", name: "t" } as const;

test("a run writes a start and one end that repeats what identifies it", () => {
	process.env["PI_TASK_ID"] = "T-1";
	const run = startRun({ ...info, sessionId: "s" });
	process.env["PI_TASK_ID"] = "T-2";
	run.end({ status: "failed", error: new Error("no: password=hunter2hunter2"), exitCode: 3 });
	run.end({ status: "succeeded" });
	const [start, end, more] = world.lines();
	assert.equal(more, undefined);
	assert.equal(start?.["id"], run.id);
	assert.equal(end?.["id"], run.id);
	assert.deepEqual([start?.["task_id"], end?.["task_id"]], ["T-1", "T-1"]);
	assert.equal(end?.["error_summary"], "no: password=[redacted:key]");
	assert.equal(end?.["exit_code"], 3);
});

test("logEvent fills in what is left out", () => {
	process.env["PI_JOB_ID"] = "J-1";
	const id = logEvent({ kind: "job", name: "deploy", status: "started", ext: "mine" });
	assert.equal(logEvent({ id, kind: "job", name: "deploy", status: "succeeded", durationMs: 5 }), id);
	const [start, end] = world.lines();
	assert.deepEqual([start?.["task_id"], start?.["src"], start?.["cwd"]], ["J-1", "extension", process.cwd()]);
	assert.deepEqual([end?.["id"], end?.["duration_ms"]], [id, 5]);
});

test("whatever is thrown becomes text without throwing", () => {
	const evil = {
		get message() {
			throw new Error("gotcha");
		},
	};
	const values: [unknown, string][] = [
		[new Error("e"), "e"],
		["s", "s"],
		[undefined, ""],
		[null, ""],
		[{ message: "m" }, "m"],
		[7, "7"],
		[evil, "unknown error"],
		[Object.create(null), "unknown error"],
	];
	for (const [value, want] of values) assert.equal(errorText(value), want);
});

test("results and errors pass through untouched, sync and async", async () => {
	const result = {};
	const error = new Error("mine");
	assert.equal(
		follow(startRun(info), () => result),
		result,
	);
	assert.equal(await follow(startRun(info), async () => result), result);
	const thrown = (): never => {
		throw error;
	};
	assert.throws(
		() => follow(startRun(info), thrown),
		(e) => e === error,
	);
	await assert.rejects(
		follow(startRun(info), async () => thrown()),
		(e) => e === error,
	);
	const abort = new DOMException("The operation was aborted", "AbortError");
	await assert.rejects(
		follow(startRun(info), () => Promise.reject(abort)),
		(e) => e === abort,
	);
	assert.deepEqual(world.ends(), ["t succeeded", "t succeeded", "t failed", "t failed", "t cancelled"]);
});

test("outcomes of tools", () => {
	const say = (text: string, more: object = {}): object => ({ content: [{ type: "text", text }], ...more });
	const cancelled = { details: { cancelled: true } };
	const aborted = AbortSignal.abort();
	const cases: [string, unknown, AbortSignal | undefined, boolean, string, string?][] = [
		["success", say("fine"), undefined, false, "succeeded"],
		["thrown", say("boom"), undefined, true, "failed", "boom"],
		["returned isError", say("no", { isError: true }), undefined, false, "failed", "no"],
		["aborted and thrown", say("stopped"), aborted, true, "cancelled", "stopped"],
		["aborted and returned", say("early"), aborted, false, "cancelled", "early"],
		["the user's no", say("User cancelled", cancelled), undefined, false, "cancelled", "User cancelled"],
		[
			"no user interface",
			say("Error: UI not available", cancelled),
			undefined,
			false,
			"failed",
			"Error: UI not available",
		],
		["not approved", say("Canceled: project-local agents not approved."), undefined, false, "cancelled"],
		["no result at all", undefined, undefined, true, "failed", ""],
		["strange content", { content: [null, { type: "image" }, 7] }, undefined, true, "failed", ""],
	];
	for (const [name, value, signal, isError, status, error] of cases) {
		const outcome = toolOutcome(value, signal, isError);
		assert.equal(outcome.status, status, name);
		if (error !== undefined) assert.equal(outcome.error, error, name);
	}
});

test("the arguments that Pi repeats in its message for bad ones are not logged", () => {
	const text =
		'Validation failed for tool "t":\n  - n: must be number\n\nReceived arguments:\n{\n  "n": "my private text"\n}';
	startRun(info).end(toolOutcome({ content: [{ type: "text", text }] }, undefined, true));
	const end = world.lines()[1];
	assert.match(end?.["error_summary"] as string, /must be number/);
	assert.ok(!JSON.stringify(world.lines()).includes("private"));
});

test("usage of tools: their own, or the sum of their agents'", () => {
	const own = {
		input: 100,
		output: 20,
		cacheRead: 3,
		cacheWrite: 4,
		totalTokens: 127,
		cost: { input: 0.1, total: 0.3 },
	};
	assert.deepEqual(toolOutcome({ usage: own }).usage, {
		input: 100,
		output: 20,
		cacheRead: 3,
		cacheWrite: 4,
		cost: 0.3,
		tokens: 127,
	});
	const agent = { input: 1, output: 2, cacheRead: 3, cacheWrite: 4, cost: 0.5, contextTokens: 9999, turns: 2 };
	const results = [{ usage: agent, model: "m-1" }, {}, { usage: agent, model: "m-2" }, null];
	assert.deepEqual(toolOutcome({ details: { results } }).usage, {
		tokens: 20,
		input: 2,
		output: 4,
		cacheRead: 6,
		cacheWrite: 8,
		cost: 1,
		model: "m-2",
	});
	for (const none of [{ usage: {} }, { usage: { input: -1, cost: "1" } }, { details: { results: "x" } }]) {
		assert.equal(toolOutcome(none).usage, undefined);
	}
});

interface Definition {
	description: string;
	handler: (args: string, ctx: Context) => Promise<void>;
}

/** What an author's extension registers commands and tools with. */
function registrar(): {
	commands: Map<string, Definition>;
	tools: Map<string, Tool>;
	registerCommand: (n: string, d: Definition) => void;
	registerTool: (t: Tool) => void;
} {
	const commands = new Map<string, Definition>();
	const tools = new Map<string, Tool>();
	return {
		commands,
		tools,
		registerCommand: (n, d) => void commands.set(n, d),
		registerTool: (t) => void tools.set(t.name, t),
	};
}

interface Tool {
	name: string;
	execute: (
		id: string,
		params: object,
		signal: AbortSignal | undefined,
		update: undefined,
		ctx: Context,
	) => Promise<object>;
}

test("trackCommand and trackTool record, unless the extension does", async () => {
	const pi = registrar();
	trackCommand(pi, "greet", { description: "d", handler: async () => {} }, { ext: "mine" });
	trackTool(pi, { name: "add", execute: async () => ({ content: [], isError: true }) }, { ext: "mine" });
	const ctx = fakeContext("s-9");
	await pi.commands.get("greet")?.handler("", ctx);
	await pi.tools.get("add")?.execute("call-1", {}, undefined, undefined, ctx);
	assert.deepEqual(world.ends(), ["greet succeeded", "add failed"]);
	const add = world.lines()[3];
	assert.deepEqual([add?.["session_id"], add?.["call_id"], add?.["ext"]], ["s-9", "call-1", "mine"]);
	const state = processState();
	state.instances.push({ dir: "", recordCommand });
	state.hooked = true;
	await pi.commands.get("greet")?.handler("", ctx);
	await pi.tools.get("add")?.execute("call-2", {}, undefined, undefined, ctx);
	state.hooked = false;
	assert.equal(world.lines().length, 4);
});

/** A runner with these commands, wrapped as the extension wraps Pi's. */
function runner(commands: Record<string, { info: SourceInfo; handler: Command["handler"]; as?: string }>): {
	getCommand(name: string): Command | undefined;
} {
	class Runner {
		getCommand(name: string): Command | undefined {
			const found = commands[name];
			return found && { name: found.as ?? name, invocationName: name, sourceInfo: found.info, handler: found.handler };
		}
	}
	const prototype = Runner.prototype as RunnerPrototype;
	assert.ok(wrapGetCommand(prototype));
	const once = prototype.getCommand;
	assert.ok(wrapGetCommand(prototype));
	assert.equal(prototype.getCommand, once, "wrapped once");
	processState().instances.push({ dir: "", recordCommand });
	return new Runner();
}

test("commands are recorded when they run, not when they are looked up", async () => {
	const error = new Error("mine");
	const seen: unknown[] = [];
	const r = runner({
		ok: { info: source("/x/a.ts"), handler: async (args) => void seen.push(args) },
		"dup:2": { info: source("/x/b/index.ts", "project"), as: "dup", handler: async () => {} },
		sync: {
			info: source("/x/a.ts"),
			handler: () => {
				throw error;
			},
		},
		own: { info: source("builtin:own", "user", "builtin"), handler: async () => {} },
	});
	assert.equal(r.getCommand("none"), undefined);
	const ctx = fakeContext("s-1");
	const command = r.getCommand("ok");
	assert.deepEqual(world.lines(), []);
	assert.equal(command?.name, "ok");
	await command?.handler("a b", ctx);
	await r.getCommand("dup:2")?.handler("", ctx);
	await r.getCommand("own")?.handler("", ctx);
	assert.throws(
		() => r.getCommand("sync")?.handler("", ctx),
		(e) => e === error,
	);
	assert.deepEqual(seen, ["a b"]);
	assert.deepEqual(world.ends(), ["ok succeeded", "dup:2 succeeded", "sync failed"]);
	const dup = world.lines()[3];
	assert.deepEqual([dup?.["scope"], dup?.["ext"], dup?.["session_id"]], ["project", "b", "s-1"]);
	assert.equal(processState().open.size, 0);
});

test("a command that replaces its session keeps the one it began in", async () => {
	let stale = false;
	const ctx = fakeContext("old", {
		get cwd(): string {
			if (stale) throw new Error("stale");
			return "/";
		},
	});
	const r = runner({
		fresh: {
			info: source("/x/a.ts"),
			handler: async () => {
				stale = true;
			},
		},
	});
	await r.getCommand("fresh")?.handler("", ctx);
	assert.deepEqual(
		world.lines().map((line) => line["session_id"]),
		["old", "old"],
	);
});

test("without an instance that records, commands just run", async () => {
	let ran = false;
	const r = runner({
		ok: {
			info: source("/x/a.ts"),
			handler: async () => {
				ran = true;
			},
		},
	});
	processState().instances = [];
	await r.getCommand("ok")?.handler("", fakeContext());
	assert.ok(ran);
	assert.deepEqual(world.lines(), []);
});

test("a runner without getCommand is left alone", () => {
	assert.equal(wrapGetCommand({}), false);
	assert.match(newID(), /-7/);
});
