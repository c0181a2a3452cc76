import type { EditedFile } from "../../shared/agent/conversation";
import type { FileReview, ReviewSet } from "./fileReview";
import { openHunks } from "./openHunks";
import type { ProposedSet } from "./proposedEdits";

/** Edits that were applied and not taken back. */
export function acceptedCount({ accepts }: FileReview): number {
	return accepts
		.filter(({ isUndone }) => !isUndone)
		.reduce(
			(sum, { hunks, structure }) => sum + hunks.length + (structure === "rename" || hunks.length === 0 ? 1 : 0),
			0,
		);
}

export function toEditedFile(review: FileReview): EditedFile {
	const [accepted, open] = [acceptedCount(review), openHunks(review).length];
	const { path, kind, added, removed, rejected, isStale } = review;
	return { path, kind, added, removed, hunks: accepted + rejected + open, accepted, rejected, isStale };
}

export function toProposedSet(set: ReviewSet): ProposedSet {
	return {
		id: set.id,
		conversationId: set.conversationId,
		title: set.title,
		files: set.files.map(toEditedFile),
		isDecided: set.files.every((file) => openHunks(file).length === 0),
	};
}
