/**
 * Run ids: UUID version 7 (RFC 9562, section 5.7). The first 48 bits are the
 * time in milliseconds, so ids sort by the time they were made; the rest is
 * random.
 */

import { randomFillSync } from "node:crypto";

const random = Buffer.alloc(1024);
let used = random.length;

/** Returns a new UUIDv7 for the given time in milliseconds since 1970. */
export function newID(now: number = Date.now()): string {
	if (used + 10 > random.length) {
		randomFillSync(random);
		used = 0;
	}
	const hex = random.toString("hex", used, used + 10);
	used += 10;
	const time = Math.max(0, Math.floor(now)).toString(16).padStart(12, "0").slice(-12);
	const variant = "89ab"[parseInt(hex[3] ?? "0", 16) & 3];
	return `${time.slice(0, 8)}-${time.slice(8)}-7${hex.slice(0, 3)}-${variant}${hex.slice(4, 7)}-${hex.slice(8, 20)}`;
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Says whether s is a UUID in the one spelling that the log uses. */
export function isID(s: string | undefined): s is string {
	return s !== undefined && uuid.test(s);
}
