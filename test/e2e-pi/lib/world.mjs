// A throwaway home in which one Pi runs: its agent directory, a project in a
// git work tree, pi-track's home, and the stand-in provider.

import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { readEvents } from "./events.mjs";
import { startProvider } from "./provider.mjs";

export const repoRoot = realpathSync(join(dirname(fileURLToPath(import.meta.url)), "..", "..", ".."));
export const fixtures = join(repoRoot, "test", "e2e-pi", "fixtures");

const MODEL = {
	id: "mock-1",
	name: "Mock",
	reasoning: false,
	input: ["text"],
	contextWindow: 200000,
	maxTokens: 4096,
	cost: { input: 1, output: 2, cacheRead: 0, cacheWrite: 0 }, // USD per million tokens
};

/** Environment variables of this process that could lead Pi out of its home. */
const FOREIGN = /^(PI_|AI_AGENT|AGENT|TMUX|XDG_|.*API_KEY$|.*_TOKEN$|NODE_|npm_)/;

function writeJSON(path, value) {
	mkdirSync(dirname(path), { recursive: true });
	writeFileSync(path, JSON.stringify(value, null, "\t"));
}

export class World {
	/**
	 * Makes a home for pi (one of installPis()).
	 * @param {object} pi
	 * @param {object} options
	 *   scripts: for the provider; track: whether pi-track is installed (default true); extensions,
	 *   projectExtensions: files to copy; packages: directories of Pi packages; helpers: shell scripts by name, on PATH and with a shim each;
	 *   loops: names of helpers that are loops; env, settings: more of each
	 */
	static async make(pi, options = {}) {
		const world = new World();
		world.pi = pi;
		world.root = mkdtempSync(join(realpathSync(tmpdir()), "pte-"));
		world.home = join(world.root, "home");
		world.agent = join(world.home, ".pi", "agent");
		world.project = join(world.root, "project");
		world.trackHome = join(world.root, "track");
		world.log = join(world.trackHome, "events.jsonl");
		world.provider = await startProvider(options.scripts ?? {});
		mkdirSync(world.agent, { recursive: true });
		mkdirSync(world.project);
		execFileSync("git", ["init", "-q", world.project]);
		try {
			world.#configure(options);
		} catch (err) {
			await world.close();
			throw err;
		}
		return world;
	}

	#configure({ track = true, extensions = [], projectExtensions = [], packages = [], helpers = {}, loops = [], config = "", env = {}, settings = {} }) {
		const provider = { baseUrl: this.provider.url, api: "openai-completions", apiKey: "mock", models: [MODEL] };
		provider.compat = { supportsDeveloperRole: false, supportsReasoningEffort: false, supportsStore: false };
		writeJSON(join(this.agent, "models.json"), { providers: { mock: provider } });
		writeJSON(join(this.agent, "settings.json"), {
			defaultProvider: "mock",
			defaultModel: "mock-1",
			defaultProjectTrust: "always",
			quietStartup: true,
			lastChangelogVersion: this.pi.version,
			retry: { enabled: false },
			packages,
			...settings,
		});
		for (const file of extensions) this.addExtension(file, join(this.agent, "extensions"));
		for (const file of projectExtensions) this.addExtension(file, join(this.project, ".pi", "extensions"));
		this.env = this.#environment(env);
		this.#addHelpers(helpers, loops, config);
		if (track) this.installTrack();
	}

	#environment(more) {
		const env = {};
		for (const [key, value] of Object.entries(process.env)) {
			if (!FOREIGN.test(key)) env[key] = value;
		}
		return {
			...env,
			HOME: this.home,
			PI_CODING_AGENT_DIR: this.agent,
			PI_OFFLINE: "1",
			PI_TELEMETRY: "0",
			PI_SKIP_VERSION_CHECK: "1",
			PI_TRACK_HOME: this.trackHome,
			TERM: "xterm-256color",
			...more,
		};
	}

	#addHelpers(helpers, loops, more) {
		const bin = join(this.root, "bin");
		mkdirSync(bin);
		this.env.PATH = `${bin}:${this.env.PATH}`;
		let config = `version = 1\n${more}`;
		for (const [name, script] of Object.entries(helpers)) {
			writeFileSync(join(bin, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
			config += `\n[[shim]]\nname = "${name}"\nkind = "${loops.includes(name) ? "loop" : "script"}"\n`;
		}
		const dir = join(this.home, ".config", "pi-track");
		mkdirSync(dir, { recursive: true });
		writeFileSync(join(dir, "shims.toml"), config);
	}

	/** Copies an extension (a file or a directory) into dir; relative names are fixtures. */
	addExtension(file, dir, as = file.split("/").pop()) {
		const from = file.startsWith("/") ? file : join(fixtures, file);
		mkdirSync(dir, { recursive: true });
		cpSync(from, join(dir, as), { recursive: true, dereference: true });
	}

	/** Adds an agent for the subagent tool. */
	addAgent(name) {
		const dir = join(this.agent, "agents");
		mkdirSync(dir, { recursive: true });
		writeFileSync(join(dir, `${name}.md`), `---\nname: ${name}\ndescription: does the work\n---\nDo it.\n`);
	}

	/**
	 * Installs pi-track: shims, and the extension in the agent directory. While
	 * the extension is being written, PI_TRACK_EXTENSIONS may name a directory
	 * from which it is taken as it is.
	 */
	installTrack() {
		const sources = process.env.PI_TRACK_EXTENSIONS;
		if (process.env.PI_TRACK_BIN) this.pitrack("install", ...(sources ? ["--no-pi"] : []));
		if (sources) copyExtension(sources, join(this.agent, "extensions"));
	}

	/** Runs pi-track and returns what it prints. */
	pitrack(...args) {
		const options = { env: this.env, cwd: this.project, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] };
		return execFileSync(process.env.PI_TRACK_BIN, args, options);
	}

	/** The events of the log, in order. */
	events() {
		return readEvents(this.log);
	}

	/** The lines of the session files that Pi wrote. */
	sessionLines() {
		const dir = join(this.agent, "sessions");
		if (!existsSync(dir)) return [];
		const files = execFileSync("find", [dir, "-name", "*.jsonl"], { encoding: "utf8" }).trim().split("\n");
		return files.filter(Boolean).sort().flatMap((f) => readFileSync(f, "utf8").trim().split("\n").map((l) => JSON.parse(l)));
	}

	/** Ends what belongs to this home; processes that were left behind are an error. */
	async close() {
		await this.provider.close();
		const left = await this.#leftBehind();
		for (const { pid } of left) process.kill(pid, "SIGKILL");
		if (process.env.PI_TRACK_TEST_KEEP) console.log(`# kept ${this.root}`);
		else rmSync(this.root, { recursive: true, force: true, maxRetries: 5 });
		if (left.length > 0) throw new Error(`left behind: ${left.map((p) => p.args).join("; ")}`);
	}

	// The processes that still live in this home after a while. Linux only.
	async #leftBehind() {
		let left = [];
		for (let i = 0; i < 150; i++) {
			left = processesWith(`PI_TRACK_HOME=${this.trackHome}`);
			if (left.length === 0) break;
			await new Promise((resolve) => setTimeout(resolve, 100));
		}
		return left;
	}
}

/** Copies the sources of the extension, which lie in two directories. */
export function copyExtension(from, to) {
	for (const dir of ["_shared", "pi-track"]) cpSync(join(from, dir), join(to, dir), { recursive: true });
}

function processesWith(variable) {
	if (!existsSync("/proc/self/environ")) return [];
	const found = [];
	for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
		try {
			if (!readFileSync(`/proc/${pid}/environ`, "utf8").split("\0").includes(variable)) continue;
			found.push({ pid: Number(pid), args: readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ") });
		} catch {
			// it has ended, or is somebody else's
		}
	}
	return found;
}
