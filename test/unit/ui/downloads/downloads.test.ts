import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve, sep } from "node:path";
import * as fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { RunArtifacts } from "../../../../src/core/artifacts/runArtifacts";
import type { RunLibrary } from "../../../../src/core/stores/runLibrary";
import { GammaError } from "../../../../src/shared/errors";
import type { ArtifactEntry } from "../../../../src/shared/run";
import { downloadPlace } from "../../../../src/ui/downloads/downloadPlace";
import { folderName } from "../../../../src/ui/downloads/folderName";
import { localParts } from "../../../../src/ui/downloads/localParts";
import { newFolder } from "../../../../src/ui/downloads/newFolder";
import { rangeBytes, resumeDownload } from "../../../../src/ui/downloads/resumeDownload";

let folder: string;
beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), "gamma-download-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const codeOf = (work: () => unknown) =>
	Promise.resolve()
		.then(work)
		.then(
			() => "no error",
			(error: unknown) => (GammaError.is(error) ? error.code : String(error)),
		);
const never = new AbortController().signal;

/** A store that lists whatever it likes, as a hostile server may. */
function libraryOf(files: Record<string, string>, listing?: (path: string) => readonly ArtifactEntry[]): RunLibrary {
	const entries = (path: string): ArtifactEntry[] => {
		const below = Object.keys(files).filter((file) => path === "" || file.startsWith(`${path}/`));
		const names = new Set(below.map((file) => file.slice(path === "" ? 0 : path.length + 1).split("/")[0] ?? ""));
		return [...names].map((name) => {
			const whole = path === "" ? name : `${path}/${name}`;
			return { path: whole, isDir: files[whole] === undefined, sizeBytes: files[whole]?.length ?? null };
		});
	};
	const library: Partial<RunLibrary> = {
		artifacts: async (_key, path) => (listing ?? entries)(path),
		readArtifact: async (_key, path, range) => {
			const text = files[path];
			if (text === undefined) throw new GammaError("artifact.missing", `There is no artifact ${path}.`);
			const bytes = Buffer.from(text);
			return { bytes: bytes.subarray(range?.offset ?? 0).subarray(0, range?.length), totalBytes: bytes.length };
		},
	};
	return library as RunLibrary;
}

const hostileNames = [
	"../escape",
	"a/../../escape",
	"/etc/passwd",
	"..",
	"a\\..\\..\\escape",
	"C:\\Windows\\x",
	"C:evil",
	"\\\\host\\share",
	"a\0b",
	"%2e%2e/escape",
	"%252e%252e%252fescape",
	"",
	".",
	"./",
];

describe("the name of an artifact", () => {
	test.each(hostileNames)("%j is refused on every system", async (name) => {
		for (const platform of ["linux", "darwin", "win32"] as const) {
			expect(await codeOf(() => localParts(name, platform))).toBe("artifact.outside");
		}
	});

	test("that Windows cannot have is refused there and fine elsewhere", async () => {
		for (const name of [
			"aux",
			"plots/CON.txt",
			"nul.tar.gz",
			"com1",
			"what?.png",
			"ab:c",
			"trailing.",
			"trailing ",
			"tab\there",
		]) {
			expect(await codeOf(() => localParts(name, "win32"))).toBe("artifact.outside");
			expect(localParts(name, "linux")).toEqual(name.split("/"));
		}
		expect(localParts("console/auxiliary.txt", "win32")).toEqual(["console", "auxiliary.txt"]);
	});

	test("never leads out of the folder, whatever it is", () => {
		const piece = fc.constantFrom("..", ".", "/", "\\", "a", "C:", "%2e", "%5c", "\0", " ", "con", "ü", "//");
		void fc.assert(
			fc.property(
				fc.oneof(
					fc.string(),
					fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join("")),
				),
				(name) => {
					try {
						const target = resolve("/chosen", ...localParts(name, "linux"));
						expect(target.startsWith(`/chosen${sep}`)).toBe(true);
					} catch (error) {
						expect(GammaError.is(error, "artifact.outside")).toBe(true);
					}
				},
			),
			{ numRuns: 2000 },
		);
	});

	test("a folder named after a run is a name on every system", () => {
		expect(folderName("warm-fox-12")).toBe("warm-fox-12");
		expect(folderName("../../etc")).toBe("etc");
		expect(folderName("lr=0.1: <b>\\x")).toBe("lr=0.1_ _b__x");
		expect(folderName("..")).toBe("artifacts");
		expect(folderName("con")).toBe("_con");
		const names = fc.string().filter((name) => !name.includes("%"));
		void fc.assert(fc.property(names, (name) => void localParts(folderName(name), "win32")));
	});
});

describe("downloading a file of a run", () => {
	const bytes = Buffer.alloc(rangeBytes * 2 + 123, 7);
	const read = async ({ offset, length }: { offset: number; length: number }) => ({
		bytes: bytes.subarray(offset, offset + length),
		totalBytes: bytes.length as number | null,
	});
	const get = (reading: typeof read, target: string, signal = never, onProgress = (_bytes: number) => {}) => {
		const library = {
			artifacts: async () => [],
			readArtifact: async (_key: string, _path: string, range = { offset: 0, length: 1 }) => reading(range),
		};
		const place = new RunArtifacts(library, "s/r");
		return resumeDownload({ place, path: "weights.bin", target, signal, onProgress, retryAfterMs: [] });
	};

	test("reads it range by range and leaves only the whole file", async () => {
		const progress: number[] = [];
		const target = join(folder, "new", "weights.bin");
		const { sizeBytes } = await get(read, target, never, (here) => progress.push(here));
		expect(sizeBytes).toBe(bytes.length);
		expect(readFileSync(target).equals(bytes)).toBe(true);
		expect(progress).toEqual([0, rangeBytes, 2 * rangeBytes, bytes.length]);
		expect(readdirSync(join(folder, "new"))).toEqual(["weights.bin"]);
	});

	test("knows the end of one whose store tells no size, and of an empty one", async () => {
		const unsized = async (range: { offset: number; length: number }) => ({ ...(await read(range)), totalBytes: null });
		expect((await get(unsized, join(folder, "a"))).sizeBytes).toBe(bytes.length);
		const empty = async () => ({ bytes: bytes.subarray(0, 0), totalBytes: 0 });
		expect((await get(empty, join(folder, "b"))).sizeBytes).toBe(0);
	});

	test("leaves the older file and no part when it is cancelled or fails midway", async () => {
		const target = join(folder, "weights.bin");
		writeFileSync(target, "older");
		const controller = new AbortController();
		const cancelled = get(read, target, controller.signal, (here) => here > 0 && controller.abort());
		expect(await codeOf(() => cancelled)).toBe("call.cancelled");
		const shrinking = async (range: { offset: number; length: number }) => ({
			...(await read(range)),
			totalBytes: bytes.length - range.offset,
		});
		expect(await codeOf(() => get(shrinking, target))).toBe("artifact.changed");
		const ending = async ({ offset }: { offset: number }) => ({
			bytes: offset === 0 ? bytes.subarray(0, 10) : bytes.subarray(0, 0),
			totalBytes: bytes.length,
		});
		expect(await codeOf(() => get(ending, target))).toBe("store.unreachable");
		expect(readdirSync(folder)).toEqual(["weights.bin"]);
		expect(readFileSync(target, "utf8")).toBe("older");
	});

	test("replaces a link and does not write through it", async () => {
		writeFileSync(join(folder, "precious"), "mine");
		symlinkSync(join(folder, "precious"), join(folder, "weights.bin"));
		await get(read, join(folder, "weights.bin"));
		expect(readFileSync(join(folder, "precious"), "utf8")).toBe("mine");
	});
});

describe("downloading a folder of a run", () => {
	const download = async (library: RunLibrary, path = "", platform: NodeJS.Platform = "linux", at = folder) => {
		const into = await newFolder(at, "run");
		const place = new RunArtifacts(library, "s/r");
		const entries = [{ path, isDir: true }];
		const done = { ...{ place, entries, into, signal: never, done: new Set<string>(), platform }, onProgress() {} };
		return { into, ...(await downloadPlace(done)) };
	};

	test("keeps its tree, and a second one goes beside the first", async () => {
		const library = libraryOf({ "model/MLmodel": "x", "model/data/weights.bin": "yy", "plot.png": "z" });
		const done = await download(library);
		expect(done).toMatchObject({ into: join(folder, "run"), files: 3, bytes: 4, skipped: [] });
		expect(readFileSync(join(folder, "run/model/data/weights.bin"), "utf8")).toBe("yy");
		expect((await download(library, "model")).into).toBe(join(folder, "run (2)"));
		expect(readdirSync(join(folder, "run (2)")).sort()).toEqual(["MLmodel", "data"]);
	});

	test("several keep their own names, whatever lies beside them", async () => {
		const place = new RunArtifacts(libraryOf({ "a/model/x": "x", "a/plot.png": "z", "b/plot.png": "other" }), "s/r");
		const entries = [
			{ path: "a/model", isDir: true },
			{ path: "a/plot.png", isDir: false },
			{ path: "b/plot.png", isDir: false },
		];
		const done = { ...{ place, entries, into: folder, signal: never, done: new Set<string>() }, onProgress() {} };
		expect(await downloadPlace(done)).toMatchObject({
			files: 2,
			skipped: ['"plot.png" has the name of another file.'],
		});
		expect(readdirSync(folder, { recursive: true }).sort()).toEqual(["model", "model/x", "plot.png"]);
	});

	test("writes nothing outside it for a store that lists hostile names, and says what it left out", async () => {
		const files = Object.fromEntries(
			[...hostileNames.filter((name) => name !== ""), "good.txt"].map((name) => [name, "x"]),
		);
		const flat = Object.keys(files).map((path) => ({ path, isDir: false, sizeBytes: 1 }));
		mkdirSync(join(folder, "deep/deeper"), { recursive: true });
		const listing = (path: string) => (path === "" ? flat : []);
		const done = await download(libraryOf(files, listing), "", "linux", join(folder, "deep/deeper"));
		expect(done.files).toBe(1);
		expect(done.skipped).toHaveLength(hostileNames.length - 1);
		const all = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
		expect(all.map((entry) => join(entry.parentPath, entry.name))).toEqual([join(folder, "deep/deeper/run/good.txt")]);
	});

	test("ends for a store whose folders hold themselves", async () => {
		const endless = libraryOf({}, (path) => [
			{ path: path === "" ? "loop" : `${path}/loop`, isDir: true, sizeBytes: null },
		]);
		expect((await download(endless)).files).toBe(0);
		const outside = libraryOf({}, () => [{ path: "loop", isDir: true, sizeBytes: null }]);
		expect((await download(outside)).files).toBe(0);
	});

	test("passes by what a folder lists and does not hold", async () => {
		const entry = (path: string) => ({ path, isDir: false, sizeBytes: 1 });
		const files = { "model/a": "x", "other/b": "x", modelc: "x" };
		const library = libraryOf(files, () => Object.keys(files).map(entry));
		expect(await download(library, "model")).toMatchObject({ files: 1, skipped: [] });
		expect(readdirSync(join(folder, "run"))).toEqual(["a"]);
	});

	test("leaves out the second of two names that differ in case only, where the system cannot tell them apart", async () => {
		const library = libraryOf({ "A.txt": "first", "a.txt": "second" });
		expect((await download(library, "", "darwin")).skipped).toHaveLength(1);
		expect((await download(library, "", "linux")).files).toBe(2);
	});
});
