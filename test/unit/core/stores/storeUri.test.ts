import { expect, test } from "vitest";
import { logFolders } from "../../../../src/core/stores/logFolders";
import { isRemoteUri, parseStoreUri } from "../../../../src/core/stores/storeUri";

test.each([
	["mlruns", "mlruns"],
	["/abs/mlruns", "/abs/mlruns"],
	["C:\\work\\mlruns", "C:\\work\\mlruns"],
	["sqlite:///mlflow.db", "mlflow.db"],
	["sqlite:////abs/mlflow.db", "/abs/mlflow.db"],
	["sqlite:///C:/work/mlflow.db", "C:/work/mlflow.db"],
	["sqlite:///C:\\work\\mlflow.db", "C:\\work\\mlflow.db"],
	["sqlite:///mlflow.db?timeout=5", "mlflow.db"],
	["sqlite+pysqlite:////abs/mlflow.db", "/abs/mlflow.db"],
	["sqlite:////abs/100%20 #1/mlflow.db", "/abs/100%20 #1/mlflow.db"],
	["file:///abs/ml%20runs", "/abs/ml runs"],
	["file:///abs/caf%C3%A9 100% done", "/abs/café 100% done"],
	["file:///C:/work/mlruns", "C:/work/mlruns"],
	["file:./mlruns", "./mlruns"],
	["file://localhost/abs", "/abs"],
	["/odd%zz", "/odd%zz"],
])("%s names the path %s", (uri, path) => {
	expect(parseStoreUri(uri)).toEqual({ kind: "path", path });
});

test("a server's URL loses its password and its last slash", () => {
	expect(parseStoreUri("https://me:p%40ss@mlflow.example:5000/team/")).toEqual({
		kind: "server",
		url: "https://mlflow.example:5000/team",
		username: "me",
		password: "p@ss",
	});
});

test.each(["postgresql://host/db", "databricks://profile", "s3://bucket/mlruns", "", "http://"])(
	"%j is refused as unrecognised",
	(uri) => {
		expect(() => parseStoreUri(uri)).toThrow(expect.objectContaining({ code: "store.unrecognised" }));
	},
);

test("what would contact another machine is known as remote", () => {
	const remote = ["http://host", "HTTPS://host", "\\\\host\\share", "//host/share", "file://host/share"];
	const local = ["mlruns", "/abs", "C:\\x", "sqlite:////abs.db", "file:///abs", "file://localhost/abs"];
	expect(remote.map(isRemoteUri)).toEqual(remote.map(() => true));
	expect(local.map(isRemoteUri)).toEqual(local.map(() => false));
});

test.each([
	[["runs/a", "runs/b/eval"], ["runs"]],
	[["lightning_logs/version_0"], ["lightning_logs"]],
	[["outputs/2026-01-01/tb_logs/version_0"], ["outputs/2026-01-01/tb_logs"]],
	[["outputs/a/tb_logs/v0", "outputs/b/tb_logs/v0"], ["outputs"]],
	[["work/exp/one", "work/exp/two"], ["work/exp"]],
	[["work/exp/one"], ["work/exp"]],
	[["work"], ["work"]],
	[["fit/train", "fit/validation"], ["fit"]],
	[
		["runs/a", "other/x/y"],
		["other/x", "runs"],
	],
	[["", "sub"], [""]],
	[[], []],
])("event files in %j belong to the log folders %j", (eventFolders, expected) => {
	expect(logFolders(eventFolders)).toEqual(expected);
});
