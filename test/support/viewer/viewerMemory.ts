import type { ModelFiles } from "../../../src/shared/panels/viewerPanel";
import type { ViewerPage, ViewingLike } from "./viewerPage";

export interface ViewerMemory {
	/** Of the engine, whose memory only grows. */
	readonly wasmBytes: number;
	/** Of the page's own objects, after a collection. */
	readonly heapBytes: number;
}

/** Opens the model anew so many times in one panel, each until its picture is there, and says what memory is in use then. */
export async function memoryAfter(viewer: ViewerPage, model: ModelFiles, openings: number): Promise<ViewerMemory> {
	const { page } = viewer;
	for (let at = 0; at < openings; at++) {
		const before = await page.evaluate(() => {
			const { viewing } = document.querySelector("gamma-viewer") as unknown as { viewing: ViewingLike };
			return viewing.screen.drawn.count;
		});
		await viewer.save(model);
		await page.waitForFunction((count) => {
			const { viewing } = document.querySelector("gamma-viewer") as unknown as { viewing: ViewingLike };
			return viewing.screen.drawn.count > count;
		}, before);
	}
	await page.requestGC();
	return page.evaluate(() => {
		const { viewing } = document.querySelector("gamma-viewer") as unknown as { viewing: ViewingLike };
		const { usedJSHeapSize } = (performance as unknown as { memory: { usedJSHeapSize: number } }).memory;
		return { wasmBytes: viewing.physics.memoryBytes, heapBytes: usedJSHeapSize };
	});
}
