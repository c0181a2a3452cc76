import { expect, test } from "vitest";
import { Emitter } from "../../../src/core/emitter";
import { SeenTogether } from "../../../src/ui/seenTogether";

function aView(isVisible: boolean) {
	const changed = new Emitter<unknown>();
	const view = { isVisible, onDidChangeVisibility: changed.event };
	const show = (visible: boolean) => {
		view.isVisible = visible;
		changed.fire(undefined);
	};
	return { view, show };
}

test("is seen while any of its views is, and tells of each change, also of a view that comes later", () => {
	const [jobs, page] = [aView(false), aView(true)];
	const seen = new SeenTogether();
	const told: boolean[] = [];
	seen.onDidChangeVisibility(() => told.push(seen.isVisible));
	seen.add(jobs.view);
	seen.add(page.view);
	page.show(false);
	jobs.show(true);
	page.show(true);
	jobs.show(false);
	expect(told).toEqual([false, true, false, true, true, true]);
	seen.dispose();
	page.show(false);
	expect(told.length).toBe(6);
});
