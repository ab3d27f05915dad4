// What Pi is told of the log: the tool that the model asks, the line at the
// start of a session, and the arms of an experiment with a tool.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { only, runs } from "./lib/events.mjs";
import { print, Rpc, startPrint, Tui } from "./lib/pi.mjs";
import { toolResults } from "./lib/provider.mjs";
import { scenario } from "./lib/scenario.mjs";

const ask = [{ text: "Asking.", tools: [{ name: "helper_reliability", args: { names: ["deploy"] } }] }, { text: "Done." }];
const deploy = "echo 'error: no route to host' >&2; exit 1";

/** Runs a helper through its shim; it may fail. */
function call(world, name, env = {}) {
	try {
		execFileSync(join(world.trackHome, "shims", name), { cwd: world.project, env: { ...world.env, ...env }, stdio: "pipe" });
	} catch {
		// that is what it does
	}
}

scenario("helper_reliability: the model asks before it uses a helper", {
	config: "\n[pi]\ntool = true\n", helpers: { deploy }, scripts: { ask },
}, async (world) => {
	for (let i = 0; i < 3; i++) call(world, "deploy");
	assert.equal((await print(world, "play:ask")).code, 0);
	const { tools } = world.provider.requests[0];
	assert.ok(tools.some((tool) => tool.function.name === "helper_reliability"));
	const [answer] = toolResults(world.provider.requests);
	const text = JSON.stringify(answer);
	assert.match(text, /deploy: 0 of 3 runs succeeded \(0 %\)/);
	assert.match(text, /last error, .*, quoted: .*error: no route to host/);
	assert.deepEqual(new Set(runs(world.events()).map(({ end }) => end.name)), new Set(["deploy"]), "asking is no run");
	world.pitrack("import");
	assert.doesNotMatch(world.pitrack("report", "helpers", "--format", "csv"), /helper_reliability/, "nor for the import");
});

scenario("helper_reliability is off by default", { helpers: { deploy }, scripts: { ask: [{ text: "Hi." }] } }, async (world) => {
	await print(world, "play:ask");
	assert.ok(!world.provider.requests[0].tools.some((tool) => tool.function.name === "helper_reliability"));
});

/** A helper that always worked and fails since a session ago. */
function worse(world) {
	writeFileSync(join(world.root, "bin", "deploy"), "#!/bin/sh\nexit 0\n", { mode: 0o755 });
	for (let i = 0; i < 30; i++) call(world, "deploy");
	const since = new Date().toISOString();
	writeFileSync(join(world.root, "bin", "deploy"), `#!/bin/sh\n${deploy}\n`, { mode: 0o755 });
	for (let i = 0; i < 30; i++) call(world, "deploy");
	writeFileSync(join(world.trackHome, "last-session"), `pi-track last session ${since}\n`);
	return since;
}

scenario("a session in a terminal begins with what got worse", { helpers: { deploy } }, async (world) => {
	const since = worse(world);
	const tui = new Tui(world);
	try {
		await tui.shows(/deploy is broken since/);
	} finally {
		tui.close();
	}
	assert.doesNotMatch(readFileSync(join(world.trackHome, "last-session"), "utf8"), new RegExp(since));
});

scenario("print and rpc mode say nothing of it", { helpers: { deploy }, scripts: { hi: [{ text: "Hi." }] } }, async (world) => {
	const since = worse(world);
	const { stdout, stderr } = await print(world, "play:hi");
	assert.deepEqual({ stdout, stderr }, { stdout: "Hi.\n", stderr: "" });
	const rpc = new Rpc(world);
	try {
		await rpc.prompt("play:hi");
		await rpc.idle();
	} finally {
		await rpc.close();
	}
	assert.ok(!JSON.stringify(rpc.messages).includes("broken since"));
	assert.match(readFileSync(join(world.trackHome, "last-session"), "utf8"), new RegExp(since));
});

/** The arm by the words of docs/experiment.md: the same lot as in Go and in the extension. */
function isOff(id, share, unit) {
	const wrap = (x) => BigInt.asUintN(64, x);
	let h = 14695981039346656037n;
	for (const byte of Buffer.from(`${id}\0${unit}`)) h = wrap((h ^ BigInt(byte)) * 1099511628211n);
	h = wrap((h ^ (h >> 33n)) * 0xff51afd7ed558ccdn);
	h = wrap((h ^ (h >> 33n)) * 0xc4ceb9fe1a85ec53n);
	h ^= h >> 33n;
	return Number(h >> 11n) / 2 ** 53 < share / 100;
}

const units = Array.from({ length: 100 }, (_, i) => `task-${i}`);

scenario("an experiment with a tool: a session in each arm", {
	extensions: ["fx.ts"], scripts: { use: [{ text: "Using.", tools: [{ name: "fx_ok", args: {} }] }, { text: "Done." }], rest: [{ text: "Hi." }] },
}, async (world) => {
	await print(world, "play:use"); // a tool is known from its runs
	world.pitrack("experiment", "start", "fx_ok", "--id", "e-tool");
	for (const off of [false, true]) {
		const task = units.find((unit) => isOff("e-tool", 50, unit) === off);
		const before = world.provider.requests.length;
		await startPrint(world, [off ? "play:rest" : "play:use"], { env: { PI_TASK_ID: task } }).done; // no model calls what it is not offered
		const offered = world.provider.requests[before].tools.some((tool) => tool.function.name === "fx_ok");
		assert.equal(offered, !off, `${task} is in the arm ${off ? "off" : "on"}`);
		const own = runs(world.events()).map(({ end }) => end).filter((end) => end.task_id === task);
		const [unit] = own.filter((end) => end.call_id === undefined);
		assert.equal(unit.arm, off ? "off" : "on");
		assert.equal(unit.experiment, "e-tool");
		assert.equal(own.filter((end) => end.call_id !== undefined).length, off ? 0 : 1, JSON.stringify(own));
	}
});

scenario("an experiment with a helper: a session in each arm, and no call with the switch", {
	helpers: { memo: 'echo x >> "$PI_TRACK_HOME/../memo"' },
	scripts: { use: [{ text: "Using.", tools: [{ name: "bash", args: { command: "memo" } }] }, { text: "Done." }] },
}, async (world) => {
	world.pitrack("experiment", "start", "memo", "--id", "e-memo");
	for (const off of [false, true]) {
		const task = units.find((unit) => isOff("e-memo", 50, unit) === off);
		await startPrint(world, ["play:use"], { env: { PI_TASK_ID: task } }).done;
		const [end] = runs(world.events()).map((run) => run.end).filter((x) => x.task_id === task);
		assert.equal(end.arm, off ? "off" : "on");
		if (off) assert.match(JSON.stringify(toolResults(world.provider.requests)), /memo: command not found/);
	}
	assert.equal(readFileSync(join(world.root, "memo"), "utf8"), "x\n", "it ran in one arm only");
	const task = units.find((unit) => isOff("e-memo", 50, unit));
	await startPrint(world, ["play:use"], { env: { PI_TASK_ID: task, PI_TRACK_EXPERIMENTS: "off" } }).done;
	assert.equal(readFileSync(join(world.root, "memo"), "utf8"), "x\nx\n");
	assert.ok(existsSync(world.log) && only(world.events().filter((event) => event.arm === "off"), "memo"));
});
