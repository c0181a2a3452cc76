// MuJoCo's and onnxruntime's bindings are ES modules that ask where they are; in a CommonJS file that is told by its name.
export const mujocoInNode = {
	define: { "import.meta.url": "gammaFileUrl" },
	banner: { js: 'const gammaFileUrl = require("node:url").pathToFileURL(__filename).href;' },
};
