// A registry on the loopback interface for the tarballs of one directory: as
// much of npm's protocol as an installation asks for.
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";

/** The package.json in an npm tarball. */
export function manifestOf(tarball) {
	const tar = gunzipSync(tarball);
	const field = (at, length) => tar.toString("utf8", at, at + length).replace(/\0.*$/s, "");
	for (let at = 0; at < tar.length; ) {
		const size = Number.parseInt(field(at + 124, 12), 8) || 0;
		if (field(at, 100) === "package/package.json") return JSON.parse(tar.toString("utf8", at + 512, at + 512 + size));
		at += 512 + Math.ceil(size / 512) * 512;
	}
	throw new Error("no package.json");
}

const sum = (algorithm, encoding, data) => createHash(algorithm).update(data).digest(encoding);

/** Serves the tarballs of dir; returns the address and a function that stops it. */
export async function serve(dir) {
	const server = createServer((request, response) => {
		const path = decodeURIComponent(request.url.slice(1).split("?")[0]);
		const files = readdirSync(dir);
		if (path.startsWith("-/") && files.includes(path.slice(2))) {
			response.end(readFileSync(join(dir, path.slice(2))));
			return;
		}
		const found = { name: path, "dist-tags": {}, versions: {} };
		for (const file of files) {
			const data = readFileSync(join(dir, file));
			const manifest = manifestOf(data);
			if (manifest.name !== path) continue;
			found["dist-tags"].latest = manifest.version;
			found.versions[manifest.version] = {
				...manifest,
				dist: {
					tarball: `http://127.0.0.1:${server.address().port}/-/${file}`,
					integrity: `sha512-${sum("sha512", "base64", data)}`,
					shasum: sum("sha1", "hex", data),
				},
			};
		}
		response.statusCode = found["dist-tags"].latest ? 200 : 404;
		response.setHeader("content-type", "application/json");
		response.end(JSON.stringify(found));
	});
	await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
	return { url: `http://127.0.0.1:${server.address().port}/`, close: () => server.close() };
}
