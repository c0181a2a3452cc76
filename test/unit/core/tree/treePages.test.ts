import { expect, test } from "vitest";
import { pageSize, TreePages } from "../../../../src/core/tree/treePages";

test("a long list shows a page at a time and says what is left", () => {
	const pages = new TreePages();
	expect(pages.moreLabel("g", pageSize)).toBeNull();
	expect(pages.moreLabel("g", 1234)).toBe("Show 500 more of 734…");
	pages.showMore("g");
	expect(pages.moreLabel("g", 1234)).toBe("Show 234 more…");
	pages.showMore("g");
	expect(pages.moreLabel("g", 1234)).toBeNull();
	expect(pages.limitOf("other")).toBe(pageSize);
});

test("a list is opened as far as the row to reveal", () => {
	const pages = new TreePages();
	expect(pages.showPlace("g", 499)).toBe(false);
	expect(pages.showPlace("g", 500)).toBe(true);
	expect(pages.limitOf("g")).toBe(1000);
});
