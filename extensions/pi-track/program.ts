/**
 * pi-track's own program, for what the extension asks of the log: the installed
 * one, or the one that npm brought along with this extension.
 */

import { execFile, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { currentPlaces } from "../_shared/logger.ts";

/** How long a report may take, in milliseconds. */
const PATIENCE = 30_000;

/** What the program printed, and its exit status: 0, or -1 where it could not be run. */
export interface Answer {
	code: number;
	stdout: string;
	stderr: string;
}

/** The installed program, else the packaged one; "" for none. */
export function program(): string {
	const { bin } = currentPlaces();
	return existsSync(bin) ? bin : (packaged()?.bin ?? "");
}

/** The program and the version of the npm package for this machine; undefined where the extension is not from npm. */
export function packaged(): { bin: string; version: string } | undefined {
	try {
		const require = createRequire(import.meta.url);
		const name = `@pi-track/${process.platform}-${process.arch}`;
		const { version } = require(`${name}/package.json`) as { version: string };
		return { bin: require.resolve(`${name}/bin/pi-track`), version };
	} catch {
		return undefined;
	}
}

/** Runs the program for at most patience milliseconds. It never rejects. */
export function runProgram(
	bin: string,
	args: string[],
	home: string,
	signal?: AbortSignal,
	patience = PATIENCE,
): Promise<Answer> {
	const env = { ...process.env, PI_TRACK_HOME: home, NO_COLOR: "1" };
	const options = { timeout: patience, maxBuffer: 4 << 20, env, ...(signal ? { signal } : {}) };
	return new Promise((resolve) => {
		execFile(bin, args, options, (error, stdout, stderr) => {
			const code = error === null ? 0 : typeof error.code === "number" ? error.code : -1;
			resolve({ code, stdout, stderr: stderr || (code === -1 && error ? error.message : "") });
		}).stdin?.end();
	});
}

/** What a call of the program is worth to the user: its report, or why there is none. */
export async function textOf(
	bin: string,
	args: string[],
	patience?: number,
): Promise<{ code: number; failed: boolean; text: string }> {
	const { code, stdout, stderr } = await runProgram(bin, args, currentPlaces().home, undefined, patience);
	return { code, failed: code !== 0, text: (code === 0 ? stdout : stderr).trimEnd() };
}

/** Starts a program that runs on its own: Pi neither waits for it nor sees it. */
export function startBeside(program: string, args: string[], home: string): void {
	const child = spawn(program, args, {
		cwd: "/",
		detached: true,
		stdio: "ignore",
		env: { ...process.env, PI_TRACK_HOME: home },
	});
	child.on("error", () => {});
	child.unref();
}
