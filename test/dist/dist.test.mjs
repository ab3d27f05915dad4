// The packages of dist/, installed and used as their users do: see run.
import assert from "node:assert/strict";
import { execFile, execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { manifestOf, serve } from "./registry.mjs";

const dist = realpathSync(process.env.DIST);
const version = process.env.VERSION;
const work = mkdtempSync(join(tmpdir(), "pi-track-dist-"));
const tarballs = readdirSync(join(dist, "npm")).map((name) => join(dist, "npm", name));
let registry;

before(async () => {
	registry = await serve(join(dist, "npm"));
});
after(() => {
	registry.close();
	rmSync(work, { recursive: true });
});

/** A new directory with a home in it, and an environment that knows no other. */
function place(name) {
	const dir = mkdtempSync(join(work, `${name}-`));
	mkdirSync(join(dir, "home"));
	const env = { PATH: process.env.PATH, HOME: join(dir, "home"), TMPDIR: dir, npm_config_cache: join(work, "cache"), npm_config_update_notifier: "false" };
	return { dir, env };
}

const npm = async (at, ...args) =>
	await promisify(execFile)("npm", [...args, "--registry", registry.url, "--no-audit", "--no-fund", "--prefix", at.dir], { env: at.env, cwd: at.dir });

/** What the first bytes of a program say of it. */
function machineOf(file) {
	const head = readFileSync(file).subarray(0, 20);
	if (head.readUInt32BE(0) === 0x7f454c46) return `linux ${{ 62: "x64", 183: "arm64" }[head.readUInt16LE(18)]}`;
	if (head.readUInt32LE(0) === 0xfeedfacf) return `darwin ${{ 0x01000007: "x64", 0x0100000c: "arm64" }[head.readUInt32LE(4)]}`;
	return "unknown";
}

/** From an installed program to a report, and nothing left behind. shim is the program of the package. */
function use(program, env, shim = join(realpathSync(program), "../pi-track-shim")) {
	const run = (...args) => execFileSync(program, args, { env, encoding: "utf8" });
	assert.match(run("version"), new RegExp(`^pi-track ${version.replaceAll(".", "\\.")}\\b`));
	assert.match(run("install", "--no-pi"), /\(new, from the default\)/);
	run("run", "--name", "works", "--", "true");
	assert.equal(JSON.parse(run("report", "--json")).overview.runs, 1);
	assert.deepEqual(readFileSync(join(env.HOME, "runtime/tool-usage/bin/pi-track-shim")), readFileSync(shim));
	run("uninstall", "--purge", "--yes");
	const left = execFileSync("find", [env.HOME, "-type", "f", "-not", "-path", "*/.npm/*"], { encoding: "utf8" });
	assert.equal(left.replaceAll(env.HOME, "").split("\n").filter((f) => /runtime|config\/pi-track/.test(f)).join(), "");
}

test("npm: every manifest has the version, exact dependencies and no scripts", () => {
	const manifests = tarballs.map((file) => manifestOf(readFileSync(file)));
	assert.equal(manifests.length, 5);
	for (const m of manifests) {
		assert.equal(m.version, version);
		assert.equal(m.scripts, undefined);
	}
	const main = manifests.find((m) => m.name === "pi-track");
	assert.deepEqual(Object.keys(main.optionalDependencies).sort(), manifests.map((m) => m.name).filter((n) => n !== "pi-track").sort());
	assert.deepEqual(new Set(Object.values(main.optionalDependencies)), new Set([version]));
});

test("npm install -g gives a program that works, without scripts", async () => {
	const at = place("global");
	await npm(at, "install", "-g", "pi-track", "--ignore-scripts");
	use(join(at.dir, "bin/pi-track"), at.env, join(at.dir, `lib/node_modules/pi-track/node_modules/@pi-track/linux-${process.arch}/bin/pi-track-shim`));
	const relative = spawnSync("sh", ["pi-track", "version"], { cwd: join(at.dir, "bin"), env: at.env, encoding: "utf8" });
	assert.match(relative.stdout, /^pi-track /, relative.stderr);
});

for (const [os, cpu] of [["linux", "arm64"], ["darwin", "arm64"], ["darwin", "x64"]]) {
	test(`npm takes the programs of ${os} ${cpu} there`, async () => {
		const at = place("other");
		await npm(at, "install", "-g", "pi-track", "--os", os, "--cpu", cpu);
		const modules = join(at.dir, "lib/node_modules/pi-track/node_modules/@pi-track");
		assert.deepEqual(readdirSync(modules), [`${os}-${cpu}`]);
		for (const name of ["pi-track", "pi-track-shim"]) assert.equal(machineOf(join(modules, `${os}-${cpu}`, "bin", name)), `${os} ${cpu}`);
		const missing = spawnSync(join(at.dir, "bin/pi-track"), ["version"], { env: at.env, encoding: "utf8" });
		assert.equal(missing.status, 1);
		assert.match(missing.stderr, /^pi-track: error: the package @pi-track\/linux-(x64|arm64) is missing.*\npi-track: hint: install pi-track again/);
	});
}

/** Serves files over HTTP; change may replace one's content. */
async function web(files, change = {}) {
	const server = createServer((request, response) => {
		const name = request.url.split("/").pop();
		if (change[name]) return response.end(change[name]);
		if (existsSync(join(files, name))) return response.end(readFileSync(join(files, name)));
		response.statusCode = 404;
		response.end();
	});
	await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
	return { base: `http://127.0.0.1:${server.address().port}`, close: () => server.close() };
}

async function installScript(shell, at, base) {
	try {
		const r = await promisify(execFile)(shell, [join(dist, "install.sh")], { env: { ...at.env, PI_TRACK_BASE: base }, encoding: "utf8" });
		return { status: 0, ...r };
	} catch (error) {
		return { status: error.code, stdout: error.stdout, stderr: error.stderr };
	}
}

for (const shell of ["dash", "bash", "zsh"]) {
	test(`install.sh in ${shell}: twice, and no startup file is touched`, async () => {
		const at = place(shell);
		for (const file of [".profile", ".bashrc", ".zshrc"]) writeFileSync(join(at.env.HOME, file), "# mine\n");
		const site = await web(dist);
		for (let turn = 0; turn < 2; turn++) {
			const r = await installScript(shell, at, site.base);
			assert.equal(r.status, 0, r.stderr);
			assert.match(r.stdout, new RegExp(`^pi-track ${version}`));
		}
		site.close();
		for (const file of [".profile", ".bashrc", ".zshrc"]) assert.equal(readFileSync(join(at.env.HOME, file), "utf8"), "# mine\n");
		assert.deepEqual(readdirSync(join(at.env.HOME, ".local/lib")), ["pi-track"]);
		use(join(at.env.HOME, ".local/bin/pi-track"), at.env);
	});
}

test("install.sh refuses a changed or missing archive and keeps what is there", async () => {
	const at = place("changed");
	const good = await web(dist);
	assert.equal((await installScript("sh", at, good.base)).status, 0);
	good.close();
	const name = readdirSync(dist).find((f) => f.endsWith(`linux-${process.arch}.tar.gz`));
	for (const [change, message] of [[{ [name]: "other bytes" }, /does not match SHA256SUMS/], [{ SHA256SUMS: "none\n" }, /does not list/]]) {
		const bad = await web(dist, change);
		const r = await installScript("sh", at, bad.base);
		bad.close();
		assert.equal(r.status, 1);
		assert.match(r.stderr, message);
	}
	const empty = await web(mkdtempSync(join(work, "empty-")));
	const r = await installScript("sh", at, empty.base);
	empty.close();
	assert.match(r.stderr, /pi-track: error: cannot download .*\npi-track: hint:/);
	use(join(at.env.HOME, ".local/bin/pi-track"), at.env);
});

test("the deb holds a program that works, and lintian has no complaint", () => {
	const deb = join(dist, readdirSync(dist).find((f) => f.endsWith(process.arch === "x64" ? "amd64.deb" : "arm64.deb")));
	const at = place("deb");
	execFileSync("dpkg-deb", ["-x", deb, join(at.dir, "root")]);
	const control = execFileSync("dpkg-deb", ["-f", deb, "Version"], { encoding: "utf8" });
	assert.equal(control.trim(), `${version}-1`);
	assert.equal(execFileSync("dpkg-deb", ["--ctrl-tarfile", deb]).toString("latin1").match(/\.\/(preinst|postinst|prerm|postrm)/), null);
	use(join(at.dir, "root/usr/bin/pi-track"), at.env);
	for (const file of ["share/man/man1/pi-track-report.1.gz", "share/bash-completion/completions/pi-track", "share/doc/pi-track/copyright"]) {
		assert.ok(existsSync(join(at.dir, "root/usr", file)), file);
	}
	const lint = spawnSync("lintian", ["--allow-root", "--fail-on", "error,warning", "--suppress-tags", "initial-upload-closes-no-bugs", deb], { encoding: "utf8" });
	assert.equal(lint.status, 0, lint.stdout + lint.stderr);
});

const here = process.arch === "x64" ? "x86_64" : "aarch64";

test("the rpm holds a program that works, and runs no scripts", () => {
	const file = join(dist, readdirSync(dist).find((f) => f.endsWith(`${here}.rpm`)));
	const at = place("rpm");
	const ask = (...args) => execFileSync("rpm", ["-qp", "--nosignature", ...args, file], { encoding: "utf8", env: at.env });
	assert.equal(ask("--queryformat", "%{VERSION} %{LICENSE} %{BUILDHOST}").trim(), `${version} MIT reproducible`);
	assert.equal(ask("--scripts"), "");
	assert.ok(ask("--licensefiles").includes("/usr/share/licenses/pi-track/NOTICES"));
	execFileSync("rpm", ["--root", join(at.dir, "root"), "-i", "--nosignature", "--nodeps", "--ignorearch", file], { env: at.env });
	use(join(at.dir, "root/usr/bin/pi-track"), at.env);
	execFileSync("rpm", ["--root", join(at.dir, "root"), "-e", "pi-track"], { env: at.env });
	assert.ok(!existsSync(join(at.dir, "root/usr/lib/pi-track")));
});

test("the apk holds a program that works, and runs no scripts", () => {
	const file = join(dist, readdirSync(dist).find((f) => f.endsWith(`${here}.apk`)));
	const at = place("apk");
	mkdirSync(join(at.dir, "root"));
	// Three archives behind one another: signature, control, data.
	execFileSync("tar", ["-xzf", file, "--ignore-zeros", "--warning=no-unknown-keyword", "-C", join(at.dir, "root")]);
	assert.match(readFileSync(join(at.dir, "root/.PKGINFO"), "utf8"), new RegExp(`^pkgver = ${version.replaceAll(".", "\\.")}-r1$`, "m"));
	assert.deepEqual(readdirSync(join(at.dir, "root")).filter((f) => /install|upgrade/.test(f)), []);
	use(join(at.dir, "root/usr/bin/pi-track"), at.env);
	assert.ok(existsSync(join(at.dir, "root/usr/share/licenses/pi-track/NOTICES")));
});

test("version --licenses prints what NOTICES holds", () => {
	const at = place("licenses");
	execFileSync("tar", ["-xzf", join(dist, `pi-track-${version}-linux-${process.arch}.tar.gz`), "-C", at.dir]);
	const tree = join(at.dir, `pi-track-${version}-linux-${process.arch}`);
	const text = execFileSync(join(tree, "bin/pi-track"), ["version", "--licenses"], { env: at.env, encoding: "utf8" });
	assert.ok(text.endsWith(readFileSync(join(tree, "NOTICES"), "utf8")) && text.startsWith("MIT License"), text.slice(0, 80));
});

test("the SBOM names every module of the program, each with a license", () => {
	const at = place("sbom");
	execFileSync("tar", ["-xzf", join(dist, `pi-track-${version}-linux-${process.arch}.tar.gz`), "--strip-components=1", "-C", at.dir]);
	const modules = execFileSync("go", ["version", "-m", join(at.dir, "bin/pi-track")], { encoding: "utf8" })
		.matchAll(/^\tdep\t(\S+)\t(\S+)/gm);
	const bill = JSON.parse(readFileSync(join(dist, "sbom.json"), "utf8"));
	assert.equal(bill.bomFormat, "CycloneDX");
	assert.equal(bill.metadata.component.version, `v${version}`);
	const parts = bill.components.filter((c) => c.name !== "std");
	assert.equal(parts.length, bill.components.length - 1, "Go's own library is named");
	assert.deepEqual(parts.map((c) => `${c.name} ${c.version}`).sort(), [...modules].map((m) => `${m[1]} ${m[2]}`).sort());
	const licenses = parts.map((c) => c.evidence?.licenses?.[0]?.license?.id);
	assert.deepEqual([...new Set(licenses)].sort(), ["Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "MIT"]);
});

test("SHA256SUMS names every file", () => {
	const listed = readFileSync(join(dist, "SHA256SUMS"), "utf8").trim().split("\n").map((l) => l.split("  ")[1]);
	const there = execFileSync("find", [".", "-type", "f", "!", "-name", "SHA256SUMS", "-printf", "%P\\n"], { cwd: dist, encoding: "utf8" });
	assert.deepEqual(listed.sort(), there.trim().split("\n").sort());
	execFileSync("sha256sum", ["--quiet", "-c", "SHA256SUMS"], { cwd: dist });
});

test("the formula and the PKGBUILD carry the sums of the archives", () => {
	const sums = readFileSync(join(dist, "SHA256SUMS"), "utf8");
	for (const [file, machines] of [["pi-track.rb", ["darwin-arm64", "darwin-x64", "linux-arm64", "linux-x64"]], ["PKGBUILD", ["linux-arm64", "linux-x64"]]]) {
		const text = readFileSync(join(dist, file), "utf8");
		assert.equal(text.match(/@[A-Z]+/), null);
		for (const machine of machines) assert.ok(text.includes(sums.match(new RegExp(`(\\w{64})  pi-track-${version}-${machine}\\.tar`))[1]), `${file} ${machine}`);
	}
	execFileSync("bash", ["-n", join(dist, "PKGBUILD")]);
});
