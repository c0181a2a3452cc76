import * as three from "three";
import { painted } from "./finishes";
import type { State } from "./physics";

interface Flex {
	readonly index: number;
	readonly positions: three.BufferAttribute;
	readonly surface: three.BufferGeometry;
	/** Lines have no sides that light falls on. */
	readonly isSurface: boolean;
}

/** The deformable things of one state: cords as lines, cloth as both its sides, solids as their shell. */
export class Flexes {
	readonly root = new three.Group();
	readonly #made: Flex[] = [];

	constructor(private readonly state: State) {
		const { model } = state.physics;
		for (let index = 0; index < model.nflex; index++) {
			const dimension = model.flex_dim[index] ?? 2;
			const corners = cornersOf(state, index, dimension);
			const positions = new three.BufferAttribute(new Float32Array((model.flex_vertnum[index] ?? 0) * 3), 3);
			positions.setUsage(three.DynamicDrawUsage);
			const surface = new three.BufferGeometry();
			surface.setAttribute("position", positions);
			surface.setIndex([...corners]);
			const rgba = model.flex_rgba.subarray(index * 4, index * 4 + 4);
			const colour = [rgba[0] ?? 0.5, rgba[1] ?? 0.5, rgba[2] ?? 0.5, rgba[3] ?? 1] as const;
			const thing =
				dimension === 1
					? new three.LineSegments(
							surface,
							new three.LineBasicMaterial({ color: new three.Color(...colour.slice(0, 3)) }),
						)
					: new three.Mesh(surface, painted(colour));
			if (thing instanceof three.Mesh) thing.material.side = three.DoubleSide;
			thing.castShadow = thing.receiveShadow = dimension > 1;
			// Where it will be is not known from where it is.
			thing.frustumCulled = false;
			this.root.add(thing);
			this.#made.push({ index, positions, surface, isSurface: dimension > 1 });
		}
	}

	follow(): void {
		const { flexvert_xpos } = this.state.now;
		const { flex_vertadr, flex_vertnum } = this.state.physics.model;
		for (const { index, positions, surface, isSurface } of this.#made) {
			const from = (flex_vertadr[index] ?? 0) * 3;
			positions.array.set(flexvert_xpos.subarray(from, from + (flex_vertnum[index] ?? 0) * 3));
			positions.needsUpdate = true;
			if (isSurface) surface.computeVertexNormals();
		}
	}

	dispose(): void {
		for (const { surface } of this.#made) surface.dispose();
		this.root.traverse((thing) => {
			if ("material" in thing && thing.material instanceof three.Material) thing.material.dispose();
		});
		this.root.removeFromParent();
	}
}

/** Its vertices, two to a line or three to a face, counted from its own first. */
function cornersOf({ physics: { model } }: State, index: number, dimension: number): Int32Array {
	if (dimension === 3) {
		const from = model.flex_shelldataadr[index] ?? 0;
		return model.flex_shell.subarray(from, from + (model.flex_shellnum[index] ?? 0) * 3);
	}
	const from = model.flex_elemdataadr[index] ?? 0;
	return model.flex_elem.subarray(from, from + (model.flex_elemnum[index] ?? 0) * (dimension + 1));
}
