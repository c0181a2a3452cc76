import type { ModelArrays } from "./modelArrays";

/** What a geom or site is drawn as; lengths in the model's own unit, metres by custom. */
export type Shape =
	| { readonly kind: "plane"; readonly halfX: number; readonly halfY: number; readonly isEndless: boolean }
	| { readonly kind: "hfield"; readonly id: number }
	| { readonly kind: "ellipsoid"; readonly radii: readonly [number, number, number] }
	| { readonly kind: "capsule"; readonly radius: number; readonly half: number }
	| { readonly kind: "cylinder"; readonly radius: number; readonly half: number }
	| { readonly kind: "box"; readonly halves: readonly [number, number, number] }
	| { readonly kind: "mesh"; readonly id: number };

/** mjtGeom of mujoco.h. */
const types = ["plane", "hfield", "sphere", "capsule", "ellipsoid", "cylinder", "box", "mesh", "sdf"] as const;

/** A plane without a size has no end; so far it is drawn, in extents of the model. */
const endlessExtents = 40;

/** Null for a type that has no surface of its own. */
export function shapeOf(type: number, size: ArrayLike<number>, dataId: number, extent: number): Shape | null {
	const [x = 0, y = 0, z = 0] = [size[0], size[1], size[2]];
	switch (types[type]) {
		case "plane": {
			const endless = endlessExtents * extent;
			return {
				...{ kind: "plane", halfX: x > 0 ? x : endless, halfY: y > 0 ? y : endless },
				isEndless: x <= 0 || y <= 0,
			};
		}
		case "hfield":
			return { kind: "hfield", id: dataId };
		case "sphere":
			return { kind: "ellipsoid", radii: [x, x, x] };
		case "capsule":
			return { kind: "capsule", radius: x, half: y };
		case "ellipsoid":
			return { kind: "ellipsoid", radii: [x, y, z] };
		case "cylinder":
			return { kind: "cylinder", radius: x, half: y };
		case "box":
			return { kind: "box", halves: [x, y, z] };
		case "mesh":
		case "sdf":
			return dataId < 0 ? null : { kind: "mesh", id: dataId };
		default:
			return null;
	}
}

export type Rgba = readonly [red: number, green: number, blue: number, alpha: number];

/** A material's colour counts unless the geom has one of its own: the compiler's grey says that it has none. */
export function colourOf(own: ArrayLike<number>, material: ArrayLike<number> | null): Rgba {
	const isOwn = own[0] !== 0.5 || own[1] !== 0.5 || own[2] !== 0.5 || own[3] !== 1;
	const from = material && !isOwn ? material : own;
	return [from[0] ?? 0, from[1] ?? 0, from[2] ?? 0, from[3] ?? 1];
}

export interface Triangles {
	readonly positions: Float32Array;
	readonly normals: Float32Array;
	/** Null where the mesh has none. */
	readonly uvs: Float32Array | null;
}

/** A mesh's faces, each with its own corners: normals and texture coordinates have indices of their own. */
export function meshTriangles(model: ModelArrays, mesh: number): Triangles {
	const first = model.mesh_faceadr[mesh] ?? 0;
	const corners = (model.mesh_facenum[mesh] ?? 0) * 3;
	const positions = new Float32Array(corners * 3);
	const normals = new Float32Array(corners * 3);
	const texture = model.mesh_texcoordadr[mesh] ?? -1;
	const uvs = texture < 0 ? null : new Float32Array(corners * 2);
	const { mesh_vert, mesh_normal, mesh_texcoord, mesh_face, mesh_facenormal, mesh_facetexcoord } = model;
	const vertices = (model.mesh_vertadr[mesh] ?? 0) * 3;
	const normalsFrom = (model.mesh_normaladr[mesh] ?? 0) * 3;
	for (let corner = 0; corner < corners; corner++) {
		const vertex = vertices + (mesh_face[first * 3 + corner] ?? 0) * 3;
		const normal = normalsFrom + (mesh_facenormal[first * 3 + corner] ?? 0) * 3;
		for (let k = 0; k < 3; k++) {
			positions[corner * 3 + k] = mesh_vert[vertex + k] ?? 0;
			normals[corner * 3 + k] = mesh_normal[normal + k] ?? 0;
		}
		if (!uvs) continue;
		const at = (texture + (mesh_facetexcoord[first * 3 + corner] ?? 0)) * 2;
		uvs[corner * 2] = mesh_texcoord[at] ?? 0;
		uvs[corner * 2 + 1] = mesh_texcoord[at + 1] ?? 0;
	}
	return { positions, normals, uvs };
}

export interface HeightGrid {
	readonly rows: number;
	readonly columns: number;
	/** x, y, z of each point, row after row. */
	readonly points: Float32Array;
}

/** A height field's surface: columns along x, rows along y, heights scaled to its elevation. */
export function heightGrid(model: ModelArrays, field: number): HeightGrid {
	const rows = model.hfield_nrow[field] ?? 0;
	const columns = model.hfield_ncol[field] ?? 0;
	const [radiusX = 1, radiusY = 1, elevation = 1] = model.hfield_size.subarray(field * 4, field * 4 + 3);
	const from = model.hfield_adr[field] ?? 0;
	const points = new Float32Array(rows * columns * 3);
	for (let row = 0; row < rows; row++) {
		for (let column = 0; column < columns; column++) {
			const at = row * columns + column;
			points[at * 3] = radiusX * ((2 * column) / Math.max(1, columns - 1) - 1);
			points[at * 3 + 1] = radiusY * ((2 * row) / Math.max(1, rows - 1) - 1);
			points[at * 3 + 2] = elevation * (model.hfield_data[from + at] ?? 0);
		}
	}
	return { rows, columns, points };
}
