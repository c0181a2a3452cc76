/** A row of the view. Only its identity: what it shows is looked up when VS Code draws it. */
export type ArtifactRow =
	| { readonly kind: "project"; readonly id: string; readonly projectId: string }
	| { readonly kind: "job"; readonly id: string; readonly jobId: string }
	/** Runs that no job is known of. */
	| { readonly kind: "runs"; readonly id: string }
	| { readonly kind: "moreRuns"; readonly id: string; readonly parent: string }
	| PlaceRow
	| EntryRow
	/** `failed` and `empty` stand in the place of what is not there; `more` waits for a click. */
	| {
			readonly kind: "failed" | "empty" | "more";
			readonly id: string;
			readonly placeId: string;
			readonly path: string;
	  };

export interface PlaceRow {
	/** `run`: a run's artifacts; `named`: a bucket or a folder. */
	readonly kind: "run" | "named";
	readonly id: string;
	readonly placeId: string;
	readonly path: "";
}

export interface EntryRow {
	readonly kind: "folder" | "file";
	readonly id: string;
	readonly placeId: string;
	readonly path: string;
}

/** What a menu or a selection hands over: a row that stands for something in a place, or nothing. */
export function isInPlace(row: unknown): row is PlaceRow | EntryRow {
	return (
		typeof row === "object" &&
		row !== null &&
		"kind" in row &&
		["run", "named", "folder", "file"].includes(String(row.kind)) &&
		"placeId" in row &&
		"path" in row
	);
}
