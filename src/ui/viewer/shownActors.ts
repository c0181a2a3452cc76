import * as z from "zod/mini";
import type { ViewedFile, ViewedSubject } from "../../core/viewer/viewedPath";
import type { WorkspaceMemory } from "../memory";

const key = "viewer.shown";
/** Panels that a window may come back with, and some more. */
const mostKept = 20;

const viewedFile = z.discriminatedUnion("kind", [
	z.object({ kind: z.literal("rollout"), path: z.string() }),
	z.object({ kind: z.literal("policy"), spec: z.string(), onnx: z.nullable(z.string()) }),
]);
/** What a panel's page keeps of what it shows. */
export const keptSubject = z.object({ placeId: z.string(), model: z.string(), actors: z.array(viewedFile) });
const keptSubjects = z.array(keptSubject);

type Place = Pick<ViewedSubject, "placeId" | "model">;

/**
 * What moves in the panels of models among artifacts. Kept by the workspace too: of a page the editor saves what it was when
 * its tab was opened, and what was chosen since only where the window is closed in good order.
 */
export class ShownActors {
	constructor(private readonly memory: WorkspaceMemory) {}

	/** Null where nothing is known. */
	of(place: Place): readonly ViewedFile[] | null {
		return this.#all().find((each) => isSame(each, place))?.actors ?? null;
	}

	keep({ placeId, model }: Place, actors: readonly ViewedFile[]): void {
		const others = this.#all().filter((each) => !isSame(each, { placeId, model }));
		this.memory.set(key, [{ placeId, model, actors: [...actors] }, ...others].slice(0, mostKept));
	}

	#all(): readonly ViewedSubject[] {
		return this.memory.read(key, keptSubjects, []);
	}
}

function isSame(a: Place, b: Place): boolean {
	return a.placeId === b.placeId && a.model === b.model;
}
