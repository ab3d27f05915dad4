import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import factory from "../pi-track/index.ts";
import { type FakeContext, FakePi, fakeContext, World } from "./world.ts";

let world: World;
beforeEach(() => {
	world = new World();
});
afterEach(() => world.close());

async function load(ctx: FakeContext): Promise<FakePi> {
	const pi = new FakePi();
	await factory(pi.api);
	pi.emit("session_start", { reason: "startup" }, ctx);
	return pi;
}

test("/task sets, shows and clears the task of the session", async () => {
	const ctx = fakeContext("s-1");
	const pi = await load(ctx);
	await pi.command("task", "", ctx);
	assert.match(ctx.shown.pop() ?? "", /^no task/);
	await pi.command("task", " T-7 ", ctx);
	assert.equal(process.env["PI_TASK_ID"], "T-7");
	await pi.command("task", "", ctx);
	assert.equal(ctx.shown.pop(), "task: T-7");
	await pi.command("task", "two words", ctx);
	assert.match(ctx.shown.pop() ?? "", /^usage/);
	await pi.command("task", "x".repeat(300), ctx);
	assert.match(ctx.shown.pop() ?? "", /at most 200/);
	assert.equal(process.env["PI_TASK_ID"], "T-7");
	await pi.command("task", "-", ctx);
	assert.equal(process.env["PI_TASK_ID"], undefined);
	assert.deepEqual(
		pi.entries.map((entry) => entry.data),
		[{ task: "T-7" }, { task: "" }],
	);
});

test("a task lasts as long as its session and is remembered by it", async () => {
	const first = fakeContext("s-1");
	const pi = await load(first);
	await pi.command("task", "T-7", first);
	pi.emit("session_start", { reason: "new" }, fakeContext("s-2"));
	assert.equal(process.env["PI_TASK_ID"], undefined);
	pi.emit("session_start", { reason: "resume" }, first);
	assert.equal(process.env["PI_TASK_ID"], "T-7");
	const resumed = fakeContext("s-3");
	resumed.entries.push({ id: "1", parentId: null, customType: "pi-track-task", data: { task: "T-8" } });
	resumed.entries.push({ id: "2", parentId: "1", type: "message" });
	pi.emit("session_start", { reason: "resume" }, resumed);
	assert.equal(process.env["PI_TASK_ID"], "T-8");
});

test("/task done and /task fail record the outcome", async () => {
	const ctx = fakeContext("s-1");
	const pi = await load(ctx);
	await pi.command("task", "done", ctx);
	assert.match(ctx.shown.pop() ?? "", /no task/);
	assert.deepEqual(world.lines(), []);
	await pi.command("task", "T-7", ctx);
	await pi.command("task", "done", ctx);
	await pi.command("task", "fail", ctx);
	assert.deepEqual(world.ends(), ["task succeeded", "task failed"]);
	for (const line of world.lines()) {
		assert.deepEqual([line["kind"], line["src"], line["task_id"], line["session_id"]], ["job", "emit", "T-7", "s-1"]);
	}
	assert.equal(new Set(world.lines().map((line) => line["id"])).size, 2);
});

test("/tool-usage shows what pi-track report prints", async () => {
	const ctx = fakeContext();
	const pi = await load(ctx);
	await pi.command("tool-usage", "", ctx);
	assert.match(ctx.shown.pop() ?? "", /is missing\n.*pi-track install/);
	world.program('echo "$PI_TRACK_HOME: $*"');
	await pi.command("tool-usage", "why fx-ok", ctx);
	assert.match(ctx.shown.pop() ?? "", new RegExp(`^${world.home}: report why fx-ok .*--color never`));
	await pi.command("tool-usage", "", ctx);
	assert.match(ctx.shown.pop() ?? "", /: report digest /);
	world.program('echo "pi-track: error: unknown section" >&2; exit 2');
	await pi.command("tool-usage", "nonsense", ctx);
	assert.equal(ctx.shown.pop(), "pi-track: error: unknown section");
	world.program("exit 0");
	await pi.command("tool-usage", "", ctx);
	assert.equal(ctx.shown.pop(), "nothing recorded\n\nYour shell helpers can be recorded too: /tool-usage setup");
});

test("commands and templates of others keep their names", async () => {
	for (const [foreign, ours] of [
		[["task"], ["tool-usage"]],
		[["task:1", "task:2", "tool-usage"], []],
		[
			["tasks", "skill:task"],
			["tool-usage", "task"],
		],
	] as const) {
		const pi = new FakePi();
		pi.foreign = [...foreign];
		await factory(pi.api);
		assert.equal(pi.commands.size, 0, "before everything is loaded nothing is known of others");
		for (const reason of ["startup", "resume"]) pi.emit("session_start", { reason }, fakeContext());
		assert.deepEqual([...pi.commands.keys()], ours);
	}
});

test("a second installation elsewhere does not bring the commands again", async () => {
	const ctx = fakeContext();
	const first = await load(ctx);
	assert.deepEqual([...first.commands.keys()], ["tool-usage", "task"]);
	const second = new FakePi();
	second.foreign = [...first.commands.keys()];
	await factory(second.api);
	second.emit("session_start", { reason: "startup" }, ctx);
	assert.equal(second.commands.size, 0);
});
