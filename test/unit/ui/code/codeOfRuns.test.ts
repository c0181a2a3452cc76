import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { GitCli } from "../../../../src/adapters/git/gitCli";
import { GitCommand } from "../../../../src/adapters/git/gitCommand";
import type { RunLibrary } from "../../../../src/core/stores/runLibrary";
import { GammaError } from "../../../../src/shared/errors";
import type { ArtifactEntry } from "../../../../src/shared/run";
import { commitOfArguments } from "../../../../src/ui/code/commitOfArguments";
import { pathInside, runsOfCommit, runsOfFile } from "../../../../src/ui/code/runsOfCode";
import { findStoredDiffs, readStoredDiff } from "../../../../src/ui/code/storedDiff";
import { aRun } from "../../../support/aRun";
import { GitProject } from "../../../support/gitProject";

const sha = "a1b2c3d4e5f60718293a4b5c6d7e8f9012345678";

describe("the commit that a menu's arguments name", () => {
	test.each([
		["a sha", [sha], sha],
		["a row of the source control graph", [{ rootUri: {} }, { id: sha, subject: "x" }], sha],
		["a row of the timeline", [{ ref: sha, label: "x" }, {}, "git-history"], sha],
		["a short sha of another extension", [{ sha: "a1b2c3d" }], "a1b2c3d"],
	])("%s", (_name, given, expected) => {
		expect(commitOfArguments(given)).toBe(expected);
	});

	test.each([[[]], [[undefined, null, 7]], [["HEAD"]], [["--exec=touch x"]], [[{ id: "not a sha", ref: 7 }]], [["~"]]])(
		"is none in %j",
		(given) => expect(commitOfArguments(given)).toBeNull(),
	);
});

describe("the runs of the code in the editor", () => {
	let at: GitProject | undefined;
	afterEach(() => at?.remove());

	test("are those of HEAD and of the last commit that changed the file, newest first", async () => {
		at = new GitProject();
		const old = at.commit("first", { "src/train.py": "1", "other.py": "1" });
		const touched = at.commit("second", { "src/train.py": "2" });
		const head = at.commit("third", { "other.py": "3" });
		const git = new GitCli(new GitCommand("git", at.folder), at.folder);
		const runs = [
			aRun({ key: "s/old", commit: old }),
			aRun({ key: "s/touched", commit: touched, startTimeMs: 1 }),
			aRun({ key: "s/touched-short", commit: touched.slice(0, 7), startTimeMs: 5 }),
			aRun({ key: "s/head", commit: head, startTimeMs: 3 }),
			aRun({ key: "s/none", commit: null }),
		];
		const keys = async (file: string | null) => (await runsOfFile(git, runs, file)).runs.map((run) => run.key);
		expect(await keys(join(at.folder, "src/train.py"))).toEqual(["s/touched-short", "s/head", "s/touched"]);
		expect(await keys(join(at.folder, "other.py"))).toEqual(["s/head"]);
		expect(await keys(null)).toEqual(["s/head"]);
		expect(await keys("/elsewhere/train.py")).toEqual(["s/head"]);
		expect((await runsOfFile(git, runs, join(at.folder, "src/train.py"))).looked).toEqual([
			`${head.slice(0, 7)} (HEAD)`,
			`${touched.slice(0, 7)} (the last change of src/train.py)`,
		]);
		expect(runsOfCommit(runs, old).runs.map((run) => run.key)).toEqual(["s/old"]);
	});

	test("are none before the first commit", async () => {
		at = new GitProject();
		const git = new GitCli(new GitCommand("git", at.folder), at.folder);
		expect(await runsOfFile(git, [aRun({ commit: sha })], join(at.folder, "a.py"))).toEqual({ runs: [], looked: [] });
	});

	test("a path beside the repository is not in it", () => {
		expect(pathInside("/work/repo", "/work/repo/a/b.py")).toBe("a/b.py");
		expect(pathInside("/work/repo", "/work/repo2/b.py")).toBeNull();
		expect(pathInside("/work/repo", "/work/repo/..b.py")).toBe("..b.py");
		expect(pathInside("/work/repo", "/work/repo")).toBeNull();
	});
});

describe("the uncommitted changes a run stored", () => {
	const file = (path: string): ArtifactEntry => ({ path, isDir: false, sizeBytes: 5 });
	const folder = (path: string): ArtifactEntry => ({ path, isDir: true, sizeBytes: null });
	const libraryOf = (folders: Record<string, ArtifactEntry[]>, totalBytes = 5): RunLibrary => {
		const library: Partial<RunLibrary> = {
			artifacts: async (_key, path) => {
				const entries = folders[path];
				if (!entries) throw new GammaError("artifact.missing", "none");
				return entries;
			},
			readArtifact: async (_key, path) => ({ bytes: new TextEncoder().encode(`diff of ${path}`), totalBytes }),
		};
		return library as RunLibrary;
	};
	const pathsOf = async (folders: Record<string, ArtifactEntry[]>, tags = {}) =>
		(await findStoredDiffs(libraryOf(folders), aRun({ tags }))).map((diff) =>
			diff.kind === "tag" ? diff.tag : diff.path,
		);

	test("are found by their usual names, the likeliest first", async () => {
		expect(
			await pathsOf(
				{
					"": [
						file("a.patch"),
						file("weights.bin"),
						file("diff.patch"),
						folder("git"),
						folder("model"),
						file("uncommitted.diff"),
					],
					git: [file("git/upstream.diff"), file("git/log.txt")],
					model: [file("model/x.diff")],
				},
				{ "mlflow.git.diff": "diff --git a b", "git.diff": " " },
			),
		).toEqual(["diff.patch", "uncommitted.diff", "a.patch", "git/upstream.diff", "mlflow.git.diff"]);
	});

	test("are in the tag alone where there are no artifacts to be had, and nowhere in most runs", async () => {
		expect(await pathsOf({}, { "git.diff": "x" })).toEqual(["git.diff"]);
		expect(await pathsOf({ "": [file("model.pt")] })).toEqual([]);
	});

	test("are read whole, and refused when no editor could show them", async () => {
		const artifact = { kind: "artifact", path: "diff.patch", sizeBytes: 5 } as const;
		expect(await readStoredDiff(libraryOf({}), "s/r", undefined, artifact)).toBe("diff of diff.patch");
		expect(
			await readStoredDiff(libraryOf({}), "s/r", aRun({ tags: { "git.diff": "x" } }), { kind: "tag", tag: "git.diff" }),
		).toBe("x");
		await expect(readStoredDiff(libraryOf({}, 2e9), "s/r", undefined, artifact)).rejects.toMatchObject({
			code: "artifact.unreadable",
		});
		await expect(readStoredDiff(libraryOf({}), "s/r", undefined, { kind: "tag", tag: "x" })).rejects.toMatchObject({
			code: "run.missing",
		});
	});
});
