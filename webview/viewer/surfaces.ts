import * as three from "three";
import type { ModelArrays } from "./modelArrays";
import { heightGrid, meshTriangles, type Shape } from "./shapes";

/** The surface of a shape, along z as the engine has it. Made once per shape: geoms that look alike share one. */
export class Surfaces {
	readonly #made = new Map<string, three.BufferGeometry>();

	constructor(private readonly model: ModelArrays) {}

	of(shape: Shape): three.BufferGeometry {
		const key = JSON.stringify(shape);
		const known = this.#made.get(key);
		if (known) return known;
		const made = surfaceOf(shape, this.model);
		this.#made.set(key, made);
		return made;
	}

	dispose(): void {
		for (const made of this.#made.values()) made.dispose();
		this.#made.clear();
	}
}

function surfaceOf(shape: Shape, model: ModelArrays): three.BufferGeometry {
	switch (shape.kind) {
		case "plane":
			return new three.PlaneGeometry(2 * shape.halfX, 2 * shape.halfY);
		case "ellipsoid":
			return new three.SphereGeometry(1, 32, 20).rotateX(Math.PI / 2).scale(...shape.radii);
		case "capsule":
			return new three.CapsuleGeometry(shape.radius, 2 * shape.half, 8, 20).rotateX(Math.PI / 2);
		case "cylinder":
			return new three.CylinderGeometry(shape.radius, shape.radius, 2 * shape.half, 28).rotateX(Math.PI / 2);
		case "box":
			return new three.BoxGeometry(...shape.halves.map((half) => 2 * half));
		case "mesh":
			return meshSurface(model, shape.id);
		case "hfield":
			return fieldSurface(model, shape.id);
	}
}

function meshSurface(model: ModelArrays, mesh: number): three.BufferGeometry {
	const { positions, normals, uvs } = meshTriangles(model, mesh);
	const surface = new three.BufferGeometry();
	surface.setAttribute("position", new three.BufferAttribute(positions, 3));
	surface.setAttribute("normal", new three.BufferAttribute(normals, 3));
	if (uvs) surface.setAttribute("uv", new three.BufferAttribute(uvs, 2));
	return surface;
}

function fieldSurface(model: ModelArrays, field: number): three.BufferGeometry {
	const { rows, columns, points } = heightGrid(model, field);
	const corners: number[] = [];
	for (let row = 0; row + 1 < rows; row++) {
		for (let column = 0; column + 1 < columns; column++) {
			const here = row * columns + column;
			corners.push(here, here + 1, here + columns, here + 1, here + columns + 1, here + columns);
		}
	}
	const uvs = Float32Array.from({ length: rows * columns * 2 }, (_, at) =>
		at % 2 === 0 ? ((at / 2) % columns) / (columns - 1) : Math.floor(at / 2 / columns) / (rows - 1),
	);
	const surface = new three.BufferGeometry();
	surface.setAttribute("position", new three.BufferAttribute(points, 3));
	surface.setAttribute("uv", new three.BufferAttribute(uvs, 2));
	surface.setIndex(corners);
	surface.computeVertexNormals();
	return surface;
}
