/** Runs pi-track's own program, for what the extension asks of the log. */

import { execFile } from "node:child_process";

/** How long a report may take, in milliseconds. */
const PATIENCE = 30_000;

/** What the program printed, and its exit status: 0, or -1 where it could not be run. */
export interface Answer {
	code: number;
	stdout: string;
	stderr: string;
}

/** Runs the program. It never rejects. */
export function runProgram(bin: string, args: string[], home: string, signal?: AbortSignal): Promise<Answer> {
	const env = { ...process.env, PI_TRACK_HOME: home, NO_COLOR: "1" };
	const options = { timeout: PATIENCE, maxBuffer: 4 << 20, env, ...(signal ? { signal } : {}) };
	return new Promise((resolve) => {
		execFile(bin, args, options, (error, stdout, stderr) => {
			const code = error === null ? 0 : typeof error.code === "number" ? error.code : -1;
			resolve({ code, stdout, stderr: stderr || (code === -1 && error ? error.message : "") });
		}).stdin?.end();
	});
}
