// Runs the real CLI of Pi in a World: print mode, rpc mode, and the terminal
// interface inside a tmux server of its own.

import { execFileSync, spawn } from "node:child_process";
import { join } from "node:path";
import { until } from "./events.mjs";

const quote = (arg) => `'${arg.replaceAll("'", `'\\''`)}'`;

// What still runs when a test file is ended early goes with it.
const live = new Set();
process.on("exit", () => {
	for (const stop of live) stop();
});
for (const signal of ["SIGTERM", "SIGINT"]) process.on(signal, () => process.exit(1));

function ended(child) {
	const stop = () => child.kill("SIGKILL");
	live.add(stop);
	child.on("close", () => live.delete(stop));
	return new Promise((resolve, reject) => {
		child.on("error", reject);
		child.on("close", (code, signal) => resolve({ code, signal }));
	});
}

/**
 * Starts `pi -p` and returns the child with its output so far.
 * `done` resolves to {code, signal, stdout, stderr}.
 */
export function startPrint(world, args, { env = {}, mode = "text" } = {}) {
	const child = spawn(world.pi.node, [world.pi.cli, "-p", "--mode", mode, ...args], {
		cwd: world.project,
		env: { ...world.env, ...env },
		stdio: ["ignore", "pipe", "pipe"],
		timeout: 380_000,
		killSignal: "SIGKILL",
	});
	const out = { stdout: "", stderr: "" };
	child.stdout.setEncoding("utf8").on("data", (text) => (out.stdout += text));
	child.stderr.setEncoding("utf8").on("data", (text) => (out.stderr += text));
	return { child, out, done: ended(child).then((end) => ({ ...end, ...out })) };
}

/** Runs `pi -p ARG…` to its end. */
export const print = (world, ...args) => startPrint(world, args).done;

/** A Pi in rpc mode. */
export class Rpc {
	constructor(world, args = []) {
		this.messages = [];
		this.stderr = "";
		this.child = spawn(world.pi.node, [world.pi.cli, "--mode", "rpc", ...args], {
			cwd: world.project,
			env: world.env,
			stdio: ["pipe", "pipe", "pipe"],
		});
		this.child.stdin.on("error", () => {}); // it may have ended already
		this.done = ended(this.child);
		this.guard = setTimeout(() => this.child.kill("SIGKILL"), 380_000);
		this.done.finally(() => clearTimeout(this.guard)).catch(() => {});
		let rest = "";
		this.child.stdout.setEncoding("utf8").on("data", (text) => {
			const lines = (rest + text).split("\n");
			rest = lines.pop();
			for (const line of lines) if (line.startsWith("{")) this.messages.push(JSON.parse(line));
		});
		this.child.stderr.setEncoding("utf8").on("data", (text) => (this.stderr += text));
	}

	send(message) {
		this.child.stdin.write(`${JSON.stringify(message)}\n`);
	}

	/** Sends a prompt and waits until Pi has taken it. */
	async prompt(message, more = {}) {
		const id = `p${this.messages.length}-${message}`;
		this.send({ id, type: "prompt", message, ...more });
		return this.message((m) => m.type === "response" && m.id === id, `the answer to ${message}`);
	}

	/** Waits for a message that fulfils match. */
	message(match, what) {
		return until(() => {
			if (this.messages.some(match)) return this.messages.find(match);
			if (this.child.exitCode !== null) throw new Error(`pi has ended: ${this.stderr}`);
			return false;
		}, what);
	}

	/** Waits for the end of the n-th prompt that went to the model. */
	async idle(n = 1) {
		await until(() => this.messages.filter((m) => m.type === "agent_end").length >= n, `agent_end ${n}`);
	}

	/** Runs a command line as the user's ! does, and returns the answer. */
	shell(command) {
		const id = `sh${this.messages.length}`;
		this.send({ id, type: "bash", command });
		return this.message((m) => m.type === "response" && m.id === id, `the end of ${command}`);
	}

	/** Closes stdin and waits for the end of Pi. */
	async close() {
		this.child.stdin.end();
		const timer = setTimeout(() => this.child.kill("SIGTERM"), 20_000);
		await this.done;
		clearTimeout(timer);
	}
}

/** A Pi in a terminal: a tmux server with a socket of its own. */
export class Tui {
	constructor(world, args = []) {
		this.socket = join(world.root, "tmux");
		this.stop = () => this.close();
		live.add(this.stop);
		const words = [world.pi.node, world.pi.cli, ...args].map(quote).join(" ");
		// The shell outlives a Ctrl-C that comes after Pi has ended.
		const script = `trap : INT; ${words}; code=$?; trap '' INT; echo "pi ended with $code"; exec sleep 300`;
		const where = ["-x", "120", "-y", "40", "-c", world.project];
		this.#tmux(world.env, "-f", "/dev/null", "new-session", "-d", ...where, script);
	}

	#tmux(env, ...args) {
		return execFileSync("tmux", ["-S", this.socket, ...args], { encoding: "utf8", env, stdio: ["ignore", "pipe", "pipe"] });
	}

	/** What the terminal shows. */
	screen() {
		return this.#tmux(process.env, "capture-pane", "-p", "-J");
	}

	/** Types text as it is. */
	type(text) {
		this.#tmux(process.env, "send-keys", "-l", text);
	}

	/** Presses keys by their tmux names: Enter, Escape, C-c. */
	press(...keys) {
		this.#tmux(process.env, "send-keys", ...keys);
	}

	/** Waits until the screen matches. */
	shows(pattern, what = String(pattern)) {
		return until(() => {
			const screen = this.screen();
			if (!pattern.test(screen)) throw new Error(`the screen is:\n${screen}`);
			return true;
		}, what);
	}

	/** Types a line; Enter follows once Pi shows the text, so that it is not taken for a paste. */
	async enter(text) {
		this.type(text);
		await until(() => this.screen().includes(text), `the text ${text} in the editor`);
		this.press("Enter");
	}

	close() {
		live.delete(this.stop);
		try {
			this.#tmux(process.env, "kill-server");
		} catch {
			// it has ended by itself
		}
	}
}
