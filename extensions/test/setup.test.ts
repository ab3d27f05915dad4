import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { resolvePlaces } from "../_shared/paths.ts";
import factory from "../pi-track/index.ts";
import type { Context } from "../pi-track/pi.ts";
import { FakePi, fakeContext, until, World } from "./world.ts";

let world: World;
beforeEach(() => {
	world = new World();
});
afterEach(() => world.close());

async function load(ctx: Context, reason = "startup"): Promise<FakePi> {
	const pi = new FakePi();
	await factory(pi.api);
	pi.emit("session_start", { reason }, ctx);
	return pi;
}

const plan = {
	candidates: [
		{ name: "deploy", kind: "script", pi: 2, shell: 1, record: true },
		{ name: "tidy", kind: "job", pi: 0, shell: 0, record: false },
		{ name: "ruff", kind: "script", pi: 0, shell: 0, not: "made by a package manager", record: false },
	],
	startup: [{ file: "/home/me/.bashrc", line: 118 }],
	sessions: 3,
};

/** A program that prints the plan, and writes what it is called with into a file. */
function planner(world: World, answer: object = plan): void {
	writeFileSync(join(world.home, "plan"), JSON.stringify(answer));
	world.program(
		'echo "$*" >>"$PI_TRACK_HOME/calls"; case "$*" in "setup --json") cat "$PI_TRACK_HOME/plan" ;; report*) echo "In short." ;; esac',
	);
}

const calls = (): string[] => readFileSync(join(world.home, "calls"), "utf8").trim().split("\n");

/** A context whose user answers with these choices, by a part of the option's text. */
function user(choices: (string | undefined)[], rc: boolean): ReturnType<typeof fakeContext> & { asked: string[] } {
	const asked: string[] = [];
	const ctx = fakeContext();
	Object.assign(ctx.ui, {
		select: async (_title: string, options: string[]) => {
			asked.push(options.join("|"));
			const choice = choices.shift();
			return choice === undefined ? undefined : options.find((option) => option.includes(choice));
		},
		confirm: async (title: string, message: string) => {
			asked.push(`${title} ${message}`);
			return rc;
		},
	});
	return Object.assign(ctx, { asked });
}

test("/tool-usage setup asks, and records what was agreed to", async () => {
	planner(world);
	const ctx = user(["tidy", "deploy", "Record 1 of"], true);
	const pi = await load(ctx);
	await pi.command("tool-usage", "setup", ctx);
	assert.ok(calls().includes("setup --record tidy --rc"), calls().join("\n"));
	assert.match(
		ctx.asked[0] ?? "",
		/^Record 1 of.*\[x\] deploy.*2 times in Pi, 1 in shells\|\[ \] tidy.*\[ \] ruff.*made by a package manager$/,
	);
	assert.match(ctx.asked.at(-1) ?? "", /own shells.*\/home\/me\/\.bashrc, line 118$/s);
	assert.match(ctx.shown.pop() ?? "", /^Recorded from now on: tidy\.\n\nIn short\.\n\n.*bin\/pi-track uninstall/);
});

test("whoever leaves the dialog changes nothing; no helper and no startup file are answers too", async () => {
	planner(world);
	const leaves = user([undefined], true);
	const pi = await load(leaves);
	await pi.command("tool-usage", "setup", leaves);
	assert.deepEqual(calls(), ["setup --json"]);
	assert.equal(leaves.shown.pop(), "Nothing was changed.");
	planner(world, { ...plan, startup: [] });
	const none = user(["deploy", "record no helper"], true);
	await pi.command("tool-usage", "setup", none);
	assert.ok(calls().includes("setup --record "), calls().join("\n"));
	assert.equal(none.asked.length, 2, "no startup file is offered where it has the line");
});

test("a plan that cannot be made, and an installation that fails, are told", async () => {
	world.program('echo "pi-track: error: shims.toml:3: wrong" >&2; exit 2');
	const ctx = user(["Record"], false);
	const pi = await load(ctx);
	await pi.command("tool-usage", "setup", ctx);
	assert.equal(ctx.shown.pop(), "pi-track: error: shims.toml:3: wrong");
	planner(world);
	world.program('case "$*" in "setup --json") cat "$PI_TRACK_HOME/plan" ;; *) echo "disk full" >&2; exit 1 ;; esac');
	await pi.command("tool-usage", "setup", ctx);
	assert.equal(ctx.shown.pop(), "disk full");
});

test("a report without helpers invites to record them", async () => {
	planner(world);
	const ctx = fakeContext();
	const pi = await load(ctx);
	await pi.command("tool-usage", "", ctx);
	assert.equal(ctx.shown.pop(), "In short.\n\n1 helper of yours can be recorded too: /tool-usage setup");
	writeFileSync(join(world.home, "manifest"), "pi-track manifest 1\nend\n");
	await pi.command("tool-usage", "", ctx);
	assert.equal(ctx.shown.pop(), "In short.");
});

test("before anything is recorded the report says so, and is no error", async () => {
	writeFileSync(join(world.home, "plan"), JSON.stringify(plan));
	world.program(
		'case "$*" in "setup --json") cat "$PI_TRACK_HOME/plan" ;; report*) echo "error: no log" >&2; exit 3 ;; esac',
	);
	const ctx = fakeContext();
	const pi = await load(ctx);
	await pi.command("tool-usage", "", ctx);
	assert.match(ctx.shown.pop() ?? "", /^Nothing is recorded yet.*\n\n1 helper of yours can be recorded too: /);
});

test("a new session has the installed programs follow the one they came from", async () => {
	const source = join(world.home, "source");
	const called = join(world.home, "called");
	const record = join(world.home, "install.json");
	const old = new Date(Date.now() - 3_600_000);
	const installed = (more: object = {}): void => {
		writeFileSync(record, JSON.stringify({ program_version: "0.1.0", source, ...more }));
		utimesSync(record, old, old);
	};
	writeFileSync(source, `#!/bin/sh\necho "$*" >"${called}.new"\nmv "${called}.new" "${called}"\n`, { mode: 0o755 });
	// What must not refresh comes first: had it done so, the file would be there when the last one has.
	installed({ no_refresh: true });
	await load(fakeContext("s-1"));
	installed();
	process.env["PI_TRACK_NO_REFRESH"] = "1";
	await load(fakeContext("s-2"));
	delete process.env["PI_TRACK_NO_REFRESH"];
	await load(fakeContext("s-3"), "resume");
	installed({ source: "/nowhere" });
	await load(fakeContext("s-4"));
	writeFileSync(record, "broken");
	await load(fakeContext("s-5"));
	const later = new Date(Date.now() + 3_600_000);
	installed();
	utimesSync(record, later, later);
	await load(fakeContext("s-6"));
	execFileSync("sleep", ["0.3"]);
	assert.ok(!existsSync(called));
	installed();
	await load(fakeContext("s-7"));
	await until("the refresh", () => existsSync(called));
	assert.equal(readFileSync(called, "utf8"), "install --refresh\n");
});

test("without a record of its own the extension finds the log in the manifest", () => {
	const env = { PI_TRACK_HOME: world.home };
	assert.equal(resolvePlaces(env, "").log, join(world.home, "events.jsonl"));
	writeFileSync(join(world.home, "manifest"), 'pi-track manifest 1\nlog "/var/log/\\"x\\".jsonl"\nend\n');
	assert.equal(resolvePlaces(env, "").log, '/var/log/"x".jsonl');
	assert.equal(resolvePlaces({ ...env, PI_TRACK_LOG: "/other" }, "").log, "/other");
});
