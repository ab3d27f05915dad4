// Helpers behind shims that Pi runs: what shim and extension record together.
// These need the program: PI_TRACK_BIN, which test/e2e-pi/run builds.

import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, renameSync } from "node:fs";
import { join } from "node:path";
import { only, outcomes, runs, until } from "./lib/events.mjs";
import { print, Rpc } from "./lib/pi.mjs";
import { scenario } from "./lib/scenario.mjs";

const helpers = { broken: 'echo "the disk is on fire" >&2\nexit 3', slow: "echo begun >&2\nsleep 300\n:" };
const bash = (command, more = {}) => ({ tools: [{ name: "bash", args: { command, ...more } }] });

/** The only session of a world: what its session file says. */
const sessionId = (world) => world.sessionLines()[0].id;

const fails = { extensions: ["fx.ts"], helpers, scripts: { play: [bash("broken secret-argument")] } };
scenario("a helper run by the bash tool fails", fails, async (world) => {
	await print(world, "play:play");
	const { start, end } = only(world.events(), "broken");
	assert.equal(runs(world.events()).length, 1, "the bash tool itself is not recorded");
	assert.deepEqual(
		[end.status, end.exit_code, end.error_summary, end.src, end.kind],
		["failed", 3, "the disk is on fire", "shim", "script"],
	);
	assert.equal(start.session_id, sessionId(world));
	assert.equal(end.session_id, sessionId(world));
	assert.doesNotMatch(JSON.stringify(world.events()), /secret-argument/);
});

// Pi puts its own bin directory in front of PATH, unless it is there already.
scenario("a helper in Pi's own bin directory is recorded", { helpers: { sweep: "exit 4" }, scripts: { play: [bash("sweep")] } }, async (world) => {
	mkdirSync(join(world.agent, "bin"));
	renameSync(join(world.root, "bin/sweep"), join(world.agent, "bin/sweep"));
	await print(world, "play:play");
	const { end } = only(world.events(), "sweep");
	assert.deepEqual([end.status, end.exit_code, end.session_id], ["failed", 4, sessionId(world)]);
});

/** Whether a black box holds what slow has said, which is lost with who is killed before. */
function hasBegun(world) {
	return spawnSync("grep", ["-rqs", "begun", join(world.trackHome, "open")]).status === 0;
}

async function isReaped(world) {
	// Pi still runs: it has the record closed itself and does not leave it to the next report.
	const end = await until(() => only(world.events(), "slow").end, "the reaped end line");
	assert.deepEqual([end.status, end.src, end.session_id], ["cancelled", "reaped", sessionId(world)]);
	assert.match(end.error_summary, /begun/);
	assert.equal(runs(world.events()).length, 1);
}

scenario("a helper run by the bash tool is aborted", { helpers, scripts: { play: [bash("slow 2>&1 | tail -20")] } }, async (world) => {
	const rpc = new Rpc(world);
	await rpc.prompt("play:play");
	await until(() => hasBegun(world), "the error text in the black box");
	rpc.send({ type: "abort" });
	await rpc.idle();
	await isReaped(world);
	await rpc.close();
	assert.deepEqual(outcomes(world.events()), ["slow cancelled"]);
});

scenario("a helper run by the bash tool times out", { helpers, scripts: { play: [bash("slow", { timeout: 3 })] } }, async (world) => {
	const rpc = new Rpc(world);
	await rpc.prompt("play:play");
	await rpc.idle();
	await isReaped(world);
	await rpc.close();
	assert.deepEqual(outcomes(world.events()), ["slow cancelled"]);
});

scenario("helpers run by ! and by pi.exec know their session", { extensions: ["fx.ts"], helpers, env: { PI_TASK_ID: "task-7" } }, async (world) => {
	const rpc = new Rpc(world);
	rpc.send({ id: "state", type: "get_state" });
	const { data } = await rpc.message((m) => m.id === "state", "the state");
	await rpc.shell("broken");
	await rpc.prompt("/fx-exec broken");
	await rpc.close();
	const ends = world.events().filter((e) => e.name === "broken" && e.status !== "started");
	assert.equal(ends.length, 2);
	for (const end of ends) {
		assert.deepEqual([end.session_id, end.task_id, end.src], [data.sessionId, "task-7", "shim"]);
	}
});

scenario("helpers know the new session after it was replaced", { extensions: ["fx.ts"], helpers }, async (world) => {
	const rpc = new Rpc(world);
	await rpc.prompt("/fx-new");
	rpc.send({ id: "state", type: "get_state" });
	const { data } = await rpc.message((m) => m.id === "state", "the state");
	await rpc.shell("broken");
	await rpc.close();
	assert.equal(only(world.events(), "broken").end.session_id, data.sessionId);
});

const child = [{ tools: [{ name: "fx_ok" }], usage: { input: 300, output: 30 } }, { text: "Done.", usage: { input: 500, output: 50 } }];
const loop = (pi) => ({
	extensions: [join(pi.examples, "subagent"), "fx.ts"],
	helpers: { ...helpers, spend: '"$TEST_NODE" "$TEST_CLI" -p play:outer && broken' },
	loops: ["spend"],
	env: { TEST_NODE: pi.node, TEST_CLI: pi.cli },
	scripts: { outer: [{ tools: [{ name: "subagent", args: { agent: "worker", task: "play:child" } }] }, bash("broken")], child },
});
scenario("a loop's end event carries the nested usage, once", loop, async (world) => {
	world.addAgent("worker");
	const env = { ...world.env, PATH: `${join(world.trackHome, "shims")}:${world.env.PATH}` };
	const run = spawn("spend", { cwd: world.project, env, stdio: "ignore" });
	await new Promise((resolve) => run.on("close", resolve));
	const events = world.events();
	const { end } = only(events, "spend");
	assert.deepEqual([end.kind, end.status, end.exit_code], ["loop", "failed", 3]);
	// three answers of the outer model (1000 + 20 each) and two of the nested one
	const { input, output, tokens, cost, model } = end.usage;
	assert.deepEqual({ input, output, tokens, model }, { input: 3800, output: 140, tokens: 3940, model: "mock-1" });
	assert.ok(Math.abs(cost - (3800 + 2 * 140) / 1e6) < 1e-9);
	for (const name of ["fx_ok", "subagent"]) {
		const { end: tool } = only(events, name);
		assert.equal(tool.root_id, end.id, `${name} belongs to the loop`);
	}
	const nested = runs(events).filter(({ start }) => start.name === "broken");
	assert.equal(nested.length, 2);
	for (const { end: helper } of nested) assert.equal(helper.root_id, end.id);
});

const session = { extensions: ["fx.ts"], helpers, scripts: { play: [{ tools: [{ name: "fx_ok" }, { name: "fx_throw" }] }, { tools: [{ name: "fx_iserror" }] }] } };
scenario("importing what was recorded live adds nothing", session, async (world) => {
	const rpc = new Rpc(world);
	await rpc.prompt("play:play");
	await rpc.idle();
	await rpc.shell("broken");
	await rpc.close();
	const before = world.events();
	assert.equal(runs(before).length, 4);
	const said = world.pitrack("import", "pi-sessions");
	assert.match(said, /^runs found +4$/m);
	assert.match(said, /^added +0$/m);
	assert.deepEqual(world.events(), before);
});

scenario("what was not recorded can be imported", { ...session, env: { PI_TRACK_DISABLE: "1" } }, async (world) => {
	await print(world, "play:play");
	assert.deepEqual(world.events(), []);
	assert.match(world.pitrack("import", "pi-sessions"), /^added +3$/m);
	assert.match(world.pitrack("import", "pi-sessions"), /^added +0$/m);
	assert.match(world.pitrack("report", "--json"), /fx_throw/);
});

scenario("/tool-usage shows the report in print mode", session, async (world) => {
	await print(world, "play:play");
	const { code, stdout } = await print(world, "/tool-usage");
	assert.equal(code, 0);
	assert.match(stdout, /fx_ok/);
	assert.match((await print(world, "/tool-usage why fx_throw")).stdout, /it broke/);
});

scenario("/task sets the task and records its outcome", session, async (world) => {
	const rpc = new Rpc(world);
	await rpc.prompt("/task t-1");
	await rpc.prompt("play:play");
	await rpc.idle();
	await rpc.shell("broken");
	await rpc.prompt("/task done");
	await rpc.close();
	for (const name of ["fx_ok", "broken"]) assert.equal(only(world.events(), name).end.task_id, "t-1");
});

scenario("a /task of the user's own stays what it is", { extensions: ["own-task.ts"], scripts: {} }, async (world) => {
	const { code, stdout } = await print(world, "/task t-1");
	assert.deepEqual([code, stdout], [0, "own t-1\n"]);
	assert.deepEqual(world.provider.requests, []); // it did not go to the model
});
