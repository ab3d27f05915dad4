// Prints the package.json of the main package, or of a machine's package:
//   node manifest.mjs VERSION [MACHINE]
const [version, machine] = process.argv.slice(2);
const machines = ["linux-x64", "linux-arm64", "darwin-x64", "darwin-arm64"];
const common = { version, license: "MIT" };
const [os, cpu] = (machine ?? "").split("-");
const manifest = machine
	? {
			name: `@pi-track/${machine}`,
			...common,
			description: `The programs of pi-track for ${machine}`,
			os: [os],
			cpu: [cpu],
			preferUnplugged: true,
			files: ["bin", "LICENSE", "NOTICES"],
		}
	: {
			name: "pi-track",
			...common,
			description: "Which of your Pi helpers are used, which fail, and which get things done",
			keywords: ["pi-package"],
			os: ["linux", "darwin"],
			bin: { "pi-track": "bin/pi-track" },
			files: ["bin", "extension", "CHANGELOG.md", "NOTICES"],
			pi: { extensions: ["./extension/index.js"] },
			// Exact versions: a program and an extension of different releases never meet.
			optionalDependencies: Object.fromEntries(machines.map((m) => [`@pi-track/${m}`, version])),
		};
console.log(JSON.stringify(manifest, null, 2));
