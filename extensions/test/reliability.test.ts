import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import piTrack from "../pi-track/index.ts";
import { FakePi, fakeContext, source, until, World } from "./world.ts";

let world: World;
beforeEach(() => {
	world = new World();
});
afterEach(() => world.close());

const none = async (): Promise<unknown> => ({});

function manifest(text: string): void {
	writeFileSync(join(world.home, "manifest"), `pi-track manifest 1\n${text}shim "x"\nkind "script"\nend\n`);
}

async function started(more: object = {}, reason = "startup"): Promise<[FakePi, ReturnType<typeof fakeContext>]> {
	const pi = new FakePi();
	await piTrack(pi.api, none);
	const ctx = fakeContext("session-1", { mode: "tui", ...more } as object);
	pi.emit("session_start", { reason }, ctx);
	return [pi, ctx];
}

test("the tool is offered only where the configuration asks for it", async () => {
	manifest("");
	const [pi] = await started();
	assert.deepEqual(pi.registered, []);
});

test("the tool gives the model what report --for-agent says, and is no helper", async () => {
	manifest('pi_tool "true"\n');
	world.program('echo "$@"');
	const [pi, ctx] = await started();
	const [tool] = pi.registered;
	assert.ok(tool);
	assert.equal(tool.name, "helper_reliability");
	const answer = await tool.execute("c1", { names: ["deploy", "-x", "", 7] });
	assert.deepEqual(answer.content, [{ type: "text", text: "report --for-agent -- deploy -x" }]);
	pi.tools = [{ name: tool.name, sourceInfo: source("/x/pi-track/index.js") }];
	pi.emit("tool_execution_start", { toolName: tool.name, toolCallId: "c1", args: {} }, ctx);
	pi.emit("tool_execution_end", { toolName: tool.name, toolCallId: "c1", result: {}, isError: false }, ctx);
	assert.deepEqual(world.lines(), []);
});

test("an unknown helper, a program that is gone and another tool of the name", async () => {
	manifest('pi_tool "true"\n');
	world.program("echo 'no helper matches' >&2; exit 2");
	const [pi] = await started();
	assert.match(JSON.stringify(await pi.registered[0]?.execute("c1", {})), /no helper matches/);
	const other = new FakePi();
	other.tools = [{ name: "helper_reliability", sourceInfo: source("/x/other.ts") }];
	await piTrack(other.api, none);
	other.emit("session_start", { reason: "startup" }, fakeContext());
	assert.deepEqual(other.registered, []);
});

const worse =
	"echo 'x is worse since Nov 24 13:05: 8 % → 49 % failures (n 110).          report why x'; echo 'y is broken.'; exit 1";

test("a session in a terminal begins with what got worse since the last one", async () => {
	manifest("");
	world.program(`echo "$@" >> "$PI_TRACK_HOME/asked"; ${worse}`);
	const [, first] = await started();
	assert.deepEqual(first.shown, [], "nothing is known of a session before");
	const before = readFileSync(join(world.home, "last-session"), "utf8");
	const [, second] = await started();
	await until("the line", () => second.shown.length > 0);
	assert.deepEqual(second.shown, [
		"pi-track: x is worse since Nov 24 13:05: 8 % → 49 % failures (n 110). (1 more: /tool-usage)",
	]);
	const since = before.trim().split(" ").at(-1);
	assert.equal(readFileSync(join(world.home, "asked"), "utf8"), `check --changed --since ${since}\n`);
});

test("nothing is said when nothing got worse, when it is switched off, in print and in rpc mode, and of a reload", async () => {
	world.program(`echo "$@" >> "$PI_TRACK_HOME/asked"; ${worse}`);
	const last = "pi-track last session 2026-11-01T00:00:00.000Z\n";
	for (const [settings, more, reason] of [
		['pi_notify "false"\n', {}, "startup"],
		["", { mode: "rpc" }, "startup"],
		["", { mode: "print", hasUI: false }, "startup"],
		["", {}, "reload"],
	] as const) {
		manifest(settings);
		writeFileSync(join(world.home, "last-session"), last);
		await started(more, reason);
		assert.equal(readFileSync(join(world.home, "last-session"), "utf8"), last);
		assert.equal(existsSync(join(world.home, "asked")), false);
	}
});

test("a file of somebody else's is left alone", async () => {
	manifest("");
	world.program(worse);
	writeFileSync(join(world.home, "last-session"), "notes of mine\n");
	const [, ctx] = await started();
	assert.deepEqual(ctx.shown, []);
	assert.equal(readFileSync(join(world.home, "last-session"), "utf8"), "notes of mine\n");
});

test("what is new is sent when Pi quits, and only where the configuration asks for it", async () => {
	const sent = join(world.home, "sent");
	const quit = async (text: string, reason?: string): Promise<void> => {
		manifest(text);
		world.program(`[ "$1" != ship ] || echo "$@" >>${JSON.stringify(sent)}`); // a session's start asks, too
		const [pi, ctx] = await started();
		pi.emit("session_shutdown", reason ? { reason } : {}, ctx);
	};
	await quit("");
	await quit('pi_ship "true"\n', "reload");
	await quit('pi_ship "true"\n', "quit");
	await until("what is new is sent", () => existsSync(sent) && readFileSync(sent, "utf8").endsWith("\n"));
	assert.equal(readFileSync(sent, "utf8"), "ship --for 5m\n");
});
