import type { FileReview } from "./fileReview";
import { splitLines } from "./lines";

export interface ReviewLines {
	readonly file: readonly string[];
	readonly proposal: readonly string[];
}

/** Each of a thousand hunks asks for the lines that it is of. */
const known = new WeakMap<FileReview, ReviewLines>();

/** Both sides of a review, line by line; nothing where there is no file. */
export function reviewLines(review: FileReview): ReviewLines {
	const lines = known.get(review) ?? {
		file: splitLines(review.file ?? ""),
		proposal: splitLines(review.proposal ?? ""),
	};
	known.set(review, lines);
	return lines;
}
