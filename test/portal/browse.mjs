// Looks at the portal with headless Chromium over its DevTools protocol:
//   node browse.mjs BASE PROFILE
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";

const [base, profile] = process.argv.slice(2);
const flags = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", `--user-data-dir=${profile}`, "--remote-debugging-pipe"];
const browser = spawn("chromium", [...flags, "about:blank"], { stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"] });
const give = setTimeout(() => browser.kill("SIGKILL"), 240_000);
const [, , , input, output] = browser.stdio;

const waiting = new Map();
const events = [];
let rest = "";
output.setEncoding("utf8").on("data", (text) => {
	const messages = (rest + text).split("\0");
	rest = messages.pop();
	for (const message of messages.map((m) => JSON.parse(m))) {
		if (message.id) waiting.get(message.id)?.(message);
		else events.push(message);
	}
});
let last = 0;
async function call(method, params = {}, sessionId = undefined) {
	const id = ++last;
	const answer = new Promise((resolve) => waiting.set(id, resolve));
	input.write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
	const { result, error } = await answer;
	if (error) throw Object.assign(new Error(`${method}: ${error.message}`), error);
	return result;
}

const { targetId } = await call("Target.createTarget", { url: "about:blank" });
const { sessionId } = await call("Target.attachToTarget", { targetId, flatten: true });
await call("Page.enable", {}, sessionId);
await call("Log.enable", {}, sessionId);
await call("Runtime.enable", {}, sessionId);

async function look(expression) {
	const { result, exceptionDetails } = await call("Runtime.evaluate", { expression, returnByValue: true, awaitPromise: true }, sessionId);
	assert.equal(exceptionDetails, undefined, expression);
	return result.value;
}
// What is asked of a page that is just leaving gets DevTools' server error -32000; the next page is asked again.
async function until(expression) {
	for (;;) {
		const there = await look(expression).catch((error) => {
			if (error.code !== -32000) throw error;
		});
		if (there) return;
		await new Promise((resolve) => setTimeout(resolve, 50));
	}
}
// The click waits until the answer is on its way, since the page goes with the click.
const leave = (element) => look(`setTimeout(() => ${element}.click(), 0) > 0`);

await call("Page.navigate", { url: `${base}/` }, sessionId);
await until(`location.href.startsWith("${base}") && document.readyState === "complete"`);
assert.equal(await look(`document.title`), "pi-track report");
const running = `[...document.querySelectorAll(".tile")].find((t) => t.textContent.includes("running now")).textContent`;
assert.match(await look(running), /running now\s*1\s*1 job/);

// Sorting by the number of runs, up and down.
const names = `[...document.querySelectorAll("#helpers tbody th")].map((th) => th.textContent)`;
const runs = `[...document.querySelectorAll("#helpers thead th")].find((th) => th.textContent === "runs")`;
await look(`(${runs}.querySelector("button") ?? ${runs}).click()`);
assert.equal((await look(names))[0], "deploy");
await look(`(${runs}.querySelector("button") ?? ${runs}).click()`);
assert.equal((await look(names)).at(-1), "deploy");

// The link to a helper, and back.
await leave(`[...document.querySelectorAll("#helpers tbody th a")].find((a) => a.textContent === "build")`);
await until(`location.pathname === "/why/build.html" && document.readyState === "complete"`);
assert.match(await look(`document.body.textContent`), /cannot reach the host/);
await leave(`[...document.querySelectorAll("header a")][0]`);
await until(`location.pathname === "/index.html" && document.readyState === "complete"`);
const kinds = await look(`fetch("running.json").then(() => "read", () => "refused")`);
assert.equal(kinds, "refused", "the page's policy lets nothing in");

const errors = events.filter((e) => e.method === "Runtime.exceptionThrown");
assert.deepEqual(errors, []);
await call("Browser.close");
await once(browser, "exit");
clearTimeout(give);
