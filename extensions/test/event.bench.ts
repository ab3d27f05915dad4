/**
 * What recording costs Pi per event, as processor time, in one run: the events
 * of tools handled with the log at /dev/null (everything beside the write),
 * the same with a log on disk, and a bare open-write-close of the same lines
 * to compare with. node run.mjs bench prints it and fails when the bound is
 * missed.
 */

import { closeSync, constants, openSync, readFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { refreshPlaces } from "../_shared/logger.ts";
import factory from "../pi-track/index.ts";
import { FakePi, fakeContext, source, World } from "./world.ts";

/** The bound in microseconds per event. */
const BOUND = 50;
const EVENTS = 2000;
const ROUNDS = 15;

const world = new World();
const pi = new FakePi();
pi.tools = Array.from({ length: 30 }, (_, i) => ({ name: `tool-${i}`, sourceInfo: source(`/x/tool-${i}.ts`) }));
await factory(pi.api);
const ctx = fakeContext("01a1ffff-0000-7000-8000-000000000001", { cwd: process.cwd() });
pi.emit("session_start", { reason: "startup" }, ctx);

const fine = { content: [{ type: "text", text: "fine" }], details: {} };
const broken = {
	content: [{ type: "text", text: "Error: ENOENT: no such file or directory, open 'settings.json'\n" }],
};

/** The processor time of this process in microseconds: other processes on a busy machine do not count. */
function cpu(): number {
	const { user, system } = process.cpuUsage();
	return user + system;
}

/** Handles EVENTS events, starts and ends in turn; returns microseconds per event. */
function handle(result: object, isError: boolean): number {
	const begin = cpu();
	for (let i = 0; i < EVENTS / 2; i++) {
		const event = { toolCallId: `call_${i}`, toolName: `tool-${i % 30}`, args: {} };
		pi.emit("tool_execution_start", event, ctx);
		pi.emit("tool_execution_end", { ...event, result, isError }, ctx);
	}
	return (cpu() - begin) / EVENTS;
}

/** Writes EVENTS of the lines that handle wrote to another file, each with an open and a close. */
function write(lines: string[]): number {
	const path = join(world.home, "plain");
	const flags = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT;
	const begin = cpu();
	for (let i = 0; i < EVENTS; i++) {
		const fd = openSync(path, flags, 0o600);
		writeSync(fd, lines[i % lines.length] ?? "");
		closeSync(fd);
	}
	return (cpu() - begin) / EVENTS;
}

function median(numbers: number[]): number {
	return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;
}

const log = join(world.home, "events.jsonl");
handle(broken, true);
const lines = readFileSync(log, "utf8").split("\n").filter(Boolean);
const sample = lines.slice(-200).map((line) => `${line}\n`);

/** Calls handle with the log at path. */
function handleTo(path: string, result: object, isError: boolean): number {
	process.env["PI_TRACK_LOG"] = path;
	refreshPlaces();
	return handle(result, isError);
}

const bare: number[] = [];
const results = { succeeded: fine, failed: broken };
const beside: Record<keyof typeof results, number[]> = { succeeded: [], failed: [] };
const whole: Record<keyof typeof results, number[]> = { succeeded: [], failed: [] };
for (let round = 0; round < ROUNDS; round++) {
	bare.push(write(sample));
	for (const name of ["succeeded", "failed"] as const) {
		beside[name].push(handleTo("/dev/null", results[name], name === "failed"));
		whole[name].push(handleTo(log, results[name], name === "failed"));
	}
}
world.close();
console.log(`open-write-close: ${median(bare).toFixed(1)} us per event`);
for (const name of ["succeeded", "failed"] as const) {
	const cost = median(beside[name]);
	console.log(
		`${name}: ${cost.toFixed(1)} us beside the write, ${(cost / BOUND).toFixed(2)} of the ${BOUND} us allowed; ` +
			`with the write ${median(whole[name]).toFixed(1)} us, ${(median(whole[name]) / median(bare)).toFixed(2)} x open-write-close`,
	);
	if (cost > BOUND) process.exitCode = 1;
}
