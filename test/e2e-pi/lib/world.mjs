// A throw-away home in which one Pi runs: its agent directory, a project in a
// git work tree, pi-track's home, and the stand-in provider.

import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
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
	 * @param {{scripts?: object, track?: boolean, extensions?: string[], projectExtensions?: string[], env?: object}} options
	 *   track: install the pi-track extension (default true)
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

	#configure({ track = true, extensions = [], projectExtensions = [], env = {}, settings = {} }) {
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
			...settings,
		});
		for (const file of extensions) this.addExtension(file, join(this.agent, "extensions"));
		for (const file of projectExtensions) this.addExtension(file, join(this.project, ".pi", "extensions"));
		this.env = this.#environment(env);
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

	/** Copies an extension (a file or a directory) into dir; relative names are fixtures. */
	addExtension(file, dir, as = file.split("/").pop()) {
		const from = file.startsWith("/") ? file : join(fixtures, file);
		mkdirSync(dir, { recursive: true });
		cpSync(from, join(dir, as), { recursive: true, dereference: true });
	}

	/** Puts the pi-track extension into the agent directory. */
	installTrack() {
		const binary = process.env.PI_TRACK_BIN;
		if (binary) {
			execFileSync(binary, ["install"], { env: this.env, cwd: this.project, stdio: "pipe" });
			return;
		}
		const dir = process.env.PI_TRACK_EXTENSIONS ?? join(repoRoot, "extensions");
		if (!existsSync(dir)) throw new Error("no extensions directory: build pi-track and set PI_TRACK_BIN");
		this.addExtension(dir, dirname(join(this.agent, "extensions")), "extensions");
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

	async close() {
		await this.provider.close();
		if (process.env.PI_TRACK_TEST_KEEP) console.log(`# kept ${this.root}`);
		else rmSync(this.root, { recursive: true, force: true, maxRetries: 5 });
	}
}
