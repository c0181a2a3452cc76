import { readFile } from "node:fs/promises";
import { join } from "node:path";
import load, { type MainModule } from "@mujoco/mujoco";
import { once } from "../../core/once";

/** The program is one bundled `.cjs` file with the WebAssembly beside it; in tests the package finds its own. */
const isBundled = typeof __filename === "string" && __filename.endsWith(".cjs");

/** Where esbuild.mjs puts what WebAssembly the panels and the command share. */
export async function readWebAssembly(name: "mujoco" | "onnxruntime"): Promise<Uint8Array | null> {
	return isBundled ? readFile(join(__dirname, "webview", `${name}.wasm`)) : null;
}

/** MuJoCo's own WebAssembly build, once per thread. What it would print goes nowhere: refusals and warnings are read where they are kept. */
export const loadMujoco = once(async (): Promise<MainModule> => {
	const wasmBinary = await readWebAssembly("mujoco");
	const silence = (): void => {};
	return load({ print: silence, printErr: silence, ...(wasmBinary && { wasmBinary }) });
});
