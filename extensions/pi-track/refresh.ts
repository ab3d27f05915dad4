/** Has the installed programs follow an update of the package or program that they came from. */

import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { currentPlaces } from "../_shared/logger.ts";
import { packaged, startBeside } from "./program.ts";

/** install.json, as far as it is used. */
interface Installed {
	program_version?: string;
	source?: string;
	no_refresh?: boolean;
}

/**
 * Runs `pi-track install --refresh` beside Pi, with the program that has
 * changed since the installation. That program decides: it never installs an
 * older version.
 */
export function refresh(): void {
	if (process.env["PI_TRACK_NO_REFRESH"]) return;
	const { home } = currentPlaces();
	const receipt = join(home, "install.json");
	const installed = read(receipt);
	if (!installed || installed.no_refresh) return;
	const bin = changed(installed, receipt);
	if (bin === "") return;
	startBeside(bin, ["install", "--refresh"], home);
}

/** Nothing is installed where there is no receipt. */
function read(receipt: string): Installed | undefined {
	try {
		return JSON.parse(readFileSync(receipt, "utf8")) as Installed;
	} catch {
		return undefined;
	}
}

/** The packaged program of another version, or the program that installed and has been replaced since; "" for none. */
function changed({ program_version, source }: Installed, receipt: string): string {
	const npm = packaged();
	if (npm && npm.version !== program_version) return npm.bin;
	try {
		return source && statSync(source).ctimeMs > statSync(receipt).mtimeMs ? source : "";
	} catch {
		return ""; // It is gone.
	}
}
