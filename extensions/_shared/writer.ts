/**
 * Which process writes: the value of the key writer, by which Go's log.Fate
 * proves that nobody will end a run that this process left open. Pi may be
 * killed by SIGKILL, and nothing of it is left to write an end then.
 */

import { readFileSync, readlinkSync } from "node:fs";

let known: { pid: number; text: string } | undefined;

/** Returns PID:START:NAMESPACE:BOOT:MACHINE of this process, "" where the system does not tell. */
export function writer(): string {
	if (known?.pid !== process.pid) known = { pid: process.pid, text: identify() };
	return known.text;
}

function identify(): string {
	try {
		const stat = readFileSync("/proc/self/stat", "utf8");
		if (Number.parseInt(stat, 10) !== process.pid) return "";
		// Field 22 of proc(5); the name, in parentheses, is the second and may hold anything.
		const start = stat.slice(stat.lastIndexOf(")") + 2).split(" ")[22 - 3];
		const namespace = readlinkSync("/proc/self/ns/pid").replace(/\D/g, "");
		const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
		return start && boot ? `${process.pid}:${start}:${namespace}:${boot}:${machine()}` : "";
	} catch {
		return "";
	}
}

function machine(): string {
	try {
		return machineHash(readFileSync("/etc/machine-id", "utf8"));
	} catch {
		return "";
	}
}

/** Shortens a machine's id (FNV-1a, 64 bits), which is nobody's business; "" for none. */
export function machineHash(id: string): string {
	const text = id.trim();
	if (text.length < 16) return "";
	let hash = 0xcbf29ce484222325n;
	for (const byte of Buffer.from(text)) hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
	return hash.toString(16).padStart(16, "0");
}
