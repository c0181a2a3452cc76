/** One training job of one commit (architecture.md, section 2). */
export interface Job {
	readonly id: string;
	readonly commitSha: string;
	readonly branch: string;
	readonly status: "pending" | "running" | "completed" | "failed" | "stopped";
	/** Milliseconds since the epoch. */
	readonly createdAtMs: number;
}
