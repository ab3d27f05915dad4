/** Several sessions in one process, and agents: which run belongs to which. */

import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { newID } from "../_shared/logger.ts";
import { derivedID } from "../_shared/uuid.ts";
import factory from "../pi-track/index.ts";
import { FakePi, fakeContext, type Line, source, World } from "./world.ts";

let world: World;
beforeEach(() => {
	world = new World();
});
afterEach(() => world.close());

const tools = [
	{ name: "agent", sourceInfo: source("/agent/extensions/agents.ts") },
	{ name: "todo", sourceInfo: source("/agent/extensions/todo.ts") },
	{ name: "mcp", sourceInfo: source("/n/pi-mcp-adapter/index.ts") },
	{ name: "bash", sourceInfo: source("builtin:bash", "temporary", "builtin") },
	{
		name: "mcp__my_docs__find",
		sourceInfo: source("builtin:mcp", "temporary", "builtin"),
	},
	{ name: "mcp__a_b__find", sourceInfo: source("builtin:mcp", "temporary", "builtin") },
	{ name: "read_mcp_resource", sourceInfo: source("builtin:mcp", "temporary", "builtin") },
];

async function session(id: string, reason = "startup"): Promise<[FakePi, ReturnType<typeof fakeContext>]> {
	const pi = new FakePi();
	pi.tools = tools;
	const ctx = fakeContext(id);
	await factory(pi.api);
	pi.emit("session_start", { reason }, ctx);
	return [pi, ctx];
}

const started = { content: [{ type: "text", text: "fine" }] };

class Calls {
	readonly pi: FakePi;
	readonly ctx: ReturnType<typeof fakeContext>;
	constructor(pi: FakePi, ctx: ReturnType<typeof fakeContext>) {
		this.pi = pi;
		this.ctx = ctx;
	}
	start(toolName: string, toolCallId: string, more: object = {}): void {
		this.pi.emit("tool_execution_start", { toolCallId, toolName, args: {}, ...more }, this.ctx);
	}
	end(toolName: string, toolCallId: string, result: object = started): void {
		this.pi.emit("tool_execution_end", { toolCallId, toolName, result, isError: false }, this.ctx);
	}
}

const byName = (name: string): Line[] =>
	world.lines().filter((line) => line.name === name && line.status !== "started");

test("a child session changes only what is its own", async () => {
	process.env["PI_TASK_ID"] = "T-1";
	const main = new Calls(...(await session("main")));
	main.start("agent", "c1");
	const child = new Calls(...(await session("child")));
	assert.deepEqual([process.env["PI_SESSION_ID"], process.env["PI_TRACK_SESSION"]], ["main", "main"]);
	child.start("bash", "b1");
	child.start("todo", "c1");
	assert.equal(process.env["PI_SESSION_ID"], undefined, "rather none than the parent's");
	assert.equal(process.env["PI_TRACK_SESSION"], undefined);
	assert.equal(process.env["PI_TASK_ID"], "T-1");
	child.end("bash", "b1");
	assert.equal(process.env["PI_SESSION_ID"], undefined);
	child.end("todo", "c1");
	assert.equal(process.env["PI_SESSION_ID"], "main");
	child.start("todo", "c2");
	child.pi.emit("session_shutdown", { reason: "quit" }, child.ctx);
	assert.deepEqual(world.ends(), ["todo succeeded", "todo cancelled"], "the parent's call is open");
	assert.equal(process.env["PI_SESSION_ID"], "main");
	await main.pi.command("task", "done", main.ctx);
	main.end("agent", "c1");
	const [agent] = byName("agent");
	for (const line of byName("todo")) {
		assert.deepEqual([line["session_id"], line["task_id"]], ["child", "T-1"]);
		assert.deepEqual([line["parent_id"], line["root_id"]], [agent?.["id"], agent?.["id"]]);
	}
	assert.deepEqual([agent?.["session_id"], byName("task")[0]?.["task_id"]], ["main", "T-1"]);
});

test("of several sessions that a host runs at once the first is the main one", async () => {
	process.env["PI_TASK_ID"] = "T-1";
	const all: Calls[] = [];
	for (const id of ["one", "two", "three"]) all.push(new Calls(...(await session(id))));
	for (const calls of all) calls.start("todo", "c");
	assert.equal(process.env["PI_SESSION_ID"], undefined, "rather none than that of another");
	for (const calls of all.toReversed()) calls.end("todo", "c");
	assert.deepEqual(
		byName("todo").map((line) => [line["session_id"], line["task_id"], line["parent_id"]]),
		["three", "two", "one"].map((id) => [id, "T-1", undefined]),
	);
	assert.equal(process.env["PI_SESSION_ID"], "one");
});

test("a read of an extension's own is its tool, but where it reads a skill", async () => {
	const main = new Calls(...(await session("main")));
	main.pi.tools = [...tools, { name: "read", sourceInfo: source("/agent/extensions/better-read.ts") }];
	for (const [id, path] of [
		["r1", "/a/notes.txt"],
		["r2", "/a/skills/pdf/SKILL.md"],
	]) {
		main.start("read", id ?? "", { args: { path } });
		main.end("read", id ?? "");
	}
	assert.deepEqual(
		world.lines().flatMap((line) => (line.status === "started" ? [] : [[line["kind"], line.name, line["ext"]]])),
		[
			["extension_tool", "read", "better-read"],
			["skill", "pdf", undefined],
		],
	);
});

test("a child session may have a task of its own, and may be replaced", async () => {
	const main = new Calls(...(await session("main")));
	await main.pi.command("task", "T-1", main.ctx);
	const child = new Calls(...(await session("child")));
	await child.pi.command("task", "T-2", child.ctx);
	assert.equal(process.env["PI_TASK_ID"], "T-1");
	for (const calls of [main, child]) {
		calls.start("todo", "c");
		calls.end("todo", "c");
	}
	child.pi.emit("session_shutdown", { reason: "new" }, child.ctx);
	await session("child-2", "new");
	assert.equal(process.env["PI_SESSION_ID"], "main");
	assert.deepEqual(
		byName("todo").map((line) => line["task_id"]),
		["T-1", "T-2"],
	);
	main.pi.emit("session_shutdown", { reason: "new" }, main.ctx);
	await session("main-2", "new");
	assert.equal(process.env["PI_SESSION_ID"], "main-2");
});

test("a session that was disposed of without a word is replaced by the next", async () => {
	const [, ctx] = await session("main");
	ctx.sessionManager.getSessionId = () => {
		throw new Error("this ctx is stale");
	};
	await session("other");
	assert.equal(process.env["PI_SESSION_ID"], "other");
});

test("calls inside calls have the outer call as parent, recorded or not", async () => {
	const root = newID();
	process.env["PI_TRACK_PARENT"] = root;
	process.env["PI_TRACK_ROOT"] = root;
	const main = new Calls(...(await session("s")));
	main.start("agent", "c1");
	main.start("todo", "c1/1", { parentToolCallId: "c1" });
	main.end("todo", "c1/1");
	main.end("agent", "c1");
	main.start("codemode", "c2");
	main.start("todo", "c2/1", { parentToolCallId: "c2" });
	main.end("todo", "c2/1");
	const [first, second] = byName("todo");
	assert.deepEqual([first?.["parent_id"], first?.["root_id"]], [byName("agent")[0]?.["id"], root]);
	assert.deepEqual([second?.["parent_id"], second?.["root_id"]], [derivedID("s", "c2"), root]);
});

test("tools of MCP servers are recorded with the server, a gateway by what it called", async () => {
	const main = new Calls(...(await session("s")));
	for (const { name } of tools.filter((tool) => tool.name.includes("mcp"))) {
		const details = name === "mcp" ? { mode: "call", server: "docs", tool: "search" } : {};
		main.start(name, name);
		main.end(name, name, { ...started, details });
	}
	main.start("mcp", "list");
	main.end("mcp", "list", { ...started, details: { mode: "list", server: "docs", tools: [] } });
	const ends = world.lines().filter((line) => line.status === "succeeded");
	assert.deepEqual(
		ends.map((line) => [line.name, line["ext"]]),
		[
			["search", "docs"],
			["mcp__my_docs__find", "my_docs"],
			["mcp__a_b__find", "a_b"],
			["mcp", "pi-mcp-adapter"],
		],
	);
});

test("agents in this process are runs of their own, each a child of its call", async () => {
	const main = new Calls(...(await session("main")));
	for (const name of ["one", "two"]) main.start("agent", name, { args: { subagent_type: "w", description: name } });
	for (const [id, description] of [
		["bbbbbbbb-1", "two"],
		["aaaaaaaa-1", "one"],
	]) {
		main.pi.bus.emit("subagents:started", { id, type: "w", description });
	}
	const [pi, ctx] = [new FakePi(), fakeContext("child")];
	pi.tools = tools;
	ctx.sessionManager.getSessionName = () => "w#aaaaaaaa";
	await factory(pi.api);
	pi.emit("session_start", { reason: "startup" }, ctx);
	const child = new Calls(pi, ctx);
	child.start("todo", "x");
	main.pi.bus.emit("subagents:completed", {
		id: "aaaaaaaa-1",
		status: "completed",
		tokens: { input: 20, output: 2, total: 22 },
	});
	main.pi.bus.emit("subagents:failed", { id: "bbbbbbbb-1", status: "error", error: "no model" });
	for (const name of ["one", "two"]) main.end("agent", name);
	const calls = new Map(byName("agent").map((line) => [line["call_id"], line["id"]]));
	const [one, two] = byName("w");
	assert.deepEqual(
		[one?.status, one?.["parent_id"], one?.["usage"]],
		["succeeded", calls.get("one"), { tokens: 22, input: 20, output: 2 }],
	);
	assert.deepEqual([two?.status, two?.["parent_id"], two?.["error_summary"]], ["failed", calls.get("two"), "no model"]);
	const [todo] = byName("todo");
	assert.deepEqual(
		[todo?.status, todo?.["parent_id"]],
		["cancelled", one?.["id"]],
		"what the agent left open ends with it",
	);
});

test("a detached agent ends when its package says so, also in a later Pi", async () => {
	const main = new Calls(...(await session("main")));
	main.start("agent", "c", { args: { agent: "scout" } });
	main.pi.bus.emit("subagent:async-started", { id: "r1", agent: "scout" });
	main.end("agent", "c", { ...started, details: { asyncId: "r1" } });
	main.start("agent", "d", { args: { agent: "scout" } });
	main.end("agent", "d", { ...started, details: { asyncId: "r2", mode: "workflow" } });
	const results = [{ agent: "scout", usage: { input: 5, output: 1, cost: 0.5 } }];
	main.pi.bus.emit("subagent:async-complete", { id: "r2", success: false, error: "lost", results, durationMs: 77 });
	const [call, second] = byName("agent");
	const [failed] = byName("scout");
	assert.deepEqual(
		[failed?.status, failed?.["parent_id"], failed?.["error_summary"], failed?.["duration_ms"]],
		["failed", second?.["id"], "lost", 77],
	);
	assert.deepEqual(failed?.["usage"], { tokens: 6, input: 5, output: 1, cost: 0.5 });
	main.pi.emit("session_shutdown", { reason: "quit" }, main.ctx);
	world.forget();
	assert.equal(byName("scout").length, 1, "it goes on when Pi quits");
	const next = new Calls(...(await session("main")));
	next.pi.bus.emit("subagent:async-complete", { id: "r1", agent: "scout", success: true, durationMs: 99 });
	const done = byName("scout").at(-1);
	const start = world.lines().find((line) => line["id"] === done?.["id"]);
	assert.deepEqual([done?.status, start?.status, start?.["parent_id"]], ["succeeded", "started", call?.["id"]]);
});

test("a detached agent whose process ends without a result has failed, one whose result follows has not", async (t) => {
	t.mock.timers.enable({ apis: ["setTimeout"] });
	const main = new Calls(...(await session("main")));
	for (const id of ["lost", "late", "known"]) {
		main.pi.bus.emit("subagent:async-started", { id, agent: id });
		main.pi.bus.emit("subagent:async-started", { id, agent: id }); // said twice
	}
	const started = world.lines().filter((line) => line.status === "started");
	assert.deepEqual(
		started.map((line) => [line.name, line["kind"], line["session_id"]]),
		["lost", "late", "known"].map((name) => [name, "job", "main"]),
	);
	for (const id of ["lost", "late", "nobody"]) main.pi.bus.emit("subagent:process-terminal", { runId: id });
	for (const bad of [undefined, null, 7, {}]) main.pi.bus.emit("subagent:process-terminal", bad);
	t.mock.timers.tick(29_000);
	assert.deepEqual(world.ends(), [], "a result may still come");
	main.pi.bus.emit("subagent:async-complete", { id: "late", agent: "late", success: true });
	t.mock.timers.tick(2_000);
	assert.deepEqual(world.ends(), ["late succeeded", "lost failed"]);
	assert.equal(byName("lost")[0]?.["error_summary"], "the agent's process ended without a result");
	for (const end of [{ stopped: true }, { interrupted: true }, { state: "stopped" }]) {
		main.pi.bus.emit("subagent:async-started", { id: JSON.stringify(end), agent: "halted" });
		main.pi.bus.emit("subagent:async-complete", { id: JSON.stringify(end), agent: "halted", ...end });
	}
	assert.deepEqual(world.ends().slice(2), ["halted cancelled", "halted cancelled", "halted cancelled"]);
});

test("agents of a session that is over are not heard any more", async () => {
	const main = new Calls(...(await session("main")));
	main.pi.bus.emit("subagents:started", { id: "a", type: "w" });
	main.pi.emit("session_shutdown", { reason: "quit" }, main.ctx);
	main.pi.bus.emit("subagents:completed", { id: "a", status: "completed" });
	main.pi.bus.emit("subagents:started", { id: "b", type: "w" });
	assert.deepEqual(world.ends(), ["w cancelled"]);
	for (const bad of [undefined, null, 7, "x", {}, { id: 7 }]) main.pi.bus.emit("subagents:started", bad);
});

test("skills are recorded when the model reads them, and when a person calls them", async () => {
	const main = new Calls(...(await session("s")));
	main.pi.resources = [
		{ name: "skill:pdf-tools", source: "skill", sourceInfo: source("/a/skills/pdf/SKILL.md") },
		{ name: "skill:here", source: "skill", sourceInfo: source("/p/.pi/skills/here/SKILL.md", "project") },
		{ name: "review", source: "prompt", sourceInfo: source("/p/.pi/prompts/review.md", "project") },
	];
	const read = (path: unknown, id: string): void => {
		main.start("read", id, { args: { path } });
		main.end("read", id);
	};
	read("/a/skills/pdf/SKILL.md", "r1");
	read("/b/unlisted/SKILL.md", "r2");
	for (const path of ["/a/skills/pdf/other.md", "SKILL.md", "", undefined, 7]) read(path, "none");
	for (const text of ["/skill:here do it", "/review this", "/skill:none", "/path/to/file", "no /review", "/todo"]) {
		main.pi.emit("input", { text, source: "interactive" }, main.ctx);
	}
	main.pi.emit("input", { text: "/review", source: "extension" }, main.ctx);
	const ends = world.lines().filter((line) => line.status === "succeeded");
	assert.deepEqual(
		ends.map((line) => [line["kind"], line.name, line["scope"], line["session_id"], line["call_id"]]),
		[
			["skill", "pdf-tools", "global", "s", "r1"],
			["skill", "unlisted", "project", "s", "r2"],
			["skill", "here", "project", "s", undefined],
			["prompt", "review", "project", "s", undefined],
		],
	);
});

interface Spent {
	input: number;
	output: number;
}

/** A Pi below a run that has its box, and what has been written for it, summed. */
async function spending(nested: Spent[]): Promise<{ main: Calls; sum: () => Spent }> {
	const parent = newID();
	process.env["PI_TRACK_PARENT"] = parent;
	const box = join(world.home, "open", parent);
	writeFileSync(box, "");
	writeFileSync(
		`${box}.usage`,
		nested.map((usage, i) => `${JSON.stringify({ ...usage, session: `nested-${i}` })}\n`).join(""),
	);
	const main = new Calls(...(await session("main")));
	const sum = (): Spent => {
		const total = { input: 0, output: 0 };
		for (const line of readFileSync(`${box}.usage`, "utf8").split("\n").filter(Boolean)) {
			const { input = 0, output = 0 } = JSON.parse(line) as Partial<Spent>;
			total.input += input;
			total.output += output;
		}
		return total;
	};
	return { main, sum };
}

const reports: [string, Spent[], object, Spent][] = [
	["a tool's own usage is added", [], { usage: { input: 10, output: 1 } }, { input: 10, output: 1 }],
	["beside other nested Pis", [{ input: 3, output: 3 }], { usage: { input: 10, output: 1 } }, { input: 13, output: 4 }],
	[
		"agents that counted themselves are not",
		[{ input: 7, output: 2 }],
		{ details: { results: [{ usage: { input: 7, output: 2 } }] } },
		{ input: 7, output: 2 },
	],
	[
		"agents that did not are",
		[{ input: 7, output: 2 }],
		{ details: { results: [{ usage: { input: 7, output: 2 } }, { usage: { input: 5, output: 5 } }] } },
		{ input: 12, output: 7 },
	],
	[
		"two agents alike of which one counted itself",
		[{ input: 7, output: 2 }],
		{ details: { results: [{ usage: { input: 7, output: 2 } }, { usage: { input: 7, output: 2 } }] } },
		{ input: 14, output: 4 },
	],
	[
		"an agent that counted a part",
		[{ input: 7, output: 2 }],
		{ details: { results: [{ usage: { input: 9, output: 3 } }] } },
		{ input: 9, output: 3 },
	],
	[
		"a sum with its agents inside",
		[{ input: 7, output: 2 }],
		{ usage: { input: 8, output: 4 }, details: { results: [{ usage: { input: 7, output: 2 } }] } },
		{ input: 8, output: 4 },
	],
	[
		"an agent whose session is named",
		[
			{ input: 7, output: 2 },
			{ input: 1, output: 1 },
		],
		{
			details: {
				results: [
					{ sessionFile: "/s/2026_00000000-0000-7000-8000-000000000000.jsonl", usage: { input: 7, output: 2 } },
				],
			},
		},
		{ input: 15, output: 5 },
	],
];
for (const [what, nested, result, want] of reports) {
	test(`usage: ${what}`, async () => {
		const { main, sum } = await spending(nested);
		main.start("agent", "c");
		main.end("agent", "c", { ...started, ...result });
		assert.deepEqual(sum(), want);
	});
}

test("usage: agents in this process, with and without extensions, count once", async () => {
	const { main, sum } = await spending([]);
	const usage = { input: 10, output: 1, totalTokens: 11 };
	for (const id of ["with-ext", "isolated"]) main.pi.bus.emit("subagents:started", { id, type: "w" });
	const [pi, ctx] = [new FakePi(), fakeContext("child")];
	await factory(pi.api);
	ctx.sessionManager.getSessionName = () => "w#with-ext";
	pi.emit("session_start", { reason: "startup" }, ctx);
	pi.emit("message_end", { message: { role: "assistant", usage } }, ctx);
	for (const id of ["isolated", "with-ext"]) {
		main.pi.bus.emit("subagents:completed", { id, status: "completed", tokens: { input: 10, output: 1, total: 11 } });
	}
	assert.deepEqual(sum(), { input: 20, output: 2 });
});
