/** One number that a training printed. */
export interface OutputPoint {
	readonly key: string;
	readonly value: number;
	/** Null where the output says none. */
	readonly step: number | null;
	readonly timestampMs: number;
}

export type OutputName = "stdout" | "stderr";
