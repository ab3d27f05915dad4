import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { isSecond, lot, toolExperiments } from "../_shared/lot.ts";
import piTrack from "../pi-track/index.ts";
import { FakePi, fakeContext, source, World } from "./world.ts";

const vectors = join(import.meta.dirname, "../../internal/manifest/testdata/lots.json");

interface Vector {
	experiment: string;
	unit: string;
	lot: string;
	second: Record<string, boolean>;
}

test("lots are those of Go", () => {
	const rows = JSON.parse(readFileSync(vectors, "utf8")) as Vector[];
	assert.ok(rows.length >= 10);
	for (const row of rows) {
		assert.equal(lot(row.experiment, row.unit).toString(16).padStart(16, "0"), row.lot);
		for (const [share, second] of Object.entries(row.second)) {
			assert.equal(isSecond(row.experiment, Number(share), row.unit), second, `${row.unit} at ${share} %`);
		}
	}
});

const manifest = (until = "") =>
	`pi-track manifest 1\nhost "h"\ntool "subagent"\nexperiment "e1"\nunit "task"\nshare "50"\n${until}tool "web search"\nexperiment "e2"\nunit "session"\nshare "20"\nshim "x"\nexperiment "e3"\nend\n`;

test("a manifest's experiments of tools", () => {
	assert.deepEqual(toolExperiments(manifest()), [
		{ tool: "subagent", id: "e1", unit: "task", share: 50, until: 0 },
		{ tool: "web search", id: "e2", unit: "session", share: 20, until: 0 },
	]);
	assert.deepEqual(toolExperiments(manifest().slice(0, -4)), [], "one that is not whole decides nothing");
});

let world: World;
beforeEach(() => {
	world = new World();
});
afterEach(() => world.close());

/** A task in each arm of e1. */
function tasks(): { on: string; off: string } {
	const all = Array.from({ length: 40 }, (_, i) => `T-${i}`);
	const of = (second: boolean): string => all.find((task) => isSecond("e1", 50, task) === second) ?? "";
	return { on: of(false), off: of(true) };
}

async function start(task: string, text = manifest()): Promise<FakePi> {
	writeFileSync(join(world.home, "manifest"), text);
	process.env["PI_TASK_ID"] = task;
	const pi = new FakePi();
	pi.tools = ["subagent", "read"].map((name) => ({ name, sourceInfo: source(`/ext/${name}.ts`) }));
	await piTrack(pi.api);
	pi.emit("session_start", { reason: "startup" }, fakeContext());
	return pi;
}

test("a tool is withheld in one arm, and both arms are recorded once", async () => {
	const { on, off } = tasks();
	for (const [task, arm] of [
		[on, "on"],
		[off, "off"],
	] as const) {
		const pi = await start(task);
		pi.emit("agent_start", {}, fakeContext());
		assert.equal(pi.getActiveTools().includes("subagent"), arm === "on");
		assert.ok(pi.getActiveTools().includes("read"));
		const lines = world.lines().filter((line) => line["task_id"] === task);
		assert.deepEqual(
			lines.map((line) => [line.status, line["experiment"], line["arm"], line["call_id"]]),
			[
				["started", "e1", arm, undefined],
				["succeeded", "e1", arm, undefined],
			],
		);
		world.forget();
	}
});

test("with another task the tool comes back, and its calls say the arm", async () => {
	const { on, off } = tasks();
	const pi = await start(off);
	const ctx = fakeContext("session-1", { model: { id: "m-4" } });
	await pi.command("task", on, ctx);
	pi.emit("agent_start", {}, ctx);
	assert.ok(pi.getActiveTools().includes("subagent"));
	assert.equal(process.env["PI_TRACK_MODEL"], "m-4");
	pi.emit("tool_execution_start", { toolName: "subagent", toolCallId: "c1", args: {} }, ctx);
	pi.emit("tool_execution_end", { toolName: "subagent", toolCallId: "c1", result: {}, isError: false }, ctx);
	const call = world.lines().find((line) => line["call_id"] === "c1");
	assert.deepEqual([call?.["experiment"], call?.["arm"], call?.["model"]], ["e1", "on", "m-4"]);
});

test("nothing is withheld after the end, nor when all is switched off", async () => {
	const { off } = tasks();
	const over = await start(off, manifest('until "1000"\n'));
	assert.ok(over.getActiveTools().includes("subagent"));
	world.forget();
	process.env["PI_TRACK_EXPERIMENTS"] = "off";
	const without = await start(off);
	assert.ok(without.getActiveTools().includes("subagent"));
	assert.deepEqual(world.lines(), []);
});
