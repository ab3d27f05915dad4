/**
 * The lot that an experiment draws: Go's package manifest draws the same, which
 * vectors shared by both tests hold.
 */

import { settings } from "./manifest.ts";

/** What an experiment says of a tool. */
export interface Experiment {
	tool: string;
	id: string;
	unit: string;
	/** Percent of the units in the second arm. */
	share: number;
	/** Milliseconds since 1970; 0 is open. */
	until: number;
}

const bits = 64;

/** FNV-1a of the id, a zero byte and the unit, mixed by the finalizer of MurmurHash3. */
export function lot(id: string, unit: string): bigint {
	let h = 14695981039346656037n;
	for (const byte of Buffer.from(`${id}\0${unit}`)) h = BigInt.asUintN(bits, (h ^ BigInt(byte)) * 1099511628211n);
	h = BigInt.asUintN(bits, (h ^ (h >> 33n)) * 0xff51afd7ed558ccdn);
	h = BigInt.asUintN(bits, (h ^ (h >> 33n)) * 0xc4ceb9fe1a85ec53n);
	return h ^ (h >> 33n);
}

/** Says whether the unit is in the second arm, where the tool is withheld. */
export function isSecond(id: string, share: number, unit: string): boolean {
	return (lot(id, unit) >> 11n) * 100n < BigInt(share) << 53n;
}

/** The experiments of tools that the text of a manifest holds; none of one that is not whole. */
export function toolExperiments(manifest: string): Experiment[] {
	const found: Experiment[] = [];
	for (const [key, value] of settings(manifest)) {
		const last = found.at(-1);
		if (key === "tool") found.push({ tool: value, id: "", unit: "task", share: 0, until: 0 });
		else if (!last) continue;
		else if (key === "experiment") last.id = value;
		else if (key === "unit") last.unit = value;
		else if (key === "share") last.share = Number(value) || 0;
		else if (key === "until") last.until = Number(value) || 0;
	}
	return found.filter((x) => x.id !== "");
}
