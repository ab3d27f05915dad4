// A lock for what processes share in the cache directory of the tests. The
// kernel drops it with the process that holds it, however that ends.

import { spawn } from "node:child_process";

/**
 * Runs body while no other process holds the lock on the file at path, which
 * is made and stays. Without flock(1), as on macOS, nothing is locked.
 */
export async function withLock(path, body) {
	const holder = spawn("flock", [path, "sh", "-c", "echo locked; read -r end"], { stdio: ["pipe", "pipe", "inherit"] });
	holder.stdin.on("error", () => {}); // it has ended already
	await new Promise((resolve, reject) => {
		holder.stdout.once("data", resolve);
		holder.once("error", (err) => (err.code === "ENOENT" ? resolve() : reject(err)));
		holder.once("exit", (code) => reject(new Error(`flock ${path} ended with ${code}`)));
	});
	try {
		return await body();
	} finally {
		holder.stdin.end();
	}
}
