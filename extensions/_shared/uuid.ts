/**
 * Run ids: UUID version 7 (RFC 9562, section 5.7). The first 48 bits are the
 * time in milliseconds, so ids sort by the time they were made; the rest is
 * random. An id that has to be found again without being remembered is derived
 * instead.
 */

import { createHash, randomFillSync } from "node:crypto";

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

/** The UUIDv5 namespace of derived ids; Go's package piimport has the same. */
const namespace = Buffer.from("4c8e3f029d1a4b77a26e51c07d389be4", "hex");

/** Returns the UUIDv5 (RFC 9562, section 5.5) of a session's id and the id of a call within it. */
export function derivedID(session: string, call: string): string {
	const hash = createHash("sha1").update(namespace).update(`${session}\0${call}`).digest();
	hash[6] = ((hash[6] ?? 0) & 0x0f) | 0x50;
	hash[8] = ((hash[8] ?? 0) & 0x3f) | 0x80;
	const hex = hash.toString("hex", 0, 16);
	return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Says whether s is a UUID in the one spelling that the log uses. */
export function isID(s: string | undefined): s is string {
	return s !== undefined && uuid.test(s);
}
