import { describe, expect, test } from "vitest";
import { acceptHunks, rejectHunks } from "../../../../src/core/edits/decideHunks";
import { placeOf, type ReviewSet, reviewSetSchema } from "../../../../src/core/edits/fileReview";
import { openHunks } from "../../../../src/core/edits/openHunks";
import { ReviewModel } from "../../../../src/core/edits/reviewModel";
import { startReview } from "../../../../src/core/edits/startReview";

const folder = "file:///work";
const review = (path: string, text = "b\n") =>
	startReview({ path, kind: "edit", from: null, baseText: "a\n", text }, "a\n");
const aSet = (id: string, createdAtMs: number, ...files: ReviewSet["files"]): ReviewSet => ({
	...{ version: 1, id, conversationId: "c", title: id, runId: null, folder, createdAtMs, files },
	told: { accepts: [], rejected: 0 },
});
function storage(...kept: ReviewSet[]) {
	const written: ReviewSet[] = [];
	const removed: string[] = [];
	return {
		...{ written, removed, read: async () => kept },
		write: (set: ReviewSet) => void written.push(set),
		remove: (id: string) => void removed.push(id),
	};
}

describe("the proposals of a window", () => {
	test("those that were kept come after those that came meanwhile, newest first, each once", async () => {
		const model = new ReviewModel(storage(aSet("old", 1, review("a")), aSet("new", 3, review("a")), aSet("mid", 2)));
		model.add(aSet("new", 3, review("b")));
		await model.load();
		expect(model.sets.map(({ id }) => id)).toEqual(["new", "mid", "old"]);
		expect(model.file("new", "b")).toBeDefined();
	});

	test("every change is kept and told, and the same again is neither", () => {
		const kept = storage();
		const model = new ReviewModel(kept);
		const told: string[] = [];
		model.onDidChange(({ setId }) => told.push(setId));
		model.add(aSet("s", 1, review("a"), review("b")));
		const before = model.file("s", "a");
		if (!before) throw new Error("no review");
		const after = rejectHunks(before, [openHunks(before)[0]?.id ?? ""]);
		model.put("s", after);
		model.put("s", after);
		model.put("elsewhere", after);
		model.put("s", { ...after, path: "elsewhere" });
		expect(told).toEqual(["s", "s"]);
		expect(kept.written.map(({ files }) => files.map(({ rejected }) => rejected))).toEqual([
			[0, 0],
			[1, 0],
		]);
		expect(model.open.map((open) => open.review.path)).toEqual(["b"]);
	});

	test("a file is found where it is and where it will be, in its folder only", () => {
		const model = new ReviewModel(storage());
		const rename = startReview({ path: "new", kind: "rename", from: "old", baseText: "a\n", text: "a\n" }, "a\n");
		model.add(aSet("s", 1, rename));
		expect(model.at(folder, "old")).toHaveLength(1);
		expect(model.at(folder, "new")).toHaveLength(1);
		expect(model.at("file:///other", "old")).toEqual([]);
		const { review: renamed } = acceptHunks(rename, ["rename"], { id: "x", atMs: 0 });
		expect([placeOf(rename), placeOf(renamed)]).toEqual(["old", "new"]);
	});

	test("of many the oldest that are decided are forgotten, and none that waits", () => {
		const kept = storage();
		const model = new ReviewModel(kept);
		model.add(aSet("waits", 0, review("a")));
		for (let count = 1; count <= 40; count++) model.add(aSet(`s${count}`, count, review("a", "a\n")));
		expect(model.sets).toHaveLength(31);
		expect(model.set("waits")).toBeDefined();
		expect(kept.removed[0]).toBe("s1");
		model.remove("waits");
		model.remove("waits");
		expect(kept.removed.filter((id) => id === "waits")).toHaveLength(1);
	});

	test("what is kept is read as it was written, and another shape is not", () => {
		const set = aSet(
			"s",
			1,
			acceptHunks(review("a"), [openHunks(review("a"))[0]?.id ?? ""], { id: "x", atMs: 5 }).review,
		);
		expect(reviewSetSchema.parse(JSON.parse(JSON.stringify(set)))).toEqual(set);
		expect(reviewSetSchema.safeParse({ ...set, version: 2 }).success).toBe(false);
	});
});
