/** A project as deliveries need it; `repository` in lower case. */
export interface ProjectRow {
	readonly id: string;
	readonly repository: string;
	readonly target: "runner" | "sagemaker";
	readonly installation_id: string | null;
}
