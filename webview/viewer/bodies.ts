import * as three from "three";
import { finishOf, painted } from "./finishes";
import { Flexes } from "./flexes";
import type { State } from "./physics";
import type { Pictures } from "./pictures";
import { shapeOf } from "./shapes";
import type { Surfaces } from "./surfaces";

interface Placed {
	readonly mesh: three.Mesh;
	readonly index: number;
	readonly group: number;
}

/** What a second simulation is drawn with where it shares the picture with the first. */
const ghostColour = [0.3, 0.55, 0.95, 0.38] as const;
/** Sites are shown by their groups as MuJoCo's viewer begins: 0, 1 and 2. */
const shownSiteGroups = 2;

/** The geoms and sites of one state in the scene. */
export class Bodies {
	readonly root = new three.Group();
	readonly #geoms: Placed[] = [];
	readonly #sites: Placed[] = [];
	readonly #siteGroup = new three.Group();
	readonly #finishes: three.Material[] = [];
	readonly #flexes: Flexes | null;

	constructor(
		readonly state: State,
		surfaces: Surfaces,
		pictures: Pictures,
		private readonly isGhost: boolean,
	) {
		const { physics } = state;
		const { model, extent } = physics;
		for (let index = 0; index < model.ngeom; index++) {
			const body = model.geom_bodyid[index] ?? 0;
			// The world stands still: the ghost of it would only lie over it.
			if (isGhost && (model.body_rootid[body] ?? 0) === 0) continue;
			const size = model.geom_size.subarray(index * 3, index * 3 + 3);
			const shape = shapeOf(model.geom_type[index] ?? -1, size, model.geom_dataid[index] ?? -1, extent);
			if (!shape) continue;
			const own = model.geom_rgba.subarray(index * 4, index * 4 + 4);
			const finish = isGhost
				? painted(ghostColour)
				: finishOf(physics, pictures, model.geom_matid[index] ?? -1, own, shape);
			const mesh = this.#add(this.root, surfaces.of(shape), finish);
			mesh.castShadow = !isGhost && shape.kind !== "plane";
			mesh.receiveShadow = !isGhost;
			mesh.userData = { body };
			this.#geoms.push({ mesh, index, group: model.geom_group[index] ?? 0 });
		}
		this.#flexes = isGhost || model.nflex === 0 ? null : new Flexes(state);
		if (this.#flexes) this.root.add(this.#flexes.root);
		this.root.add(this.#siteGroup);
		for (let index = 0; index < (isGhost ? 0 : model.nsite); index++) {
			const size = model.site_size.subarray(index * 3, index * 3 + 3);
			const shape = shapeOf(model.site_type[index] ?? -1, size, -1, extent);
			if (!shape) continue;
			const own = model.site_rgba.subarray(index * 4, index * 4 + 4);
			const finish = finishOf(physics, pictures, model.site_matid[index] ?? -1, own, shape);
			const mesh = this.#add(this.#siteGroup, surfaces.of(shape), finish);
			mesh.visible = (model.site_group[index] ?? 0) <= shownSiteGroups;
			this.#sites.push({ mesh, index, group: 0 });
		}
	}

	/** Puts everything where the state has it. */
	follow(): void {
		const { geom_xpos, geom_xmat, site_xpos, site_xmat } = this.state.now;
		for (const { mesh, index } of this.#geoms) place(mesh, geom_xpos, geom_xmat, index);
		this.#flexes?.follow();
		if (this.#siteGroup.visible) for (const { mesh, index } of this.#sites) place(mesh, site_xpos, site_xmat, index);
	}

	show(groups: readonly number[], sites: boolean): void {
		for (const { mesh, group } of this.#geoms) mesh.visible = groups.includes(group);
		this.#siteGroup.visible = sites && !this.isGhost;
	}

	/** The body whose geom the ray meets first, and where; null where it meets none. */
	pick(ray: three.Raycaster): { readonly body: number; readonly point: three.Vector3 } | null {
		const shown = this.#geoms.filter(({ mesh }) => mesh.visible).map(({ mesh }) => mesh);
		for (const { object, point } of ray.intersectObjects(shown, false)) {
			const body: unknown = object.userData.body;
			if (typeof body === "number") return { body, point };
		}
		return null;
	}

	/** Lights up what belongs to a body; null: nothing. */
	mark(body: number | null): void {
		for (const { mesh } of this.#geoms) {
			if (!(mesh.material instanceof three.MeshPhongMaterial)) continue;
			const isMarked = body !== null && body > 0 && mesh.userData.body === body;
			if (isMarked === (mesh.userData.marked ?? false)) continue;
			mesh.userData.marked = isMarked;
			if (isMarked) {
				mesh.userData.glow = mesh.material.emissive.getHex();
				mesh.material.emissive.setRGB(0.25, 0.2, 0.05);
			} else mesh.material.emissive.setHex(Number(mesh.userData.glow ?? 0));
		}
	}

	dispose(): void {
		this.root.removeFromParent();
		this.#flexes?.dispose();
		for (const finish of this.#finishes) finish.dispose();
	}

	#add(parent: three.Group, surface: three.BufferGeometry, finish: three.Material): three.Mesh {
		const mesh = new three.Mesh(surface, finish);
		mesh.matrixAutoUpdate = false;
		parent.add(mesh);
		this.#finishes.push(finish);
		return mesh;
	}
}

/** The engine's matrices have their rows first. */
function place(mesh: three.Mesh, positions: Float64Array, turns: Float64Array, index: number): void {
	const p = index * 3;
	const m = index * 9;
	const turn = (k: number) => turns[m + k] ?? 0;
	mesh.matrix.set(
		...([turn(0), turn(1), turn(2), positions[p] ?? 0] as const),
		...([turn(3), turn(4), turn(5), positions[p + 1] ?? 0] as const),
		...([turn(6), turn(7), turn(8), positions[p + 2] ?? 0] as const),
		...([0, 0, 0, 1] as const),
	);
	mesh.matrixWorldNeedsUpdate = true;
}
