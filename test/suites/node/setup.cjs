// Loaded before the tests: the node that they start is the one that SUITE_NODE
// names, and the tests that want tap find mocha, whose words they use.
const Module = require("node:module");

process.execPath = process.argv[0] = process.env.SUITE_NODE;
const load = Module._load;
Module._load = function (name, ...rest) {
  return name === "tap" ? { mochaGlobals() {} } : load.call(this, name, ...rest);
};
