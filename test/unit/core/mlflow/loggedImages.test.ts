import { expect, test } from "vitest";
import { findLoggedImages, toMediaSeries } from "../../../../src/core/mlflow/loggedImages";

const file = (path: string) => ({ path, isDir: false, sizeBytes: 1 });

test("images logged with a key and step are found in step order, new names and old, the large file of each", () => {
	const images = findLoggedImages([
		file("images/samples~img+step+5+timestamp+200+1a18-c4+compressed.webp"),
		file("images/samples~img+step+5+timestamp+200+1a18-c4.png"),
		file("images/samples~img+step+0+timestamp+100+0ac9-71.png"),
		file("images/samples~img+step+0+timestamp+100+0ac9-71+compressed.webp"),
		file("images/old#key%step%7%timestamp%300%77-aa.png"),
		file("images/old#key%step%7%timestamp%300%77-aa%compressed.webp"),
		file("images/plot.png"),
		{ path: "images/dir+step+1+timestamp+1+x.png", isDir: true, sizeBytes: null },
	]);
	expect(toMediaSeries(images)).toEqual([
		{
			tag: "samples/img",
			kind: "image",
			samples: [
				{ step: 0, timestampMs: 100 },
				{ step: 5, timestampMs: 200 },
			],
		},
		{ tag: "old/key", kind: "image", samples: [{ step: 7, timestampMs: 300 }] },
	]);
	expect(images.get("samples/img")?.map(({ path }) => path)).toEqual([
		"images/samples~img+step+0+timestamp+100+0ac9-71.png",
		"images/samples~img+step+5+timestamp+200+1a18-c4.png",
	]);
	expect(images.get("old/key")?.[0]?.mimeType).toBe("image/png");
});
