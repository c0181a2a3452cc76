import type { TrainingReader } from "./trainingReader";

/** The bundled relay has SageMaker's client as a file beside it (`esbuild.mjs`). */
const isBundled = typeof __filename === "string" && __filename.endsWith("main.js");

/** SageMaker's client, loaded with the first training that is asked about. */
export async function openSagemaker(region: string): Promise<TrainingReader> {
	const file = isBundled ? "./sagemaker.js" : "./trainingReader.ts";
	const part: typeof import("./trainingReader") = isBundled ? require(file) : await import(/* @vite-ignore */ file);
	return new part.TrainingReader(region);
}
