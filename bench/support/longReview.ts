import { acceptHunks, rejectHunks } from "../../src/core/edits/decideHunks";
import { followFile } from "../../src/core/edits/followFile";
import { openHunks } from "../../src/core/edits/openHunks";
import { startReview } from "../../src/core/edits/startReview";

const lineCount = 10_000;
const everyNth = 5;

/** What a person waits for in the review of a proposal of 10,000 lines and 2,000 hunks: milliseconds by what they do. */
export function longReview(): ReadonlyMap<string, number> {
	const spent = new Map<string, number>();
	const measure = <T>(what: string, work: () => T): T => {
		const began = performance.now();
		const made = work();
		spent.set(what, Math.max(spent.get(what) ?? 0, performance.now() - began));
		return made;
	};
	const lines = Array.from({ length: lineCount }, (_, at) => `value_${at} = ${at}`);
	const base = `${lines.join("\n")}\n`;
	const text = `${lines.map((line, at) => (at % everyNth ? line : `${line}  # ${at}`)).join("\n")}\n`;
	let review = measure("open", () =>
		startReview({ path: "long.py", kind: "edit", from: null, baseText: base, text }, base),
	);
	measure("open", () => openHunks(review).length);
	const hunkAt = (at: number) => [openHunks(review)[at]?.id ?? ""];
	for (let round = 0; round < 20; round++) {
		const { review: accepted } = measure("accept a hunk", () =>
			acceptHunks(review, hunkAt(round * 7), { id: `a${round}`, atMs: round }),
		);
		measure("accept a hunk", () => openHunks(accepted).length);
		review = measure("reject a hunk", () => rejectHunks(accepted, hunkAt(round * 3)));
		measure("reject a hunk", () => openHunks(review).length);
		const typed = (review.file ?? "").replace(`value_${round + 1} = `, `value_${round + 1} =  `);
		review = measure("follow the file", () => followFile(review, typed));
		measure("follow the file", () => openHunks(review).length);
	}
	const ids = openHunks(review).map(({ id }) => id);
	measure("accept all", () => acceptHunks(review, ids, { id: "all", atMs: 99 }));
	return spent;
}
