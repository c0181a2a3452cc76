import load, { type MainModule } from "@mujoco/mujoco";

let engine: Promise<MainModule> | undefined;

/** The engine, once per page; after a failure it is tried again. `address` is that of mujoco.wasm. */
export function loadMujoco(address: string): Promise<MainModule> {
	engine ??= start(address).catch((error: unknown) => {
		engine = undefined;
		throw error;
	});
	return engine;
}

/** Compiled while it comes: 10 MB. */
async function start(address: string): Promise<MainModule> {
	const response = await fetch(address);
	if (!response.ok) throw new Error(`The physics engine could not be read (${response.status}).`);
	// A webview's server need not say `application/wasm`, which the browser demands of what it compiles.
	const typed = new Response(response.body, { headers: { "content-type": "application/wasm" } });
	const compiled = await WebAssembly.compileStreaming(typed);
	return load({
		locateFile: () => address,
		instantiateWasm: (imports: WebAssembly.Imports, done: (instance: WebAssembly.Instance) => void) => {
			void WebAssembly.instantiate(compiled, imports).then(done);
			return {};
		},
	});
}
