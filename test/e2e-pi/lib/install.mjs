// Installs the two versions of Pi that the scenarios run, once, into a cache
// directory: ${PI_TRACK_TEST_CACHE:-${XDG_CACHE_HOME:-~/.cache}/pi-track-test}.
//
//   old  @mariozechner/pi-coding-agent 0.73.1, run by node 20
//   new  @earendil-works/pi-coding-agent, run by the npm package node@22
//
// Run as a program it prints where everything is, as JSON.

import { execFile } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const exec = promisify(execFile);

const OLD = { name: "@mariozechner/pi-coding-agent", version: "0.73.1" };
const NEW = {
	name: "@earendil-works/pi-coding-agent",
	// The newest first. A registry mirror may lack the newest one's
	// dependencies; its tarball is bundled and runs without them.
	versions: process.env.PI_TRACK_TEST_NEW_PI?.split(",") ?? ["1.5.2", "0.87.1"],
};

/** The cache directory. */
export function cacheDir() {
	if (process.env.PI_TRACK_TEST_CACHE) return process.env.PI_TRACK_TEST_CACHE;
	return join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "pi-track-test");
}

async function npm(cwd, ...args) {
	const opts = { cwd, timeout: 300_000, maxBuffer: 1 << 24 };
	return exec("npm", [...args, "--no-audit", "--no-fund", "--loglevel=error"], opts);
}

// Fills dir through a sibling that is renamed into place, so that an
// interrupted or a second installation never leaves half of one.
async function once(dir, mark, fill) {
	const stamp = join(dir, ".installed");
	if (existsSync(stamp) && readFileSync(stamp, "utf8") === mark) return;
	const tmp = `${dir}.${process.pid}`;
	rmSync(tmp, { recursive: true, force: true });
	mkdirSync(tmp, { recursive: true });
	writeFileSync(join(tmp, "package.json"), '{"private":true}\n');
	try {
		await fill(tmp);
		writeFileSync(join(tmp, ".installed"), mark);
		rmSync(dir, { recursive: true, force: true });
		renameSync(tmp, dir);
	} finally {
		rmSync(tmp, { recursive: true, force: true });
	}
}

// The tarball is a bundle that loads only these packages from outside. They are
// installed before it is unpacked, because npm would remove what it did not
// install itself.
const EXTERNALS = ["jiti", "typebox", "quickjs-wasi", "@silvia-odwyer/photon-node"];

async function unpackTarball(tmp, spec) {
	const { stdout } = await npm(tmp, "pack", "--silent", spec);
	const tgz = join(tmp, stdout.trim().split("\n").pop());
	const bundle = join(tmp, "bundle");
	mkdirSync(bundle);
	await exec("tar", ["xzf", tgz, "-C", bundle, "--strip-components=1"]);
	rmSync(tgz);
	const { dependencies } = JSON.parse(readFileSync(join(bundle, "package.json"), "utf8"));
	await npm(tmp, "install", ...EXTERNALS.map((name) => `${name}@${dependencies[name]}`));
	const dir = join(tmp, "node_modules", NEW.name);
	mkdirSync(dirname(dir), { recursive: true });
	renameSync(bundle, dir);
}

async function fillNew(tmp) {
	await npm(tmp, "install", "node@22");
	const failures = [];
	for (const version of NEW.versions) {
		const spec = `${NEW.name}@${version}`;
		for (const how of [() => npm(tmp, "install", spec), () => unpackTarball(tmp, spec)]) {
			try {
				await how();
				const { stdout } = await exec(nodeIn(tmp), [cliOf(tmp, NEW.name), "--version"]);
				if (stdout.trim() === version) return;
				failures.push(`${spec}: says it is ${stdout.trim()}`);
			} catch (err) {
				failures.push(`${spec}: ${err.message.trim().split("\n").slice(0, 4).join(" ")}`);
			}
		}
	}
	throw new Error(`no version of ${NEW.name} could be installed:\n${failures.join("\n")}`);
}

const nodeIn = (dir) => join(dir, "node_modules", "node", "bin", "node");

function cliOf(dir, name) {
	const root = join(dir, "node_modules", name);
	const { bin } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
	return join(root, bin.pi);
}

function describe(label, dir, name, node) {
	const cli = cliOf(dir, name);
	const root = join(dir, "node_modules", name);
	const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
	return { label, name, version, node, cli, examples: join(root, "examples", "extensions") };
}

/**
 * Installs what is missing.
 * @returns {Promise<{label: string, name: string, version: string, node: string, cli: string, examples: string}[]>}
 *   the old Pi, then the new one
 */
export async function installPis() {
	const cache = cacheDir();
	mkdirSync(cache, { recursive: true });
	const oldDir = join(cache, "old");
	const newDir = join(cache, "new");
	const spec = `${OLD.name}@${OLD.version}`;
	const runsOld = process.version.startsWith("v20.");
	await once(oldDir, spec, async (tmp) => {
		if (!runsOld) await npm(tmp, "install", "node@20");
		await npm(tmp, "install", spec);
	});
	await once(newDir, `${NEW.name}@${NEW.versions}`, fillNew);
	return [
		describe("old", oldDir, OLD.name, runsOld ? process.execPath : nodeIn(oldDir)),
		describe("new", newDir, NEW.name, nodeIn(newDir)),
	];
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
	console.log(JSON.stringify(await installPis(), null, "\t"));
}
