import { expect, test } from "vitest";
import { pathAtCommit } from "../../../../src/core/jobs/pathAtCommit";

const paths = new Set(["train.py", "src/model.py", "src/data/load.py", "tools/train.py"]);

test.each([
	["train.py", "train.py"],
	["./src/model.py", "src/model.py"],
	["/tmp/gamma-worktree-7/src/data/load.py", "src/data/load.py"],
	["/opt/ml/code/train.py", "train.py"],
	["/home/runner/work/digits/digits/tools/train.py", "tools/train.py"],
	["C:\\code\\src\\model.py", "src/model.py"],
	["/usr/lib/python3.11/site-packages/src/model.py", null],
	["/usr/lib/python3.11/train.py", null],
	["/home/ada/digits/.venv/train.py", null],
	["<frozen runpy>", null],
	["<stdin>", null],
	["/code/gone.py", null],
	["", null],
	["../../train.py", "train.py"],
])("the training printed %s", (printed, expected) => {
	expect(pathAtCommit(printed, paths)).toBe(expected);
});
