import { describe, expect, test } from "vitest";
import type { ArtifactPlace, PlacePage } from "../../../../src/core/artifacts/artifactPlace";
import { ArtifactShelf } from "../../../../src/core/artifacts/artifactShelf";
import { GammaError } from "../../../../src/shared/errors";

const entry = (path: string) => ({ path, isDir: false, sizeBytes: 1, modifiedMs: null, storageClass: null });

/** Pages as they are asked for; what is an error fails. */
function placeOf(pages: (string[] | GammaError)[]) {
	const asked: (string | null)[] = [];
	const list = async (folder: string, cursor: string | null): Promise<PlacePage> => {
		asked.push(cursor);
		const page = pages.shift();
		if (page instanceof GammaError) throw page;
		const next = pages.length > 0 ? `after ${asked.length}` : null;
		return { entries: (page ?? []).map((name) => entry(`${folder}/${name}`)), next };
	};
	const place: ArtifactPlace = {
		...{ id: "s3://b/", list, changes: null, sign: null },
		s3Uri: () => null,
		stat: () => Promise.reject(new Error("not asked")),
		read: () => Promise.reject(new Error("not asked")),
	};
	return { place, asked };
}

const names = ({ entries }: { readonly entries: readonly { readonly path: string }[] }) =>
	entries.map(({ path }) => path);

describe("a shelf of listings", () => {
	test("asks for a page when somebody looks, and for no other until they ask", async () => {
		const { place, asked } = placeOf([["a"], ["b"], ["c"]]);
		const shelf = new ArtifactShelf();
		expect(await shelf.open(place, "x")).toMatchObject({ hasMore: true, failure: null });
		await shelf.open(place, "x");
		expect(asked).toEqual([null]);
		// Two who ask at once get the same page.
		await Promise.all([shelf.more(place, "x"), shelf.more(place, "x")]);
		const whole = await shelf.more(place, "x");
		expect(names(whole)).toEqual(["x/a", "x/b", "x/c"]);
		expect(whole.hasMore).toBe(false);
		expect(asked).toEqual([null, "after 1", "after 2"]);
	});

	test("keeps what came when a page does not, and asks for that page again", async () => {
		const away = new GammaError("aws.unreachable", "S3 is busy: try again.");
		const { place, asked } = placeOf([["a"], away, ["b"]]);
		const shelf = new ArtifactShelf();
		await shelf.open(place, "");
		const failed = await shelf.more(place, "");
		expect(names(failed)).toEqual(["/a"]);
		expect(failed.failure).toEqual({ code: "aws.unreachable", message: "S3 is busy: try again." });
		const again = await shelf.more(place, "");
		expect({ names: names(again), failure: again.failure }).toEqual({ names: ["/a", "/b"], failure: null });
		expect(asked).toEqual([null, "after 1", "after 1"]);
	});

	test("forgets a folder with all below it, and no neighbour", async () => {
		const { place } = placeOf([["1"], ["2"], ["3"]]);
		const shelf = new ArtifactShelf();
		for (const folder of ["a", "a/b", "ab"]) await shelf.open(place, folder);
		shelf.forget(place, "a");
		expect(["a", "a/b", "ab"].map((folder) => shelf.known(place, folder) !== undefined)).toEqual([false, false, true]);
		shelf.forget();
		expect(shelf.known(place, "ab")).toBeUndefined();
	});
});
