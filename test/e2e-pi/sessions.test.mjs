// Several sessions in one process, and calls inside calls: whose run it was.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { installPackage } from "./lib/install.mjs";
import { only, runs, until } from "./lib/events.mjs";
import { print, Rpc } from "./lib/pi.mjs";
import { scenario } from "./lib/scenario.mjs";

const helpers = { first: ":", inside: ":", last: ":" };
const bash = (command) => ({ name: "bash", args: { command } });
const ends = (events, name) => runs(events).filter(({ start }) => start.name === name).map(({ end }) => end);

/** The session that Pi runs, asked of Pi itself. */
async function mainSession(rpc) {
	rpc.send({ id: "state", type: "get_state" });
	return (await rpc.message((m) => m.id === "state", "the state")).data.sessionId;
}

/** The parent's own runs after a child session are still the parent's. */
async function afterwards(world, rpc, session) {
	await rpc.shell("last");
	await rpc.prompt("/fx-exec last");
	await rpc.prompt("/task done");
	await rpc.close();
	const last = ends(world.events(), "last");
	assert.equal(last.length, 3, "one by the bash tool, one by !, one by pi.exec");
	for (const run of [...last, ...ends(world.events(), "task")]) {
		assert.deepEqual([run.session_id, run.task_id], [session, "T-1"], run.name);
	}
}

const outer = (...tools) => [{ tools: [bash("first")] }, { tools }, { tools: [bash("last"), { name: "fx_ok" }] }];
const child = [{ tools: [{ name: "fx_ok", id: "child_ok" }, bash("inside")] }];
const task = { PI_TASK_ID: "T-1" };

const ownSession = {
	extensions: ["fx.ts", "child.ts"],
	helpers,
	env: task,
	scripts: { outer: outer({ name: "fx_child", args: { script: "play:child" } }), child },
};
scenario("a session that an extension runs in the same process", ownSession, async (world) => {
	const rpc = new Rpc(world);
	const session = await mainSession(rpc);
	await rpc.prompt("play:outer");
	await rpc.idle();
	const events = world.events();
	const call = only(events, "fx_child").end;
	const inner = ends(events, "fx_ok").find((end) => end.call_id === "child_ok");
	assert.notEqual(inner.session_id, session);
	assert.deepEqual([inner.task_id, inner.parent_id, inner.root_id], ["T-1", call.id, call.id]);
	const helper = only(events, "inside").end;
	// Where Pi does not pass the session of its bash tool, nobody knows it.
	assert.equal(helper.session_id, world.pi.label === "old" ? undefined : inner.session_id);
	assert.equal(helper.task_id, "T-1");
	for (const run of [only(events, "first").end, call, ends(events, "fx_ok").find((end) => end !== inner)]) {
		assert.equal(run.session_id, session, run.name);
	}
	await afterwards(world, rpc, session);
});

const agents = async () => ({
	packages: [await installPackage("@tintinweb/pi-subagents")],
	extensions: ["fx.ts"],
	helpers,
	env: task,
	scripts: {
		outer: outer(...["kid", "sib"].map((description) => ({ name: "Agent", args: { subagent_type: "general-purpose", description, prompt: `play:${description}` } }))),
		kid: child,
		sib: [{ tools: [{ name: "fx_ok", id: "sib_ok" }] }],
	},
});
scenario("agents of @tintinweb/pi-subagents in the same process", agents, { on: ["new"] }, async (world) => {
	const rpc = new Rpc(world);
	const session = await mainSession(rpc);
	await rpc.prompt("play:outer");
	await rpc.idle();
	const events = world.events();
	const calls = ends(events, "Agent");
	const work = ends(events, "general-purpose");
	assert.deepEqual([calls.length, work.length], [2, 2]);
	for (const agent of work) {
		assert.deepEqual([agent.kind, agent.status, agent.session_id, agent.ext], ["job", "succeeded", session, "pi-subagents"]);
		assert.deepEqual([agent.task_id, agent.usage.tokens], ["T-1", 2040]);
	}
	assert.deepEqual(new Set(work.map((agent) => agent.parent_id)), new Set(calls.map((call) => call.id)), "one of each call");
	for (const id of ["child_ok", "sib_ok"]) {
		const inner = ends(events, "fx_ok").find((end) => end.call_id === id);
		const agent = work.find((one) => one.id === inner.parent_id);
		assert.deepEqual([inner.task_id, inner.root_id], ["T-1", agent.root_id]);
		assert.notEqual(inner.session_id, session);
		if (id === "child_ok") assert.equal(only(events, "inside").end.session_id, inner.session_id);
	}
	await afterwards(world, rpc, session);
});

const ownBash = { extensions: ["fx.ts", "child.ts"], helpers, scripts: { outer: [{ tools: [{ name: "fx_bash", args: { command: "inside" } }] }] } };
scenario("a bash that an extension brings", ownBash, async (world) => {
	await print(world, "play:outer");
	assert.equal(only(world.events(), "inside").end.session_id, only(world.events(), "fx_bash").end.session_id);
});

scenario("run --task and --session hold for Pi and what it starts", { extensions: ["fx.ts"], helpers, scripts: { outer: [{ tools: [bash("inside"), { name: "fx_ok" }] }] } }, async (world) => {
	const run = ["run", "--name", "outer", "--kind", "loop", "--task", "T-42", "--session", "s-1", "--", world.pi.node, world.pi.cli, "-p", "play:outer"];
	// Not pitrack(), which waits: the provider answers in this process.
	const child = spawn(process.env.PI_TRACK_BIN, run, { cwd: world.project, env: world.env, stdio: "ignore" });
	await new Promise((resolve) => child.on("close", resolve));
	const loop = only(world.events(), "outer").end;
	assert.deepEqual([loop.task_id, loop.session_id], ["T-42", "s-1"]);
	for (const name of ["inside", "fx_ok"]) {
		const { end } = only(world.events(), name);
		assert.deepEqual([end.task_id, end.session_id, end.root_id], ["T-42", world.sessionLines()[0].id, loop.id], name);
	}
});

scenario("pi-track's own commands are no helpers", { extensions: ["fx.ts"] }, async (world) => {
	const rpc = new Rpc(world);
	for (const command of ["/tool-usage", "/task T-1", "/task", "/fx-ok"]) await rpc.prompt(command);
	await until(() => only(world.events(), "fx-ok").end, "the end line");
	await rpc.close();
	assert.deepEqual([...new Set(world.events().map((event) => event.name))], ["fx-ok"]);
});
