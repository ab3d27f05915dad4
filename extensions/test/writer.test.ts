import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import test from "node:test";
import { machineHash, writer } from "../_shared/writer.ts";

test("a start line names its process as the system does", { skip: process.platform !== "linux" }, () => {
	const [pid, start, namespace, boot] = writer().split(":");
	const ask = (script: string): string => execFileSync("sh", ["-c", script], { encoding: "utf8" }).trim();
	assert.equal(pid, String(process.pid));
	// The name of node's main thread has no blanks: field 22 is word 22.
	assert.equal(start, ask(`cut -d' ' -f22 /proc/${process.pid}/stat`));
	assert.equal(namespace, ask(`readlink /proc/${process.pid}/ns/pid | tr -dc 0-9`));
	assert.equal(boot, ask("cat /proc/sys/kernel/random/boot_id"));
});

test("a machine's id is shortened as Go shortens it", () => {
	assert.equal(machineHash("0123456789abcdef0123456789abcdef\n"), "01527c9731f0ff55");
	assert.equal(machineHash("uninitialized\n"), "");
});
