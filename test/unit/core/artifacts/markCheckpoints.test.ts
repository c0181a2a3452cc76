import { describe, expect, test } from "vitest";
import { arrangeEntries } from "../../../../src/core/artifacts/arrangeEntries";
import type { PlaceEntry } from "../../../../src/core/artifacts/artifactPlace";
import { describeArtifact } from "../../../../src/core/artifacts/describeArtifact";
import { markCheckpoints } from "../../../../src/core/artifacts/markCheckpoints";
import { previewText } from "../../../../src/core/artifacts/previewText";
import { parseS3Uri } from "../../../../src/core/artifacts/s3Uri";

const checkpoint = (step: number | null, timestampMs: number | null = null) => ({
	...{ path: `step-${step}.pt`, step, sizeBytes: 1, timestampMs },
});
const series = (points: readonly (readonly [step: number, value: number])[]) => ({
	steps: Float64Array.from(points, ([step]) => step),
	values: Float64Array.from(points, ([, value]) => value),
	timestampsMs: Float64Array.from(points, (_, at) => at),
});
const file = (path: string, change: Partial<PlaceEntry> = {}): PlaceEntry => ({
	...{ path, isDir: false, sizeBytes: 1, modifiedMs: null, storageClass: null },
	...change,
});

describe("the best and the last checkpoint", () => {
	const histories = {
		"val/loss": series([
			[0, 9],
			[90, 0.5],
			[200, 0.3],
			[300, 0.4],
			[400, Number.NaN],
		]),
	};
	const all = [100, 200, 300, 400].map((step) => checkpoint(step));

	test("a metric at a step is its last value up to there; the lowest loss is the best, NaN never", () => {
		const marks = markCheckpoints(all, histories, "val/loss");
		expect([...marks.values()].map(({ metrics }) => metrics["val/loss"])).toEqual([0.5, 0.3, 0.4, Number.NaN]);
		expect([...marks].filter(([, { isBest }]) => isBest).map(([path]) => path)).toEqual(["step-200.pt"]);
		expect([...marks].filter(([, { isLast }]) => isLast).map(([path]) => path)).toEqual(["step-400.pt"]);
	});

	test("times say which is the last where there are some; a value logged later at the same step counts", () => {
		const marks = markCheckpoints([checkpoint(200, 1), checkpoint(100, 2)], histories, null);
		expect(marks.get("step-100.pt")?.isLast).toBe(true);
		expect(marks.get("step-200.pt")).toMatchObject({ isLast: false, isBest: false });
		const again = series([
			[100, 1],
			[100, 2],
		]);
		expect(markCheckpoints([checkpoint(100)], { acc: again }, "acc").get("step-100.pt")?.metrics).toEqual({ acc: 2 });
	});

	test("of those that came at one time the step says it, and of those that say neither none is the last", () => {
		const lastOf = (...all: readonly ReturnType<typeof checkpoint>[]) =>
			[...markCheckpoints(all, {}, null)].filter(([, { isLast }]) => isLast).map(([path]) => path);
		expect(lastOf(checkpoint(100, 5), checkpoint(300, 5), checkpoint(400, 4), checkpoint(200, 5))).toEqual([
			"step-300.pt",
		]);
		const unnumbered = (path: string) => ({ ...checkpoint(null, 5), path });
		expect(lastOf(unnumbered("a.pt"), unnumbered("b.pt"))).toEqual([]);
	});

	test("nobody is told of a best where the metric's name does not say what is better, or of one among one", () => {
		const marks = markCheckpoints(all, { thing: series([[0, 1]]) }, "thing");
		expect([...marks.values()].some(({ isBest }) => isBest)).toBe(false);
		expect(markCheckpoints([checkpoint(100)], histories, "val/loss").get("step-100.pt")?.isBest).toBe(false);
	});

	test("order is by what is asked, folders first, numbers as people count", () => {
		const entries = [file("step-1000.pt"), file("step-200.pt", { sizeBytes: 9 }), file("z", { isDir: true })];
		const paths = (sort: "name" | "size" | "step" | "metric", filter = "") =>
			arrangeEntries(entries, markCheckpoints(all, histories, "val/loss"), { sort, filter, metric: "val/loss" }).map(
				({ path }) => path,
			);
		expect(paths("name")).toEqual(["z", "step-200.pt", "step-1000.pt"]);
		expect(paths("size")).toEqual(["z", "step-200.pt", "step-1000.pt"]);
		expect(paths("step")).toEqual(["z", "step-200.pt", "step-1000.pt"]);
		expect(paths("name", "STEP 1000")).toEqual(["z", "step-1000.pt"]);
	});
});

describe("a row", () => {
	const scene = { nowMs: 60_000, mark: undefined, metric: null, address: null, runName: null, jobName: null };

	test("has its facts in few words, and all of them in its tooltip", () => {
		const entry = file("runs/fox/step-200.pt", { sizeBytes: 97_500_000, modifiedMs: 0, storageClass: "GLACIER" });
		const mark = { step: 200, timestampMs: null, metrics: { "val/acc": 0.93 }, isBest: true, isLast: false };
		const row = describeArtifact(entry, {
			...{ ...scene, mark, metric: "val/acc", address: "s3://b/runs/fox/step-200.pt" },
			...{ runName: "warm-fox-12", canChange: true },
		});
		expect(row.label).toBe("step-200.pt");
		expect(row.description).toBe("best · step 200 · val/acc 0.93 · archived · 97.5 MB · 1 min ago");
		expect(row.contextValue).toBe("file checkpoint writable s3 run");
		for (const fact of [
			"Run: warm-fox-12",
			"(97,500,000 bytes)",
			"Storage class: GLACIER",
			"must be restored in S3",
			"s3://b/runs/fox",
		])
			expect(row.tooltip).toContain(fact);
	});

	test("a name that would turn its neighbours around, or be seen by nobody, is a name that can be read", () => {
		const label = (path: string) => describeArtifact(file(path), { ...scene, canChange: false }).label;
		expect(label("a/\u202etp.exe\n")).toBe("tp.exe");
		expect(label("a/\u200b")).toBe("(a name that cannot be seen)");
		expect(label("x".repeat(1_000_000)).length).toBeLessThanOrEqual(160);
	});
});

describe("addresses", () => {
	test.each([
		["s3://bucket/a/b", { bucket: "bucket", prefix: "a/b/" }],
		["s3a://bucket", { bucket: "bucket", prefix: "" }],
		["s3://bucket//a%20b/", { bucket: "bucket", prefix: "a b/" }],
		["file:///tmp/x", null],
		["s3://", null],
		["s3://b?versionId=1", null],
	])("%s", (uri, place) => expect(parseS3Uri(uri)).toEqual(place));
});

test("a table is drawn in columns, a picture is no text", () => {
	const columns = [
		{ name: "epoch", type: "number" },
		{ name: "loss", type: "number" },
	];
	const text = previewText({ kind: "table", columns, rows: [["1", "0.5"]], totalRows: 1, truncated: false });
	expect(text?.split("\n")).toEqual(["1 rows, 2 columns", "", "  epoch   loss", "  number  number", "  1       0.5"]);
	expect(previewText({ kind: "image", mimeType: "image/png", bytes: new Uint8Array() })).toBeNull();
});
