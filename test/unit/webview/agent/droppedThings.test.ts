import { expect, test } from "vitest";
import { droppedOf } from "../../../../webview/agent/droppedThings";

const given = (data: Record<string, string>) => ({
	files: [] as unknown as FileList,
	types: Object.keys(data),
	getData: (type: string) => data[type] ?? "",
});

test("files of the Explorer are known by their addresses, each once", () => {
	const { uris } = droppedOf(
		given({
			"text/uri-list": "file:///w/a.py\r\nfile:///w/b.py",
			"application/vnd.code.uri-list": "file:///w/a.py",
			codefiles: '["/w/c.py"]',
			resourceurls: '["file:///w/d.py"]',
			"text/plain": "/w/a.py",
		}),
	);
	expect(uris).toEqual(["file:///w/a.py", "file:///w/b.py", "file:///w/c.py", "file:///w/d.py"]);
});

test("rows of Gamma's lists are known by their handles, those of others are not", () => {
	const row = (handle: string) => JSON.stringify({ id: "x", itemHandles: [handle, 1] });
	const { rows } = droppedOf(
		given({ "application/vnd.code.tree.gamma.runs": row("1/run:s/1"), "application/vnd.code.tree.other": row("x") }),
	);
	expect(rows).toEqual(["1/run:s/1"]);
});

test("what is broken or nothing is nothing", () => {
	const broken = { resourceurls: "{", "application/vnd.code.tree.gamma.jobs": "[]", "text/uri-list": "no address" };
	expect(droppedOf(given(broken))).toEqual({ files: [], uris: [], rows: [] });
	expect(droppedOf(null)).toEqual({ files: [], uris: [], rows: [] });
});
