import "../../../support/propertySeed";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { acceptHunks, rejectHunks } from "../../../../src/core/edits/decideHunks";
import type { FileReview } from "../../../../src/core/edits/fileReview";
import { followFile, followProposal } from "../../../../src/core/edits/followFile";
import { openHunks } from "../../../../src/core/edits/openHunks";
import { restoreAccept } from "../../../../src/core/edits/restoreAccept";
import { startReview } from "../../../../src/core/edits/startReview";
import { GammaError } from "../../../../src/shared/errors";

/** Few different lines, so that many are the same; some texts end without a line end. */
const textOf = (lineEnd: string) =>
	fc
		.tuple(fc.array(fc.constantFrom("a", "b", "c", "d", "", "  x = 1", "y"), { maxLength: 14 }), fc.boolean())
		.map(([lines, isEnded]) => lines.join(lineEnd) + (isEnded && lines.length > 0 ? lineEnd : ""));
const lineEnds = fc.constantFrom("\n", "\r\n");
const pair = lineEnds.chain((lineEnd) => fc.tuple(textOf(lineEnd), textOf(lineEnd), fc.constant(lineEnd)));

const edit = (base: string, text: string) =>
	startReview({ path: "train.py", kind: "edit", from: null, baseText: base, text }, base);
const ids = (review: FileReview) => openHunks(review).map(({ id }) => id);
let accepted = 0;
const accept = (review: FileReview, ...wanted: string[]) =>
	acceptHunks(review, wanted, { id: `accept-${accepted++}`, atMs: 0 });

describe("a review of any file", () => {
	test("accepting everything is the proposal, in one step or hunk by hunk in any order", () => {
		fc.assert(
			fc.property(pair, fc.array(fc.nat(), { maxLength: 20 }), ([base, text], order) => {
				const whole = edit(base, text);
				if (ids(whole).length > 0) expect(accept(whole, ...ids(whole)).write.after).toBe(text);
				let review = whole;
				for (let step = 0; ids(review).length > 0; step++) {
					const open = ids(review);
					review = accept(review, open[(order[step] ?? 0) % open.length] ?? "").review;
				}
				expect([review.file, review.proposal]).toEqual([text, text]);
			}),
		);
	});

	test("rejecting everything leaves the file and makes the proposal the same, in any order", () => {
		fc.assert(
			fc.property(pair, fc.array(fc.nat(), { maxLength: 20 }), ([base, text], order) => {
				let review = edit(base, text);
				for (let step = 0; ids(review).length > 0; step++) {
					const open = ids(review);
					review = rejectHunks(review, [open[(order[step] ?? 0) % open.length] ?? ""]);
				}
				expect([review.file, review.proposal]).toEqual([base, base]);
			}),
		);
	});

	test("what is accepted and what is rejected comes to the same in any order", () => {
		fc.assert(
			fc.property(pair, fc.array(fc.boolean(), { minLength: 14, maxLength: 14 }), ([base, text], choices) => {
				const decide = (backwards: boolean) => {
					let review = edit(base, text);
					const wanted = openHunks(review).map((hunk, index) => ({ hunk, isAccepted: choices[index % 14] }));
					for (const { hunk, isAccepted } of backwards ? wanted.reverse() : wanted) {
						const same = openHunks(review).find(({ id }) => id === hunk.id);
						if (!same) return null;
						review = isAccepted ? accept(review, same.id).review : rejectHunks(review, [same.id]);
					}
					return review.file;
				};
				const [forwards, backwards] = [decide(false), decide(true)];
				// Two hunks of the very same content are told apart by their order alone.
				if (
					forwards !== null &&
					backwards !== null &&
					new Set(ids(edit(base, text)).map((id) => id.split(".")[0])).size === ids(edit(base, text)).length
				) {
					expect(backwards).toBe(forwards);
				}
			}),
		);
	});

	type Act = readonly [
		kind: "accept" | "reject" | "typeInFile" | "typeInProposal" | "undo" | "redo" | "restore",
		at: number,
	];
	const act: fc.Arbitrary<Act> = fc.tuple(
		fc.constantFrom("accept", "reject", "typeInFile", "typeInProposal", "undo", "redo", "restore"),
		fc.nat(1000),
	);

	test("no sequence of accept, reject, typing, undo, redo and restore loses a line that the person wrote", () => {
		fc.assert(
			fc.property(pair, fc.array(act, { maxLength: 24 }), ([base, text, lineEnd], acts) => {
				let review = edit(base, text);
				// The editor's own undo stack of the file: whole texts.
				const past: { text: string; typed: readonly string[] }[] = [];
				const future: typeof past = [];
				let typed: readonly string[] = [];
				const written: string[] = [];
				const remember = () => {
					past.push({ text: review.file ?? "", typed });
					future.length = 0;
				};
				const go = (from: typeof past, to: typeof past) => {
					const next = from.pop();
					if (!next) return;
					to.push({ text: review.file ?? "", typed });
					typed = next.typed;
					review = followFile(review, next.text);
				};
				acts.forEach(([kind, at], step) => {
					const open = openHunks(review);
					const hunk = open[at % Math.max(1, open.length)];
					const token = `person-${step}`;
					const putIn = (whole: string) => {
						const lines = whole.match(/[^\n]*\n|[^\n]+$/g) ?? [];
						const place = at % (lines.length + 1);
						const before = lines.slice(0, place).join("");
						const joint = before === "" || before.endsWith("\n") ? "" : lineEnd;
						return `${before}${joint}${token}${lineEnd}${lines.slice(place).join("")}`;
					};
					switch (kind) {
						case "accept": {
							if (!hunk || hunk.isConflict) return;
							const decision = accept(review, hunk.id);
							remember();
							review = decision.review;
							return;
						}
						case "reject":
							if (hunk && !hunk.isMine) review = rejectHunks(review, [hunk.id]);
							return;
						case "typeInFile":
							remember();
							typed = [...typed, token];
							review = followFile(review, putIn(review.file ?? ""));
							return;
						case "typeInProposal":
							review = followProposal(review, putIn(review.proposal ?? ""), undefined);
							written.push(token);
							return;
						case "undo":
							go(past, future);
							return;
						case "redo":
							go(future, past);
							return;
						case "restore": {
							const taken = review.accepts.filter(({ isUndone }) => !isUndone);
							const chosen = taken[at % Math.max(1, taken.length)];
							if (!chosen) return;
							try {
								const decision = restoreAccept(review, chosen.id);
								remember();
								review = decision.review;
							} catch (error) {
								if (!GammaError.is(error, "edit.stale")) throw error;
							}
						}
					}
				});
				for (const token of typed) expect(review.file).toContain(token);
				const both = `${review.file}${review.proposal}`;
				for (const token of written) expect(both).toContain(token);
			}),
			{ numRuns: 300 },
		);
	});
});
