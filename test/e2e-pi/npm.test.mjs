// `pi install npm:pi-track` from a registry on the loopback interface, to a
// report and away again: what somebody does who has Pi and nothing else.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before } from "node:test";
import { promisify } from "node:util";
import { serve } from "../dist/registry.mjs";
import { outcomes, until } from "./lib/events.mjs";
import { Rpc, print } from "./lib/pi.mjs";
import { scenario } from "./lib/scenario.mjs";
import { repoRoot } from "./lib/world.mjs";

const exec = promisify(execFile);
const [FIRST, SECOND] = ["0.9.0", "0.9.1"];
const releases = mkdtempSync(join(tmpdir(), "pi-track-npm-"));
const registries = {};

before(async () => {
	for (const version of [FIRST, SECOND]) {
		const DIST = join(releases, version);
		const MACHINES = `linux-${process.arch}`;
		await exec(join(repoRoot, "scripts/dist"), [version, "npm"], { env: { ...process.env, DIST, MACHINES }, maxBuffer: 1 << 24 });
		registries[version] = await serve(join(DIST, "npm"));
	}
});
after(() => {
	for (const registry of Object.values(registries)) registry.close();
	rmSync(releases, { recursive: true, force: true });
});

/** Runs Pi's own command, with the registry of a version. */
async function pi(world, version, ...args) {
	const env = { ...world.env, npm_config_registry: registries[version].url, npm_config_cache: join(world.root, "npm-cache") };
	delete env.PI_OFFLINE;
	return await exec(world.pi.node, [world.pi.cli, ...args], { cwd: world.project, env, maxBuffer: 1 << 24 });
}

/** Answers the dialogs of an rpc Pi: each answer is given the request and returns what was chosen. */
async function answer(rpc, ...answers) {
	let seen = 0;
	for (const choose of answers) {
		const dialogs = () => rpc.messages.filter((m) => m.type === "extension_ui_request" && ["select", "confirm"].includes(m.method));
		await until(() => dialogs().length > seen, "a dialog");
		const request = dialogs()[seen++];
		rpc.send({ type: "extension_ui_response", id: request.id, ...choose(request) });
	}
}

const notices = (rpc) => rpc.messages.filter((m) => m.type === "extension_ui_request" && m.method === "notify").map((m) => m.message);

const options = {
	track: false,
	extensions: ["fx.ts"],
	env: { PI_TRACK_HOME: undefined },
	scripts: {
		tool: [{ tools: [{ name: "fx_ok" }] }],
		helper: [{ tools: [{ name: "bash", args: { command: "deploy" } }] }],
	},
};

scenario("pi install npm:pi-track: from nothing to a report, an update, and away", options, async (world) => {
	const track = join(world.home, "runtime/tool-usage");
	world.trackHome = track;
	world.log = join(track, "events.jsonl");
	mkdirSync(join(world.home, "bin"));
	for (const name of ["deploy", "tidy-up"]) writeFileSync(join(world.home, "bin", name), "#!/bin/sh\necho done\n", { mode: 0o755 });
	writeFileSync(join(world.home, ".bash_history"), "deploy now\n");
	writeFileSync(join(world.home, ".bashrc"), "# mine\n");
	world.env.PATH = `${join(world.home, "bin")}:${world.env.PATH}`;
	world.env.SHELL = "/bin/bash";
	world.env.npm_config_prefix = join(world.root, "npm"); // where Pi 0.73 keeps packages

	await pi(world, FIRST, "install", "npm:pi-track");

	// Before anything is set up: tools are recorded, and the report shows them and what could be next.
	await print(world, "play:tool");
	assert.deepEqual(outcomes(world.events()), ["fx_ok succeeded"]);
	const { stdout } = await print(world, "/tool-usage");
	assert.match(stdout, /fx_ok/);
	assert.match(stdout, /1 helper of yours can be recorded too: \/tool-usage setup/);
	assert.match((await print(world, "/tool-usage setup")).stdout, /\[x\] +deploy/);
	assert.ok(!existsSync(join(track, "bin")), "print mode only shows the plan");

	// Setup with Pi's dialogs: tick tidy-up too, go on, leave the startup file.
	const rpc = new Rpc(world);
	const asked = answer(
		rpc,
		(q) => ({ value: q.options.find((o) => o.includes("tidy-up")) }),
		(q) => ({ value: q.options[0] }),
		(q) => ({ confirmed: !q.message.includes(join(world.home, ".bashrc")) }),
	);
	rpc.prompt("/tool-usage setup");
	await asked;
	await until(() => notices(rpc).some((text) => text.includes("Recorded from now on: deploy, tidy-up.")), "the summary");
	await rpc.prompt("play:helper");
	await until(() => outcomes(world.events()).includes("deploy succeeded"), "the helper's run");
	await rpc.close();
	assert.equal(readFileSync(join(world.home, ".bashrc"), "utf8"), "# mine\n");
	assert.ok(!existsSync(join(world.agent, "extensions/pi-track")), "the package is the only copy of the extension");
	const version = () => JSON.parse(readFileSync(join(track, "install.json"), "utf8")).program_version;
	assert.equal(version(), FIRST);

	// A new release: the next Pi brings the shims up to date by itself.
	await pi(world, SECOND, "update", "--extensions");
	await print(world, "play:tool");
	await until(() => version() === SECOND, "the new version of the shims");
	await print(world, "play:helper");
	assert.equal(outcomes(world.events()).filter((o) => o === "deploy succeeded").length, 2);

	// Away.
	const bin = join(track, "bin/pi-track");
	const gone = await exec(bin, ["uninstall", "--purge", "--yes"], { env: world.env });
	assert.match(gone.stdout, /pi remove npm:pi-track/);
	await pi(world, SECOND, "remove", "npm:pi-track");
	await print(world, "play:tool");
	await print(world, "play:helper");
	assert.ok(!existsSync(track), "nothing of it is left, and nothing is recorded");
});
