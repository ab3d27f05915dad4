// Pi's loader compiles this file, as it is an ES module, so that import() gives
// Pi's own packages. The extension itself is CommonJS, which runs as it is.
import piTrack from "./pi-track.cjs";

export default (pi) => piTrack(pi, (name) => import(name));
