import { env, InferenceSession, Tensor } from "onnxruntime-web/wasm";
import { GammaError } from "../../shared/errors";
import type { PolicyNetwork } from "../../shared/policy/simulation";
import { readWebAssembly } from "./loadMujoco";

/** An ONNX network in onnxruntime's WebAssembly: one thread, so that a seed gives the same bytes on every machine. */
export class OnnxNetwork implements PolicyNetwork {
	/** `name` is the file, for the sentence of `policy.invalid`, with which a network that cannot be run is refused. */
	static async open(
		name: string,
		bytes: Uint8Array,
		ports: { readonly input?: string | undefined; readonly output?: string | undefined } = {},
	): Promise<OnnxNetwork> {
		const wasmBinary = await readWebAssembly("onnxruntime");
		env.wasm.numThreads = 1;
		env.logLevel = "error";
		if (wasmBinary) env.wasm.wasmBinary = wasmBinary;
		const session = await InferenceSession.create(bytes, { logSeverityLevel: 4 }).catch((error: unknown) => {
			throw new GammaError("policy.invalid", `${name} is no ONNX network that can be run: ${firstLine(error)}.`);
		});
		const input = portOf(name, "input", session.inputNames, ports.input);
		const output = portOf(name, "output", session.outputNames, ports.output);
		return new OnnxNetwork(name, session, input, output);
	}

	private constructor(
		private readonly name: string,
		private readonly session: InferenceSession,
		private readonly input: string,
		private readonly output: string,
	) {}

	async run(observation: Float32Array): Promise<Float32Array> {
		const input = new Tensor("float32", observation, [1, observation.length]);
		const answers = await this.session.run({ [this.input]: input }, [this.output]).catch((error: unknown) => {
			throw new GammaError(
				"policy.invalid",
				`${this.name} does not take an observation of ${observation.length} numbers: ${firstLine(error)}.`,
			);
		});
		const answer = answers[this.output];
		if (!(answer?.data instanceof Float32Array)) {
			throw new GammaError("policy.invalid", `${this.name} answers with ${answer?.type ?? "nothing"}, not float32.`);
		}
		// A copy: the engine uses its own memory again.
		return Float32Array.from(answer.data);
	}

	dispose(): Promise<void> {
		return this.session.release();
	}
}

function portOf(name: string, kind: "input" | "output", names: readonly string[], asked: string | undefined): string {
	if (asked !== undefined && names.includes(asked)) return asked;
	const [only] = names;
	if (asked === undefined && only !== undefined && (names.length === 1 || kind === "output")) return only;
	const wish = asked === undefined ? `several ${kind}s` : `no ${kind} "${asked}"`;
	throw new GammaError("policy.invalid", `${name} has ${wish}: name one of ${names.join(", ")} as "${kind}".`);
}

function firstLine(error: unknown): string {
	const text = error instanceof Error ? error.message : String(error);
	return (text.split("\n")[0] ?? "").slice(0, 300).replace(/\.$/, "");
}
