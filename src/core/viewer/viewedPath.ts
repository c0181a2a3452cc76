/** What the viewer does with a file, by its name: shows it, runs it, or plays it. */
export type ViewedKind = "model" | "network" | "policy" | "rollout";

const endings: readonly (readonly [kind: ViewedKind, ending: RegExp])[] = [
	["model", /\.(xml|mjcf|urdf)$/i],
	["network", /\.onnx$/i],
	["policy", /(^|\/)[^/]*policy[^/]*\.json$/i],
	["rollout", /\.(npz|npy)$|(rollout|episode|trajector)[^/]*\.(csv|tsv|json)$/i],
];

/** Null for what it cannot show. */
export function viewedKindOf(path: string): ViewedKind | null {
	return endings.find(([, ending]) => ending.test(path))?.[0] ?? null;
}

/** What is told of a place's files to bring a viewer back: a model and what moves it. */
export interface ViewedSubject {
	readonly placeId: string;
	readonly model: string;
	readonly actors: readonly ViewedFile[];
}

export type ViewedFile =
	| { readonly kind: "rollout"; readonly path: string }
	/** `spec` describes it; `onnx` is the network, null where the description names it. */
	| { readonly kind: "policy"; readonly spec: string; readonly onnx: string | null };
