#!/usr/bin/env node
// Tests the extension: node run.mjs [unit] [types] [lint] [fresh] [bench]
// [bundle]; without a word all but the last two. The tools are installed once, from the lock
// files beside this one, into the cache directory of the tests; nothing is
// written into the source tree, where Go's tools would look into node_modules.

import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { withLock } from "./lock.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const root = dirname(here);
const cache =
	process.env.PI_TRACK_TEST_CACHE || join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "pi-track-test");

function run(program, args, options = {}) {
	const result = spawnSync(program, args, { cwd: root, stdio: "inherit", ...options });
	if (result.error) throw result.error;
	return result.status === 0;
}

/** Installs what dir/package-lock.json says into the cache and returns where. */
function install(dir, name) {
	mkdirSync(cache, { recursive: true });
	return withLock(join(cache, `${name}.lock`), () => installLocked(dir, name));
}

function installLocked(dir, name) {
	const files = ["package.json", "package-lock.json"].map((file) => join(dir, file));
	const mark = createHash("sha256");
	for (const file of files) mark.update(readFileSync(file));
	const into = join(cache, name);
	const stamp = join(into, ".installed");
	const wanted = mark.digest("hex");
	if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return into;
	rmSync(into, { recursive: true, force: true });
	mkdirSync(into, { recursive: true });
	for (const file of files) copyFileSync(file, join(into, file.slice(dir.length + 1)));
	const args = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline", "--loglevel=error"];
	if (!run("npm", args, { cwd: into })) throw new Error(`npm ci failed in ${into}`);
	writeFileSync(stamp, wanted);
	return into;
}

const bin = (tools, name) => join(tools, "node_modules", ".bin", name);

function unit(tools) {
	const tests = readdirSync(here).filter((file) => file.endsWith(".test.ts"));
	const loader = pathToFileURL(join(tools, "node_modules", "tsx", "dist", "loader.mjs")).href;
	const args = ["--import", loader, "--test", "--test-reporter=spec", ...tests.map((file) => join(here, file))];
	return run(process.execPath, args, { env: { ...process.env, PI_TRACK_TOOLS: tools } });
}

/** Bundled first: the loader of the tests adds calls to every function, Pi's does not. */
function bench(tools) {
	const bundle = join(tools, `bench.${process.pid}.mjs`);
	const options = ["--bundle", "--platform=node", "--format=esm", "--log-level=warning", `--outfile=${bundle}`];
	if (!run(bin(tools, "esbuild"), [join(here, "event.bench.ts"), ...options])) return false;
	try {
		return run(process.execPath, [bundle]);
	} finally {
		rmSync(bundle);
	}
}

/**
 * Returns the extension as one CommonJS file. Pi's loader, jiti, compiles what
 * is TypeScript or an ES module, which costs Pi seconds of CPU at its first
 * start; a CommonJS file it runs as it is.
 */
function bundled(tools) {
	const options = [
		...["--bundle", "--platform=node", "--format=cjs", "--target=node20", "--log-level=warning", "--charset=utf8"],
		"--define:import.meta.url=moduleURL",
		"--banner:js=// Made of src and _shared by: node extensions/test/run.mjs bundle\nconst moduleURL = require('node:url').pathToFileURL(__filename).href;",
		"--footer:js=module.exports = module.exports.default;",
	];
	const { stdout, status } = spawnSync(bin(tools, "esbuild"), ["pi-track/index.ts", ...options], {
		cwd: root,
		encoding: "utf8",
		maxBuffer: 16 << 20,
	});
	if (status !== 0) throw new Error("the bundle cannot be made");
	return stdout;
}

const bundleFile = join(root, "dist", "pi-track.cjs");

/** Writes the bundle, which is what `pi-track install` installs. */
function bundle(tools) {
	writeFileSync(bundleFile, bundled(tools));
	return true;
}

/** Says whether the bundle is that of the sources. */
function fresh(tools) {
	if (existsSync(bundleFile) && readFileSync(bundleFile, "utf8") === bundled(tools)) return true;
	console.error("extensions/dist/pi-track.cjs is not made of these sources: node extensions/test/run.mjs bundle");
	return false;
}

/** Checks the sources alone, then against the real types of each of Pi's packages. */
async function types(tools) {
	const packages = await install(join(here, "types"), "ext-types");
	const modules = join(packages, "node_modules");
	const configs = [["sources", {}, ["_shared", "pi-track", "test/*.ts"]]];
	for (const name of ["@mariozechner", "@earendil-works"]) {
		const pi = join(modules, name, "pi-coding-agent");
		const { version } = JSON.parse(readFileSync(join(pi, "package.json"), "utf8"));
		const paths = { pi: [join(pi, "dist", "index.d.ts")] };
		configs.push([`${name.slice(1)}-${version}`, { paths }, ["test/types/pi.ts"]]);
	}
	const passed = configs.map(([name, options, include]) => {
		const file = join(packages, `tsconfig.${name}.${process.pid}.json`);
		const config = {
			extends: join(root, "tsconfig.json"),
			compilerOptions: { typeRoots: [join(tools, "node_modules", "@types")], ...options },
			include: include.map((path) => join(root, path)),
		};
		writeFileSync(file, JSON.stringify(config));
		console.log(`types: ${name}`);
		try {
			return run(bin(tools, "tsc"), ["-p", file]);
		} finally {
			rmSync(file);
		}
	});
	return passed.every(Boolean);
}

const lint = (tools) => run(bin(tools, "biome"), ["check", "--error-on-warnings"]);

const steps = { unit, types, lint, bench, bundle, fresh };
const words = process.argv.slice(2);
const tools = await install(here, "ext-tools");
let ok = true;
for (const word of words.length > 0 ? words : ["lint", "types", "fresh", "unit"]) {
	if (!steps[word]) throw new Error(`no such step: ${word}`);
	ok = (await steps[word](tools)) && ok;
}
process.exitCode = ok ? 0 : 1;
