import load, { type MainModule } from "@mujoco/mujoco";

let engine: Promise<MainModule> | undefined;

/** The engine, once per page. `address` is that of mujoco.wasm. */
export function loadMujoco(address: string): Promise<MainModule> {
	engine ??= fetch(address).then(async (response) => {
		if (!response.ok) throw new Error(`The physics engine could not be read (${response.status}).`);
		// The bytes and not the response: a webview's server need not say `application/wasm`.
		return load({ wasmBinary: await response.arrayBuffer(), locateFile: () => address });
	});
	return engine;
}
