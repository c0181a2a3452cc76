import { env, InferenceSession, Tensor } from "onnxruntime-web/wasm";
import type { PolicyNetwork } from "../../src/shared/policy/simulation";

let engine: Promise<ArrayBuffer> | undefined;

/** An ONNX network in the page, in one thread: the same bytes as in the command. `address` is that of onnxruntime.wasm. */
export class Network implements PolicyNetwork {
	static async open(
		address: string,
		bytes: Uint8Array,
		ports: { readonly input?: string | undefined; readonly output?: string | undefined },
	): Promise<Network> {
		engine ??= fetch(address).then((response) => response.arrayBuffer());
		env.wasm.numThreads = 1;
		env.logLevel = "error";
		env.wasm.wasmBinary = await engine;
		const session = await InferenceSession.create(bytes, { logSeverityLevel: 4 });
		const input = ports.input ?? session.inputNames[0] ?? "";
		const output = ports.output ?? session.outputNames[0] ?? "";
		for (const [name, names] of [[input, session.inputNames] as const, [output, session.outputNames] as const]) {
			if (!names.includes(name)) throw new Error(`The network has no "${name}"; it has ${names.join(", ")}.`);
		}
		return new Network(session, input, output);
	}

	private constructor(
		private readonly session: InferenceSession,
		private readonly input: string,
		private readonly output: string,
	) {}

	async run(observation: Float32Array): Promise<Float32Array> {
		const input = new Tensor("float32", observation, [1, observation.length]);
		const answers = await this.session.run({ [this.input]: input }, [this.output]);
		const answer = answers[this.output];
		if (!(answer?.data instanceof Float32Array)) throw new Error("The network does not answer with float32 numbers.");
		// A copy: the engine uses its own memory again.
		return Float32Array.from(answer.data);
	}

	close(): void {
		void this.session.release();
	}
}
