import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { newID, refreshPlaces } from "../_shared/logger.ts";
import { processState } from "../_shared/state.ts";
import factory from "../pi-track/index.ts";
import type { Context } from "../pi-track/pi.ts";
import { FakePi, fakeContext, source, until, World } from "./world.ts";

let world: World;
beforeEach(() => {
	world = new World();
});
afterEach(() => world.close());

const tools = [
	{ name: "todo", sourceInfo: source("/agent/extensions/todo.ts") },
	{ name: "local", sourceInfo: source("/p/.pi/extensions/local/index.ts", "project") },
	{ name: "packed", sourceInfo: source("/n/node_modules/pi-packed/src/index.ts", "user", "npm:pi-packed") },
	{ name: "bash", sourceInfo: source("builtin:bash", "temporary", "builtin") },
	{ name: "hosted", sourceInfo: source("<sdk>", "temporary", "sdk") },
];

/** Loads the extension as Pi does and starts a session. */
async function load(ctx: Context = fakeContext()): Promise<FakePi> {
	const pi = new FakePi();
	pi.tools = tools;
	await factory(pi.api);
	pi.emit("session_start", { reason: "startup" }, ctx);
	return pi;
}

function call(pi: FakePi, ctx: Context, toolName: string, end: object = {}, toolCallId = `call-${toolName}`): void {
	pi.emit("tool_execution_start", { toolCallId, toolName, args: {} }, ctx);
	const result = { content: [{ type: "text", text: "fine" }] };
	pi.emit("tool_execution_end", { toolCallId, toolName, result, isError: false, ...end }, ctx);
}

test("extension tools are recorded with their origin, others are not", async () => {
	const ctx = fakeContext("s-1", { cwd: world.home });
	mkdirSync(join(world.home, ".git"));
	const pi = await load(ctx);
	for (const tool of tools) call(pi, ctx, tool.name);
	call(pi, ctx, "unknown");
	const seen = world.lines().filter((line) => line.status === "succeeded");
	assert.deepEqual(
		seen.map((line) => [line.name, line["ext"], line["scope"], line["call_id"]]),
		[
			["todo", "todo", "global", "call-todo"],
			["local", "local", "project", "call-local"],
			["packed", "pi-packed", "global", "call-packed"],
		],
	);
	const [start, end] = world.lines();
	assert.equal(start?.["id"], end?.["id"]);
	for (const line of [start, end]) {
		assert.equal(line?.["kind"], "extension_tool");
		assert.equal(line?.["session_id"], "s-1");
		assert.equal(line?.["cwd"], world.home);
		assert.equal(line?.["repo"], world.home);
		assert.equal(line?.["pid"], process.pid);
	}
	assert.ok(!pi.handlers.has("tool_call"), "a handler there could block tools");
});

test("a tool registered late, and a built-in one replaced by an extension", async () => {
	const ctx = fakeContext();
	const pi = await load(ctx);
	call(pi, ctx, "bash");
	pi.tools = [
		{ name: "late", sourceInfo: source("/x/late.ts") },
		{ name: "bash", sourceInfo: source("/x/mybash.ts") },
	];
	call(pi, ctx, "late");
	pi.emit("agent_start", {}, ctx);
	call(pi, ctx, "bash");
	assert.deepEqual(world.ends(), ["late succeeded", "bash succeeded"]);
});

test("two installations count once, whichever is loaded last", async () => {
	const ctx = fakeContext();
	const first = await load(ctx);
	const second = await load(ctx);
	for (const event of ["tool_execution_start", "tool_execution_end"]) {
		for (const pi of [first, second]) {
			const end = { toolCallId: "c", toolName: "todo", args: {}, result: {}, isError: false };
			pi.emit(event, end, ctx);
		}
	}
	assert.deepEqual(world.ends(), ["todo succeeded"]);
});

test("what is open when the session ends is cancelled", async () => {
	const ctx = fakeContext();
	const pi = await load(ctx);
	const start = { toolCallId: "c", toolName: "todo", args: {} };
	pi.emit("tool_execution_start", start, ctx);
	pi.emit("session_shutdown", { reason: "quit" }, ctx);
	pi.emit("tool_execution_end", { ...start, result: {}, isError: false }, ctx);
	assert.deepEqual(world.ends(), ["todo cancelled"]);
	assert.equal(processState().instances.length, 0);
});

test("an aborted call is cancelled, whether it throws or returns", async () => {
	const ctx = fakeContext("s", { signal: AbortSignal.abort() });
	const pi = await load(ctx);
	call(pi, ctx, "todo", { isError: true }, "c1");
	call(pi, ctx, "todo", {}, "c2");
	assert.deepEqual(world.ends(), ["todo cancelled", "todo cancelled"]);
});

test("Pi's own duration is taken where it has one", async () => {
	const ctx = fakeContext();
	const pi = await load(ctx);
	call(pi, ctx, "todo", { durationMs: 1234.6 });
	assert.equal(world.lines()[1]?.["duration_ms"], 1235);
});

test("programs started from Pi know the session and find the shims first", async () => {
	mkdirSync(join(world.home, "shims"));
	process.env["PATH"] = "/usr/bin:/bin";
	process.env["PI_TRACK_PARENT"] = newID();
	const parent = process.env["PI_TRACK_PARENT"];
	const pi = await load(fakeContext("s-1"));
	assert.equal(process.env["PI_SESSION_ID"], "s-1");
	assert.equal(process.env["PATH"], [join(world.home, "shims"), "/usr/bin", "/bin"].join(delimiter));
	assert.equal(process.env["PI_TRACK_PARENT"], parent);
	pi.emit("session_start", { reason: "new" }, fakeContext("s-2"));
	assert.equal(process.env["PI_SESSION_ID"], "s-2");
	assert.equal(process.env["PATH"]?.split(delimiter).length, 3, "once only");
});

test("a helper in Pi's own bin directory is found behind its shim", async () => {
	const own = join(world.home, "agent", "bin");
	for (const dir of [join(world.home, "shims"), own]) mkdirSync(dir, { recursive: true });
	process.env["PI_CODING_AGENT_DIR"] = join(world.home, "agent");
	process.env["PATH"] = "/usr/bin";
	writeFileSync(join(own, "rg"), "");
	await load(fakeContext());
	assert.equal(process.env["PATH"], [join(world.home, "shims"), "/usr/bin"].join(delimiter));
	for (const dir of [join(world.home, "shims"), own]) writeFileSync(join(dir, "sweep"), "");
	for (let turn = 0; turn < 2; turn++) {
		await load(fakeContext());
		assert.equal(process.env["PATH"], [join(world.home, "shims"), own, "/usr/bin"].join(delimiter));
	}
	delete process.env["PI_CODING_AGENT_DIR"];
});

test("PATH is left alone where there are no shims", async () => {
	const before = process.env["PATH"];
	await load();
	assert.equal(process.env["PATH"], before);
});

test("runs belong to the run that started Pi", async () => {
	const parent = newID();
	const root = newID();
	process.env["PI_TRACK_PARENT"] = parent;
	process.env["PI_TRACK_ROOT"] = root;
	const ctx = fakeContext();
	call(await load(ctx), ctx, "todo");
	for (const line of world.lines()) assert.deepEqual([line["parent_id"], line["root_id"]], [parent, root]);
});

test("PI_TRACK_DISABLE records nothing and changes nothing", async () => {
	process.env["PI_TRACK_DISABLE"] = "1";
	mkdirSync(join(world.home, "shims"));
	const before = { ...process.env };
	const ctx = fakeContext();
	call(await load(ctx), ctx, "todo");
	assert.deepEqual(world.lines(), []);
	assert.deepEqual({ ...process.env }, before);
});

test("nothing of it reaches Pi when everything goes wrong", async () => {
	process.env["PI_TRACK_LOG"] = world.home;
	refreshPlaces();
	const broken = new Proxy({} as Context, {
		get() {
			throw new Error("this context is stale");
		},
	});
	const pi = new FakePi();
	await factory(pi.api);
	for (const [event] of pi.handlers) pi.emit(event, {}, broken);
	pi.emit("session_start", {}, fakeContext());
	call(pi, fakeContext(), "todo");
	await factory(undefined as never);
	await factory({} as never);
});

test("a nested Pi's answers are added to the run that started it, only while that runs", async () => {
	const parent = newID();
	process.env["PI_TRACK_PARENT"] = parent;
	const box = join(world.home, "open", parent);
	const ctx = fakeContext();
	const pi = await load(ctx);
	const other = await load(ctx);
	const usage = { input: 10, output: 2, cacheRead: 1, cacheWrite: 0, totalTokens: 13, cost: { total: 0.25 } };
	const answer = { message: { role: "assistant", model: "m-1", usage } };
	for (const one of [pi, other]) one.emit("message_end", answer, ctx);
	assert.ok(!existsSync(`${box}.usage`), "no box, no usage");
	writeFileSync(box, "");
	for (const one of [pi, other]) {
		one.emit("message_end", answer, ctx);
		one.emit("message_end", { message: { role: "toolResult", usage } }, ctx);
		one.emit("message_end", { message: { role: "assistant" } }, ctx);
	}
	assert.equal(
		readFileSync(`${box}.usage`, "utf8"),
		'{"tokens":13,"input":10,"output":2,"cache_read":1,"cost":0.25,"model":"m-1"}\n',
	);
});

test("without a run around it Pi's messages are not looked at", async () => {
	process.env["PI_TRACK_PARENT"] = "../../etc/passwd";
	const pi = await load();
	assert.ok(!pi.handlers.has("message_end"));
});

test("a bash command that Pi killed has its helpers reaped", async () => {
	world.program('echo "$1" >> "$PI_TRACK_HOME/reaped"');
	const reaped = join(world.home, "reaped");
	const ctx = fakeContext();
	const pi = await load(ctx);
	const text = (s: string): object => ({ content: [{ type: "text", text: s }] });
	const killed = { result: text("out\n\nCommand timed out after 1 seconds"), isError: true };
	call(pi, ctx, "bash", killed);
	assert.ok(!existsSync(reaped), "there is no box");
	writeFileSync(join(world.home, "open", newID()), "");
	call(pi, ctx, "bash", { result: text("Command exited with code 1"), isError: true });
	call(pi, ctx, "bash", killed);
	await until("reaped", () => existsSync(reaped) && readFileSync(reaped, "utf8") === "reap\n".repeat(3));
});

test("a command of the user's that was cancelled has its helpers reaped", async () => {
	world.program('echo "$1" >> "$PI_TRACK_HOME/reaped"');
	writeFileSync(join(world.home, "open", newID()), "");
	const ctx = fakeContext();
	const pi = await load(ctx);
	ctx.entries.push({ id: "e1", parentId: null });
	pi.emit("user_bash", { command: "helper" }, ctx);
	ctx.entries.push({ id: "e2", parentId: "e1", message: { role: "bashExecution", cancelled: true } });
	ctx.entries.push({ id: "e3", parentId: "e2" });
	// The watcher's timer does not keep the process alive; this one does.
	await until("reaped", () => existsSync(join(world.home, "reaped")));
});

test("an exit that Pi does not announce closes what is open", () => {
	const code = `
		import factory from ${JSON.stringify(new URL("../pi-track/index.ts", import.meta.url).href)};
		import { FakePi, fakeContext, source } from ${JSON.stringify(new URL("world.ts", import.meta.url).href)};
		const pi = new FakePi();
		pi.tools = [{ name: "todo", sourceInfo: source("/x/todo.ts") }];
		await factory(pi.api);
		pi.emit("session_start", {}, fakeContext());
		pi.emit("tool_execution_start", { toolCallId: "c", toolName: "todo" }, fakeContext());
		process.exit(129);`;
	const args = [...process.execArgv, "--input-type=module", "--eval", code];
	assert.throws(() => execFileSync(process.execPath, args, { stdio: "inherit" }), { status: 129 });
	assert.deepEqual(world.ends(), ["todo cancelled"]);
});
