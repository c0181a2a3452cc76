import type { ReviewSet } from "./fileReview";

/**
 * The set that a further proposal belongs to: the newest of its conversation, of the same title, where nothing is decided yet
 * and none of its files is. Sets are newest first; undefined where it is one of its own.
 */
export function setToJoin(
	sets: readonly ReviewSet[],
	proposed: { readonly conversationId: string; readonly title: string; readonly paths: readonly string[] },
): ReviewSet | undefined {
	const newest = sets.find(({ conversationId }) => conversationId === proposed.conversationId);
	if (newest?.title !== proposed.title) return undefined;
	const isUntouched = newest.files.every(
		({ accepts, rejected, mine, structure }) =>
			accepts.length === 0 &&
			rejected === 0 &&
			mine.length === 0 &&
			structure !== "accepted" &&
			structure !== "rejected",
	);
	const taken = new Set(newest.files.flatMap(({ path, from }) => (from === null ? [path] : [path, from])));
	return isUntouched && !proposed.paths.some((path) => taken.has(path)) ? newest : undefined;
}
