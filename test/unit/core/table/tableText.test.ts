import { expect, test } from "vitest";
import { toCsv, toMarkdownTable } from "../../../../src/core/table/tableText";

test("CSV quotes what would break a cell and keeps formulas texts", () => {
	expect(
		toCsv([
			["name", "lr"],
			['a "b", c', "-0.5"],
			["=cmd()", "line\nbreak"],
			["@x", "-Infinity"],
		]),
	).toBe(`name,lr\r\n"a ""b"", c",-0.5\r\n'=cmd(),"line\nbreak"\r\n'@x,-Infinity\r\n`);
});

test("Markdown escapes what would end a cell or become markup", () => {
	expect(toMarkdownTable([["name"], ["a|b <img> *x*\nnext"]])).toBe(
		"| name |\n| --- |\n| a\\|b \\<img\\> \\*x\\* next |\n",
	);
});
