import type { CheckpointInput } from "./checkpointInput";

/** What of a copied training is other than it was. */
export interface CloneWish {
	readonly newName: string;
	/** Hyperparameters that are changed or added; all others stay. */
	readonly params: Readonly<Record<string, string>>;
	/** What it goes on from; without it the copy begins anew, as the first did. */
	readonly checkpoint?: CheckpointInput;
}
